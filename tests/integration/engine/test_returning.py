"""Return and take back: where to, what becomes void, what is offered again, and when it is too late."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.api import (
    ActionNotAllowed,
    InstanceNotActive,
    NestedSignatories,
    NextHasActed,
    NoReturnTarget,
    NoStraightBack,
    ReasonMissing,
    ReturnTargetRunning,
    ReturnToSelf,
    ReturnWithoutInitiator,
    SignatoriesStillWorking,
    Signatory,
    TakeBackNotYours,
    TaskIsDelegated,
    UserTaskAlreadyClaimed,
)
from engine.user_tasks.models import UserTask
from kernel.actor import Actor, system_actor
from kernel.audit import verify
from kernel.errors import Rejected
from tests.integration.engine.desk import Desk
from tests.integration.engine.diagrams import chain, diagram, end, files, node, review_form, start, user_task
from tests.integration.engine.reviewing import act, audited, detail, id_of
from tests.integration.engine.test_concurrency import at_once

ALL = 'zujian:actions="return takeBack addSignatory delegate"'
AGREE = {"outcome": "agree", "opinion": "同意", "score": 3}


def three_steps(desk: Desk, attributes: str = ALL) -> UUID:
    """Start apply → review → approve, by initiator, reviewer and operator; returns the instance."""
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", attributes, "asked=score"),
        user_task("review", "reviewer", "review.json", attributes, "reviewed=outcome"),
        user_task("approve", "operator", "review.json", attributes, "approved=outcome"),
        end(),
        *chain("begin", "apply", "review", "approve", "done"),
    )
    desk.deploy("steps", files("steps", diagram("steps", *nodes), review=review_form()))
    return desk.start("steps").id


def at_approval(desk: Desk, attributes: str = ALL) -> tuple[UUID, UUID]:
    """Bring an instance to its third step; returns instance and task."""
    instance_id = three_steps(desk, attributes)
    desk.complete(desk.initiator, AGREE)
    return instance_id, desk.complete(desk.reviewer, AGREE).next_task_ids[0]


def give_back(
    desk: Desk, actor: Actor, task_id: UUID, to: str, reason: str = "材料不全", **named: Any
) -> UUID:
    """Return a task; gives the task that opened."""
    (opened,) = act(desk, actor, "return_user_task", task_id, to, reason, **named).next_task_ids
    assert isinstance(opened, UUID)
    return opened


def rows(desk: Desk, instance_id: UUID) -> list[tuple[str, str, bool]]:
    """Return element, status and whether it is void of every task, in order."""
    with desk.database.read() as session:
        found = session.scalars(
            select(UserTask).where(UserTask.instance_id == instance_id).order_by(UserTask.id)
        )
        return [(task.element_id, task.status, task.superseded_at is not None) for task in found]


# Returning.


def test_a_task_returned_to_the_previous_is_done_anew(desk: Desk) -> None:
    instance_id, task_id = at_approval(desk)
    assert [target.element_id for target in detail(desk, desk.operator, task_id).return_targets] == [
        "review",
        "apply",
    ]

    reopened = give_back(desk, desk.operator, task_id, "previous")

    assert rows(desk, instance_id) == [
        ("apply", "completed", False),
        ("review", "completed", True),
        ("approve", "returned", False),
        ("review", "open", False),
    ]
    # What was written before is offered, the decision is not.
    assert detail(desk, desk.reviewer, reopened).data == {"opinion": "同意", "score": 3}
    returned = [(n.assignee_id, n.reason) for n in desk.notices if n.kind == "returned"]
    assert returned == [(desk.reviewer.person_id, "材料不全")]
    history = detail(desk, desk.reviewer, reopened).history
    assert [(row.element_id, row.outcome) for row in history][-1] == ("approve", "return")
    (again,) = desk.complete(desk.reviewer, AGREE, reopened).next_task_ids
    assert desk.complete(desk.operator, AGREE, again).instance_status == "completed"
    assert [event for event in audited(desk, instance_id) if event.endswith("returned")] == [
        "user_task.returned"
    ]
    with desk.database.read() as session:
        assert verify(session).ok


def test_a_task_returned_to_the_initiator_goes_through_everybody_again(desk: Desk) -> None:
    instance_id, task_id = at_approval(desk)

    reopened = give_back(desk, desk.operator, task_id, "initiator")

    assert [row for row in rows(desk, instance_id) if row[2]] == [
        ("apply", "completed", True),
        ("review", "completed", True),
    ]
    assert detail(desk, desk.initiator, reopened).row.element_id == "apply"
    desk.complete(desk.initiator, AGREE)
    desk.complete(desk.reviewer, AGREE)
    assert desk.complete(desk.operator, AGREE).instance_status == "completed"


def test_straight_back_spares_those_for_whom_nothing_changed(desk: Desk) -> None:
    instance_id, task_id = at_approval(desk)
    reopened = give_back(desk, desk.operator, task_id, "apply", straight_back=True)

    (back,) = desk.complete(desk.initiator, AGREE, reopened).next_task_ids

    assert detail(desk, desk.operator, back).row.element_id == "approve"
    assert ("review", "completed", False) in rows(desk, instance_id)
    assert "user_task.went_straight_back" in audited(desk, instance_id)


def test_straight_back_with_other_data_asks_everybody_again(desk: Desk) -> None:
    instance_id, task_id = at_approval(desk)
    reopened = give_back(desk, desk.operator, task_id, "apply", straight_back=True)

    (following,) = desk.complete(desk.initiator, {**AGREE, "score": 5}, reopened).next_task_ids

    assert detail(desk, desk.reviewer, following).row.element_id == "review"
    assert "user_task.replayed" in audited(desk, instance_id)


def test_where_a_task_cannot_be_returned_to(desk: Desk) -> None:
    _, task_id = at_approval(desk)

    for to, error in (("approve", ReturnToSelf), ("begin", NoReturnTarget), ("nowhere", NoReturnTarget)):
        with pytest.raises(error):
            give_back(desk, desk.operator, task_id, to)
    with pytest.raises(ReasonMissing):
        give_back(desk, desk.operator, task_id, "previous", " ")


def test_an_instance_that_nobody_started_has_no_initiator_to_return_to(desk: Desk) -> None:
    three_steps(desk)
    desk.start("steps", actor=system_actor(), check_role=False)
    by_system = next(task for task in desk.inbox(desk.initiator) if task.initiator_id is None)
    (task_id,) = desk.complete(desk.initiator, AGREE, by_system.id).next_task_ids

    with pytest.raises(ReturnWithoutInitiator):
        give_back(desk, desk.reviewer, task_id, "initiator")
    give_back(desk, desk.reviewer, task_id, "apply")


def test_a_return_goes_no_further_than_the_element_allows(desk: Desk) -> None:
    _, task_id = at_approval(desk, 'zujian:actions="return" zujian:returnTo="previous"')

    assert [target.element_id for target in detail(desk, desk.operator, task_id).return_targets] == ["review"]
    with pytest.raises(NoReturnTarget):
        give_back(desk, desk.operator, task_id, "initiator")


def test_a_return_is_refused_where_the_element_does_not_allow_it(desk: Desk) -> None:
    _, task_id = at_approval(desk, 'zujian:actions="copy"')

    with pytest.raises(ActionNotAllowed):
        give_back(desk, desk.operator, task_id, "previous")
    assert detail(desk, desk.operator, task_id).return_targets == ()


def test_a_first_task_has_no_way_back(desk: Desk) -> None:
    three_steps(desk)
    task_id = desk.only_task(desk.initiator)

    with pytest.raises(NoReturnTarget):
        give_back(desk, desk.initiator, task_id, "previous")
    assert "return" not in detail(desk, desk.initiator, task_id).allowed.actions


def test_nothing_is_returned_that_waits_for_others(desk: Desk) -> None:
    _, task_id = at_approval(desk)
    asked = [Signatory(id_of(desk.reviewer), role="reviewer")]
    (signature,) = act(desk, desk.operator, "add_signatories", task_id, "before", asked)

    with pytest.raises(SignatoriesStillWorking):
        give_back(desk, desk.operator, task_id, "previous")
    with pytest.raises(NestedSignatories):
        give_back(desk, desk.reviewer, signature, "previous")


def test_a_delegate_does_not_return(desk: Desk) -> None:
    instance_id = three_steps(desk)
    (task_id,) = desk.complete(desk.initiator, AGREE).next_task_ids
    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))

    with pytest.raises(TaskIsDelegated):
        give_back(desk, desk.other_reviewer, task_id, "previous")
    assert desk.instance(instance_id).row.status == "active"


def test_of_a_return_and_a_completion_at_once_exactly_one_wins(desk: Desk) -> None:
    _, task_id = at_approval(desk)

    results = at_once(
        [
            partial(desk.complete, desk.operator, AGREE, task_id),
            partial(give_back, desk, desk.operator, task_id, "previous"),
        ]
    )

    assert sum(isinstance(result, Rejected) for result in results) == 1


def parallel(desk: Desk) -> UUID:
    """Start apply → (one → two | other) → done, where reviewers work but for the first."""
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", ALL),
        node("parallelGateway", "fork"),
        user_task("one", "reviewer", "review.json", ALL),
        user_task("two", "operator", "review.json", ALL),
        user_task("other", "provider", "review.json", ALL),
        node("parallelGateway", "join"),
        end(),
        *chain("begin", "apply", "fork", "one", "two", "join", "done"),
        *chain("fork", "other", "join"),
    )
    desk.deploy("parallel", files("parallel", diagram("parallel", *nodes), review=review_form()))
    return desk.start("parallel").id


def test_a_return_inside_a_branch_leaves_the_other_branch_alone(desk: Desk) -> None:
    instance_id = parallel(desk)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids

    with pytest.raises(ReturnTargetRunning):
        give_back(desk, desk.operator, task_id, "other")
    give_back(desk, desk.operator, task_id, "previous")

    assert ("other", "open", False) in rows(desk, instance_id)


def test_out_of_a_parallel_block_there_is_no_way_straight_back(desk: Desk) -> None:
    parallel(desk)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids
    allowed = {t.element_id: t.straight_back for t in detail(desk, desk.operator, task_id).return_targets}

    assert allowed == {"one": True, "apply": False}
    with pytest.raises(NoStraightBack):
        give_back(desk, desk.operator, task_id, "apply", straight_back=True)


def test_a_return_out_of_a_parallel_block_withdraws_the_other_branch(desk: Desk) -> None:
    instance_id = parallel(desk)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids

    give_back(desk, desk.operator, task_id, "apply")

    assert rows(desk, instance_id)[1:] == [
        ("one", "completed", True),
        ("other", "cancelled", False),
        ("two", "returned", False),
        ("apply", "open", False),
    ]


def test_added_signatures_become_void_with_the_task_that_they_were_added_to(desk: Desk) -> None:
    instance_id = three_steps(desk)
    (task_id,) = desk.complete(desk.initiator, AGREE).next_task_ids
    expert, second = Signatory(id_of(desk.operator), "operator"), Signatory(id_of(desk.other_reviewer))
    (before,) = act(desk, desk.reviewer, "add_signatories", task_id, "before", [expert])
    desk.complete(desk.operator, AGREE, before)
    (after,) = act(desk, desk.reviewer, "add_signatories", task_id, "after", [second])
    desk.complete(desk.reviewer, AGREE, task_id)
    (approval,) = desk.complete(desk.other_reviewer, AGREE, after).next_task_ids

    give_back(desk, desk.operator, approval, "previous")

    assert [row[1:] for row in rows(desk, instance_id) if row[0] == "review"] == [
        ("completed", True),
        ("completed", True),
        ("completed", True),
        ("open", False),
    ]


# Taking back.


def test_what_was_completed_is_taken_back_while_nobody_has_acted(desk: Desk) -> None:
    instance_id, following = at_approval(desk)
    reviewed = desk.inbox(desk.reviewer, "done")[0].id
    assert detail(desk, desk.reviewer, reviewed).allowed.actions == ("takeBack",)

    taken = act(desk, desk.reviewer, "take_back_user_task", reviewed, "写错了")

    assert rows(desk, instance_id)[1:] == [
        ("review", "completed", True),
        ("approve", "cancelled", False),
        ("review", "claimed", False),
    ]
    (again,) = taken.next_task_ids
    reopened = detail(desk, desk.reviewer, again)
    assert (reopened.row.assignee_id, reopened.data) == (
        desk.reviewer.person_id,
        {"opinion": "同意", "score": 3},
    )
    assert "user_task.taken_back" in audited(desk, instance_id)
    assert desk.complete(desk.reviewer, AGREE, again).instance_status == "active"
    assert following not in [task.id for task in desk.inbox(desk.operator)]
    with pytest.raises(NextHasActed):
        act(desk, desk.reviewer, "take_back_user_task", reviewed)


def test_it_is_too_late_to_take_back_once_the_next_has_begun(desk: Desk) -> None:
    instance_id, following = at_approval(desk)
    reviewed = desk.inbox(desk.reviewer, "done")[0].id
    desk.claim(desk.operator, following)

    with pytest.raises(NextHasActed):
        act(desk, desk.reviewer, "take_back_user_task", reviewed)
    desk.complete(desk.operator, AGREE, following)
    with pytest.raises(InstanceNotActive):
        act(desk, desk.reviewer, "take_back_user_task", reviewed)
    assert desk.instance(instance_id).row.status == "completed"


def test_only_who_completed_a_task_takes_it_back(desk: Desk) -> None:
    _, following = at_approval(desk)
    reviewed = desk.inbox(desk.reviewer, "done")[0].id

    with pytest.raises(TakeBackNotYours):
        act(desk, desk.other_reviewer, "take_back_user_task", reviewed)
    with pytest.raises(TakeBackNotYours):
        act(desk, desk.operator, "take_back_user_task", following)


def test_taking_back_is_refused_where_the_element_does_not_allow_it(desk: Desk) -> None:
    at_approval(desk, 'zujian:actions="return"')

    with pytest.raises(ActionNotAllowed):
        act(desk, desk.reviewer, "take_back_user_task", desk.inbox(desk.reviewer, "done")[0].id)


def test_of_a_claim_and_a_take_back_at_once_exactly_one_wins(desk: Desk) -> None:
    _, following = at_approval(desk)
    reviewed = desk.inbox(desk.reviewer, "done")[0].id

    results = at_once(
        [
            partial(act, desk, desk.reviewer, "take_back_user_task", reviewed),
            partial(desk.claim, desk.operator, following),
        ]
    )

    assert sum(isinstance(result, Rejected) for result in results) == 1


def test_an_older_revision_is_not_returned(desk: Desk) -> None:
    _, task_id = at_approval(desk)
    desk.claim(desk.operator, task_id)

    with pytest.raises(UserTaskAlreadyClaimed):
        give_back(desk, desk.operator, task_id, "previous", revision=0)
