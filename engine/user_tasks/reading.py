"""Reading one task for a command."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from engine.errors import UserTaskNotFound, UserTaskNotOpen
from engine.instances.models import ProcessInstance
from engine.instances.running import INSTANCE_COLUMNS, INSTANCE_WITH_HEAD, RunningInstance, running_from
from engine.user_tasks.access import may_see
from engine.user_tasks.errors import SignatoriesStillWorking, TaskIsDelegated
from engine.user_tasks.models import UserTask, UserTaskCopy
from engine.user_tasks.tasks import TASK_COLUMNS, AnyTask, Task, task_table
from kernel.actor import Actor
from kernel.statements import Statement
from kernel.unit_of_work import Concern, concerning

OPEN: Final = ("open", "claimed")
# Commands write with plain UPDATE statements, so a task read again must be read from the database.
FRESH: Final = {"populate_existing": True}
_TASK_AND_INSTANCE: Final = Statement(
    select(*TASK_COLUMNS, *INSTANCE_COLUMNS)
    .select_from(INSTANCE_WITH_HEAD.join(task_table, task_table.c.instance_id == ProcessInstance.id))
    .where(task_table.c.id == bindparam("task_id"))
)


def read_task(session: Session, actor: Actor, task_id: UUID) -> UserTask:
    """Return a task that the actor may see.

    Raises:
        UserTaskNotFound: no such task, or the actor may not see it.
    """
    task = session.scalar(select(UserTask).where(UserTask.id == task_id), execution_options=FRESH)
    if task is None or not sees(session, actor, task):
        raise UserTaskNotFound(task_id)
    _say_what_it_concerns(session, task)
    return task


def read_task_and_instance(session: Session, actor: Actor, task_id: UUID) -> tuple[Task, RunningInstance]:
    """Return a task and its instance, read with one statement.

    Raises:
        UserTaskNotFound: no such task, or the actor may not see it.
    """
    row = _TASK_AND_INSTANCE.first(session, {"task_id": task_id})
    task = Task(*row[: len(TASK_COLUMNS)]) if row is not None else None
    if row is None or task is None or not sees(session, actor, task):
        raise UserTaskNotFound(task_id)
    _say_what_it_concerns(session, task)
    return task, running_from(session, row[len(TASK_COLUMNS) :])


def sees(session: Session, actor: Actor, task: AnyTask) -> bool:
    """Tell whether the actor may read the task; who was sent a copy reads the whole instance."""
    return may_see(actor, task) or has_copy(session, actor, task.instance_id)


def has_copy(session: Session, actor: Actor, instance_id: UUID) -> bool:
    """Tell whether the actor was sent a copy of a task of the instance."""
    if actor.person_id is None:
        return False
    wanted = exists().where(
        UserTaskCopy.instance_id == instance_id, UserTaskCopy.person_id == actor.person_id
    )
    return bool(session.scalar(select(wanted)))


def check_open(task: AnyTask) -> None:
    """Refuse a task that is over.

    Raises:
        UserTaskNotOpen: completed, withdrawn, returned or cancelled.
        SignatoriesStillWorking: it waits for others to sign.
    """
    if task.status == "held":
        raise SignatoriesStillWorking(task.id)
    if task.status not in OPEN:
        raise UserTaskNotOpen(task.id, task.status)


def check_not_delegated(task: AnyTask) -> None:
    """Refuse to end or give back what a delegate has.

    Raises:
        TaskIsDelegated: the delegate gives an opinion and hands it back.
    """
    if task.delegated_by is not None:
        raise TaskIsDelegated(task.id, task.delegated_by)


def _say_what_it_concerns(session: Session, task: AnyTask) -> None:
    """Let a refusal that follows be read in the trail of the instance."""
    concerning(
        session,
        Concern(
            instance_id=task.instance_id,
            element_id=task.element_id,
            region_code=task.region_code,
            unit_id=task.unit_id,
        ),
    )
