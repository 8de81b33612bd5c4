"""Signatories that a person adds: before, after, beside; who decides, and what is left behind."""

import pytest

from engine.bpmn.model import Net
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


# Numbers, items and limits.


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
