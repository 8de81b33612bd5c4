"""Moving tokens and correcting variables: what may be done, and what would break the diagram."""

from __future__ import annotations

import pytest

from engine.runtime.commands import CorrectVariables, MoveToken, ReturnTo
from engine.runtime.effects import UserTaskClosed
from engine.runtime.errors import Incident, NoLongerWaiting
from engine.runtime.returning import return_targets
from engine.runtime.state import State
from engine.runtime.taking_back import can_take_back
from engine.verification.continuation import obstacles
from tests.unit.engine.diagram import (
    boundary,
    condition,
    diagram,
    event,
    event_sub_process,
    exclusive,
    instances,
    net,
    node,
    output,
    parallel,
    sub_process,
    timer,
    user,
    xml,
)
from tests.unit.engine.instance import Instance

BRANCHES = "start -> fork -> left -> after -> join -> end\nfork -> right -> join"


def branches() -> Instance:
    """Begin two branches that join."""
    names = {name: user() for name in ("left", "right", "after")}
    return Instance(diagram(BRANCHES, fork=parallel(), join=parallel(), **names))


def state_of(instance: Instance) -> State:
    """Return the state at rest."""
    assert instance.state is not None
    return instance.state


def test_a_moved_token_ends_its_task_with_its_timer_and_opens_another() -> None:
    instance = Instance(
        diagram(
            "start -> one -> two -> end\nlate -> end",
            one=user(),
            two=user(),
            late=boundary("one", timer("P1D")),
        )
    )

    instance.send(MoveToken(instance.activity("one"), "two"))

    assert (instance.work, instance.waits, instance.cancelled) == (["two"], [], ["one"])
    assert instance.complete("two").end is not None


def test_a_token_may_go_back_and_to_the_end() -> None:
    instance = Instance(diagram("start -> one -> two -> end", one=user(), two=user())).complete("one")

    instance.send(MoveToken(instance.activity("two"), "one"))
    assert instance.work == ["one"]

    instance.send(MoveToken(instance.activity("one"), "end"))
    assert instance.end is not None


def test_other_branches_stay_where_they_are() -> None:
    instance = branches()

    instance.send(MoveToken(instance.activity("left"), "after"))

    assert instance.work == ["after", "right"]
    assert obstacles(instance.net, state_of(instance)) == ()
    assert instance.complete("right").complete("after").end is not None


def test_a_token_moved_out_of_its_branch_would_starve_the_join() -> None:
    instance = branches()

    instance.send(MoveToken(instance.activity("left"), "end"))

    found = obstacles(instance.net, state_of(instance))
    assert [(each.kind, each.element_id) for each in found] == [("incident", "join")]


def test_a_token_moved_into_another_branch_would_do_it_twice() -> None:
    instance = branches()

    instance.send(MoveToken(instance.activity("left"), "right"))

    assert "several-tokens" in {each.kind for each in obstacles(instance.net, state_of(instance))}


def test_a_timer_that_would_give_up_on_the_block_is_no_way_to_its_end() -> None:
    block = sub_process(
        "start_in -> fork -> left -> join -> end_in\nfork -> right -> join",
        fork=parallel(),
        join=parallel(),
        left=user(),
        right=user(),
    )
    instance = Instance(
        diagram("start -> block -> end\nlate -> end", block=block, late=boundary("block", timer("P9D")))
    )
    assert obstacles(instance.net, state_of(instance)) == ()

    instance.send(MoveToken(instance.activity("left"), "end_in"))

    assert [each.kind for each in obstacles(instance.net, state_of(instance))] == ["no-way-to-end"]


def test_what_waits_for_a_condition_can_be_explored() -> None:
    hear = event("intermediateCatchEvent", condition("x > 1"))
    flows = "start -> fork -> left -> join -> end\nfork -> hear -> join"
    instance = Instance(diagram(flows, fork=parallel(), join=parallel(), left=user(), hear=hear), x=0)

    assert obstacles(instance.net, state_of(instance)) == ()


def test_a_state_that_the_diagram_itself_leads_to_has_no_obstacles() -> None:
    instance = branches()

    assert obstacles(instance.net, state_of(instance)) == ()
    assert obstacles(instance.net, state_of(instance.complete("left"))) == ()
    assert obstacles(instance.net, state_of(instance.complete("right").complete("after"))) == ()


@pytest.mark.parametrize(
    ("target", "work"), [("two", ["two"]), ("choose", ["two"]), ("fork", ["left", "right"])]
)
def test_a_token_is_put_wherever_one_arrives_by_any_flow(target: str, work: list[str]) -> None:
    flows = """start -> one -> choose -> two -> end
        choose -[other: x]-> fork -> left -> two
        fork -> right -> choose"""
    tasks = dict.fromkeys(("one", "two", "left", "right"), user())
    instance = Instance(diagram(flows, choose=exclusive("choose__two"), fork=parallel(), **tasks), x=False)

    assert instance.send(MoveToken(instance.activity("one"), target)).work == work


