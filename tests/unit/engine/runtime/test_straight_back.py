"""Straight back: nobody decides again who would see the same, and nobody is spared who would not."""

import pytest

from engine.runtime.commands import ReturnTo
from engine.runtime.effects import CouldNotGoStraightBack, WentStraightBack
from engine.runtime.errors import NoWayBack
from tests.unit.engine.diagram import boundary, diagram, instances, output, parallel, signal, user
from tests.unit.engine.instance import Instance

ASK = {"zujian_actions": "return"}
CHAIN = diagram(
    "start -> a -> b -> c -> d -> end",
    a=user(output("amount", "answer"), **ASK),
    b=user(output("advice", "answer"), **ASK),
    c=user(**ASK),
    d=user(**ASK),
)


def at_d() -> Instance:
    """Return an instance at the last task, which it returns to the first."""
    instance = Instance(CHAIN).complete("a", answer=100).complete("b", answer="yes").complete("c")
    return instance.send(ReturnTo(instance.activity("d"), "a", straight_back=True))


def test_work_that_changes_nothing_goes_straight_to_who_returned_it() -> None:
    instance = at_d()
    assert instance.variables == {}

    redone = instance.activity("a")
    instance.complete("a", answer=100, remark="the annex is added")

    assert instance.work == ["d"]
    assert instance.variables == {"amount": 100, "advice": "yes"}
    effect = instance.happened(WentStraightBack)[0]
    assert (effect.activity_id, effect.element_id) == (redone, "d")


def test_work_that_changes_something_is_decided_anew() -> None:
    instance = at_d().complete("a", answer=200)

    assert instance.work == ["b"]
    assert instance.variables == {"amount": 200}
    assert instance.happened(CouldNotGoStraightBack)


def test_who_was_spared_may_still_be_returned_to() -> None:
    instance = at_d().complete("a", answer=100)

    instance.send(ReturnTo(instance.activity("d"), "b"))

    assert instance.work == ["b"]
    assert instance.variables == {"amount": 100}


def test_there_is_no_straight_way_back_into_a_block() -> None:
    net = diagram(
        """start -> a -> split -> b -> join -> end
        split -> c -> join""",
        a=user(**ASK),
        b=user(**ASK),
        c=user(**ASK),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a")

    with pytest.raises(NoWayBack):
        instance.send(ReturnTo(instance.activity("b"), "a", straight_back=True))


def test_there_is_no_straight_way_back_to_what_starts_something_beside() -> None:
    net = diagram(
        """start -> a -> b -> end
        also -> c -> end_c""",
        a=user(**ASK),
        b=user(**ASK),
        c=user(**ASK),
        also=boundary("a", signal("s"), interrupting=False),
    )
    instance = Instance(net).complete("a")

    with pytest.raises(NoWayBack):
        instance.send(ReturnTo(instance.activity("b"), "a", straight_back=True))


def test_several_who_do_their_part_anew_go_straight_back_together() -> None:
    both = user("", instances(count="2"), **ASK)
    net = diagram("start -> a -> b -> c -> end", a=both, b=user(**ASK), c=user(**ASK))
    instance = Instance(net).complete("a").complete("a").complete("b")

    instance.send(ReturnTo(instance.activity("c"), "a", straight_back=True))

    assert instance.complete("a").work == ["a"]
    assert instance.complete("a").work == ["c"]
