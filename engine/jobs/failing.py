"""A job that failed: another attempt later, or an incident that keeps the cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.incidents.opening import open_incident
from engine.incidents.rows import IncidentKind
from engine.instances.execution import Execution
from engine.jobs.locking import LockedJob, end_job
from engine.jobs.models import Job
from engine.jobs.moments import plan_next_start, remember_moment
from engine.jobs.recording import instance_of, record_dropped
from engine.registry import Registry
from kernel.actor import system_actor
from kernel.database import Database
from kernel.unit_of_work import Concern, perform

BACK_OFF: Final = (timedelta(seconds=10), timedelta(seconds=60))
Outcome = Literal["retried", "incident", "dropped"]


def record_failure(
    database: Database,
    registry: Registry,
    job: LockedJob,
    cause: str,
    *,
    at_once: bool = False,
    kind: IncidentKind | None = None,
) -> Outcome:
    """Plan the next attempt, or open an incident after the last one (``at_once``: now)."""
    actor = system_actor()

    def record(session: Session) -> Outcome:
        execution = Execution(session, registry, actor)
        if at_once or job.is_last_attempt:
            outcome = _give_up(execution, job, cause, kind or ("execution" if at_once else "job_failed"))
        else:
            outcome = _retry_later(execution, job, cause)
        execution.finish()
        return outcome

    return perform(database, "job.failure", actor, record, concern=Concern(instance_id=job.instance_id))


def _retry_later(execution: Execution, job: LockedJob, cause: str) -> Outcome:
    run_at = execution.at + BACK_OFF[min(job.attempt, len(BACK_OFF)) - 1]
    retried: dict[str, Any] = {"status": "ready", "run_at": run_at, "finished_at": None}
    if job.kind == "start":
        retried["parameters"] = remember_moment(job)
    if not end_job(execution.session, job, execution.at, last_error=cause, **retried):
        return _dropped(execution, job, cause)
    if job.instance_id is not None:
        instance = instance_of(execution, job)
        execution.record(
            instance,
            "job.failed",
            instance.find_element(job.scope_process, job.element_id),
            reason=cause,
            asked={"job": str(job.id), "topic": job.topic, "attempt": job.attempt},
            after={"retryAt": run_at.isoformat()},
        )
    return "retried"


def _give_up(execution: Execution, job: LockedJob, cause: str, kind: IncidentKind) -> Outcome:
    if not end_job(execution.session, job, execution.at, status="failed", last_error=cause):
        return _dropped(execution, job, cause)
    if job.kind == "start":
        planned = plan_next_start(execution.session, job)
        execution.session.execute(update(Job).where(Job.id == job.id).values(parameters=planned))
    instance = instance_of(execution, job) if job.instance_id is not None else None
    open_incident(execution, instance, job, cause, kind)
    return "incident"


def _dropped(execution: Execution, job: LockedJob, cause: str) -> Outcome:
    if job.instance_id is not None:
        record_dropped(execution, job, instance_of(execution, job), {"failure": cause})
    return "dropped"
