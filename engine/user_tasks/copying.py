"""Send copies of a task: a notice, and the right to read its instance. Told once, however often it is sent.

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.registry import Registry
from engine.user_tasks.errors import TooManyPersons
from engine.user_tasks.inbox import task_row, task_rows
from engine.user_tasks.models import UserTask, UserTaskCopy
from engine.user_tasks.reviewing import Review, begin_review, check_holds, find_person, note, tell
from engine.user_tasks.rows import TaskRow
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import StaleState
from kernel.language import Text

MOST_COPIES: Final = 50


def copy(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    person_ids: Sequence[UUID],
    reason: str,
) -> tuple[UUID, ...]:
    """Let persons know of the task and read its instance; returns who was not told before.

    Raises:
        ActionNotAllowed, TooManyPersons, CandidateNotFound.
        UserTaskNotOpen, UserTaskAlreadyClaimed, NotACandidate, FourEyesViolated, TaskIsDelegated.
    """
    review = begin_review(session, registry, actor, task_id, "copy")
    check_holds(review)
    new = _not_told_yet(review, person_ids)
    if not new:
        return ()
    _keep(review, new)
    note(review, "copied", new, reason)
    for person_id in new:
        tell(review, "copied", person_id, reason)
    review.execution.record(
        review.instance,
        action="user_task.copied",
        element=review.element,
        role=review.task.candidate_role,
        reason=reason or None,
        after={"persons": [str(person_id) for person_id in new]},
    )
    review.execution.finish()
    return new


def _not_told_yet(review: Review, person_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return the persons meant who were sent no copy before; the actor needs none."""
    wanted = dict.fromkeys(person_id for person_id in person_ids if person_id != review.person_id)
    if not 0 < len(wanted) <= MOST_COPIES:
        raise TooManyPersons(MOST_COPIES)
    for person_id in wanted:
        find_person(review, person_id)
    sent = select(UserTaskCopy.person_id).where(UserTaskCopy.task_id == review.task.id)
    told = set(review.session.scalars(sent))
    return tuple(person_id for person_id in wanted if person_id not in told)


def _keep(review: Review, person_ids: Sequence[UUID]) -> None:
    rows = [
        {
            "task_id": review.task.id,
            "person_id": person_id,
            "instance_id": review.instance.id,
            "sent_by": review.person_id,
            "sent_at": review.execution.at,
        }
        for person_id in person_ids
    ]
    try:
        review.session.execute(insert(UserTaskCopy), rows)
    except IntegrityError as error:
        # Somebody sent one of these copies at the same moment: looked at again, it is not sent twice.
        raise StaleState(Text("有人同时抄送。", "Somebody else is sending copies.")) from error


def copied_tasks(session: Session, actor: Actor, limit: int) -> tuple[TaskRow, ...]:
    """Return the tasks of which the actor was sent a copy, newest first."""
    rows = session.execute(
        task_rows()
        .join(UserTaskCopy, UserTaskCopy.task_id == UserTask.id)
        .where(UserTaskCopy.person_id == actor.person_id)
        .order_by(UserTaskCopy.sent_at.desc(), UserTask.id.desc())
        .limit(limit)
    )
    at = now()
    return tuple(task_row(row, at) for row in rows)
