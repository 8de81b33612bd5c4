"""Events with several definitions: any of them, or all of them together."""

import re

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.commands import CorrectVariables
from engine.runtime.effects import MessageThrown, SignalThrown, TimerDropped, WaitDropped
from engine.runtime.errors import Incident
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    condition,
    diagram,
    error,
    escalation,
    event,
    event_sub_process,
    message,
    node,
    output,
    signal,
    timer,
    user,
)
from tests.unit.engine.instance import Instance

KEYED = message("paid").replace("/>", ' zujian:correlationKey="order"/>')
ANY = KEYED + signal("go") + timer("P1D")
BOTH = KEYED + signal("go")


def catch(definitions: str, extension: str = "", **attributes: str) -> str:
    return event("intermediateCatchEvent", definitions, extension, **attributes)


def test_any_of_several_events_is_enough() -> None:
    net = diagram("start -> hold -> a -> end", hold=catch(ANY, output("n", "get(output, 'n', 0)")), a=user())
    instance = Instance(net, order="k")
    assert instance.waits == ["hold", "hold", "hold"]

    instance.message("paid", n=3)

    assert (instance.work, instance.waits, instance.variables["n"]) == (["a"], [], 3)
    assert len(instance.happened(WaitDropped)) == 2
    assert len(instance.happened(TimerDropped)) == 1
    assert Instance(net, order="k").signal("go").work == ["a"]
    assert verify_soundness(net).is_sound


def test_parallel_multiple_takes_all_of_them_in_any_order() -> None:
    net = diagram(
        "start -> hold -> a -> end",
        hold=catch(BOTH, output("n", "n"), parallelMultiple="true"),
        a=user(),
    )
    instance = Instance(net, order="k").message("paid", n=3)
    assert instance.work == []
    assert instance.waits == ["hold"]

    instance.signal("go", m=4)

    assert (instance.work, instance.variables["n"]) == (["a"], 3)
    assert Instance(net, order="k").signal("go").message("paid", n=1).work == ["a"]
    assert verify_soundness(net).is_sound


def test_a_condition_may_be_one_of_several_definitions() -> None:
    net = diagram(
        "start -> s\ns -> hold -> a -> end\ns -> b -> end2",
        s=node("parallelGateway"),
        hold=catch(signal("go") + condition("ready")),
        a=user(),
        b=user(output("ready", "ready")),
    )

    assert Instance(net).complete("b", ready=True).work == ["a"]


def test_parallel_multiple_waits_for_its_own_definitions_and_no_others() -> None:
    net = diagram(
        "start -> s\ns -> hold -> a -> end\ns -> other -> b -> end2",
        s=node("parallelGateway"),
        hold=catch(signal("go") + timer("P1D"), parallelMultiple="true"),
        other=catch(signal("stop")),
        a=user(),
        b=user(),
    )
    instance = Instance(net).fire("hold")
    assert instance.happened(TimerDropped) == []
    assert instance.waits == ["hold", "other"]

    assert instance.signal("go").work == ["a"]
    assert instance.waits == ["other"]


def test_an_interrupting_boundary_of_several_events_fires_once() -> None:
    net = diagram("start -> a -> end\nb -> c -> end2", a=user(), b=boundary("a", ANY), c=user())

    instance = Instance(net, order="k").fire("b")

    assert (instance.work, instance.waits) == (["c"], [])


def test_a_non_interrupting_boundary_of_several_events_fires_for_each() -> None:
    net = diagram(
        "start -> a -> end\nb -> c -> end2", a=user(), b=boundary("a", ANY, interrupting=False), c=user()
    )
    instance = Instance(net, order="k").signal("go").fire("b").message("paid").signal("go")

    assert instance.work == ["a", "c", "c", "c", "c"]
    assert instance.waits == ["b", "b"], "the timer has fired"


def test_a_non_interrupting_boundary_that_takes_all_waits_for_all_again() -> None:
    net = diagram(
        "start -> a -> end\nb -> c -> end2",
        a=user(),
        b=boundary("a", BOTH, interrupting=False, parallelMultiple="true"),
        c=user(),
    )
    instance = Instance(net, order="k").signal("go")
    assert instance.work == ["a"]

    assert instance.message("paid").work == ["a", "c"]
    assert instance.message("paid").work == ["a", "c"]
    assert instance.signal("go").work == ["a", "c", "c"]


def test_a_condition_among_all_has_to_become_true_again() -> None:
    net = diagram(
        "start -> a -> end\nb -> c -> end2",
        a=user(),
        b=boundary("a", condition("x") + signal("go"), interrupting=False, parallelMultiple="true"),
        c=user(),
    )
    instance = Instance(net, x=True).signal("go")
    assert instance.work == ["a", "c"]

    assert instance.signal("go").work == ["a", "c"]


