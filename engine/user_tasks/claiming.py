"""Claim a task and give it back.

Source: docs/reference/user-task-lifecycle.md
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.errors import UserTaskAlreadyClaimed, UserTaskNotClaimed
from engine.instances.pending import affected
from engine.user_tasks.access import check_may_work
from engine.user_tasks.models import UserTask
from engine.user_tasks.reading import check_not_delegated, check_open, read_task
from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.clock import now


def claim(session: Session, actor: Actor, task_id: UUID) -> None:
    """Give the task to the actor, if a grant of theirs makes them a candidate.

    Claiming a task one already holds changes nothing and records nothing.

    Raises:
        UserTaskNotFound, UserTaskNotOpen, NotACandidate, FourEyesViolated.
        UserTaskAlreadyClaimed: someone else holds it; carries ``assignee_id``.
    """
    task = read_task(session, actor, task_id)
    check_open(task)
    check_may_work(actor, task)
    if task.assignee_id == actor.person_id:
        return
    if task.assignee_id is not None:
        raise UserTaskAlreadyClaimed(task_id, task.assignee_id)
    result = session.execute(
        update(UserTask)
        .where(UserTask.id == task_id, UserTask.status == "open")
        .values(
            status="claimed", assignee_id=actor.person_id, claimed_at=now(), revision=UserTask.revision + 1
        ),
        execution_options={"synchronize_session": False},
    )
    if affected(result) != 1:
        # Somebody claimed it between our reading and our writing.
        raise UserTaskAlreadyClaimed(task_id, None)
    append(session, _event("user_task.claimed", actor, task, None, actor.person_id))


def unclaim(session: Session, actor: Actor, task_id: UUID) -> None:
    """Give a claimed task back to its candidates; the draft stays with its author.

    Raises:
        UserTaskNotFound, UserTaskNotOpen.
        UserTaskNotClaimed: the actor does not hold it.
        TaskIsDelegated: the delegate hands it back with an opinion instead.
    """
    task = read_task(session, actor, task_id)
    check_open(task)
    if actor.person_id is None or task.assignee_id != actor.person_id:
        raise UserTaskNotClaimed(task_id)
    check_not_delegated(task)
    session.execute(
        update(UserTask)
        .where(UserTask.id == task_id, UserTask.assignee_id == actor.person_id, UserTask.status == "claimed")
        .values(status="open", assignee_id=None, claimed_at=None, revision=UserTask.revision + 1),
        execution_options={"synchronize_session": False},
    )
    append(session, _event("user_task.unclaimed", actor, task, actor.person_id, None))


def _event(action: str, actor: Actor, task: UserTask, before: UUID | None, after: UUID | None) -> AuditEntry:
    return AuditEntry(
        action=action,
        actor=actor,
        stream=f"instance:{task.instance_id}",
        instance_id=task.instance_id,
        element_id=task.element_id,
        role=task.candidate_role,
        before={"assignee": str(before) if before else None},
        after={"assignee": str(after) if after else None},
        clause=" ".join(task.clauses) or None,
        region_code=task.region_code,
        unit_id=task.unit_id,
    )
