"""Signatories that a person adds: before, after, beside; who decides, and what is left behind."""

import pytest

from engine.runtime.commands import AddSignatory, CompleteActivity, RemoveSignatory, ReturnTo
from engine.runtime.effects import (
    ElementCancelled,
    ElementCompleted,
    ElementEntered,
    TokensReturned,
    UserTaskClosed,
    UserTaskHeld,
    UserTaskOpened,
    UserTaskReleased,
)
from engine.runtime.errors import Incident, NoLongerWaiting, NotPossible
from engine.runtime.taking_back import can_take_back
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance
from tests.unit.engine.signing import OUTCOME, add, reviewed, say, voters

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


def test_what_waits_for_signatures_after_it_is_no_larger_than_any_value() -> None:
    case = reviewed()
    add(case, "after", "a")

    with pytest.raises(Incident) as refused:
        case.complete("review", outcome="agree", opinion="长" * 300_000)
    assert refused.value.rule == "guard.value-too-large"


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


# Numbers and limits.


def test_all_who_sign_after_it_are_waited_for() -> None:
    case = reviewed()
    first, second = add(case, "after", "a", "b")
    say(case, case.activity("review"))

    say(case, first)
    assert case.work == ["review"]
    say(case, second)

    assert case.work == ["later"]


def test_twenty_are_the_most_for_one_task() -> None:
    case = reviewed()
    add(case, "after", *("x" * 20))

    with pytest.raises(NotPossible) as refused:
        add(case, "after", "y")
    assert refused.value.rule == "signatory.count"


def test_a_signature_is_a_visit_of_its_own() -> None:
    case = reviewed()
    (first,) = add(case, "before", "a")

    assert [each.activity_id for each in case.happened(ElementEntered)] == [first]


def test_what_is_said_of_a_signatory_is_no_larger_than_any_value() -> None:
    case = Instance(voters(), people=["a"])

    with pytest.raises(Incident) as refused:
        case.send(AddSignatory(case.activity("review"), "beside", ({"item": "长" * 300_000},)))
    assert refused.value.rule == "guard.value-too-large"


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_task_that_others_were_asked_about_is_not_taken_back_from(place: str) -> None:
    net = d.diagram(
        "start -> apply -> review -> end",
        apply=d.user("", zujian_actions="takeBack"),
        review=d.user("", zujian_actions="return"),
    )
    case = Instance(net)
    applied = case.activity("apply")
    case.complete("apply")
    assert can_take_back(net, case._state, applied)

    signed = add(case, place, "a")

    assert not can_take_back(net, case._state, applied)
    if place == "before":
        case.send(CompleteActivity(signed[0], {}))
        assert not can_take_back(net, case._state, applied)


def test_a_return_names_the_signatures_that_it_makes_void() -> None:
    net = d.diagram(
        "start -> review -> later -> end", review=d.user(), later=d.user("", zujian_actions="return")
    )
    case = Instance(net)
    (first,) = add(case, "before", "a")
    case.send(CompleteActivity(first, {}))
    (last,) = add(case, "after", "b")
    task = case.activity("review")
    case.send(CompleteActivity(task, {}))
    case.send(CompleteActivity(last, {}))

    case.send(ReturnTo(case.activity("later"), "previous"))

    (returned,) = case.happened(TokensReturned)
    assert all(each in returned.superseded for each in (task, first, last))


def test_a_task_with_a_signature_that_was_given_makes_it_void_when_returned() -> None:
    net = d.diagram(
        "start -> apply -> review -> end", apply=d.user(), review=d.user("", zujian_actions="return")
    )
    case = Instance(net)
    case.complete("apply")
    (first,) = add(case, "before", "a")
    case.send(CompleteActivity(first, {}))

    case.send(ReturnTo(case.activity("review"), "previous"))

    (returned,) = case.happened(TokensReturned)
    assert first in returned.superseded


def test_asking_for_a_signature_is_acting_though_it_was_called_off() -> None:
    net = d.diagram(
        "start -> apply -> review -> end", apply=d.user("", zujian_actions="takeBack"), review=d.user()
    )
    case = Instance(net)
    applied = case.activity("apply")
    case.complete("apply")
    (first,) = add(case, "after", "a")

    case.send(RemoveSignatory(first))

    assert not can_take_back(net, case._state, applied)