def test_several_events_start_an_event_sub_process() -> None:
    handler = event_sub_process("start_h -> x -> end_h", start_h=event("startEvent", ANY), x=user())
    net = diagram("start -> a -> end", a=user(), handler=handler)

    assert Instance(net, order="k").signal("go").work == ["x"]


def test_a_process_starts_on_any_of_several_events() -> None:
    net = diagram("start -> a -> end", start=event("startEvent", message("paid") + signal("go")), a=user())

    assert Instance(net, start_event="start", n=1).work == ["a"]


def test_an_event_based_gateway_may_lead_to_several_events_in_one() -> None:
    net = diagram(
        "start -> g\ng -> any -> a -> end\ng -> late -> b -> end2",
        g=node("eventBasedGateway"),
        any=catch(BOTH),
        late=catch(timer("P1D")),
        a=user(),
        b=user(),
    )

    assert Instance(net, order="k").signal("go").work == ["a"]
    assert Instance(net, order="k").fire("late").waits == []


ALL = message("told") + signal("go") + escalation("LATE")


@pytest.mark.parametrize(
    ("flows", "tell"),
    [
        ("start -> s -> tell -> end_t\ns -> a -> end", event("intermediateThrowEvent", ALL)),
        ("start -> s -> tell\ns -> a -> end", event("endEvent", ALL)),
    ],
)
def test_all_of_several_are_thrown(flows: str, tell: str) -> None:
    instance = Instance(diagram(flows, s=node("parallelGateway"), tell=tell, a=user()))

    thrown = instance.happened(MessageThrown) + instance.happened(SignalThrown)
    assert [each.name for each in thrown] == ["told", "go"]
    assert instance.work == ["a"]


@pytest.mark.parametrize(
    ("flows", "nodes", "rule"),
    [
        ("start -> h -> end", {"h": catch(message("m") + signal("go"))}, "message.key-missing"),
        ("start -> h -> end", {"h": catch(signal("go") + signal("go"))}, "event.part-twice"),
        (
            "start -> a -> end\nb -> end2",
            {"a": user(), "b": boundary("a", signal("go") + error())},
            "event.part",
        ),
        (
            "start -> h -> end",
            {"h": catch(signal("go") + timer("R3/PT1H", "timeCycle"), parallelMultiple="true")},
            "timer.cycle-interrupting",
        ),
        (
            "start -> a -> end",
            {"start": event("startEvent", signal("a") + signal("b"), parallelMultiple="true"), "a": user()},
            "start.parallel-multiple",
        ),
        (
            "start -> g\ng -> h -> end\ng -> late -> end2",
            {
                "g": node("eventBasedGateway"),
                "h": catch(signal("a") + signal("b"), parallelMultiple="true"),
                "late": catch(timer("P1D")),
            },
            "h: event-gateway.target",
        ),
    ],
)
def test_what_cannot_stand_together_is_refused(flows: str, nodes: dict[str, str], rule: str) -> None:
    with pytest.raises(DefinitionRefused, match=rf"\b{re.escape(rule)}\b"):
        diagram(flows, **nodes)


def test_all_of_several_events_start_an_event_sub_process() -> None:
    start = event("startEvent", BOTH, isInterrupting="false", parallelMultiple="true")
    handler = event_sub_process("start_h -> x -> end_h", start_h=start, x=user())
    instance = Instance(diagram("start -> a -> end", a=user(), handler=handler), order="k")

    assert instance.signal("go").work == ["a"]
    assert instance.message("paid").work == ["a", "x"]
    assert instance.signal("go").work == ["a", "x"]


def test_what_one_of_several_events_brings_is_no_larger_than_any_value() -> None:
    instance = Instance(diagram("start -> hold -> end", hold=catch(BOTH, parallelMultiple="true")), order="k")

    with pytest.raises(Incident) as refused:
        instance.signal("go", note="长" * 300_000)
    assert refused.value.rule == "guard.value-too-large"


def test_a_condition_that_turned_together_with_another_event_is_not_missed() -> None:
    net = diagram(
        "start -> a -> end\nb -> c -> end2\nd -> e -> end3",
        a=user(),
        b=boundary("a", condition("x") + signal("go"), interrupting=False, parallelMultiple="true"),
        c=user(),
        d=boundary("a", condition("x"), interrupting=False),
        e=user(),
    )
    instance = Instance(net, x=False).signal("go")

    instance.send(CorrectVariables({"x": True}))

    assert instance.work == ["a", "c", "e"]
    (again,) = [each for each in instance._state["waits"].values() if each["kind"] == "signal"]
    assert "held" not in again
