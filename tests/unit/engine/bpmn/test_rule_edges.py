"""Edges of single rules: the smallest drawing on either side of each, with exactly what is refused."""

import pytest

from engine.bpmn.iso8601 import parse_cycle, parse_duration
from tests.unit.engine.bpmn.test_compiler import refused
from tests.unit.engine.diagram import (
    boundary,
    compensation,
    diagram,
    error,
    event,
    event_sub_process,
    instances,
    loop,
    message,
    net,
    node,
    output,
    parallel,
    script,
    service,
    signal,
    sub_process,
    timer,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.runtime.test_data_objects import data_object, reads, writes

PLAIN = "start -> a -> end"
CATCH = "intermediateCatchEvent"
FORKED = "start -> first -> f\nf -> a -> j\nf -> b -> j\nj -> c -> end"


# Ids and flows.


def test_a_flow_needs_an_id_that_nothing_else_has() -> None:
    again = '<bpmn:sequenceFlow id="{}" sourceRef="start" targetRef="a"/>'

    for used in ("a__end", "a"):
        assert (used, "id.duplicate") in refused(PLAIN, a=user(), more=again.format(used))
    assert (None, "id.duplicate") in refused(PLAIN, a=user(), more=again.format(""))


def test_an_element_needs_an_id_that_no_other_has() -> None:
    twice = user().replace('id="@"', 'id="a"')

    assert refused(PLAIN, a=user(), b=twice) == [("a", "id.duplicate")]


@pytest.mark.parametrize(("tag", "flow"), [("incoming", "a__end"), ("outgoing", "start__a")])
def test_an_element_lists_only_flows_that_lead_to_it_or_away(tag: str, flow: str) -> None:
    listed = f"<bpmn:{tag}>{flow}</bpmn:{tag}>"

    assert refused(PLAIN, a=user(inside=listed)) == [(flow, "flow.listed")]


# Times.


@pytest.mark.parametrize("text", ["P100Y", "P36600D", "P1200M"])
def test_a_century_may_be_waited_for(text: str) -> None:
    assert parse_duration(text) is not None


@pytest.mark.parametrize("text", ["P101Y", "P36601D", "P1201M", "P36600DT1S"])
def test_longer_than_a_century_is_not_waited_for(text: str) -> None:
    with pytest.raises(ValueError, match="longer than"):
        parse_duration(text)


def test_a_minute_is_the_shortest_repetition() -> None:
    assert parse_cycle("R/PT1M") is not None
    with pytest.raises(ValueError, match="more often"):
        parse_cycle("R/PT59S")


@pytest.mark.parametrize("text", ["'P1DX", "P5X + days", "XP1D'"])
def test_a_slip_of_the_pen_is_no_time(text: str) -> None:
    drawn = event(CATCH, timer(text))

    assert refused(PLAIN, a=drawn) == [("a", "timer.not-understood")]


def test_a_caught_timer_fires_once_and_not_in_a_cycle() -> None:
    in_a_cycle = timer("R3/PT1H", "timeCycle")
    both = event(CATCH, in_a_cycle + signal("s"), parallelMultiple="true")

    assert refused(PLAIN, a=event(CATCH, in_a_cycle)) == [("a", "timer.cycle-interrupting")]
    assert ("a", "timer.cycle-interrupting") in refused(PLAIN, a=both)
    late = boundary("a", in_a_cycle + signal("s"), interrupting=False, parallelMultiple="true")
    assert refused("start -> a -> end\nlate -> end2", a=user(), late=late) == [
        ("late", "timer.cycle-interrupting")
    ]


@pytest.mark.parametrize(
    ("definition", "refused_when", "rule"),
    [
        (error("E"), "false", "error.non-interrupting"),
        (timer("R3/PT1H", "timeCycle"), "true", "timer.cycle-interrupting"),
        (timer("R3/PT1H", "timeCycle") + timer("P1D"), "true", "timer.cycle-interrupting"),
    ],
)
def test_what_begins_an_event_sub_process_decides_whether_it_interrupts(
    definition: str, refused_when: str, rule: str
) -> None:
    def handler(interrupts: str) -> str:
        start = event("startEvent", definition, isInterrupting=interrupts)
        return event_sub_process("start_h -> end_h", start_h=start)

    assert refused(PLAIN, a=user(), h=handler(refused_when)) == [("start_h", rule)]
    (allowed,) = {"true", "false"} - {refused_when}
    assert diagram(PLAIN, a=user(), h=handler(allowed)).processes


def test_an_error_is_handled_once_at_each_place() -> None:
    def handler(name: str) -> str:
        return event_sub_process(
            f"start_{name} -> end_{name}", **{f"start_{name}": event("startEvent", error("E"))}
        )

    both = {"h1": handler("x"), "h2": handler("y")}
    block = sub_process("start_i -> b -> end_i", b=user(), **both)

    assert refused(PLAIN, a=user(), **both) == [("start_y", "event.handled-twice")]
    assert refused(PLAIN, a=block) == [("start_y", "event.handled-twice")]
    single = sub_process("start_i -> b -> end_i", b=user(), h1=both["h1"])
    assert diagram(PLAIN, a=single, h2=both["h2"]).processes


def test_every_scope_has_an_end_of_its_own() -> None:
    endless = sub_process("start_i -> b", b=user())
    ended = sub_process("start_i -> b -> end_i", b=user())

    assert ("a", "end.missing") in refused(PLAIN, a=endless)
    assert ("p", "end.missing") in refused("start -> a", a=ended)


def test_a_call_of_nothing_is_refused_for_that_only() -> None:
    assert refused(PLAIN, a=node("callActivity")) == [("a", "call.process-missing")]


# Loops and votes.


def test_one_round_is_a_number_of_rounds() -> None:
    assert diagram(PLAIN, a=user(inside=loop(most=1))).processes
    assert refused(PLAIN, a=user(inside=loop(most=0))) == [("a", "loop.maximum")]


def test_a_share_may_be_the_whole_and_no_more() -> None:
    voters = instances(count="3")
    vote = {"inside": voters, "zujian_decision": "decided"}

    assert diagram(PLAIN, a=user(zujian_approval="3/3", **vote)).processes
    assert refused(PLAIN, a=user(zujian_approval="4/3", **vote)) == [("a", "user-task.approval")]


# Messages and events.


def test_a_receive_task_names_its_message() -> None:
    assert ("a", "event.message-missing") in refused(PLAIN, a=node("receiveTask"))


def test_one_definition_is_not_given_twice() -> None:
    twice = event(CATCH, signal("s") + signal("s"))

    assert refused(PLAIN, a=twice) == [("a", "event.part-twice")]


@pytest.mark.parametrize(
    ("other", "is_mixed"),
    [
        (event(CATCH, signal("s")), False),
        (event(CATCH, message("m"), zujian_correlationKey="x"), True),
        (event(CATCH, signal("s") + message("m"), zujian_correlationKey="x"), True),
        (event(CATCH, timer("P1D")), False),
    ],
)
def test_receive_tasks_and_message_events_stand_behind_gateways_of_their_own(
    other: str, is_mixed: bool
) -> None:
    flows = "start -> g\ng -> a -> end1\ng -> b -> end2"
    receive = node("receiveTask", messageRef="message_n", zujian_correlationKey="x")
    file = xml(flows, g=node("eventBasedGateway"), a=receive, b=other)

    found = ["event-gateway.mixed"] if is_mixed else []

    assert rules(file) == found


def rules(file: bytes) -> list[str]:
    """Return the rules that refuse a file, none if it is compiled."""
    from engine.bpmn.problems import DefinitionRefused

    try:
        net(file)
    except DefinitionRefused as refusal:
        return [each.rule for each in refusal.problems if each.severity == "error"]
    return []


# Data objects.


def test_a_reference_to_no_data_object_is_refused_and_not_used() -> None:
    reference = '<bpmn:dataObjectReference id="@"/>'

    assert refused(PLAIN, a=user(), plan=reference) == [("plan", "data-object.unknown")]


def test_every_association_that_leads_nowhere_is_named() -> None:
    inside = writes("nothing") + writes("plan") + writes("more")

    found = refused(PLAIN, a=user(inside=inside), plan=data_object("plan"))

    assert found == [("a", "data-object.unknown"), ("a", "data-object.unknown")]


def test_what_is_given_otherwise_is_not_taken_from_the_field_of_its_name() -> None:
    task = user(output("plan", "1"), inside=writes("plan"))

    element = diagram(PLAIN, a=task, plan=data_object("plan")).processes["p"].elements["a"]

    assert [each.expression.text for each in element.outputs] == ["1"]


# Races.


def test_reading_an_object_that_another_writes_at_the_same_time_is_a_race() -> None:
    nodes = {"first": user(zujian_actions="return"), "f": parallel(), "j": parallel(), "c": user()}
    compiled = diagram(
        FORKED, **nodes, a=user(inside=writes("plan")), b=user(inside=reads("plan")), plan=data_object("plan")
    )

    assert compiled.processes["p"].races == {"b": frozenset({"plan"})}


def test_one_writer_beside_is_a_race_whatever_the_others_do() -> None:
    first = user(output("x", "1"), zujian_actions="return")
    nodes = {"first": first, "f": parallel(), "j": parallel(), "c": user()}
    compiled = diagram(FORKED, **nodes, a=user(output("x", "2")), b=script("y = x"))

    assert compiled.processes["p"].races == {"b": frozenset({"x"})}


# Parameters are no variables.


def test_parameters_may_be_called_what_no_variable_may() -> None:
    assert diagram(PLAIN, a=service(**{"if": "1"})).processes
    told = '<zujian:listener topic="t"><zujian:parameter name="if" value="1"/></zujian:listener>'
    assert diagram(PLAIN, a=user(told)).processes
    assert refused(PLAIN, a=user(output("if", "1"))) != []


# Compensation.


def test_an_association_with_a_note_is_only_a_line() -> None:
    note = '<bpmn:textAnnotation id="note"/><bpmn:association sourceRef="u" targetRef="note"/>'
    line = '<bpmn:association sourceRef="note" targetRef="a"/>'

    compiled = diagram(PLAIN, a=user(), u=undone("a", "h"), h=undoing(), n=note + line)

    assert compiled.processes["p"].elements["u"].handler == "h"


def test_a_compensation_boundary_event_does_not_name_another_activity() -> None:
    flows = "start -> a -> b -> end"
    handled = '<bpmn:association sourceRef="u" targetRef="h"/>'
    about = {"a": user(), "b": user(), "h": undoing()}

    assert refused(flows, **about, u=boundary("a", compensation("b")) + handled) == [
        ("u", "compensation.handler-missing")
    ]
    assert diagram(flows, **about, u=boundary("a", compensation("a")) + handled).processes


def test_a_boundary_event_of_another_kind_is_not_beside_the_flow() -> None:
    assert ("t", "flow.no-way-on") in refused(PLAIN, a=user(), t=boundary("a", timer("P1D")))


# Who writes beside whom, when an event sub-process undoes.


def undoes(thrown: str, written: str, *, main: str = "", interrupting: bool = True) -> list[str]:
    """Let an event sub-process throw compensation and then write a variable, beside two handlers.

    The handler of ``a`` writes ``x``, that of ``b`` writes ``y``.
    """
    begun = event("startEvent", signal("s"), **({} if interrupting else {"isInterrupting": "false"}))
    inner = event_sub_process(
        "start_e -> t -> w -> end_e",
        start_e=begun,
        t=event("intermediateThrowEvent", thrown),
        w=user(output(written, "1")),
    )
    return rules(
        xml(
            "start -> a -> b -> m -> end",
            a=user(),
            b=user(),
            m=event("intermediateThrowEvent", main),
            e=inner,
            ua=undone("a", "ha"),
            ub=undone("b", "hb"),
            ha=undoing(output("x", "1")),
            hb=undoing(output("y", "1")),
        )
    )


REFUSED = ["variable.concurrent-writers"]


@pytest.mark.parametrize(
    ("thrown", "written", "found"),
    [
        (compensation("a"), "x", REFUSED),
        (compensation("a"), "y", []),
        (compensation(), "x", REFUSED),
        (compensation(), "y", REFUSED),
        (compensation(), "z", []),
        (signal("other"), "x", []),
    ],
)
def test_an_event_sub_process_writes_beside_the_handlers_of_what_it_undoes(
    thrown: str, written: str, found: list[str]
) -> None:
    assert undoes(thrown, written) == found


def test_what_the_process_itself_undoes_is_not_undone_by_its_event_sub_process() -> None:
    assert undoes(signal("other"), "x", main=compensation("a")) == []


def test_an_event_sub_process_that_does_not_interrupt_writes_beside_everything() -> None:
    assert undoes(signal("other"), "x", interrupting=False) == REFUSED


@pytest.mark.parametrize(("written", "found"), [("x", REFUSED), ("y", [])])
def test_a_sub_process_that_is_opened_again_undoes_beside_the_event_sub_process(
    written: str, found: list[str]
) -> None:
    block = sub_process(
        "start_o -> a -> end_o",
        a=user(output("y", "1")),
        ua=undone("a", "ha"),
        ha=undoing(output("x", "1")),
    )
    inner = event_sub_process(
        "start_e -> t -> w -> end_e",
        start_e=event("startEvent", signal("s")),
        t=event("intermediateThrowEvent", compensation("o")),
        w=user(output(written, "1")),
    )

    assert rules(xml("start -> o -> end", o=block, e=inner)) == found


def test_a_block_with_an_event_of_another_kind_inside_is_not_undone_by_that() -> None:
    def handler(name: str, definition: str, **tasks: str) -> str:
        start = {f"start_{name}": event("startEvent", definition)}
        return event_sub_process(f"start_{name} -> end_{name}", **start, **tasks)

    late = handler("l", timer("P1D"))
    flows = "start -> a -> t -> end"
    throw = event("intermediateThrowEvent", compensation())
    timed = sub_process("start_i -> b -> end_i", b=user(), late=late)

    assert [each.rule for each in diagram(flows, a=timed, t=throw).warnings] == ["compensation.nothing"]

    about = {"a": timed, "u": undone("a", "no"), "no": undoing(), "t": throw}
    assert diagram(flows, **about).warnings == ()

    both = sub_process("start_i -> b -> end_i", b=user(), late=late, undo=handler("u", compensation()))
    assert diagram(flows, a=both, t=throw).warnings == ()


def test_a_block_that_begins_with_a_compensation_is_refused() -> None:
    inner = sub_process("start_c -> end_c", start_c=event("startEvent", compensation()))
    outer = sub_process("start_o -> inner -> end_o", inner=inner)

    assert ("start_c", "compensation.start") in refused(PLAIN, a=outer)
