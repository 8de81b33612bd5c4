"""Rules of the compiler at their edges: which element they name, and that what is almost wrong passes."""

import pytest

from engine.bpmn import compiler, scripts
from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from engine.bpmn.problems import DefinitionRefused
from tests.unit.engine.bpmn.test_compiler import problems, refused
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    extensions,
    instances,
    loop,
    message,
    net,
    node,
    output,
    parallel,
    script,
    signal,
    sub_process,
    timer,
    user,
    xml,
)

PLAIN = "start -> a -> end"


def warned(compiled: Net) -> list[tuple[str | None, str]]:
    """Return element and rule of every warning."""
    assert {each.severity for each in compiled.warnings} <= {"warning"}
    return [(each.element_id, each.rule) for each in compiled.warnings]


def in_event_sub_process(**attributes: str) -> str:
    start = event("startEvent", signal("s"))
    return event_sub_process("start_e -> b -> end_e", start_e=start, b=user()).replace(
        'id="@"', 'id="@"' + "".join(f' {key}="{value}"' for key, value in attributes.items()), 1
    )


@pytest.mark.parametrize(
    ("flows", "nodes", "element", "rule"),
    [
        (
            "start -> a -> end\ne -> end2",
            {"a": user(), "e": in_event_sub_process()},
            "e",
            "event-sub-process.connected",
        ),
        (
            "start -> a -> end\na -> e",
            {"a": user(), "e": in_event_sub_process()},
            "e",
            "event-sub-process.connected",
        ),
        (
            "start -> a -> end\nb1 -> end2",
            {"a": user(), "e": in_event_sub_process(), "b1": boundary("e", timer("P1D"))},
            "e",
            "event-sub-process.connected",
        ),
        (
            PLAIN,
            {"a": script("n = 1").replace("</bpmn:scriptTask>", instances(count="2") + "</bpmn:scriptTask>")},
            "a",
            "loop.script",
        ),
        (PLAIN, {"a": user(zujian_actions="return fly")}, "a", "user-task.actions"),
        (PLAIN, {"a": user(zujian_returnTo="any")}, "a", "user-task.return-to"),
        (PLAIN, {"a": user(zujian_actions="return", zujian_returnTo="moon")}, "a", "user-task.actions"),
        (
            PLAIN,
            {"start": event("startEvent", message("m"), isInterrupting="false"), "a": user()},
            "start",
            "start.non-interrupting",
        ),
        (PLAIN, {"a": node("sendTask")}, "a", "service.handler-missing"),
        (PLAIN, {"a": node("businessRuleTask")}, "a", "decision.missing"),
    ],
)
def test_a_rule_names_its_element(flows: str, nodes: dict[str, str], element: str, rule: str) -> None:
    assert (element, rule) in refused(flows, **nodes)


def test_warnings_name_rule_and_element() -> None:
    deciding = "start -> g\ng -[one: x]-> end\ng -[two: y]-> end2"

    assert warned(diagram(PLAIN, a=script(""))) == [("a", "script.empty")]
    assert warned(diagram(PLAIN, a=node("task"))) == [("a", "task.passes-at-once")]
    assert warned(diagram(deciding, g=exclusive())) == [("g", "gateway.no-default")]
    assert warned(diagram("start -> a -> g -> end", a=user(), g=exclusive())) == []


def test_files_without_a_diagram_are_refused() -> None:
    with pytest.raises(DefinitionRefused) as raised:
        compile_process_files({"form.json": b"{}"})

    assert [(each.element_id, each.rule) for each in raised.value.problems] == [(None, "file.no-diagram")]


def test_a_called_process_can_be_begun_by_a_call() -> None:
    calling = xml("start -> c -> end", c=node("callActivity", calledElement="q"))
    called = xml("start -> end", key="q", start=event("startEvent", message("m")))

    assert [(each.element_id, each.rule) for each in problems(calling, called)] == [
        ("c", "call.no-none-start")
    ]


