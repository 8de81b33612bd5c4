"""Transfer a task to another person, or delegate it: then it comes back with an opinion.

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.registry import Registry
from engine.user_tasks.access import is_excluded
from engine.user_tasks.errors import NotTheDelegate, TaskIsNotDelegated
from engine.user_tasks.reviewing import (
    Review,
    begin_review,
    change_task,
    check_holds,
    check_person,
    check_reason,
    note,
    tell,
)
from kernel.actor import Actor


def transfer(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    person_id: UUID,
    reason: str,
    revision: int | None,
) -> None:
    """Hand the task over for good.

    Raises:
        ActionNotAllowed, HandedToOneself, CandidateNotFound, PersonNotACandidate, PersonExcluded,
        UserTaskNotOpen, UserTaskAlreadyClaimed, NotACandidate, FourEyesViolated, TaskIsDelegated.
    """
    review = begin_review(session, registry, actor, task_id, "transfer")
    check_holds(review, revision)
    check_person(review, person_id)
    change_task(session, review.task, **_held_by(review, person_id))
    note(review, "transferred", (person_id,), reason)
    tell(review, "transferred", person_id, reason)
    _record(review, "user_task.transferred", person_id, reason)
    review.execution.finish()


def delegate(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    person_id: UUID,
    reason: str,
    revision: int | None,
) -> None:
    """Ask another person for an opinion; the task comes back to the actor with it.

    Raises:
        As ``transfer``. A delegated task is not delegated further (TaskIsDelegated).
    """
    review = begin_review(session, registry, actor, task_id, "delegate")
    check_holds(review, revision)
    check_person(review, person_id)
    values = {**_held_by(review, person_id), "delegated_by": review.person_id}
    change_task(session, review.task, **values)
    note(review, "delegated", (person_id,), reason)
    tell(review, "delegated", person_id, reason)
    _record(review, "user_task.delegated", person_id, reason)
    review.execution.finish()


def resolve(session: Session, registry: Registry, actor: Actor, task_id: UUID, opinion: str) -> None:
    """End a delegation: the delegate gives an opinion, or who delegated calls it off with a reason.

    The task goes back to who delegated it; where that person may no longer do it, to its candidates.
    Whoever gave an opinion took part: four eyes keep them out of what must differ from this element.

    Raises:
        TaskIsNotDelegated, NotTheDelegate, ReasonMissing, UserTaskNotOpen, UserTaskAlreadyClaimed.
    """
    review = begin_review(session, registry, actor, task_id, None)
    task = review.task
    if task.delegated_by is None:
        raise TaskIsNotDelegated(task_id)
    if review.person_id not in (task.assignee_id, task.delegated_by):
        raise NotTheDelegate(task_id)
    said = check_reason(opinion, "opinion")
    is_called_off = review.person_id == task.delegated_by
    back_to = _who_delegated(review, task.delegated_by)
    values = {**_held_by(review, back_to), "delegated_by": None}
    if not is_called_off:
        advisers = (task.advisers or "").split()
        values["advisers"] = " ".join(dict.fromkeys([*advisers, review.person_id.hex]))
    change_task(session, task, **values)
    kind = "called_off" if is_called_off else "resolved"
    note(review, kind, (task.delegated_by,), said)
    if not is_called_off:
        tell(review, "resolved", back_to, said)
    # The audit event names what happened; both end the same delegation.
    _record(review, "user_task.called_off" if is_called_off else "user_task.resolved", back_to, said)
    review.execution.finish()


def _held_by(review: Review, person_id: UUID | None) -> dict[str, Any]:
    if person_id is None:
        return {"status": "open", "assignee_id": None, "claimed_at": None}
    return {"status": "claimed", "assignee_id": person_id, "claimed_at": review.execution.at}


def _who_delegated(review: Review, person_id: UUID) -> UUID | None:
    """Return who delegated the task if that person can still do it."""
    task = review.task
    person = review.execution.registry.find_person(review.session, person_id)
    if person is None or is_excluded(person, task):
        return None
    may_work = person.has_role(task.candidate_role, task.region_code, task.candidate_unit_id)
    return person_id if may_work else None


def _record(review: Review, action: str, to: UUID | None, reason: str) -> None:
    before = review.task.assignee_id
    review.execution.record(
        review.instance,
        action=action,
        element=review.element,
        role=review.task.candidate_role,
        reason=reason or None,
        before={"assignee": str(before) if before else None},
        after={"assignee": str(to) if to else None},
    )
