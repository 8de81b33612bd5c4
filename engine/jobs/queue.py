"""The rows of jobs that effects ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from engine.instances.running import RunningInstance
from engine.runtime.effects import JobRequested, TimerArmed, UserTaskOpened
from kernel.ids import new_id

Row = dict[str, Any]


def service_job(instance: RunningInstance, effect: JobRequested, at: datetime) -> Row:
    """Return the job that runs the handler of a service task."""
    row = job_row("service", instance, effect.activity_id, effect.element_id, effect.scope_process, at, at)
    return {**row, "topic": effect.topic, "parameters": dict(effect.parameters)}


def timer_job(instance: RunningInstance, effect: TimerArmed, at: datetime) -> Row:
    """Return the job that fires a timer."""
    return job_row(
        "timer", instance, effect.wait_id, effect.element_id, effect.scope_process, effect.due_at, at
    )


def task_job(
    instance: RunningInstance,
    effect: UserTaskOpened,
    kind: str,
    run_at: datetime,
    task_id: UUID,
    at: datetime,
) -> Row:
    """Return the reminder or the escalation of a user task."""
    row = job_row(kind, instance, effect.activity_id, effect.element_id, effect.scope_process, run_at, at)
    return {**row, "parameters": {"taskId": str(task_id)}}


def job_row(
    kind: str,
    instance: RunningInstance,
    reference: str,
    element_id: str,
    scope_process: str,
    run_at: datetime,
    at: datetime,
) -> Row:
    """Return a row that is ready at ``run_at``; every row names every column, so that many go in together."""
    return {
        "id": new_id(),
        "kind": kind,
        "instance_id": instance.id,
        "version_id": None,
        "reference": reference,
        "element_id": element_id,
        "scope_process": scope_process,
        "topic": None,
        "event_name": None,
        "correlation_key": None,
        "parameters": {},
        "status": "ready",
        "run_at": run_at,
        "lease_until": None,
        "attempts": 0,
        "last_error": None,
        "created_at": at,
        "finished_at": None,
    }
