"""Straight back: nobody decides again who would see the same, and nobody is spared who would not."""

import json

import pytest

from engine.runtime.commands import CorrectVariables, ReturnTo
from engine.runtime.effects import CouldNotGoStraightBack, TokensReturned, WentStraightBack
from engine.runtime.errors import NoWayBack
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    instances,
    loop,
    output,
    parallel,
    service,
    signal,
    sub_process,
    user,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_data_objects import data_object

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


def test_a_task_of_several_who_return_it_is_gone_back_to_straight() -> None:
    net = diagram("start -> a -> b -> end", a=user(**ASK), b=user("", instances(count="2"), **ASK))
    instance = Instance(net).complete("a")

    instance.send(ReturnTo(instance.activity("b"), "a", straight_back=True))

    assert instance.complete("a").work == ["b", "b"]


def test_a_task_beside_which_an_event_started_something_is_not_gone_back_to_straight() -> None:
    also = boundary("b", signal("s"), interrupting=False)
    flows = "start -> a -> b -> end\nalso -> c -> end_c"
    net = diagram(flows, a=user(**ASK), b=user(**ASK), c=user(), also=also)
    instance = Instance(net).complete("a").signal("s")

    with pytest.raises(NoWayBack):
        instance.send(ReturnTo(instance.activity("b"), "a", straight_back=True))


def test_what_lies_before_the_work_done_anew_stays_as_it_was() -> None:
    """A token that an event started before it runs beside, and what came before may be returned to."""
    net = diagram(
        "start -> z -> a -> b -> c -> end\nalso -> w -> end_w",
        **dict.fromkeys(("z", "a", "b", "c"), user(**ASK)),
        w=user(),
        also=boundary("z", signal("s"), interrupting=False),
    )
    instance = Instance(net).signal("s").complete("z").complete("a").complete("b")

    instance.send(ReturnTo(instance.activity("c"), "a", straight_back=True)).complete("a")

    assert instance.work == ["c", "w"]
    assert instance.send(ReturnTo(instance.activity("c"), "z")).work == ["z"]


def test_work_that_goes_straight_back_again_and_again_counts_once() -> None:
    net = diagram(
        "start -> a -> job -> b -> c -> end",
        job=service("check"),
        **dict.fromkeys(("a", "b", "c"), user(**ASK)),
    )
    instance = Instance(net)
    first, job = instance.activity("a"), instance.complete("a").activity("job")
    kept = [job, instance.complete("job").activity("b")]
    instance.complete("b")

    for _ in range(2):
        instance.send(ReturnTo(instance.activity("c"), "a", straight_back=True))
        (returned,) = instance.happened(TokensReturned)
        again = instance.activity("a")
        (effect,) = instance.complete("a").happened(WentStraightBack)

        assert all(each in returned.superseded and each in effect.reinstated for each in kept)
        assert not any(each in effect.reinstated for each in (first, again))


def test_what_rounds_of_the_returned_task_wrote_is_not_kept() -> None:
    rounds = user(output("amount", "answer"), loop("amount > 0"), **ASK)
    net = diagram("start -> a -> b -> end", a=user(output("amount", "answer"), **ASK), b=rounds)
    instance = Instance(net).complete("a", answer=100).complete("b", answer=7)

    instance.send(ReturnTo(instance.activity("b"), "a", straight_back=True))

    assert instance.complete("a", answer=100).variables == {"amount": 100}


def test_a_block_in_between_that_is_over_needs_no_value() -> None:
    inside = sub_process(
        "start_in -> b -> end_in", b=user(output("plan", "answer"), **ASK), plan=data_object("plan")
    )
    net = diagram("start -> a -> block -> c -> end", a=user(**ASK), block=inside, c=user(**ASK))
    instance = Instance(net).complete("a").complete("b", answer="x")

    instance.send(ReturnTo(instance.activity("c"), "a", straight_back=True))

    assert instance.complete("a").work == ["c"]


def test_what_it_would_have_taken_is_forgotten_once_everybody_decides_anew() -> None:
    instance = at_d()
    assert "straight" in json.dumps(instance.state)

    assert "straight" not in json.dumps(instance.complete("a", answer=200).state)


def test_nobody_is_spared_behind_a_correction() -> None:
    instance = at_d().send(CorrectVariables({"advice": "no"}))

    assert instance.complete("a", answer=100).work == ["b"]
