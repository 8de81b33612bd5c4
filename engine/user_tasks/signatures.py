"""The rows of added signatures: for whom they are opened, and holding and releasing tasks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import case, select, update

from engine.instances.running import RunningInstance
from engine.instances.variables import variables_of
from engine.registry import NoticeKind, TaskNotice
from engine.runtime.effects import UserTaskHeld, UserTaskOpened, UserTaskReleased
from engine.user_tasks.models import UserTask
from engine.user_tasks.tasks import AnyTask
from kernel.language import Text

if TYPE_CHECKING:
    from engine.instances.execution import Execution

HELD = "held"


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
    _write(execution, instance, effect.activity_id, ("open", "claimed"), HELD)


def release_task(execution: Execution, instance: RunningInstance, effect: UserTaskReleased) -> None:
    """Give a held task to who has it, and say so."""
    has_one = case((UserTask.assignee_id.is_(None), "open"), else_="claimed")
    _write(execution, instance, effect.activity_id, (HELD,), has_one)
    task = execution.session.scalar(
        select(UserTask)
        .where(UserTask.instance_id == instance.id, UserTask.activity_id == effect.activity_id)
        .execution_options(populate_existing=True)
    )
    if task is not None:
        kind: NoticeKind = "opened" if task.place is None else "signature"
        execution.notices.append(notice_of(execution, instance, task, kind, task.assignee_id))


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


def _write(
    execution: Execution, instance: RunningInstance, activity_id: str, before: tuple[str, ...], after: Any
) -> None:
    execution.session.execute(
        update(UserTask)
        .where(
            UserTask.instance_id == instance.id,
            UserTask.activity_id == activity_id,
            UserTask.status.in_(before),
        )
        .values(status=after, revision=UserTask.revision + 1),
        execution_options={"synchronize_session": False},
    )
