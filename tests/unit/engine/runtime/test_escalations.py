"""Escalations: thrown inside, handled by the nearest handler around, which interrupts or does not."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    escalation,
    event,
    event_sub_process,
    instances,
    net,
    node,
    output,
    sub_process,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.instance import Instance

PAYLOAD = '<zujian:payload><zujian:parameter name="why" value="reason"/></zujian:payload>'


def throw(code: str, extension: str = "") -> str:
    return event("intermediateThrowEvent", escalation(code), extension)


def inside(**nodes: str) -> str:
    """A sub-process that asks ``a``, escalates LATE, and asks ``b``."""
    marker = nodes.pop("marker", "")
    flows = "start_i -> a -> up -> b -> end_i"
    return sub_process(flows, marker, a=user(), up=throw("LATE"), b=user(), **nodes)


def test_an_interrupting_handler_ends_the_activity_that_escalates() -> None:
    net_ = diagram(
        "start -> sub -> end\nheard -> chief -> end2",
        sub=inside(),
        heard=boundary("sub", escalation("LATE")),
        chief=user(),
    )
    instance = Instance(net_).complete("a")

    assert instance.work == ["chief"]
    assert instance.cancelled == ["up", "sub"]
    assert instance.complete("chief").end is not None
    assert {each.element_id for each in verify_soundness(net_).violations} == {"b", "end_i", "end"}


def test_a_non_interrupting_handler_runs_beside_the_activity_again_and_again() -> None:
    net_ = diagram(
        "start -> sub -> end\nheard -> chief -> end2",
        sub=sub_process(
            "start_i -> a -> up -> b -> up2 -> end_i",
            a=user(),
            up=throw("LATE"),
            b=user(),
            up2=throw("LATE"),
        ),
        heard=boundary("sub", escalation("LATE"), interrupting=False),
        chief=user(),
    )
    instance = Instance(net_).complete("a")
    assert instance.work == ["b", "chief"]

    instance.complete("b")

    assert instance.work == ["chief", "chief"]
    assert instance.complete("chief").complete("chief").end is not None
    assert verify_soundness(net_).is_sound


def test_an_escalation_end_says_what_happened() -> None:
    net_ = diagram(
        "start -> sub -> end\nheard -> chief -> end2",
        sub=sub_process("start_i -> up", up=event("endEvent", escalation("LATE"), PAYLOAD)),
        heard=boundary(
            "sub",
            escalation("LATE"),
            extension=output("cause", "escalationCode + ': ' + why"),
        ),
        chief=user(),
    )

    instance = Instance(net_, reason="ill")

    assert instance.work == ["chief"]
    assert instance.variables["cause"] == "LATE: ill"
    assert instance.complete("chief").end is not None


def test_what_nobody_handles_lets_the_thrower_go_on() -> None:
    net_ = diagram("start -> up -> a -> end_up", up=throw("LATE"), a=user(), end_up=event("endEvent"))

    assert Instance(net_).work == ["a"]


def test_the_nearest_handler_is_the_only_one() -> None:
    net_ = diagram(
        "start -> outer -> end\nfar -> x -> end2",
        outer=sub_process(
            "start_o -> sub -> end_o\nnear -> y -> end_y",
            sub=inside(),
            near=boundary("sub", escalation(), interrupting=False),
            y=user(),
        ),
        far=boundary("outer", escalation("LATE"), interrupting=False),
        x=user(),
    )

    assert Instance(net_).complete("a").work == ["b", "y"]


def test_the_handler_of_the_code_comes_before_the_one_for_all() -> None:
    net_ = diagram(
        "start -> sub -> end\nany -> x -> end2\nlate -> y -> end3",
        sub=inside(),
        any=boundary("sub", escalation(), interrupting=False),
        late=boundary("sub", escalation("LATE"), interrupting=False),
        x=user(),
        y=user(),
    )

    assert Instance(net_).complete("a").work == ["b", "y"]


def test_another_code_passes_the_handler() -> None:
    net_ = diagram(
        "start -> sub -> end\nheard -> x -> end2",
        sub=inside(),
        heard=boundary("sub", escalation("ILL"), interrupting=False),
        x=user(),
    )

    assert Instance(net_).complete("a").work == ["b"]


@pytest.mark.parametrize(("interrupting", "work"), [("true", ["x"]), ("false", ["b", "x"])])
def test_an_event_sub_process_handles_what_its_scope_escalates(interrupting: str, work: list[str]) -> None:
    net_ = diagram(
        "start -> sub -> end",
        sub=inside(
            handler=event_sub_process(
                "start_h -> x -> end_h",
                start_h=event("startEvent", escalation("LATE"), isInterrupting=interrupting),
                x=user(),
            )
        ),
    )
    instance = Instance(net_).complete("a")

    assert instance.work == work
    for name in work:
        instance.complete(name)
    assert instance.end is not None


def test_what_an_event_sub_process_escalates_passes_its_neighbours() -> None:
    handler = event_sub_process(
        "start_h -> again -> x -> end_h",
        start_h=event("startEvent", escalation(), isInterrupting="false"),
        again=throw("LATE"),
        x=user(),
    )
    net_ = diagram(
        "start -> sub -> end\nheard -> y -> end2",
        sub=inside(handler=handler),
        heard=boundary("sub", escalation(), interrupting=False),
        y=user(),
    )

    assert Instance(net_).complete("a").work == ["b", "x", "y"]


def test_an_escalation_of_a_called_process_reaches_its_caller() -> None:
    net_ = net(
        xml(
            "start -> call -> end\nheard -> chief -> end2",
            call=node("callActivity", calledElement="q"),
            heard=boundary("call", escalation("LATE"), interrupting=False),
            chief=user(),
        ),
        xml("start -> up -> b -> end", key="q", up=throw("LATE"), b=user()),
    )

    assert Instance(net_).work == ["b", "chief"]


def test_each_instance_of_several_may_escalate() -> None:
    net_ = diagram(
        "start -> sub -> end\nheard -> chief -> end2",
        sub=inside(marker=instances(count="2")),
        heard=boundary("sub", escalation("LATE"), interrupting=False),
        chief=user(),
    )
    instance = Instance(net_).complete("a").complete("a")

    assert instance.work == ["b", "b", "chief", "chief"]


def test_two_handlers_of_one_code_at_one_place_are_refused() -> None:
    with pytest.raises(DefinitionRefused, match=r"second: event.handled-twice"):
        diagram(
            "start -> sub -> end\nfirst -> end2\nsecond -> end3",
            sub=inside(),
            first=boundary("sub", escalation("LATE")),
            second=boundary("sub", escalation("LATE"), interrupting=False),
        )


def test_an_escalation_starts_no_process() -> None:
    with pytest.raises(DefinitionRefused, match=r"start.error-at-top"):
        diagram("start -> a -> end", start=event("startEvent", escalation("LATE")), a=user())


def test_an_escalation_that_is_thrown_has_a_code() -> None:
    with pytest.raises(DefinitionRefused, match=r"event.escalation-missing"):
        diagram("start -> up -> end", up=event("intermediateThrowEvent", escalation()))


def test_what_completed_stays_done_when_an_escalation_is_caught() -> None:
    inside = {"a": user(), "undo_a": undone("a", "no_a"), "no_a": undoing(), "b": user()}
    raised = event("intermediateThrowEvent", escalation("E"))
    sub = sub_process("start_s -> a -> raised -> b -> end_s", raised=raised, **inside)
    told = boundary("sub", escalation("E"), interrupting=False)
    net_ = diagram("start -> sub -> end\ntold -> c -> end_c", sub=sub, told=told, c=user())

    assert Instance(net_).complete("a").work == ["b", "c"]
