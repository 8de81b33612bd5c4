"""Everything the task page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.contents.store import fetch_json
from engine.errors import (
    FourEyesViolated,
    InstanceNotActive,
    NotACandidate,
    UserTaskAlreadyClaimed,
    UserTaskNotFound,
    UserTaskNotOpen,
)
from engine.instances.running import RunningInstance, load_instance
from engine.instances.variables import variables_of
from engine.user_tasks.access import is_candidate, is_excluded
from engine.user_tasks.allowing import actions_on, return_targets_of, reviewer_actions
from engine.user_tasks.errors import SignatoriesStillWorking, TaskIsDelegated
from engine.user_tasks.inbox import task_row, task_rows
from engine.user_tasks.models import UserTask, UserTaskDraft
from engine.user_tasks.reading import OPEN, sees
from engine.user_tasks.rows import Allowed, TaskDetail, TaskHistoryRow
from engine.user_tasks.snapshots import submitted_data
from engine.user_tasks.superseding import earlier_work
from kernel.actor import Actor
from kernel.clock import now
from kernel.language import Text


def task_detail(session: Session, actor: Actor, task_id: UUID) -> TaskDetail:
    """Return one task with its form, data, history and what the actor may do.

    Raises:
        UserTaskNotFound: no such task, or the actor may not see it.
    """
    row = session.execute(task_rows().where(UserTask.id == task_id)).one_or_none()
    if row is None or not sees(session, actor, row[0]):
        raise UserTaskNotFound(task_id)
    task: UserTask = row[0]
    instance = load_instance(session, task.instance_id)
    data, saved_at = _data(session, actor, task, instance)
    return TaskDetail(
        row=task_row(row, now()),
        form_name=task.form_name,
        form_schema=_schema(session, instance, task),
        data=data,
        draft_saved_at=saved_at,
        revision=task.revision,
        allowed=_nothing(instance)
        if instance.status == "suspended"
        else _allowed(actor, task, reviewer_actions(actor, task, instance)),
        history=task_history(session, task.instance_id),
        variables=_variables(instance, task),
        clauses=tuple(task.clauses),
        scope_process=task.scope_process,
        withdrawable=task.withdrawable,
        differs_from=tuple(task.differs_from),
        excluded_persons=tuple(UUID(person) for person in task.excluded_persons.split()),
        actions=actions_on(session, task.instance_id),
        delegated_by=task.delegated_by,
        added_by=task.added_by,
        place=task.place,
        return_targets=return_targets_of(actor, task, instance),
    )


def _schema(session: Session, instance: RunningInstance, task: UserTask) -> Mapping[str, Any]:
    """Return the schema of the task's form; of a done task, as it was when the person saw it."""
    element = instance.find_element(task.scope_process, task.element_id)
    if element is not None and task.status in OPEN:
        form = instance.pinned.form_of(element)
        return form.schema if form else {}
    schema: Mapping[str, Any] = fetch_json(session, task.form_digest) if task.form_digest else {}
    return schema


def task_history(session: Session, instance_id: UUID) -> tuple[TaskHistoryRow, ...]:
    """Return the finished tasks of an instance, oldest first."""
    tasks = session.scalars(
        select(UserTask)
        .where(UserTask.instance_id == instance_id, UserTask.completed_at.is_not(None))
        .order_by(UserTask.completed_at, UserTask.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        TaskHistoryRow(
            task_id=task.id,
            element_id=task.element_id,
            name=Text(task.name, task.name_en),
            status=task.status,  # type: ignore[arg-type]  # the column holds nothing else
            outcome=task.outcome,
            opinion=task.opinion,
            person_id=task.completed_by,
            at=task.completed_at,
            is_superseded=task.superseded_at is not None,
        )
        for task in tasks
        if task.completed_at is not None
    )


def _data(
    session: Session, actor: Actor, task: UserTask, instance: RunningInstance
) -> tuple[Mapping[str, Any], datetime | None]:
    if task.snapshot_digest is not None:
        return submitted_data(session, task), None
    draft = session.execute(
        select(UserTaskDraft.data, UserTaskDraft.saved_at).where(
            UserTaskDraft.task_id == task.id, UserTaskDraft.person_id == actor.person_id
        )
    ).one_or_none()
    earlier: Mapping[str, Any] = {}
    if task.status in OPEN and instance.pinned.net.keeps_lines:
        element = instance.element(task.scope_process, task.element_id)
        earlier = earlier_work(session, actor, task, element.loop is not None)
    offered = {**task.prefill, **earlier}
    return (offered, None) if draft is None else ({**offered, **draft.data}, draft.saved_at)


def _variables(instance: RunningInstance, task: UserTask) -> Mapping[str, Any]:
    if task.status in OPEN:
        return variables_of(instance.state, task.activity_id)
    return variables_of(instance.state)


def _allowed(actor: Actor, task: UserTask, actions: tuple[str, ...]) -> Allowed:
    is_open = task.status in OPEN
    holds = is_open and actor.person_id is not None and task.assignee_id == actor.person_id
    may_work = actor.person_id is not None and is_candidate(actor, task) and not is_excluded(actor, task)
    free = task.assignee_id is None or holds
    return Allowed(
        claim=is_open and may_work and task.assignee_id is None,
        unclaim=holds and task.delegated_by is None,
        complete=is_open and may_work and free and task.delegated_by is None,
        withdraw=is_open and task.withdrawable and actor.person_id == task.initiator_id,
        why_not=_why_not(actor, task, is_open, free),
        actions=actions,
    )


def _nothing(instance: RunningInstance) -> Allowed:
    """A suspended instance lets nobody act."""
    why_not = InstanceNotActive(instance.id, instance.status).message
    return Allowed(claim=False, unclaim=False, complete=False, withdraw=False, why_not=why_not)


def _why_not(actor: Actor, task: UserTask, is_open: bool, free: bool) -> Text | None:
    if task.status == "held":
        return SignatoriesStillWorking(task.id).message
    if not is_open:
        return UserTaskNotOpen(task.id, task.status).message
    if not is_candidate(actor, task):
        return NotACandidate(task.id, task.candidate_role).message
    if is_excluded(actor, task):
        return FourEyesViolated(task.id, ", ".join(task.differs_from)).message
    if not free:
        return UserTaskAlreadyClaimed(task.id, task.assignee_id).message
    return None if task.delegated_by is None else TaskIsDelegated(task.id, task.delegated_by).message
