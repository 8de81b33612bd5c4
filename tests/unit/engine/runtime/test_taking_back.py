"""Taking back: only while nobody acted on it, and then as if nothing had happened."""

import json
from datetime import timedelta

import pytest

from engine.runtime.commands import TakeBack
from engine.runtime.effects import TakenBack, TimerArmed, UserTaskClosed
from engine.runtime.errors import NoWayBack
from engine.runtime.taking_back import can_take_back
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    escalation,
    event,
    exclusive,
    instances,
    listener,
    message,
    output,
    parallel,
    script,
    service,
    signal,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import NOON, Instance

ASK = {"zujian_actions": "takeBack"}


def test_a_completed_task_is_open_again_with_the_variables_of_before() -> None:
    net = diagram("start -> a -> b -> end", a=user(output("x", "answer"), **ASK), b=user())
    instance = Instance(net, x=0)
    visit, following = instance.activity("a"), instance.complete("a", answer=1).activity("b")

    instance.send(TakeBack(visit))

    assert instance.work == ["a"]
    assert instance.variables == {"x": 0}
    assert instance.happened(TakenBack) == [TakenBack(visit, "a", "p")]
    assert instance.happened(UserTaskClosed) == [UserTaskClosed(following, completed=False)]


def test_all_that_a_split_opened_is_taken_back_with_it() -> None:
    net = diagram(
        """start -> a -> split -> b -> join -> end
        split -> c -> join
        split -> join""",
        a=user(**ASK),
        b=user(),
        c=user(**ASK),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net)
    visit = instance.activity("a")

    instance.complete("a").send(TakeBack(visit))

    assert instance.work == ["a"]
    assert instance.complete("a").complete("b").complete("c").end is not None


@pytest.mark.parametrize(
    "behind",
    [user("", instances(count="2")), sub_process("start_in -> c -> d -> end_in", c=user(), d=user())],
    ids=["instances", "a block"],
)
def test_what_nobody_has_begun_is_taken_back_whatever_it_is_drawn_as(behind: str) -> None:
    net = diagram("start -> a -> b -> end\na -> also -> end2", a=user(**ASK), b=behind, also=user())
    instance = Instance(net)
    visit = instance.activity("a")

    assert instance.complete("a").send(TakeBack(visit)).work == ["a"]

    visit = instance.activity("a")
    instance.complete("a").complete(instance.work[1])
    assert not can_take_back(net, instance._state, visit)


