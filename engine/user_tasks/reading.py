"""Reading one task for a command."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.orm import Session

from engine.errors import UserTaskNotFound, UserTaskNotOpen
from engine.instances.models import ProcessInstance
from engine.instances.running import INSTANCE_COLUMNS, INSTANCE_WITH_HEAD, RunningInstance, running_from
from engine.user_tasks.access import may_see
from engine.user_tasks.errors import SignatoriesStillWorking, TaskIsDelegated
from engine.user_tasks.models import UserTask, UserTaskCopy
from engine.user_tasks.tasks import HAS_VOTED, TASK_COLUMNS, AnyTask, Task, task_table
from kernel.actor import Actor
from kernel.files import StoredFileRecord, know_digests, references_in
from kernel.statements import Statement
from kernel.unit_of_work import Concern, concerning

OPEN: Final = ("open", "claimed")
# Commands write with plain UPDATE statements, so a task read again must be read from the database.
FRESH: Final = {"populate_existing": True}
# More attachments than this are looked for one by one.
MOST_FILES: Final = 4096
_TASK_AND_INSTANCE: Final = INSTANCE_WITH_HEAD.join(
    task_table, task_table.c.instance_id == ProcessInstance.id
)
_IS_TASK: Final = task_table.c.id == bindparam("task_id")
_READ: Final = (*TASK_COLUMNS, HAS_VOTED, *INSTANCE_COLUMNS)
_OF_TASK: Final = len(TASK_COLUMNS) + 1
_PLAIN: Final = Statement(select(*_READ).select_from(_TASK_AND_INSTANCE).where(_IS_TASK))
_file_table = cast(Table, StoredFileRecord.__table__)


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


def read_task_and_instance(
    session: Session, actor: Actor, task_id: UUID, data: object = None
) -> tuple[Task, RunningInstance]:
    """Return a task and its instance, read with one statement, together with the files that ``data`` name.

    Raises:
        UserTaskNotFound: no such task, or the actor may not see it.
    """
    given: dict[str, Any] = {"task_id": task_id, "person_id": actor.person_id}
    files = sorted(references_in(data))[:MOST_FILES]
    if files:
        # One statement serves many numbers of files; the last one fills the places that are left.
        places = 1 << (len(files) - 1).bit_length()
        given |= {f"file_{n}": files[min(n, len(files) - 1)] for n in range(places)}
        rows = _with_files(places).all(session, given)
        know_digests(session, files, {row[-2]: row[-1] for row in rows if row[-2] is not None})
        row = rows[0][:-2] if rows else None
    else:
        row = _PLAIN.first(session, given)
    task = Task(*row[:_OF_TASK]) if row is not None else None
    if row is None or task is None or not sees(session, actor, task):
        raise UserTaskNotFound(task_id)
    _say_what_it_concerns(session, task)
    return task, running_from(session, row[_OF_TASK:])


@cache
def _with_files(places: int) -> Statement:
    """Return the query that gives a row for each file found; without any, one row."""
    wanted = _file_table.c.id.in_(
        [bindparam(f"file_{n}", type_=_file_table.c.id.type) for n in range(places)]
    )
    columns = (*_READ, _file_table.c.id, _file_table.c.digest)
    return Statement(
        select(*columns).select_from(_TASK_AND_INSTANCE.outerjoin(_file_table, wanted)).where(_IS_TASK)
    )


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
