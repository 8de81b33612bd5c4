"""Taking a job: a conditional update with a lease, so that each job is in one hand at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from engine.instances.pending import affected
from engine.jobs.models import Job

LEASE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LockedJob:
    """A job in our hands; ``attempt`` tells our run from a later one of the same job."""

    id: UUID
    kind: str
    instance_id: UUID | None
    version_id: UUID | None
    reference: str
    element_id: str
    scope_process: str
    topic: str | None
    parameters: dict[str, Any]
    run_at: datetime
    attempt: int


def due_jobs(session: Session, at: datetime, limit: int) -> list[UUID]:
    """Return ids of jobs that may be taken now, oldest first."""
    query = select(Job.id).where(_is_free(at)).order_by(Job.run_at, Job.id).limit(limit)
    return list(session.scalars(query))


def next_due_at(session: Session) -> datetime | None:
    """Return when the next job may be taken: its time, or the end of a lease."""
    ready = session.scalar(select(func.min(Job.run_at)).where(Job.status == "ready"))
    leased = session.scalar(select(func.min(Job.lease_until)).where(Job.status == "running"))
    return min((at for at in (ready, leased) if at is not None), default=None)


def lock_job(session: Session, job_id: UUID, at: datetime) -> LockedJob | None:
    """Take the job if it is due and free."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, _is_free(at))
        .values(status="running", lease_until=at + LEASE, attempts=Job.attempts + 1),
        execution_options={"synchronize_session": False},
    )
    if affected(taken) != 1:
        return None
    columns = (
        Job.id,
        Job.kind,
        Job.instance_id,
        Job.version_id,
        Job.reference,
        Job.element_id,
        Job.scope_process,
        Job.topic,
        Job.parameters,
        Job.run_at,
        Job.attempts,
    )
    return LockedJob(*session.execute(select(*columns).where(Job.id == job_id)).one())


def end_job(session: Session, job: LockedJob, at: datetime, **values: Any) -> bool:
    """Write how our run ended; tells whether the job was still ours (not dropped, not taken over)."""
    result = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.status == "running", Job.attempts == job.attempt)
        .values(lease_until=None, **({"status": "done", "finished_at": at} | values)),
        execution_options={"synchronize_session": False},
    )
    return affected(result) == 1


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.status == "ready", Job.run_at <= at),
        and_(Job.status == "running", Job.lease_until <= at),
    )