def test_nothing_is_taken_back_on_which_somebody_acted() -> None:
    net = diagram(
        """start -> a -> split -> b -> join -> end
        split -> c -> join""",
        a=user(**ASK),
        b=user(),
        c=user(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net)
    visit = instance.activity("a")
    instance.complete("a").complete("b")

    with pytest.raises(NoWayBack):
        instance.send(TakeBack(visit))


@pytest.mark.parametrize(
    "between",
    [service("check"), user("", instances(count="2"), zujian_role="r")],
    ids=["a job", "an instance"],
)
def test_nothing_is_taken_back_behind(between: str) -> None:
    net = diagram("start -> a -> between -> b -> end", a=user(**ASK), between=between, b=user())
    instance = Instance(net)
    visit = instance.activity("a")
    instance.complete("a").complete("between")

    assert instance.state is not None
    assert not can_take_back(net, instance._state, visit)


def test_what_a_listener_has_heard_is_not_taken_back() -> None:
    net = diagram("start -> a -> b -> end", a=user(listener("note"), **ASK), b=user())
    instance = Instance(net)
    visit = instance.activity("a")
    instance.complete("a")

    assert instance.state is not None
    assert not can_take_back(net, instance._state, visit)


def test_what_the_diagram_does_not_allow_is_not_taken_back() -> None:
    net = diagram("start -> a -> b -> end", a=user(), b=user(**ASK))
    instance = Instance(net)
    visit = instance.activity("a")

    with pytest.raises(NoWayBack):
        instance.complete("a").send(TakeBack(visit))


def test_taking_back_gains_no_time() -> None:
    net = diagram(
        """start -> z -> a -> merge -> b -> end
        late -> merge""",
        z=user(),
        a=user(**ASK),
        b=user(),
        late=boundary("a", timer("P5D")),
        merge=exclusive(),
    )
    instance = Instance(net).complete("z")
    visit = instance.activity("a")
    instance.later(days=4).complete("a").later(hours=1).send(TakeBack(visit))

    assert instance.happened(TimerArmed)[0].due_at == NOON + timedelta(days=5)
    assert instance.fire("late").work == ["b"]


def test_each_of_two_visits_that_are_taken_back_keeps_its_own_time() -> None:
    net = diagram(
        """start -> fork -> merge -> a -> b -> end
        fork -> hold -> merge
        late -> end_l""",
        fork=parallel(),
        merge=exclusive(),
        hold=user(),
        a=user(**ASK),
        b=user(),
        late=boundary("a", timer("P5D")),
    )
    instance = Instance(net)
    visit = instance.activity("a")
    instance.later(days=1).complete("hold").complete("a")

    instance.send(TakeBack(visit))

    assert [each.due_at for each in instance.happened(TimerArmed)] == [NOON + timedelta(days=5)]


def test_times_are_kept_only_where_a_task_may_be_taken_back() -> None:
    tasks = {"a": user(), "b": user(**ASK), "c": user(), "late": boundary("a", timer("P5D"))}
    instance = Instance(diagram("start -> a -> b -> c -> end\nlate -> end_l", **tasks))

    assert '"timers"' not in json.dumps(instance.complete("a").complete("b").state)


def test_nothing_is_taken_back_once_something_else_than_a_task_waits_behind_it() -> None:
    net = diagram(
        "start -> a -> hold -> b -> end",
        a=user(**ASK),
        b=user(),
        hold=event("intermediateCatchEvent", timer("P1D")),
    )
    instance = Instance(net)
    visit = instance.activity("a")
    instance.complete("a")

    assert instance.state is not None
    assert not can_take_back(net, instance._state, visit)


def test_nothing_is_taken_back_beside_which_an_event_started_something_before() -> None:
    net = diagram(
        """start -> a -> b -> end
        also -> c -> end_c""",
        a=user(**ASK),
        b=user(),
        c=user(),
        also=boundary("a", signal("s"), interrupting=False),
    )
    instance = Instance(net)
    visit = instance.activity("a")
    instance.signal("s").complete("a")

    assert instance.work == ["b", "c"]
    assert instance.state is not None
    assert not can_take_back(net, instance._state, visit)


def test_a_script_in_between_is_taken_back_with_the_task() -> None:
    net = diagram("start -> a -> count -> b -> end", a=user(**ASK), count=script("n = n + 1"), b=user())
    instance = Instance(net, n=1)
    visit = instance.activity("a")

    instance.complete("a").send(TakeBack(visit))

    assert (instance.work, instance.variables) == (["a"], {"n": 1})


def test_a_job_that_failed_was_done_as_well_and_is_not_taken_back() -> None:
    net = diagram(
        "start -> a -> check -> end\nfailed -> b -> end2",
        a=user(**ASK),
        check=service(),
        failed=boundary("check", error("odd")),
        b=user(),
    )
    instance = Instance(net)
    visit = instance.activity("a")

    instance.complete("a").fail("check", "odd")

    assert instance.work == ["b"]
    assert not can_take_back(net, instance._state, visit)


@pytest.mark.parametrize("definition", [signal("s"), escalation("e"), message("m")])
def test_what_others_may_have_heard_is_not_taken_back(definition: str) -> None:
    thrown = event("intermediateThrowEvent", definition)
    net = diagram("start -> a -> thrown -> b -> end", a=user(**ASK), thrown=thrown, b=user())
    instance = Instance(net)
    visit = instance.activity("a")

    assert not can_take_back(net, instance.complete("a")._state, visit)


def test_nothing_is_taken_back_once_a_part_of_what_is_waited_for_came() -> None:
    both = boundary("b", signal("s") + signal("t"), parallelMultiple="true")
    net = diagram("start -> a -> b -> end\nboth -> end2", a=user(**ASK), b=user(), both=both)
    instance = Instance(net)
    visit = instance.activity("a")

    assert can_take_back(net, instance.complete("a")._state, visit)
    assert not can_take_back(net, instance.signal("s")._state, visit)


def test_nothing_is_taken_back_from_an_instance_that_ended() -> None:
    net = diagram(
        "start -> a -> split -> b -> end\nsplit -> c -> end2",
        a=user(**ASK),
        b=user(),
        c=user(),
        split=parallel(),
    )
    instance = Instance(net)
    visit = instance.activity("a")
    assert can_take_back(net, instance.complete("a")._state, visit)

    assert not can_take_back(net, instance.cancel()._state, visit)
    assert not can_take_back(
        diagram("start -> a -> end", a=user()), Instance(diagram("start -> a -> end", a=user()))._state, "2"
    )
