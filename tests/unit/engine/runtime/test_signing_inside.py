"""Signatories inside what contains others: blocks, sub-processes, called processes, several instances."""

import pytest

from engine.runtime.commands import AddSignatory, CompleteActivity, RemoveSignatory
from engine.runtime.effects import (
    UserTaskClosed,
    UserTaskOpened,
)
from engine.runtime.errors import NotPossible
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance
from tests.unit.engine.signing import OUTCOME, add, reviewed, say, voters


def test_one_more_instance_needs_a_task_with_instances() -> None:
    case = reviewed()

    with pytest.raises(NotPossible) as refused:
        add(case, "beside", "a")
    assert refused.value.rule == "signatory.beside"


def test_signatories_inside_a_parallel_block_leave_the_other_branch_alone() -> None:
    case = Instance(
        d.diagram(
            """start -> fork -> one -> join -> end
               fork -> two -> join""",
            fork=d.parallel(),
            join=d.parallel(),
            one=d.user(),
            two=d.user(),
        )
    )
    (first,) = add(case, "before", "a", element="one")

    case.complete("two")
    say(case, first)
    case.complete("one")

    assert case.end is not None


def test_signatories_inside_a_sub_process_end_with_what_interrupts_it() -> None:
    case = Instance(
        d.diagram(
            """start -> part -> end
               late -> end_late""",
            part=d.sub_process("start_in -> review -> end_in", review=d.user()),
            late=d.boundary("part", d.timer("PT1H")),
        )
    )
    task = case.activity("review")
    (before,) = add(case, "before", "a")

    case.fire("late")

    closed = {each.activity_id for each in case.happened(UserTaskClosed)}
    assert closed == {task, before}
    assert case.end is not None


def test_signatories_after_end_with_what_interrupts_the_task() -> None:
    case = Instance(
        d.diagram(
            """start -> review -> end
               late -> end_late""",
            review=d.user(),
            late=d.boundary("review", d.timer("PT1H")),
        )
    )
    task = case.activity("review")
    (after,) = add(case, "after", "a")
    case.send(CompleteActivity(task, {}))

    case.fire("late")

    assert [each.activity_id for each in case.happened(UserTaskClosed)] == [after]
    assert "review" in case.cancelled


def test_signatories_inside_a_called_process() -> None:
    called = d.xml("start -> review -> end", key="called", review=d.user(OUTCOME))
    caller = d.xml("start -> call -> end", call=d.node("callActivity", calledElement="called"))
    case = Instance(d.net(caller, called))
    (before,) = add(case, "before", "a")

    say(case, before)
    say(case, case.activity("review"))

    assert case.end is not None


def test_signatories_before_one_instance_hold_that_instance_only() -> None:
    case = Instance(voters(), people=["a", "b"])
    (before,) = add(case, "before", "x")
    other = case.activity("review")

    say(case, other)
    say(case, before, "refuse")

    assert (case.work, case.variables["said"]) == (["later"], ["refuse", "agree"])


def test_what_a_signatory_is_shown_is_what_the_instance_sees() -> None:
    loop = d.instances(over="people", item="who")
    case = Instance(
        d.diagram("start -> review -> end", review=d.user("", loop, zujian_prefill="{'for': who}")),
        people=["a", "b"],
    )

    add(case, "before", "x", index=1)

    assert case.opened[0].prefill == {"for": "b"}


@pytest.mark.parametrize("sequential", [False, True])
def test_one_more_instance_counts_as_the_drawn_ones_do(sequential: bool) -> None:
    case = Instance(voters(sequential=sequential), people=["a", "b"])
    case.send(AddSignatory(case.activity("review"), "beside", ({"person": "x", "item": "c"},)))

    for outcome in ("agree", "refuse", "agree"):
        assert case.work == ["review"] * (1 if sequential else len(case.work))
        say(case, case.activity("review"), outcome)

    assert (case.work, case.variables["said"]) == (["later"], ["agree", "refuse", "agree"])


@pytest.mark.parametrize("sequential", [False, True])
def test_an_added_instance_is_told_for_whom_it_is(sequential: bool) -> None:
    case = Instance(voters(sequential=sequential), people=["a"])
    body = case._state["activities"][case.activity("review")]["instance_of"]
    case.send(AddSignatory(case.activity("review"), "beside", ({"person": "x", "item": "c"},)))
    if sequential:
        say(case, case.activity("review"))

    (opened,) = case.happened(UserTaskOpened)

    assert (opened.added_to, opened.place, opened.signatory) == (body, "beside", {"person": "x", "item": "c"})


def test_an_instance_over_a_list_needs_its_item() -> None:
    case = Instance(voters(), people=["a"])

    with pytest.raises(NotPossible) as refused:
        add(case, "beside", "x")
    assert refused.value.rule == "signatory.item"