def test_a_process_may_be_called_twice_and_by_others_but_not_by_what_it_calls() -> None:
    twice = xml(
        "start -> c -> d -> end",
        c=node("callActivity", calledElement="q"),
        d=node("callActivity", calledElement="q"),
    )
    called = xml("start -> e -> end", key="q", e=node("callActivity", calledElement="r"))
    last = xml("start -> a -> end", key="r", a=user())
    back = xml("start -> f -> end", key="r", f=node("callActivity", calledElement="p"))

    assert set(net(twice, called, last).processes) == {"p", "q", "r"}
    assert {(each.element_id, each.rule) for each in problems(twice, called, back)} == {
        (element, "call.circular") for element in "cdef"
    }


def test_as_many_elements_as_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MOST_ELEMENTS", 3)

    assert diagram(PLAIN, a=user()).processes["p"].elements.keys() == {"start", "a", "end"}
    assert refused("start -> a -> b -> end", a=user(), b=user()) == [("p", "process.too-large")]


LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="outer" zujian:role="{outer}"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    '<bpmn:childLaneSet id="cs"><bpmn:lane id="inner" {inner}><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)
ANYBODY = node("userTask")


def test_an_element_stands_in_the_innermost_lane_which_inherits_the_role() -> None:
    lanes = LANES.format(outer="provider", inner="")

    element = net(xml(PLAIN, lanes=lanes, a=ANYBODY)).processes["p"].elements["a"]

    assert (element.lane, element.role) == ("inner", "provider")


def test_lanes_of_two_roles_are_refused() -> None:
    lanes = LANES.format(outer="provider", inner='zujian:role="reviewer"')

    assert [(each.element_id, each.rule) for each in problems(xml(PLAIN, lanes=lanes, a=ANYBODY))] == [
        ("a", "lane.two-roles")
    ]


def test_an_element_needs_an_id() -> None:
    nameless = xml(PLAIN, a=user(), b=user()).replace(b'<bpmn:userTask id="b"', b"<bpmn:userTask")

    assert (None, "id.missing") in [(each.element_id, each.rule) for each in problems(nameless)]


@pytest.mark.parametrize("outcomes", [("x", "y"), ("x", "x")])
def test_writers_are_compared_by_variable(outcomes: tuple[str, str]) -> None:
    flows = "start -> s\ns -> a -> j\ns -> b -> j\nj -> end"
    first, second = outcomes
    nodes = {"s": parallel(), "j": parallel(), "a": user(output(first, "v")), "b": user(output(second, "v"))}

    if first == second:
        assert refused(flows, **nodes) == [("a", "variable.concurrent-writers")]
    else:
        assert diagram(flows, **nodes).warnings == ()


def test_errors_of_one_code_have_one_handler() -> None:
    part = sub_process("start_s -> b -> end_s", b=user())
    flows = "start -> part -> end\ne1 -> end1\ne2 -> end2"

    assert refused(flows, part=part, e1=boundary("part", error("E")), e2=boundary("part", error("E"))) == [
        ("e2", "event.handled-twice")
    ]
    assert (
        diagram(flows, part=part, e1=boundary("part", error("E")), e2=boundary("part", error())).warnings
        == ()
    )


REPEATED = instances(count="2")
EVENT_START = "start -> g\ng -> x -> end\ng -> y -> end2"
WAITS = {"g": node("eventBasedGateway"), "y": event("intermediateCatchEvent", timer("P1D"))}
ON_SIGNAL = event("intermediateCatchEvent", signal("s"))
RECEIVE = {"messageRef": "message_m", "zujian_correlationKey": "1"}


