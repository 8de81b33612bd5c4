"""Signatories that a person adds: before, after, beside; who decides, and what is left behind."""

import pytest

from engine.bpmn.model import Net
from engine.runtime.commands import AddSignatory, CompleteActivity, RemoveSignatory
from engine.runtime.effects import (
    ElementCancelled,
    ElementCompleted,
    UserTaskClosed,
    UserTaskHeld,
    UserTaskOpened,
    UserTaskReleased,
)
from engine.runtime.errors import NoLongerWaiting, NotPossible
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance

OUTCOME = d.output("decision", "outcome")


def reviewed() -> Instance:
    """Return an instance at its review."""
    return Instance(d.diagram("start -> review -> later -> end", review=d.user(OUTCOME), later=d.user()))


def add(case: Instance, place: str, *who: str, element: str = "review", index: int = 0) -> list[str]:
    """Add signatories and return the ids of what was opened for them."""
    signatories = tuple({"person": name} for name in who)
    case.send(AddSignatory(case.activity(element, index), place, signatories))  # type: ignore[arg-type]
    return [each.activity_id for each in case.happened(UserTaskOpened)]


def say(case: Instance, activity_id: str, outcome: str = "agree") -> Instance:
    """Complete a task or signature with an outcome."""
    return case.send(CompleteActivity(activity_id, {"outcome": outcome}))


# Before.


def test_signatories_before_hold_the_task_until_all_have_signed() -> None:
    case = reviewed()
    task = case.activity("review")

    first, second = add(case, "before", "a", "b")

    assert case.happened(UserTaskHeld) == [UserTaskHeld(task)]
    with pytest.raises(NoLongerWaiting):
        say(case, task)
    say(case, second)
    assert case.happened(UserTaskReleased) == []
    say(case, first)
    assert case.happened(UserTaskReleased) == [UserTaskReleased(task)]
    say(case, task)
    assert (case.work, case.variables["decision"]) == (["later"], "agree")


def test_what_is_opened_for_a_signatory_says_for_whom_and_where() -> None:
    case = reviewed()
    task = case.activity("review")

    add(case, "before", "a")

    (opened,) = case.happened(UserTaskOpened)
    assert (opened.added_to, opened.place, opened.signatory) == (task, "before", {"person": "a"})
    assert (opened.element_id, opened.role) == ("review", "reviewer")


def test_a_signatory_before_who_refuses_decides_the_task() -> None:
    case = reviewed()
    task = case.activity("review")
    first, second = add(case, "before", "a", "b")

    say(case, first, "refuse")

    closed = {each.activity_id: each.completed for each in case.happened(UserTaskClosed)}
    assert closed == {first: True, second: False, task: False}
    assert (case.work, case.variables["decision"]) == (["later"], "refuse")
    assert [each.activity_id for each in case.happened(ElementCompleted)] == [first, task]
    assert [each.activity_id for each in case.happened(ElementCancelled)] == [second]


def test_an_outcome_left_empty_is_no_agreement() -> None:
    case = reviewed()
    (first,) = add(case, "before", "a")

    case.send(CompleteActivity(first, {"outcome": None}))

    assert (case.work, case.variables["decision"]) == (["later"], None)


def test_a_form_without_outcome_agrees_by_being_submitted() -> None:
    case = Instance(d.diagram("start -> review -> end", review=d.user()))
    (first,) = add(case, "before", "a")

    case.send(CompleteActivity(first))

    assert case.work == ["review"]


def test_the_diagram_says_which_outcomes_agree() -> None:
    case = Instance(
        d.diagram("start -> review -> end", review=d.user(OUTCOME, zujian_agreeing="confirm pass"))
    )
    (first,) = add(case, "before", "a")

    say(case, first, "confirm")
    assert case.work == ["review"]
    (second,) = add(case, "before", "b")
    say(case, second, "agree")

    assert case.end is not None
    assert case.variables["decision"] == "agree"


# After.


def test_signatories_after_are_asked_once_the_task_is_agreed() -> None:
    case = reviewed()
    task = case.activity("review")
    (first,) = add(case, "after", "a")
    assert case.happened(UserTaskHeld) == [UserTaskHeld(first)]
    with pytest.raises(NoLongerWaiting):
        say(case, first)

    say(case, task)
    assert case.happened(UserTaskClosed) == [UserTaskClosed(task, completed=True)]
    assert case.happened(UserTaskReleased) == [UserTaskReleased(first)]
    assert "decision" not in case.variables
    with pytest.raises(NoLongerWaiting):
        say(case, task)
    say(case, first)

    assert (case.work, case.variables["decision"]) == (["later"], "agree")
    assert [each.activity_id for each in case.happened(ElementCompleted)] == [first, task]


