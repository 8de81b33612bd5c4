"""Conditional events: they happen when their condition becomes true, whoever made it so."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.conditions import may_start
from engine.runtime.errors import Incident
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    condition,
    diagram,
    event,
    event_sub_process,
    exclusive,
    node,
    output,
    parallel,
    script,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import Instance

ACROSS = diagram(
    "start -> s\ns -> hold -> b -> end\ns -> a -> c -> end2",
    s=parallel(),
    hold=event("intermediateCatchEvent", condition("amount > 10")),
    a=user(output("amount", "amount")),
    b=user(),
    c=user(),
)


def test_a_branch_waits_for_what_another_branch_decides() -> None:
    assert Instance(ACROSS).work == ["a"], "a variable that does not exist yet makes it false"
    assert Instance(ACROSS).complete("a", amount=5).work == ["c"]
    assert Instance(ACROSS).complete("a", amount=11).work == ["b", "c"]
    (problem,) = verify_soundness(ACROSS).problems
    assert problem.severity == "warning", (
        "too small an amount is waited for beyond the end of the other branch"
    )


def test_a_condition_that_holds_already_is_not_waited_for() -> None:
    assert Instance(ACROSS, amount=12).work == ["a", "b"]


def test_a_condition_is_false_while_one_of_its_variables_is_missing() -> None:
    net = diagram(
        "start -> s\ns -> hold -> b -> end\ns -> a -> end2",
        s=parallel(),
        hold=event("intermediateCatchEvent", condition("big or urgent")),
        a=user(output("urgent", "urgent")),
        b=user(),
    )

    assert Instance(net, big=True).work == ["a"]
    assert Instance(net, big=True).complete("a", urgent=False).work == ["b"]


def test_a_start_holds_when_one_of_its_conditions_does() -> None:
    net = diagram(
        "start -> a -> end", start=event("startEvent", condition("heat > 30") + condition("rain")), a=user()
    )
    start = net.processes["p"].elements["start"]

    assert [may_start(start, given) for given in ({"heat": 31}, {"heat": 3}, {"rain": True}, {})] == [
        True,
        False,
        True,
        False,
    ]
    assert not may_start(net.processes["p"].elements["a"], {})


def test_what_nothing_can_make_true_any_more_is_an_incident() -> None:
    instance = Instance(ACROSS).complete("a", amount=5)

    with pytest.raises(Incident) as raised:
        instance.complete("c")

    assert raised.value.rule == "instance.stuck"


def test_only_a_boolean_decides() -> None:
    net = diagram("start -> a -> hold -> end", a=user(), hold=event("intermediateCatchEvent", condition("x")))

    with pytest.raises(Incident, match="neither true nor false"):
        Instance(net, x="yes").complete("a")


def test_an_interrupting_boundary_condition_ends_its_host() -> None:
    net = diagram(
        "start -> s\ns -> a -> end\ns -> b -> end2\nurgent -> c -> end3",
        s=parallel(),
        a=user(),
        b=user(output("urgent", "urgent")),
        urgent=boundary("a", condition("urgent")),
        c=user(),
    )

    instance = Instance(net).complete("b", urgent=True)

    assert instance.work == ["c"]
    assert instance.cancelled == ["a"]


def test_a_non_interrupting_condition_fires_each_time_it_becomes_true() -> None:
    net = diagram(
        "start -> s\ns -> a -> end\ns -> b -> again\nagain -> b2 -> b3 -> end2\nhot -> c -> end3",
        s=parallel(),
        a=user(),
        b=user(output("heat", "heat")),
        again=node("task"),
        b2=user(output("heat", "heat")),
        b3=user(output("heat", "heat")),
        hot=boundary("a", condition("heat > 30"), interrupting=False),
        c=user(),
    )
    instance = Instance(net).complete("b", heat=31)
    assert instance.work == ["a", "b2", "c"]

    instance.complete("b2", heat=40)
    assert instance.work == ["a", "b3", "c"], "it has to become false before it can become true again"

    assert Instance(net).complete("b", heat=31).complete("b2", heat=1).complete("b3", heat=31).work == [
        "a",
        "c",
        "c",
    ]


@pytest.mark.parametrize(("interrupting", "work"), [("true", ["x"]), ("false", ["b", "x"])])
def test_a_condition_starts_an_event_sub_process(interrupting: str, work: list[str]) -> None:
    net = diagram(
        "start -> sub -> end",
        sub=sub_process(
            "start_i -> a -> b -> end_i",
            a=user(output("wrong", "wrong")),
            b=user(),
            handler=event_sub_process(
                "start_h -> x -> end_h",
                start_h=event("startEvent", condition("wrong"), isInterrupting=interrupting),
                x=user(),
            ),
        ),
    )

    assert Instance(net).complete("a", wrong=True).work == work
    assert Instance(net).complete("a", wrong=False).work == ["b"]


def test_an_event_based_gateway_may_wait_for_a_condition() -> None:
    net = diagram(
        "start -> s\ns -> g\ng -> ready -> b -> end\ng -> late -> c -> end2\ns -> a -> end3",
        s=parallel(),
        g=node("eventBasedGateway"),
        ready=event("intermediateCatchEvent", condition("ready")),
        late=event("intermediateCatchEvent", timer("P1D")),
        a=user(output("ready", "ready")),
        b=user(),
        c=user(),
    )

    instance = Instance(net).complete("a", ready=True)

    assert instance.work == ["b"]
    assert instance.waits == []
    assert Instance(net).fire("late").complete("a", ready=True).work == ["c"]


def test_a_condition_that_makes_itself_true_again_for_ever_is_an_incident() -> None:
    net = diagram(
        "start -> m -> a -> end\nhot -> up -> m",
        m=exclusive(),
        a=user(),
        hot=boundary("a", condition("n > 0")),
        up=script("n = n + 1"),
    )

    with pytest.raises(Incident) as raised:
        Instance(net, n=1)

    assert raised.value.rule == "guard.endless"


def test_a_condition_is_written() -> None:
    with pytest.raises(DefinitionRefused, match=r"hold: event.condition-missing"):
        diagram(
            "start -> hold -> end",
            hold=event("intermediateCatchEvent", "<bpmn:conditionalEventDefinition/>"),
        )
