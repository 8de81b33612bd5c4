"""Return an open task to an earlier one, and take back what one has just completed.

What the tokens do is decided by ``engine.runtime``: a return withdraws what followed from the earlier work
and nothing else, so nobody's approval is skipped (docs/explanation/returns.md).

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import false, select, update
from sqlalchemy.orm import Session

from engine.bpmn.model import ElementKind
from engine.errors import InstanceNotActive
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.pending import affected
from engine.instances.running import RunningInstance
from engine.registry import Registry
from engine.runtime.commands import ReturnTo, TakeBack
from engine.runtime.returning import Target, return_targets
from engine.runtime.taking_back import can_take_back
from engine.user_tasks.errors import (
    ActionNotAllowed,
    NestedSignatories,
    NextHasActed,
    NoReturnTarget,
    NoStraightBack,
    ReturnTargetRunning,
    ReturnToSelf,
    ReturnWithoutInitiator,
    TakeBackNotYours,
)
from engine.user_tasks.models import UserTask
from engine.user_tasks.reading import read_task_and_instance
from engine.user_tasks.reviewing import (
    Review,
    begin_review,
    change_task,
    check_holds,
    check_reason,
    note,
    tell,
)
from engine.user_tasks.rows import CompletedTask
from kernel.actor import Actor

INITIATOR: Final = "initiator"
PREVIOUS: Final = "previous"
RETURN: Final = "return"


def return_task(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    to: str,
    reason: str,
    straight_back: bool,
    revision: int | None,
) -> CompletedTask:
    """Return the task to the initiator, the previous or an earlier element, with a reason.

    Raises:
        ActionNotAllowed, NotACandidate, FourEyesViolated, UserTaskAlreadyClaimed, UserTaskNotOpen,
        SignatoriesStillWorking, NestedSignatories, TaskIsDelegated, ReasonMissing.
        ReturnToSelf, ReturnTargetRunning, ReturnWithoutInitiator, NoReturnTarget, NoStraightBack.
    """
    review = begin_review(session, registry, actor, task_id, RETURN)
    check_holds(review, revision)
    if review.task.place is not None:
        raise NestedSignatories(task_id)
    said = check_reason(reason)
    target = _target(review, to)
    if straight_back and not target.straight_back:
        raise NoStraightBack(task_id, to)
    _write_end(review, said)
    did_it = _who_did(review, target.visit)
    asked = {"to": to, "element": target.element_id, "straightBack": straight_back}
    review.execution.advance(
        review.instance,
        ReturnTo(review.task.activity_id, to, straight_back),
        _cause(review, "user_task.returned", said, asked=asked, after={"status": "returned"}),
    )
    note(review, "returned", (did_it,), said)
    if did_it is not None:
        tell(review, "returned", did_it, said)
    return _finished(review, RETURN)


def _write_end(review: Review, reason: str) -> None:
    """Close the row of the returned task: whoever returns it has it from now on."""
    task, at = review.task, review.execution.at
    change_task(
        review.session,
        task,
        status="returned",
        assignee_id=review.person_id,
        claimed_at=task.claimed_at or at,
        completed_at=at,
        completed_by=review.person_id,
        outcome=RETURN,
        opinion=reason,
        has_draft=False,
    )


def _cause(review: Review, action: str, reason: str, **facts: Any) -> Cause:
    return Cause(
        action=action,
        element=review.element,
        activity_id=review.task.activity_id,
        role=review.task.candidate_role,
        reason=reason or None,
        **facts,
    )


def _finished(review: Review, outcome: str | None) -> CompletedTask:
    """Write everything and say what came of it."""
    review.execution.finish()
    opened, instance = tuple(review.execution.opened), review.instance
    return CompletedTask(review.task.id, instance.id, outcome, opened, instance.status)


def _target(review: Review, to: str) -> Target:
    """Find what the return leads to, or say which of the reasons there is against it."""
    instance, task = review.instance, review.task
    if to == task.element_id:
        raise ReturnToSelf(task.id)
    if to == INITIATOR and instance.initiator_id is None:
        raise ReturnWithoutInitiator(task.id)
    for target in targets_of(instance, task.activity_id):
        meant = target.is_initiator if to == INITIATOR else target.is_previous if to == PREVIOUS else False
        if meant or to == target.element_id:
            return target
    if instance.state is not None and any(
        each["element"] == to and "work" in each for each in instance.state["activities"].values()
    ):
        raise ReturnTargetRunning(task.id, to)
    raise NoReturnTarget(task.id, to)


def targets_of(instance: RunningInstance, activity_id: str) -> tuple[Target, ...]:
    """Return where an open task may be returned to, nearest first."""
    if instance.state is None or instance.status != "active":
        return ()
    return return_targets(instance.pinned.net, instance.state, activity_id)


def _who_did(review: Review, visit: str) -> UUID | None:
    """Return who completed the visit to which the task is returned."""
    return review.session.scalar(
        select(UserTask.completed_by).where(
            UserTask.instance_id == review.instance.id, UserTask.activity_id == visit
        )
    )


def take_back(
    session: Session, registry: Registry, actor: Actor, task_id: UUID, reason: str
) -> CompletedTask:
    """Reopen what the actor completed, while nobody has touched what came of it.

    Raises:
        UserTaskNotFound, InstanceNotActive, ActionNotAllowed.
        TakeBackNotYours: somebody else completed it, or nobody did.
        NextHasActed: a task that came of it was claimed or worked on, or something else has happened.
    """
    task, instance = read_task_and_instance(session, actor, task_id)
    # The element is None where the version to which the instance was migrated lacks it.
    element = instance.find_element(task.scope_process, task.element_id)
    if element is None or element.kind is not ElementKind.USER_TASK or "takeBack" not in element.actions:
        raise ActionNotAllowed(task_id, "takeBack")
    if task.status != "completed" or actor.person_id is None or task.completed_by != actor.person_id:
        raise TakeBackNotYours(task_id)
    if instance.status != "active" or instance.state is None:
        raise InstanceNotActive(instance.id, instance.status)
    if not may_take_back(instance, task.activity_id):
        raise NextHasActed(task_id)
    execution = Execution(session, registry, actor)
    execution.adopt(instance)
    review = Review(execution, task, instance, element)
    open_before = _open_tasks(instance)
    change_task(session, task, superseded_at=execution.at)
    execution.advance(instance, TakeBack(task.activity_id), _cause(review, "user_task.taken_back", reason))
    _withdraw_untouched(review, open_before - _open_tasks(instance))
    _give_back(review)
    note(review, "taken_back", reason=reason)
    return _finished(review, None)


def may_take_back(instance: RunningInstance, visit: str) -> bool:
    """Tell whether the tokens allow to take the visit back."""
    return (
        instance.status == "active"
        and instance.state is not None
        and can_take_back(instance.pinned.net, instance.state, visit)
    )


def _open_tasks(instance: RunningInstance) -> set[str]:
    activities = instance.state["activities"] if instance.state else {}
    return {key for key, each in activities.items() if each.get("work") == "user"}


def _withdraw_untouched(review: Review, activities: Collection[str]) -> None:
    """Close the tasks that came of the completion, all of which nobody may have touched."""
    # What taking back has put on hold must not look untouched.
    review.execution.batch.send(review.session)
    result = review.session.execute(
        update(UserTask)
        .where(
            UserTask.instance_id == review.instance.id,
            UserTask.activity_id.in_(activities),
            UserTask.status == "open",
            UserTask.has_draft == false(),
        )
        .values(status="cancelled", completed_at=review.execution.at, revision=UserTask.revision + 1),
        execution_options={"synchronize_session": False},
    )
    if affected(result) != len(activities):
        # Somebody has claimed one of them: the next has begun.
        raise NextHasActed(review.task.id)


def _give_back(review: Review) -> None:
    """Let the reopened task be with who took it back, and not with all candidates."""
    execution, opened = review.execution, set(review.execution.opened)
    for row in execution.pending.tasks:
        if row["id"] in opened:
            row |= {
                "status": "claimed",
                "assignee_id": review.person_id,
                "claimed_at": execution.at,
            }
    execution.notices[:] = [
        replace(notice, assignee_id=review.person_id) if notice.task_id in opened else notice
        for notice in execution.notices
    ]