def test_added_instances_are_removed_and_added_again() -> None:
    case = Instance(voters(), people=["a"])
    task = case.activity("review")
    for item in ("b", "c"):
        case.send(AddSignatory(task, "beside", ({"item": item},)))
    added = case.happened(UserTaskOpened)[0].activity_id

    case.send(RemoveSignatory(added))
    case.send(AddSignatory(task, "beside", ({"item": "d"},)))
    for index, outcome in ((2, "third"), (1, "second"), (0, "first")):
        say(case, case.activity("review", index), outcome)

    assert (case.work, case.variables["said"]) == (["later"], ["first", "second", "third"])


def test_whoever_is_added_after_others_were_removed_has_an_item_and_a_number_of_their_own() -> None:
    numbers = "[who, loopCounter, numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances]"
    seen = f"{{'seen': {numbers} + [numberOfTerminatedInstances]}}"
    loop = d.instances(over="people", item="who", into="said", result="outcome")
    review = d.user("", loop, zujian_prefill=seen)
    case = Instance(
        d.diagram("start -> review -> later -> end", review=review, later=d.user()), people=["a", "b"]
    )
    first, second = (case.activity("review", index) for index in range(2))
    seen_first = [each.prefill["seen"] for each in case.opened]
    assert seen_first == [["a", 1, 2, 1, 0, 0], ["b", 2, 2, 2, 0, 0]]
    case.send(AddSignatory(first, "beside", ({"item": "c"}, {"item": "d"}, {"item": "e"})))
    third, fourth, fifth = (each.activity_id for each in case.opened)
    say(case, first, "a")
    for each in (third, fourth):
        case.send(RemoveSignatory(each))

    case.send(AddSignatory(second, "beside", ({"item": "f"},)))

    (opened,) = case.opened
    assert opened.prefill == {"seen": ["f", 6, 4, 3, 1, 2]}
    for activity_id, outcome in ((opened.activity_id, "f"), (fifth, "e"), (second, "b")):
        say(case, activity_id, outcome)
    assert case.variables["said"] == ["a", "b", "e", "f"]


@pytest.mark.parametrize("sequential", [False, True])
def test_removing_the_last_open_instance_goes_on_with_what_the_others_said(sequential: bool) -> None:
    case = Instance(voters(sequential=sequential), people=["a"])
    case.send(AddSignatory(case.activity("review"), "beside", ({"item": "b"},)))
    say(case, case.activity("review"))

    case.send(RemoveSignatory(case.activity("review")))

    assert (case.work, case.variables["said"]) == (["later"], ["agree"])


# Items and limits of several instances.


def test_a_round_of_a_loop_takes_no_further_instance() -> None:
    task = d.user("", d.loop("loopCounter < 2"))
    case = Instance(d.diagram("start -> review -> end", review=task))

    with pytest.raises(NotPossible) as refused:
        add(case, "beside", "a")
    assert refused.value.rule == "signatory.beside"


@pytest.mark.parametrize(("drawn", "is_refused"), [(999, False), (1000, True)])
def test_there_are_a_thousand_instances_at_most(drawn: int, is_refused: bool) -> None:
    loop = d.instances(count="voters", sequential=True)
    case = Instance(d.diagram("start -> review -> end", review=d.user("", loop)), voters=drawn)

    if is_refused:
        with pytest.raises(NotPossible) as refused:
            add(case, "beside", "a")
        assert refused.value.rule == "signatory.count"
    else:
        add(case, "beside", "a")


def test_each_further_instance_over_a_list_needs_its_item() -> None:
    case = Instance(voters(), people=["a"])

    with pytest.raises(NotPossible):
        case.send(AddSignatory(case.activity("review"), "beside", ({"item": "b"}, {"person": "x"})))


def test_added_instances_work_on_their_items_for_their_persons() -> None:
    loop = d.instances(over="people", item="who", sequential=True)
    task = d.user("", loop, zujian_prefill="{'for': who}")
    case = Instance(d.diagram("start -> review -> end", review=task), people=["a"])
    for items in (("b", "c"), ("d",)):
        given = tuple({"item": item, "person": item.upper()} for item in items)
        case.send(AddSignatory(case.activity("review"), "beside", given))

    seen = []
    while case.end is None:
        case.complete("review", outcome="agree")
        seen += [(each.prefill, each.signatory and each.signatory["person"]) for each in case.opened]

    assert seen == [({"for": "b"}, "B"), ({"for": "c"}, "C"), ({"for": "d"}, "D")]


def test_who_comes_after_a_removed_one_is_told_for_whom_it_is() -> None:
    case = Instance(voters(), people=["a"])
    task = case.activity("review")
    case.send(AddSignatory(task, "beside", ({"item": "b", "person": "B"},)))
    case.send(RemoveSignatory(case.happened(UserTaskOpened)[0].activity_id))

    case.send(AddSignatory(task, "beside", ({"item": "c", "person": "C"},)))

    (opened,) = case.happened(UserTaskOpened)
    assert (opened.place, opened.signatory) == ("beside", {"item": "c", "person": "C"})
