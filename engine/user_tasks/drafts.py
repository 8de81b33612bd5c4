"""Unfinished form data: kept per person, never validated, out of sight with the completion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine.errors import UserTaskNotClaimed
from engine.instances.pending import affected
from engine.user_tasks.models import UserTask, UserTaskDraft
from engine.user_tasks.reading import OPEN, check_open, read_task
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text

MAX_DRAFT_BYTES: Final = 1024 * 1024


def save_draft(session: Session, actor: Actor, task_id: UUID, data: Mapping[str, Any]) -> datetime:
    """Keep the assignee's unfinished data; returns when.

    Raises:
        UserTaskNotFound, UserTaskNotOpen.
        UserTaskNotClaimed: the actor does not hold the task.
        Invalid: more than 1 MiB.
    """
    task = read_task(session, actor, task_id)
    check_open(task)
    if actor.person_id is None or task.assignee_id != actor.person_id:
        raise UserTaskNotClaimed(task_id)
    if len(orjson.dumps(data)) > MAX_DRAFT_BYTES:
        raise _too_large()
    at = now()
    values = {"data": dict(data), "saved_at": at}
    stored = session.execute(
        update(UserTaskDraft)
        .where(UserTaskDraft.task_id == task_id, UserTaskDraft.person_id == actor.person_id)
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    if affected(stored) == 0:
        _sweep(session, actor.person_id)
        keys = {"task_id": task_id, "person_id": actor.person_id}
        session.execute(insert(UserTaskDraft), [{**keys, **values}])
        session.execute(
            update(UserTask).where(UserTask.id == task_id).values(has_draft=True),
            execution_options={"synchronize_session": False},
        )
    return at


def _sweep(session: Session, person_id: UUID) -> None:
    """Forget the person's drafts of tasks that are over: nobody can see them any more.

    Done here and not at the completion, which people wait for and which everything else goes through.
    """
    over = select(UserTask.id).where(UserTask.id == UserTaskDraft.task_id, UserTask.status.not_in(OPEN))
    session.execute(
        delete(UserTaskDraft).where(UserTaskDraft.person_id == person_id, over.exists()),
        execution_options={"synchronize_session": False},
    )


def _too_large() -> Invalid:
    message = Text("草稿超过 1 MB。", "The draft is larger than 1 MiB.")
    cure = Text("请改用附件上传大段内容。", "Upload long contents as attachments.")
    return Invalid(message, (FieldProblem("", "draft.size", message, None, cure),))