@pytest.mark.parametrize("target", ["start", "late", "join", "inner", "nowhere", "mend"])
def test_a_token_is_not_put_where_none_arrives(target: str) -> None:
    instance = Instance(
        diagram(
            "start -> one -> fork -> two -> join -> block -> end\nfork -> join\nlate -> end",
            one=user(),
            two=user(),
            fork=parallel(),
            join=parallel(),
            block=sub_process("start_in -> inner -> end_in", inner=user()),
            late=boundary("one", timer("P1D")),
            mend=event_sub_process("start_m -> end_m", start_m=event("startEvent", timer("P9D"))),
        )
    )

    with pytest.raises(Incident) as refusal:
        instance.send(MoveToken(instance.activity("one"), target))

    assert refusal.value.rule == "move.target"


def test_a_whole_block_is_moved_with_all_that_runs_in_it() -> None:
    instance = Instance(
        diagram(
            "start -> block -> two -> end",
            block=sub_process("start_in -> inner -> end_in", inner=user()),
            two=user(),
        )
    )
    block = next(key for key, each in state_of(instance)["activities"].items() if "child" in each)

    instance.send(MoveToken(block, "two"))

    assert (instance.work, instance.cancelled) == (["two"], ["inner", "block"])


def test_one_of_several_instances_is_not_moved_but_the_activity_is() -> None:
    instance = Instance(
        diagram("start -> vote -> two -> end", vote=user(inside=instances(count="3")), two=user())
    )
    body = next(key for key, each in state_of(instance)["activities"].items() if "loop" in each)

    with pytest.raises(Incident) as refusal:
        instance.send(MoveToken(instance.activity("vote"), "two"))
    instance.send(MoveToken(body, "two"))

    assert refusal.value.rule == "move.source"
    assert instance.work == ["two"]


def test_a_finished_task_is_not_moved() -> None:
    instance = Instance(diagram("start -> one -> two -> end", one=user(), two=user()))
    one = instance.activity("one")
    instance.complete("one")

    with pytest.raises(NoLongerWaiting):
        instance.send(MoveToken(one, "two"))


def test_a_corrected_variable_decides_from_now_on() -> None:
    instance = Instance(
        diagram(
            "start -> one -> way -[y: amount > 10]-> big -> end\nway -[n]-> small -> end",
            one=user(),
            way=exclusive(default="n"),
            big=user(),
            small=user(),
        ),
        amount=100,
    )

    instance.send(CorrectVariables({"amount": 1}))

    assert instance.variables["amount"] == 1
    assert instance.complete("one").work == ["small"]


def test_a_variable_is_corrected_in_the_process_that_an_activity_belongs_to() -> None:
    called = xml("start -> inner -> end", key="called", inner=user())
    written = output("seen", "get(output, 'x', 0)")
    call = node("callActivity", calledElement="called").replace(
        "</bpmn:callActivity>",
        f"<bpmn:extensionElements>{written}</bpmn:extensionElements></bpmn:callActivity>",
    )
    instance = Instance(net(xml("start -> call -> after -> end", call=call, after=user()), called))

    instance.send(CorrectVariables({"x": 7}, instance.activity("inner")))

    assert "x" not in instance.variables
    assert instance.complete("inner").variables["seen"] == 7


def test_nothing_is_corrected_for_an_activity_that_is_over() -> None:
    instance = Instance(diagram("start -> one -> two -> end", one=user(), two=user()))
    over = instance.activity("one")

    with pytest.raises(NoLongerWaiting):
        instance.complete("one").send(CorrectVariables({"x": 1}, over))


def test_neither_the_initiator_nor_a_huge_value_is_accepted() -> None:
    instance = Instance(diagram("start -> one -> end", one=user()), initiatorId="a")

    with pytest.raises(Incident) as initiator:
        instance.send(CorrectVariables({"initiatorId": "b"}))
    with pytest.raises(Incident) as size:
        instance.send(CorrectVariables({"text": "x" * 300_000}))

    assert (initiator.value.rule, size.value.rule) == ("correct.initiator", "guard.value-too-large")


# Where the instance remembers its way.


def returnable() -> Instance:
    """Begin a process whose tasks may be returned, and complete the first."""
    task = user(output("amount", "given"), zujian_actions="return takeBack")
    names = {"one": task, "two": task, "three": user(zujian_actions="return takeBack")}
    return Instance(diagram("start -> one -> two -> three -> end", **names)).complete("one", given=1)


def test_nobody_is_returned_past_a_moved_token() -> None:
    instance = returnable()

    instance.send(MoveToken(instance.activity("two"), "three"))

    assert return_targets(instance.net, state_of(instance), instance.activity("three")) == ()
    assert instance.complete("three").end is not None


def test_a_return_restores_what_was_corrected_before_the_returned_task_wrote() -> None:
    instance = returnable()
    instance.send(CorrectVariables({"amount": 5}))
    instance.complete("two", given=7)

    instance.send(ReturnTo(instance.activity("three"), "two"))

    assert (instance.work, instance.variables["amount"]) == (["two"], 5)


def test_nothing_is_taken_back_past_a_correction() -> None:
    instance = returnable().complete("two", given=7)
    visit = instance.happened(UserTaskClosed)[0].activity_id
    assert can_take_back(instance.net, state_of(instance), visit)

    instance.send(CorrectVariables({"amount": 5}))

    assert not can_take_back(instance.net, state_of(instance), visit)
