"""Jobs that only wait for a moment: timers, reminders, escalations, timer starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.starts import arm_timer_start
from engine.definitions.versions import find_version, latest_version
from engine.instances.beginning import Beginning, begin
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.variables import variables_of
from engine.jobs.locking import LockedJob, end_job
from engine.jobs.recording import instance_of
from engine.registry import TaskNotice
from engine.runtime.commands import Command, DeliverMessage, DeliverSignal, FireTimer
from engine.runtime.errors import NoLongerWaiting
from engine.user_tasks.models import UserTask
from engine.user_tasks.reading import OPEN
from kernel.language import Text


def fire_timer(execution: Execution, job: LockedJob) -> None:
    """Fire a timer whose time has come; one that was dropped meanwhile is left alone."""
    if not end_job(execution.session, job, execution.at):
        return
    instance = instance_of(execution, job)
    execution.advance(
        instance,
        FireTimer(job.reference),
        Cause(
            action="timer.fired",
            element=instance.find_element(job.scope_process, job.element_id),
            asked={"dueAt": job.run_at.isoformat()},
        ),
    )


def deliver_held(execution: Execution, job: LockedJob) -> None:
    """Hand over a message or signal that came while the instance was suspended, if it still waits for it."""
    if not end_job(execution.session, job, execution.at):
        return
    instance = instance_of(execution, job)
    given = job.parameters
    command: Command = (
        DeliverMessage(job.reference, given["payload"])
        if given["kind"] == "message"
        else DeliverSignal(job.reference, given["payload"])
    )
    asked = {"name": given["name"], "key": given["key"], "from": given["from"]}
    cause = Cause(action=f"{given['kind']}.received", asked=asked)
    try:
        execution.advance(instance, command, cause)
    except NoLongerWaiting:
        # An operation on the suspended instance ended the wait.
        execution.record(instance, f"{given['kind']}.dropped", asked=asked)


def remind(execution: Execution, job: LockedJob) -> None:
    """Tell the notifier that a task nears its deadline, or is overdue; moves no token."""
    if not end_job(execution.session, job, execution.at):
        return
    task = execution.session.scalar(
        select(UserTask)
        .where(UserTask.id == UUID(job.parameters["taskId"]), UserTask.status.in_(OPEN))
        .execution_options(populate_existing=True)
    )
    if task is None:
        return
    instance = instance_of(execution, job)
    is_overdue = job.kind == "escalation"
    execution.notices.append(
        TaskNotice(
            kind="overdue" if is_overdue else "reminder",
            task_id=task.id,
            name=Text(task.name, task.name_en),
            process_name=instance.pinned.processes[instance.definition_key].name,
            instance=instance.facts(task.element_id, variables_of(instance.state)),
            candidate_role=task.candidate_role,
            candidate_unit_id=task.candidate_unit_id,
            region_code=task.region_code,
            assignee_id=task.assignee_id,
            due_at=task.due_at,
            at=execution.at,
        )
    )
    execution.record(
        instance,
        "user_task.escalated" if is_overdue else "user_task.reminded",
        instance.find_element(job.scope_process, job.element_id),
        role=task.candidate_role,
        after={"dueAt": task.due_at.isoformat() if task.due_at else None},
    )


def start_on_time(execution: Execution, job: LockedJob) -> None:
    """Start an instance at a timer start event of the newest version, and arm the next time."""
    if job.version_id is None or not end_job(execution.session, job, execution.at):
        return
    version = find_version(execution.session, job.version_id)
    if latest_version(execution.session, version.key).id != version.id:
        return
    plan_next_start(execution.session, job)
    given: dict[str, Any] = {"subject_type": None, "subject_id": None, "unit_id": None, "initiator_id": None}
    begin(
        execution,
        Beginning(
            version_id=version.id,
            variables={},
            start_event=job.element_id,
            business_key=None,
            title="",
            region_code=execution.registry.home_region,
            cause=f"timer:{job.element_id}",
            **given,
        ),
    )


def remember_moment(job: LockedJob) -> dict[str, Any]:
    """Return the parameters of a start that is tried again later: the cycle goes on from its own moment."""
    return {"dueAt": job.run_at.isoformat(), **job.parameters}


def plan_next_start(session: Session, job: LockedJob) -> dict[str, Any]:
    """Arm the next start of a cycle, once for each of its moments; returns the parameters that say so.

    A start that failed for good does not stop the cycle: the next moment is a start of its own.
    """
    parameters = remember_moment(job)
    if job.version_id is not None and not parameters.get("isNextArmed"):
        moment = {name: value for name, value in parameters.items() if name != "dueAt"}
        version = find_version(session, job.version_id)
        arm_timer_start(session, version, job.element_id, moment, datetime.fromisoformat(parameters["dueAt"]))
    return {**parameters, "isNextArmed": True}
