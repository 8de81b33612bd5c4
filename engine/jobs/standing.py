"""How the queue stands: what is due and how late it is, what failed, who is driving.

Read by ``/ready`` and ``/metrics``. Every figure comes from an index; nothing that waits is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from engine.incidents.models import IncidentRecord
from engine.instances.pending import affected
from engine.jobs.models import Job, JobDriver

DriverKind = Literal["embedded", "worker", "dispatcher"]
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Driver:
    """A process that runs due jobs or hands them out; ``seen_at`` is its last sign of life."""

    id: UUID
    kind: DriverKind
    host: str
    process_id: int
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class QueueStanding:
    """The queue at one moment.

    ``due`` jobs may be taken now, ``oldest_due_at`` says since when the first of them could be. ``abandoned``
    of the ``running`` ones have lost their process. ``open_incidents``: by kind.
    """

    at: datetime
    due: int
    running: int
    abandoned: int
    failed: int
    oldest_due_at: datetime | None
    open_incidents: Mapping[str, int]
    drivers: tuple[Driver, ...]

    @property
    def lag(self) -> timedelta:
        """Return how late the queue is: how long its oldest due job has been waiting."""
        return self.at - self.oldest_due_at if self.oldest_due_at else timedelta(0)


def queue_standing(session: Session, at: datetime) -> QueueStanding:
    """Look at the queue; a driver that left no sign for a day is not named any more."""
    is_due = (Job.status == "ready") & (Job.run_at <= at)
    due, oldest = session.execute(select(func.count(), func.min(Job.run_at)).where(is_due)).one()
    is_running = Job.status == "running"
    kinds = select(IncidentRecord.kind, func.count()).where(IncidentRecord.status == "open")
    drivers = select(JobDriver).where(JobDriver.seen_at > at - FORGOTTEN_AFTER).order_by(JobDriver.seen_at)
    return QueueStanding(
        at=at,
        due=due,
        running=session.scalar(select(func.count()).where(is_running)) or 0,
        abandoned=session.scalar(select(func.count()).where(is_running, Job.lease_until <= at)) or 0,
        failed=session.scalar(select(func.count()).where(Job.status == "failed")) or 0,
        oldest_due_at=oldest,
        open_incidents={row[0]: row[1] for row in session.execute(kinds.group_by(IncidentRecord.kind))},
        drivers=tuple(_driver(row) for row in session.scalars(drivers)),
    )


def sign_of_life(session: Session, driver: Driver) -> None:
    """Write that the driver is alive at ``seen_at``; the first sign of one also forgets those long gone."""
    seen = update(JobDriver).where(JobDriver.id == driver.id).values(seen_at=driver.seen_at)
    if affected(session.execute(seen, execution_options={"synchronize_session": False})):
        return
    session.execute(delete(JobDriver).where(JobDriver.seen_at <= driver.seen_at - FORGOTTEN_AFTER))
    session.execute(
        insert(JobDriver),
        [
            {
                "id": driver.id,
                "kind": driver.kind,
                "host": driver.host,
                "process_id": driver.process_id,
                "started_at": driver.started_at,
                "seen_at": driver.seen_at,
            }
        ],
    )


def sign_off(session: Session, driver_id: UUID) -> None:
    """Take out a driver that ends in good order."""
    session.execute(delete(JobDriver).where(JobDriver.id == driver_id))


def _driver(row: JobDriver) -> Driver:
    return Driver(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # the column holds nothing else
        host=row.host,
        process_id=row.process_id,
        started_at=row.started_at,
        seen_at=row.seen_at,
    )