@pytest.mark.parametrize(
    ("flows", "nodes", "element", "rule"),
    [
        (f"{EVENT_START}\na -> x", {**WAITS, "x": ON_SIGNAL, "a": user()}, "x", "event-gateway.target"),
        (EVENT_START, {**WAITS, "x": node("receiveTask", REPEATED, **RECEIVE)}, "x", "event-gateway.target"),
        (EVENT_START, {**WAITS, "x": node("receiveTask", loop("z"), **RECEIVE)}, "x", "event-gateway.target"),
        (
            f"{EVENT_START}\nlate -> end3",
            {**WAITS, "x": node("receiveTask", **RECEIVE), "late": boundary("x", timer("P1D"))},
            "x",
            "event-gateway.target",
        ),
        (
            PLAIN,
            {
                "a": user(),
                "e": event_sub_process(
                    "start_e -> b -> end_e", start_e=event("startEvent", message("m")), b=user()
                ),
            },
            "start_e",
            "message.key-missing",
        ),
        (PLAIN, {"e": in_event_sub_process(), "a": user(), "b1": user()}, "b1", "flow.no-way-on"),
        (
            PLAIN,
            {"a": user("", REPEATED, zujian_approval="all", zujian_decision="initiatorId")},
            "a",
            "variable.reserved",
        ),
        (PLAIN, {"a": user(zujian_noReturn="maybe")}, "a", "attribute.value"),
        (PLAIN, {"a": node("callActivity", calledElement="p")}, "a", "call.circular"),
    ],
)
def test_what_is_almost_right_is_refused(flows: str, nodes: dict[str, str], element: str, rule: str) -> None:
    assert (element, rule) in refused(flows, **nodes)


def test_an_event_sub_process_is_not_repeated() -> None:
    for repeated in (REPEATED, loop("z")):
        again = in_event_sub_process().replace("</bpmn:subProcess>", f"{repeated}</bpmn:subProcess>")

        assert refused(PLAIN, a=user(), e=again) == [("e", "event-sub-process.connected")]


def test_what_is_false_may_be_said() -> None:
    elements = diagram(PLAIN, a=user(zujian_noReturn="false")).processes["p"].elements

    assert not elements["a"].no_return


def test_expressions_are_written_in_one_language() -> None:
    python = xml(PLAIN, a=user()).replace(
        b"<bpmn:definitions", b'<bpmn:definitions expressionLanguage="Python"'
    )

    assert set(net(python).processes) == {"p"}
    assert [each.rule for each in problems(python.replace(b"Python", b"FEEL"))] == ["attribute.value"]


def test_a_condition_is_named_in_its_problem() -> None:
    hold = event(
        "intermediateCatchEvent",
        "<bpmn:conditionalEventDefinition><bpmn:condition>a.b</bpmn:condition></bpmn:conditionalEventDefinition>",
    )
    (problem,) = problems(xml("start -> hold -> end", hold=hold))

    assert (problem.element_id, problem.message.en.partition(":")[0]) == ("hold", "condition")


def test_a_payload_has_names_of_its_own_and_sets_no_variable() -> None:
    payload = '<zujian:payload><zujian:parameter name="initiatorId" value="1"/></zujian:payload>'
    told = event("intermediateThrowEvent", message("m"), payload)

    assert diagram("start -> told -> end", told=told).warnings == ()


def test_a_called_process_is_given_no_reserved_variable() -> None:
    given = extensions('<zujian:input variable="initiatorId" expression="1"/>')
    calling = xml("start -> c -> end", c=node("callActivity", given, calledElement="q"))

    found = problems(calling, xml("start -> end", key="q"))

    assert [(each.element_id, each.rule) for each in found] == [("c", "variable.reserved")]


def test_as_long_a_script_as_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "LONGEST_SCRIPT", 5)

    assert diagram(PLAIN, a=script("n = 1")).warnings == ()
    assert refused(PLAIN, a=script("n = 10")) == [("a", "expression.not-understood")]


def test_a_drawing_hides_nothing_behind_it() -> None:
    drawing = b'<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"/><bpmn:surprise/>'
    content = xml(PLAIN, a=user()).replace(b"<bpmn:process", drawing + b"<bpmn:process")

    assert [each.rule for each in problems(content)] == ["element.unsupported"]


def test_an_event_sub_process_hides_nothing_behind_it() -> None:
    nodes = {"e": in_event_sub_process(), "a": user(), "b1": user()}

    assert refused("start -> a -> end\nb1 -> end2", **nodes) == [
        ("b1", "element.unreachable"),
        ("end2", "element.unreachable"),
    ]
