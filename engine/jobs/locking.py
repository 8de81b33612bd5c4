"""Taking a job: a conditional update with a lease, so that each job is in one hand at a time.

Due work is found by the index on ``(status, run_at)`` and never by loading instances: what waits for a
later moment lies behind the end of the range that is read, and costs nothing until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Update, func, or_, select, update
from sqlalchemy.orm import Session

from engine.instances.pending import affected
from engine.jobs.models import Job

LEASE: Final = timedelta(minutes=2)


class DueJob(NamedTuple):
    """A job that may be taken now, with what decides who should run it."""

    id: UUID
    kind: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class LockedJob:
    """A job in our hands; ``attempt`` tells our run from a later one of the same job, and only grows."""

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
    max_attempts: int

    @property
    def is_last_attempt(self) -> bool:
        """Tell whether a failure of this run leaves no further attempt."""
        return self.attempt >= self.max_attempts

    @property
    def is_exhausted(self) -> bool:
        """Tell whether every attempt was spent by processes that stopped before they could say anything."""
        return self.attempt > self.max_attempts


_COLUMNS: Final = (
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
    Job.max_attempts,
)


def due_jobs(session: Session, at: datetime, limit: int) -> list[DueJob]:
    """Return jobs that may be taken now: abandoned ones first, then by the time they were due."""
    found: list[DueJob] = []
    for query in _due(at):
        rows = session.execute(query.add_columns(Job.kind, Job.topic).limit(limit - len(found)))
        found += (DueJob(*row) for row in rows)
    return found


def next_due_at(session: Session) -> datetime | None:
    """Return when the next job may be taken: its time, or the end of a lease."""
    ready = session.scalar(select(func.min(Job.run_at)).where(Job.status == "ready"))
    leased = session.scalar(select(func.min(Job.lease_until)).where(Job.status == "running"))
    return min((at for at in (ready, leased) if at is not None), default=None)


def take_next(session: Session, at: datetime) -> LockedJob | None:
    """Take a due job that nobody else is taking; workers side by side never wait for each other."""
    for query in _due(at):
        # SQLite knows no SKIP LOCKED and needs none: it lets in one writer at a time.
        chosen = query.limit(1).with_for_update(skip_locked=True).scalar_subquery()
        if job := _taken(session, _take(at).where(Job.id == chosen)):
            return job
    return None


def lock_job(session: Session, job_id: UUID, at: datetime) -> LockedJob | None:
    """Take this very job if it is due and free."""
    return _taken(session, _take(at).where(Job.id == job_id, or_(_is_ready(at), _is_abandoned(at))))


def extend_lease(session: Session, job_id: UUID, attempt: int, at: datetime) -> bool:
    """Keep the job for another lease; tells whether it is still ours."""
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == "running", Job.attempts == attempt)
        .values(lease_until=at + LEASE),
        execution_options={"synchronize_session": False},
    )
    return affected(result) == 1


def end_leases(session: Session, at: datetime) -> int:
    """Let every running job be taken over now; returns how many there were."""
    result = session.execute(
        update(Job).where(Job.status == "running").values(lease_until=at),
        execution_options={"synchronize_session": False},
    )
    return affected(result)


def end_job(session: Session, job: LockedJob, at: datetime, **values: Any) -> bool:
    """Write how our run ended; tells whether the job was still ours (not dropped, not taken over)."""
    result = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.status == "running", Job.attempts == job.attempt)
        .values(lease_until=None, **({"status": "done", "finished_at": at} | values)),
        execution_options={"synchronize_session": False},
    )
    return affected(result) == 1


def _take(at: datetime) -> Update:
    return update(Job).values(status="running", lease_until=at + LEASE, attempts=Job.attempts + 1)


def _taken(session: Session, statement: Update) -> LockedJob | None:
    row = session.execute(
        statement.returning(*_COLUMNS), execution_options={"synchronize_session": False}
    ).one_or_none()
    return LockedJob(*row) if row else None


def _due(at: datetime) -> tuple[Select[UUID], ...]:
    # Two ranges of one index; joined by OR they would be sorted together before the first row came out, and
    # so would timers of the same moment if their ids decided the order.
    return (
        select(Job.id).where(_is_abandoned(at)).order_by(Job.lease_until),
        select(Job.id).where(_is_ready(at)).order_by(Job.run_at),
    )


def _is_ready(at: datetime) -> ColumnElement[bool]:
    return (Job.status == "ready") & (Job.run_at <= at)


def _is_abandoned(at: datetime) -> ColumnElement[bool]:
    # Nobody gives a lease that long: it was given by a clock that has been set back since, and waiting for
    # its end could take years. Twice the lease leaves room for clocks that differ a little.
    return (Job.status == "running") & ((Job.lease_until <= at) | (Job.lease_until > at + 2 * LEASE))
