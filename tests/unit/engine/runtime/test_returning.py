"""Returns: what is withdrawn, what stays, and that redone work sees what it saw before."""

import json
from typing import Any

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.commands import AddSignatory, ReturnTo
from engine.runtime.effects import TokensReturned, UserTaskClosed, UserTaskOpened
from engine.runtime.errors import NoLongerWaiting, NoWayBack
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import (
    diagram,
    event,
    event_sub_process,
    exclusive,
    instances,
    loop,
    node,
    output,
    parallel,
    script,
    service,
    sub_process,
    timer,
    undoing,
    undone,
    user,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.returning import ask, returned, targets, visits


def test_an_open_task_is_returned_to_any_earlier_one() -> None:
    net = diagram("start -> a -> b -> c -> end", a=ask(), b=ask(), c=ask())
    instance = Instance(net).complete("a").complete("b")

    assert targets(instance, "c") == ["b", "a"]

    returned(instance, "c", "a")

    assert instance.work == ["a"]
    assert targets(instance, "a") == []
    assert instance.complete("a").complete("b").complete("c").end is not None


def test_what_was_written_since_is_undone() -> None:
    net = diagram(
        "start -> a -> b -> end", a=ask(output("x", "answer"), output("y", "1")), b=ask(output("x", "answer"))
    )
    instance = Instance(net, y=0).complete("a", answer=1)

    returned(instance, "b", "previous")

    assert instance.variables == {"y": 0}


def test_of_several_writings_the_value_before_the_first_is_restored() -> None:
    net = diagram("start -> a -> s -> b -> end", a=ask(output("x", "answer")), s=script("x = x + 1"), b=ask())
    instance = Instance(net, x=0).complete("a", answer=1)
    assert instance.variables == {"x": 2}

    assert returned(instance, "b", "previous").variables == {"x": 0}


def test_a_task_that_somebody_was_asked_about_is_withdrawn_with_the_signatures() -> None:
    net = diagram("start -> a -> b -> end", a=ask(), b=ask())
    instance = Instance(net).complete("a")
    task = instance.activity("b")
    instance.send(AddSignatory(task, "after", ({"person": "p"},)))
    (signature,) = [each.activity_id for each in instance.happened(UserTaskOpened)]

    returned(instance, "b", "a")

    closed = [UserTaskClosed(each, completed=False) for each in (signature, task)]
    assert (instance.work, instance.happened(UserTaskClosed)) == (["a"], closed)


def test_a_return_out_of_a_parallel_block_withdraws_the_block() -> None:
    net = diagram(
        """start -> a -> split -> b -> join -> c -> end
        split -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a").complete("b")

    returned(instance, "d", "a")

    assert instance.work == ["a"]
    assert instance.complete("a").work == ["b", "d"]


def test_a_return_within_a_branch_leaves_the_others_alone() -> None:
    net = diagram(
        """start -> split -> a -> b -> join -> c -> end
        split -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a").complete("d")

    returned(instance, "b", "a")

    assert instance.work == ["a"]
    assert instance.complete("a").complete("b").work == ["c"]
    assert targets(instance, "c") == []


def test_a_return_says_what_does_not_count_any_more() -> None:
    net = diagram("start -> a -> b -> c -> end", a=ask(), b=ask(), c=ask())
    instance = Instance(net)
    first, open_at_first = instance.activity("a"), instance.complete("a")
    second = open_at_first.activity("b")
    instance.complete("b")
    third = instance.activity("c")

    returned(instance, "c", "b")

    effect = instance.happened(TokensReturned)[0]
    assert (effect.element_id, effect.scope_process) == ("b", "p")
    assert second in effect.superseded
    assert first not in effect.superseded
    assert instance.happened(UserTaskClosed) == [UserTaskClosed(third, completed=False)]


def test_nobody_returns_where_the_diagram_does_not_allow_it() -> None:
    net = diagram(
        "start -> a -> b -> c -> d -> end",
        a=ask(),
        b=user(),
        c=user(zujian_actions="return", zujian_returnTo="previous"),
        d=user(zujian_actions="return", zujian_returnTo="initiator"),
    )
    instance = Instance(net).complete("a")

    assert targets(instance, "b") == []
    with pytest.raises(NoWayBack):
        returned(instance, "b", "a")
    assert targets(instance.complete("b"), "c") == ["b"]
    assert targets(instance.complete("c"), "d") == ["a"]


@pytest.mark.parametrize("inside", ["", instances(count="1"), loop("n > 0")])
def test_behind_an_element_that_says_so_nobody_returns_to_before_it(inside: str) -> None:
    net = diagram(
        "start -> a -> pay -> b -> c -> end",
        a=ask(),
        b=ask(),
        c=ask(),
        pay=user(inside=inside, zujian_noReturn="true"),
    )
    instance = Instance(net, n=0).complete("a").complete("pay").complete("b")

    assert targets(instance, "c") == ["b"]


def test_rework_does_not_make_the_state_grow() -> None:
    net = diagram(
        """start -> merge -> a -> split -> b -> join -> c -> again -> end
        split -> d -> join
        again -[more: x == 1]-> merge""",
        merge=exclusive(),
        a=ask(),
        b=ask(),
        c=ask(output("x", "answer")),
        d=ask(),
        split=parallel(),
        join=parallel(),
        again=exclusive(default="again__end"),
    )
    instance = Instance(net)
    sizes = []
    for _ in range(60):
        for element in ("a", "b", "d"):
            instance.complete(element)
        instance.complete("c", answer=1)
        sizes.append(len(json.dumps(instance.state)))

    assert sizes[-1] < sizes[2] + 60


def test_rework_in_one_branch_does_not_make_the_state_grow() -> None:
    net = diagram(
        """start -> split -> merge -> a -> b -> again -> join -> end
        split -> wait -> join
        again -[more: x == 1]-> merge""",
        merge=exclusive(),
        a=ask(),
        b=ask(output("x", "answer")),
        wait=ask(),
        split=parallel(),
        join=parallel(),
        again=exclusive(default="again__join"),
    )
    instance = Instance(net)
    sizes = []
    for _ in range(60):
        instance.complete("a").complete("b", answer=1)
        sizes.append(len(json.dumps(instance.state)))

    assert sizes[-1] < sizes[2] + 60


def test_there_is_no_compensation_where_work_may_be_returned() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        diagram(
            "start -> a -> b -> end",
            a=ask(),
            b=user(),
            undo=undone("b", "handler"),
            handler=undoing(),
        )

    assert [problem.rule for problem in refused.value.problems] == ["compensation.way-back"]


def test_only_an_open_user_task_can_be_returned() -> None:
    instance = Instance(diagram("start -> a -> job -> b -> end", a=ask(), job=service(), b=ask()))
    over = instance.activity("a")
    instance.complete("a")

    assert [
        return_targets(instance.net, instance._state, each) for each in (over, instance.activity("job"))
    ] == [
        (),
        (),
    ]


def test_what_is_not_open_is_not_returned() -> None:
    net = diagram("start -> a -> b -> end", a=ask(), b=ask())
    instance = Instance(net)
    gone = instance.activity("a")
    instance.complete("a")

    with pytest.raises(NoLongerWaiting):
        instance.send(ReturnTo(gone, "previous"))


@pytest.mark.parametrize("inside", [False, True])
def test_what_an_end_event_said_is_withdrawn_with_its_token(inside: bool) -> None:
    flows = "start_f -> first -> split -> b -> end\nsplit -> c -> end_r"
    nodes = {
        "first": ask(),
        "split": parallel(),
        "b": ask(),
        "c": ask(),
        "end_r": node("endEvent", zujian_result="rejected"),
    }
    part = sub_process(flows, **nodes)
    net = diagram("start -> part -> end_p", part=part) if inside else diagram(flows, **nodes)
    instance = Instance(net).complete("first").complete("c")

    returned(instance, "b", "first")

    assert all("result" not in scope for scope in instance._state["scopes"].values())
    assert "result" not in instance.variables


@pytest.mark.parametrize("inside", [False, True])
def test_what_was_said_before_an_event_is_said_again_once_the_event_says_nothing_yet(inside: bool) -> None:
    def end(result: str) -> str:
        return node("endEvent", zujian_result=result)

    late = event_sub_process(
        "start_l -> d -> fork_l -> end_l\nfork_l -> e -> end_e",
        start_l=event("startEvent", timer("P1D")),
        fork_l=parallel(),
        end_l=end("late"),
        **dict.fromkeys(("d", "e"), ask()),
    )
    nodes = {"fork": parallel(), "c": ask(), "b": ask(), "end_c": end("rejected"), "late": late}
    flows = "start_f -> fork -> c -> end_c\nfork -> b -> end_b"
    part = sub_process(flows, **nodes)
    net = diagram("start -> part -> end_p", part=part) if inside else diagram(flows, **nodes)
    instance = Instance(net).complete("c").fire("start_l").complete("d")

    def said() -> Any:
        scopes = instance._state["scopes"].values()
        scope = next(each for each in scopes if each["element"] == ("part" if inside else None))
        return scope.get("result") if inside else scope["variables"].get("result")

    assert said() == "late"
    returned(instance, "e", "d")
    assert said() == "rejected"


def test_a_return_to_the_initiator_goes_to_the_first_task() -> None:
    net = diagram("start -> a -> b -> c -> end", a=ask(), b=ask(), c=ask())
    instance = Instance(net).complete("a").complete("b")

    assert returned(instance, "c", "initiator").work == ["a"]


def test_an_event_between_two_tasks_of_one_turn_does_not_count_any_more() -> None:
    net = diagram(
        "start -> split -> a -> b -> passed -> c -> end\nsplit -> d -> end_d",
        split=parallel(),
        passed=event("intermediateThrowEvent"),
        **dict.fromkeys("abcd", ask()),
    )
    instance = Instance(net).complete("a").complete("b")

    (effect,) = returned(instance, "c", "b").happened(TokensReturned)

    counts = {name: visits(instance, name)[0] not in effect.superseded for name in ("a", "b", "passed")}
    assert counts == {"a": True, "b": False, "passed": False}


@pytest.mark.parametrize("nobody", [instances(count="0"), loop("x", before=True)])
def test_a_task_that_nobody_was_given_does_not_count_any_more_either(nobody: str) -> None:
    net = diagram(
        "start -> a -> split -> none -> b -> end\nsplit -> d -> end_d",
        split=parallel(),
        none=user(inside=nobody),
        **dict.fromkeys(("a", "b", "d"), ask()),
    )
    instance = Instance(net, x=False).complete("a")

    (effect,) = returned(instance, "b", "a").happened(TokensReturned)

    assert visits(instance, "none")[0] in effect.superseded


def test_those_of_several_who_are_asked_no_more_leave_nothing_behind() -> None:
    several = user("", instances(count="3", until="numberOfCompletedInstances > 0"), zujian_actions="return")
    instance = Instance(diagram("start -> a -> b -> c -> end", a=ask(), b=several, c=ask()))
    instance.complete("a").complete("b")

    assert [len(line["stretches"]) for line in instance._state["way_back"]["lines"].values()] == [4]
    assert returned(instance, "c", "b").work == ["b", "b", "b"]