def test_a_signatory_after_who_refuses_overrules_the_agreement() -> None:
    case = reviewed()
    first, second = add(case, "after", "a", "b")
    say(case, case.activity("review"))

    say(case, second, "refuse")

    assert (case.work, case.variables["decision"]) == (["later"], "refuse")
    assert [each.activity_id for each in case.happened(ElementCancelled)] == [first]


def test_a_task_that_is_refused_asks_nobody_after_it() -> None:
    case = reviewed()
    (first,) = add(case, "after", "a")

    say(case, case.activity("review"), "refuse")

    assert (case.work, case.variables["decision"]) == (["later"], "refuse")
    assert UserTaskClosed(first, completed=False) in case.last


def test_signatories_before_and_after_one_task() -> None:
    case = reviewed()
    task = case.activity("review")
    (after,) = add(case, "after", "z")
    case.send(AddSignatory(task, "before", ({"person": "a"},)))
    before = case.happened(UserTaskOpened)[0].activity_id
    case.send(AddSignatory(task, "before", ({"person": "b"},)))
    another = case.happened(UserTaskOpened)[0].activity_id

    for signature in (another, before, task, after):
        say(case, signature)

    assert case.work == ["later"]


# Removing.


def test_removing_the_last_signatory_before_releases_the_task() -> None:
    case = reviewed()
    first, second = add(case, "before", "a", "b")

    case.send(RemoveSignatory(first))
    assert case.happened(UserTaskReleased) == []
    case.send(RemoveSignatory(second))

    assert UserTaskClosed(second, completed=False) in case.last
    assert len(case.happened(UserTaskReleased)) == 1
    assert case.work == ["review"]


def test_removing_the_last_signatory_after_completes_the_task() -> None:
    case = reviewed()
    first, second = add(case, "after", "a", "b")
    case.send(RemoveSignatory(first))
    say(case, case.activity("review"))

    case.send(RemoveSignatory(second))

    assert (case.work, case.variables["decision"]) == (["later"], "agree")


def test_only_what_was_added_and_is_open_is_removed() -> None:
    case = reviewed()
    (first,) = add(case, "before", "a")
    say(case, first)

    with pytest.raises(NoLongerWaiting):
        case.send(RemoveSignatory(first))
    with pytest.raises(NotPossible) as refused:
        case.send(RemoveSignatory(case.activity("review")))
    assert refused.value.rule == "signatory.drawn"


# What is refused.


def test_whoever_was_added_adds_nobody() -> None:
    case = reviewed()
    (first,) = add(case, "before", "a")

    with pytest.raises(NotPossible) as refused:
        case.send(AddSignatory(first, "before", ({"person": "b"},)))
    assert refused.value.rule == "signatory.nested"


@pytest.mark.parametrize("count", [0, 21])
def test_nobody_or_too_many_are_not_added(count: int) -> None:
    case = reviewed()

    with pytest.raises(NotPossible) as refused:
        add(case, "before", *("x" * count))
    assert refused.value.rule == "signatory.count"


def test_a_closed_task_takes_no_signatories() -> None:
    case = reviewed()
    task = case.activity("review")
    add(case, "after", "a")
    say(case, task)

    with pytest.raises(NoLongerWaiting):
        case.send(AddSignatory(task, "after", ({"person": "b"},)))
    with pytest.raises(NotPossible) as refused:
        add(case, "beside", "c", element="review")
    assert refused.value.rule in {"signatory.nested", "signatory.beside"}


def test_one_more_instance_needs_a_task_with_instances() -> None:
    case = reviewed()

    with pytest.raises(NotPossible) as refused:
        add(case, "beside", "a")
    assert refused.value.rule == "signatory.beside"


# Inside what contains others.


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


def voters(**options: object) -> Net:
    """Return a diagram of three reviews over a list."""
    loop = d.instances(over="people", item="who", into="said", result="outcome", **options)  # type: ignore[arg-type]
    return d.diagram("start -> review -> later -> end", review=d.user("", loop), later=d.user())


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


@pytest.mark.parametrize("sequential", [False, True])
def test_removing_the_last_open_instance_goes_on_with_what_the_others_said(sequential: bool) -> None:
    case = Instance(voters(sequential=sequential), people=["a"])
    case.send(AddSignatory(case.activity("review"), "beside", ({"item": "b"},)))
    say(case, case.activity("review"))

    case.send(RemoveSignatory(case.activity("review")))

    assert (case.work, case.variables["said"]) == (["later"], ["agree"])
