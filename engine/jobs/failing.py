"""A job that failed: another attempt later, or an incident that keeps the cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.incidents.opening import open_incident
from engine.incidents.rows import IncidentKind
from engine.instances.execution import Execution
from engine.jobs.locking import LockedJob, end_job
from engine.jobs.models import Job
from engine.jobs.recording import instance_of, record_dropped
from engine.registry import Registry
from kernel.actor import system_actor
from kernel.database import Database
from kernel.unit_of_work import Concern, perform

MAX_ATTEMPTS: Final = 3
BACK_OFF: Final = (timedelta(seconds=10), timedelta(seconds=60))


def record_failure(
    database: Database,
    registry: Registry,
    job: LockedJob,
    cause: str,
    *,
    at_once: bool = False,
    kind: IncidentKind | None = None,
) -> None:
    """Plan the next attempt, or open an incident after the last one (``at_once``: now)."""
    actor = system_actor()

    def record(session: Session) -> None:
        if job.instance_id is None:
            _retry_start(session, job, cause)
            return
        execution = Execution(session, registry, actor)
        if at_once or job.attempt >= MAX_ATTEMPTS:
            _give_up(execution, job, cause, kind or ("execution" if at_once else "job_failed"))
        else:
            _retry_later(execution, job, cause)
        execution.finish()

    perform(database, "job.failure", actor, record, concern=Concern(instance_id=job.instance_id))


def _retry_later(execution: Execution, job: LockedJob, cause: str) -> None:
    instance = instance_of(execution, job)
    run_at = execution.at + BACK_OFF[min(job.attempt, len(BACK_OFF)) - 1]
    retried = {"status": "ready", "run_at": run_at, "finished_at": None, "last_error": cause}
    if not end_job(execution.session, job, execution.at, **retried):
        record_dropped(execution, job, instance, {"failure": cause})
        return
    execution.record(
        instance,
        "job.failed",
        instance.element(job.scope_process, job.element_id),
        reason=cause,
        asked={"job": str(job.id), "topic": job.topic, "attempt": job.attempt},
        after={"retryAt": run_at.isoformat()},
    )


def _give_up(execution: Execution, job: LockedJob, cause: str, kind: IncidentKind) -> None:
    instance = instance_of(execution, job)
    if not end_job(execution.session, job, execution.at, status="failed", last_error=cause):
        record_dropped(execution, job, instance, {"failure": cause})
        return
    open_incident(execution, instance, job, cause, kind)


def _retry_start(session: Session, job: LockedJob, cause: str) -> None:
    # A timer start belongs to no instance, so there is none to raise an incident on: it goes on trying,
    # an hour apart, and says why on its row.
    session.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(status="ready", run_at=job.run_at + timedelta(hours=1), lease_until=None, last_error=cause)
    )
