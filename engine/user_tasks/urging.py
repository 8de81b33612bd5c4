"""Urge who has a task: a notice, at most one an hour.

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from engine.instances.pending import affected
from engine.registry import Registry
from engine.user_tasks.errors import UrgedRecently, UrgeNotAllowed
from engine.user_tasks.models import UserTask
from engine.user_tasks.reviewing import begin_review, note, tell
from kernel.actor import Actor

INTERVAL: Final = timedelta(hours=1)


def urge(session: Session, registry: Registry, actor: Actor, task_id: UUID, reason: str) -> None:
    """Remind the assignee, or the candidates of an unclaimed task. Changes nothing else.

    Raises:
        ActionNotAllowed, UserTaskNotFound, UserTaskNotOpen.
        UrgeNotAllowed: the actor neither started the instance nor delegated the task, or has it.
        UrgedRecently: less than an hour ago; carries ``again_at``.
    """
    review = begin_review(session, registry, actor, task_id, "urge")
    task, at = review.task, review.execution.at
    waits_for_it = review.person_id in (task.initiator_id, task.delegated_by)
    if not waits_for_it or review.person_id == task.assignee_id:
        raise UrgeNotAllowed(task_id)
    # The revision stays: whoever has the form open is not disturbed. The row itself limits the rate.
    result = session.execute(
        update(UserTask)
        .where(
            UserTask.id == task_id,
            UserTask.revision == task.revision,
            or_(UserTask.urged_at.is_(None), UserTask.urged_at <= at - INTERVAL),
        )
        .values(urged_at=at),
        execution_options={"synchronize_session": False},
    )
    if affected(result) != 1:
        raise UrgedRecently(task_id, task.urged_at + INTERVAL if task.urged_at else None)
    note(review, "urged", (task.assignee_id,), reason)
    tell(review, "urged", task.assignee_id, reason)
    review.execution.record(
        review.instance,
        action="user_task.urged",
        element=review.element,
        role="initiator" if review.person_id == task.initiator_id else task.candidate_role,
        reason=reason or None,
        after={"assignee": str(task.assignee_id) if task.assignee_id else None},
    )
    review.execution.finish()
