"""The rows of added signatures: for whom they are opened, and holding and releasing tasks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import bindparam, case, or_, update

from engine.instances.running import RunningInstance
from engine.instances.variables import variables_of
from engine.registry import NoticeKind, TaskNotice
from engine.runtime.effects import UserTaskHeld, UserTaskOpened, UserTaskReleased
from engine.user_tasks.tasks import TASK_COLUMNS, AnyTask, Task, task_table
from kernel.language import Text
from kernel.statements import Statement

if TYPE_CHECKING:
    from engine.instances.execution import Execution

HELD = "held"
_IS_IT: Final = (
    task_table.c.instance_id == bindparam("of_instance"),
    task_table.c.activity_id == bindparam("of_activity"),
)
_NEXT_REVISION: Final = task_table.c.revision + 1
_HOLD: Final = Statement(
    update(task_table)
    .where(*_IS_IT, or_(task_table.c.status == "open", task_table.c.status == "claimed"))
    .values(status=HELD, revision=_NEXT_REVISION)
)
_RELEASE: Final = Statement(
    update(task_table)
    .where(*_IS_IT, task_table.c.status == HELD)
    .values(
        status=case((task_table.c.assignee_id.is_(None), "open"), else_="claimed"), revision=_NEXT_REVISION
    )
    .returning(*TASK_COLUMNS)
)


def signature_columns(effect: UserTaskOpened) -> dict[str, Any]:
    """Return what the row of a task says of the signature that it is; plain tasks leave it empty."""
    said = effect.signatory
    return {
        "added_to": effect.added_to,
        "added_by": UUID(said["by"]) if said else None,
        "place": effect.place,
    }


def sign_over(execution: Execution, effect: UserTaskOpened, row: dict[str, Any]) -> dict[str, Any]:
    """Give a task that was opened for an added signatory to that person, for the role named.

    Who asked for the signature is kept out of it.
    """
    said = effect.signatory
    if said is None:
        return row
    signed = {
        **row,
        "status": "claimed",
        "assignee_id": UUID(said["person"]),
        "claimed_at": execution.at,
        "excluded_persons": " ".join(sorted({*row["excluded_persons"].split(), said["by"]})),
    }
    if "role" in said:
        signed |= {"candidate_role": said["role"], "candidate_unit_id": None}
    return signed


def hold_task(execution: Execution, instance: RunningInstance, effect: UserTaskHeld) -> None:
    """Take a task out of the inboxes until it is released; nobody is told of one just opened."""
    for row in execution.pending.tasks:
        if row["instance_id"] == instance.id and row["activity_id"] == effect.activity_id:
            row["status"] = HELD
            execution.notices[:] = [each for each in execution.notices if each.task_id != row["id"]]
            return
    execution.batch.add(_HOLD, [_of(instance, effect.activity_id)])


def release_task(execution: Execution, instance: RunningInstance, effect: UserTaskReleased) -> None:
    """Give a held task to who has it, and say so."""

    def tell(row: tuple[Any, ...]) -> None:
        task = Task(*row)
        kind: NoticeKind = "opened" if task.place is None else "signature"
        execution.notices.append(notice_of(execution, instance, task, kind, task.assignee_id))

    execution.batch.add(_RELEASE, [_of(instance, effect.activity_id)], then=tell)


def notice_of(
    execution: Execution,
    instance: RunningInstance,
    task: AnyTask,
    kind: NoticeKind,
    person_id: UUID | None,
    reason: str = "",
) -> TaskNotice:
    """Return a notice of a task for one person, or with none for who may do it."""
    return TaskNotice(
        kind=kind,
        task_id=task.id,
        name=Text(task.name, task.name_en),
        process_name=instance.pinned.processes[instance.definition_key].name,
        instance=instance.facts(task.element_id, variables_of(instance.state)),
        candidate_role=task.candidate_role,
        candidate_unit_id=task.candidate_unit_id,
        region_code=task.region_code,
        assignee_id=person_id,
        due_at=task.due_at,
        at=execution.at,
        reason=reason,
    )


def _of(instance: RunningInstance, activity_id: str) -> dict[str, Any]:
    return {"of_instance": instance.id, "of_activity": activity_id}
