"""Returns: what is withdrawn, what stays, and that redone work sees what it saw before."""

import json
from typing import Any

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.commands import AddSignatory, ReturnTo
from engine.runtime.effects import ElementEntered, TokensReturned, UserTaskClosed, UserTaskOpened
from engine.runtime.errors import NoLongerWaiting, NoWayBack
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import (
    boundary,
    condition,
    diagram,
    escalation,
    event,
    event_sub_process,
    exclusive,
    instances,
    loop,
    message,
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
)
from tests.unit.engine.instance import Instance


def ask(*extensions: str, **attributes: str) -> str:
    """Draw a user task from which every return is allowed."""
    return user("".join(extensions), zujian_actions="return", **attributes)


def targets(instance: Instance, element: str) -> list[str]:
    """Name the elements to which an open task may be returned, nearest first."""
    assert instance.state is not None
    found = return_targets(instance.net, instance.state, instance.activity(element))
    return [target.element_id for target in found]


def returned(instance: Instance, element: str, to: str, **how: Any) -> Instance:
    """Return an open task."""
    return instance.send(ReturnTo(instance.activity(element), to, **how))


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


def test_what_a_token_beside_has_read_is_not_withdrawn() -> None:
    net = diagram(
        """start -> first -> split -> a -> b -> join -> end
        split -> d -> e -> join""",
        first=ask(),
        a=ask(output("x", "answer")),
        b=ask(),
        d=ask(output("y", "x + 1")),
        e=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net, x=0).complete("first").complete("a", answer=1)
    assert targets(instance, "b") == ["first"]


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


def test_a_job_between_does_not_count_any_more_even_if_others_worked_meanwhile() -> None:
    net = diagram(
        """start -> split -> a -> check -> b -> join -> end
        split -> c -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        check=service(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a")
    job, beside = instance.activity("check"), instance.activity("c")
    instance.complete("c").complete("check")

    returned(instance, "b", "a")

    (effect,) = instance.happened(TokensReturned)
    assert job in effect.superseded
    assert beside not in effect.superseded


LATER = event("intermediateCatchEvent", timer("PT2H"))
PAYLOAD = '<zujian:payload><zujian:parameter name="y" value="x"/></zujian:payload>'


@pytest.mark.parametrize(
    "event_between",
    [
        event("intermediateThrowEvent", message("m"), PAYLOAD),
        event("intermediateThrowEvent", signal("s"), PAYLOAD),
        event("intermediateCatchEvent", message("m"), zujian_correlationKey="x"),
    ],
)
def test_what_an_event_beside_has_read_is_not_withdrawn(event_between: str) -> None:
    net = diagram(
        """start -> first -> split -> a -> b -> join -> end
        split -> d -> between -> e -> join""",
        first=ask(),
        a=ask(output("x", "answer")),
        b=ask(),
        d=ask(),
        between=event_between,
        e=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net, x=0).complete("first").complete("a", answer=1)

    assert targets(instance, "b") == ["a", "first"]
    assert targets(instance.complete("d"), "b") == ["first"]


def test_nobody_returns_behind_an_event_without_return() -> None:
    sent = event("intermediateThrowEvent", zujian_noReturn="true")
    net = diagram("start -> a -> sent -> b -> c -> end", a=ask(), b=ask(), c=ask(), sent=sent)
    instance = Instance(net).complete("a").complete("b")

    assert targets(instance, "c") == ["b"]


@pytest.mark.parametrize("way", ["a -> hold -> b", "a -> g -> hold -> b\ng -> other -> end2"])
def test_what_was_waited_for_does_not_count_any_more_even_if_others_worked_meanwhile(way: str) -> None:
    net = diagram(
        f"""start -> split -> a
        {way}
        b -> join -> end
        split -> c -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        hold=event("intermediateCatchEvent", timer("PT1H")),
        **({"g": node("eventBasedGateway"), "other": LATER} if "g" in way else {}),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a")
    wait_id = instance.wait(element="hold")
    instance.complete("c").fire("hold")

    returned(instance, "b", "a")

    assert wait_id in instance.happened(TokensReturned)[0].superseded


def test_nobody_returns_behind_an_escalation_that_began_something_beside() -> None:
    net = diagram(
        "start -> a -> raise -> b -> c -> end",
        a=ask(),
        b=ask(),
        c=ask(),
        beside=event_sub_process(
            "start_e -> d -> end_e",
            start_e=event("startEvent", escalation("late"), isInterrupting="false"),
            d=ask(),
        ),
        **{"raise": event("intermediateThrowEvent", escalation("late"))},
    )
    instance = Instance(net).complete("a")

    assert (instance.work, targets(instance, "b"), targets(instance, "d")) == (["b", "d"], [], [])
    assert targets(instance.complete("b"), "c") == ["b"]


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


def visits(instance: Instance, element: str) -> list[str]:
    """Return the visits to an element so far."""
    entered = [each for each in instance.history if isinstance(each, ElementEntered)]
    return [each.activity_id for each in entered if each.element_id == element]


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


def test_what_an_event_began_beside_and_was_over_counts_on() -> None:
    asked = event("startEvent", signal("s"), isInterrupting="false")
    beside = event_sub_process("start_n -> note -> end_n", start_n=asked, note=ask())
    instance = Instance(diagram("start -> a -> b -> end", a=ask(), b=ask(), beside=beside))
    instance.signal("s").complete("note").complete("a")

    (effect,) = returned(instance, "b", "a").happened(TokensReturned)

    assert visits(instance, "a")[0] in effect.superseded
    assert visits(instance, "note")[0] not in effect.superseded


def test_a_condition_that_turns_beside_closes_nobody_s_way() -> None:
    net = diagram(
        "start -> split -> a -> b -> c -> end\nsplit -> d -> end_d\nturned -> e -> end_e",
        split=parallel(),
        a=ask(output("x", "answer")),
        turned=boundary("d", condition("x == 1"), interrupting=False),
        e=ask(),
        **dict.fromkeys("bcd", ask()),
    )
    instance = Instance(net, x=0).complete("a", answer=1)
    assert instance.work == ["b", "d", "e"]

    assert targets(instance.complete("b"), "c") == ["b"]


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


def test_what_a_token_beside_has_read_is_not_withdrawn_though_that_token_is_gone() -> None:
    asked = event("startEvent", signal("s"), isInterrupting="false")
    beside = event_sub_process("start_n -> note -> end_n", start_n=asked, note=ask(zujian_unit="str(x)"))
    nodes = {"a": ask(output("x", "answer")), "b": ask(), "beside": beside}
    instance = Instance(diagram("start -> a -> b -> end", **nodes), x=0).complete("a", answer=1)
    assert targets(instance, "b") == ["a"]

    assert targets(instance.signal("s").complete("note"), "b") == []


def test_each_of_two_signals_closes_the_way_of_who_throws_them_only() -> None:
    net = diagram(
        """start -> split -> a -> shout -> end
        split -> c -> d -> end_d
        heard -> m -> end_m
        also -> n -> end_n""",
        split=parallel(),
        shout=event("intermediateThrowEvent", signal("s") + signal("u")),
        heard=boundary("d", signal("s"), interrupting=False),
        also=boundary("d", signal("u"), interrupting=False),
        **dict.fromkeys("acdmn", ask()),
    )
    instance = Instance(net).complete("c").complete("a")

    assert (instance.work, targets(instance, "d")) == (["d", "m", "n"], ["c"])
