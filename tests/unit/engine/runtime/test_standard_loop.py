"""Standard loops: rounds, their condition, their maximum, what a round gives to the next."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.effects import ElementEntered, ListenerCalled
from engine.runtime.errors import Incident
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    exclusive,
    instances,
    listener,
    loop,
    node,
    output,
    script,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import Instance

AGAIN = output("again", "outcome == 'again'")


def test_a_loop_goes_on_while_its_condition_holds() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user(AGAIN, loop("again"))))
    assert instance.work == ["ask"]

    instance.complete("ask", outcome="again").complete("ask", outcome="again")
    assert instance.work == ["ask"]
    assert instance.end is None

    assert instance.complete("ask", outcome="done").end is not None
    assert instance.completed.count("ask") == 3


def test_a_condition_asked_before_may_allow_no_round_at_all() -> None:
    net = diagram("start -> ask -> end", ask=user(AGAIN, loop("again", before=True)))

    passed = Instance(net, again=False)
    entered = [each.element_id for each in passed.history if isinstance(each, ElementEntered)]
    assert entered == passed.completed == ["start", "ask", "end"]
    instance = Instance(net, again=True)
    assert instance.work == ["ask"]
    assert instance.complete("ask", outcome="done").end is not None


def test_a_loop_ends_at_its_maximum() -> None:
    net = diagram("start -> ask -> b -> end", ask=user(inside=loop(most=2)), b=user())

    instance = Instance(net).complete("ask")
    assert instance.work == ["ask"]
    assert instance.complete("ask").work == ["b"]


def test_a_maximum_bounds_a_condition_that_always_holds() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user(inside=loop("True", before=True, most=2))))

    assert instance.complete("ask").complete("ask").end is not None


def test_rounds_are_counted_for_the_round_and_for_the_condition() -> None:
    ask = user(output("seen", "loopCounter"), loop("loopCounter < 3"), zujian_unit="loopCounter")
    instance = Instance(diagram("start -> ask -> b -> end", ask=ask, b=user()))

    assert instance.opened[0].unit == "1"
    assert instance.complete("ask").opened[0].unit == "2"
    assert instance.complete("ask").complete("ask").work == ["b"]
    assert instance.variables == {"seen": 3}


def test_the_next_round_sees_what_the_last_one_gave() -> None:
    ask = user(output("n", "n + 1"), loop("n < 3"), zujian_unit="n")
    instance = Instance(diagram("start -> ask -> end", ask=ask), n=1)

    assert instance.complete("ask").opened[0].unit == "2"


def test_a_looping_sub_process_writes_into_the_process() -> None:
    inner = sub_process("start_s -> a -> end_s", loop("again"), a=user(AGAIN))
    instance = Instance(diagram("start -> sub -> end", sub=inner))

    assert instance.complete("a", outcome="again").variables == {"again": True}
    assert instance.work == ["a"]
    assert instance.complete("a", outcome="done").end is not None


def test_a_looping_sub_process_inside_an_instance_writes_into_that_instance() -> None:
    inner = sub_process("start_s -> a -> end_s", loop("again"), a=user(AGAIN))
    many = sub_process("start_m -> sub -> end_m", instances(count="2"), sub=inner)
    instance = Instance(diagram("start -> many -> end", many=many))

    instance.complete("a", 0, outcome="again").complete("a", 0, outcome="done").complete("a", outcome="again")

    assert instance.variables == {}
    assert instance.work == ["a"]
    assert instance.complete("a", outcome="done").end is not None


def test_a_script_may_loop_without_nesting_calls() -> None:
    count = script("n = n + 1").replace("</bpmn:scriptTask>", loop("n < 1000") + "</bpmn:scriptTask>")

    assert Instance(diagram("start -> count -> end", count=count), n=0).variables == {"n": 1000}


def test_a_loop_that_never_waits_and_never_ends_is_an_incident() -> None:
    with pytest.raises(Incident, match="without a wait") as raised:
        Instance(diagram("start -> file -> end", file=node("task", loop("True"))))

    assert raised.value.element_id == "file"


def test_a_condition_that_is_no_truth_value_is_an_incident() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=user(inside=loop("'yes'"))))

    with pytest.raises(Incident, match="neither true nor false"):
        instance.complete("ask")


def test_a_boundary_event_ends_the_loop_in_any_round() -> None:
    net = diagram(
        "start -> ask -> end\nlate -> b -> end2",
        ask=user(inside=loop(most=3)),
        late=boundary("ask", timer("P1D")),
        b=user(),
    )
    instance = Instance(net).complete("ask").fire("late")

    assert instance.work == ["b"]
    assert instance.cancelled == ["ask"]


def test_an_error_of_one_round_reaches_the_boundary_of_the_loop() -> None:
    net = diagram(
        "start -> sub -> end\nfailed -> b -> end2",
        sub=sub_process(
            "start_s -> a -> g\ng -[bad: bad]-> end_e\ng -[fine]-> end_s",
            loop(most=3),
            a=user(output("bad", "outcome == 'bad'")),
            g=exclusive("fine"),
            end_e=event("endEvent", error("E")),
        ),
        failed=boundary("sub", error("E")),
        b=user(),
    )

    assert Instance(net).complete("a", outcome="good").complete("a", outcome="bad").work == ["b"]


def test_listeners_hear_of_every_round() -> None:
    ask = user(listener("told", n="loopCounter"), loop(most=2))
    instance = Instance(diagram("start -> ask -> end", ask=ask)).complete("ask").complete("ask")

    told = [each.parameters for each in instance.history if isinstance(each, ListenerCalled)]
    assert told == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize(
    ("inside", "rule"),
    [
        (loop(), "loop.endless"),
        (loop(most=0), "loop.maximum"),
        (loop("x") + instances(count="2"), "loop.twofold"),
        (loop("import os"), "expression.not-understood"),
    ],
)
def test_a_loop_that_is_not_clear_is_refused(inside: str, rule: str) -> None:
    with pytest.raises(DefinitionRefused) as raised:
        diagram("start -> ask -> end", ask=user(inside=inside))

    assert [problem.rule for problem in raised.value.problems] == [rule]
