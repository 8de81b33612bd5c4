"""Jobs, the processes that drive them, and incidents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.incidents import deciding
from engine.incidents import queries as incident_queries
from engine.incidents.rows import IncidentRow
from engine.jobs import locking, runner, standing
from engine.jobs.locking import DueJob
from engine.jobs.standing import Driver, QueueStanding
from engine.registry import Registry
from kernel.actor import Actor
from kernel.clock import now
from kernel.database import Database


class Jobs:
    """Jobs, the processes that drive them, and incidents."""

    registry: Registry

    def run_due(self, database: Database, limit: int = 50) -> int:
        """Run due jobs and timers, oldest first; returns how many were run."""
        return runner.run_due(database, self.registry, limit)

    def run_job(self, database: Database, job_id: UUID) -> bool:
        """Run one job if it is due and nobody else has it; tells whether it ran."""
        return runner.run_job(database, self.registry, job_id)

    def due_jobs(self, session: Session, limit: int) -> list[DueJob]:
        """Name jobs that may be taken now, for a driver that hands them to ``run_job`` elsewhere."""
        return locking.due_jobs(session, now(), limit)

    def end_leases(self, session: Session) -> int:
        """Let jobs that another process left behind be taken over now; returns how many there were.

        Only for a process that knows itself to be the only one, at its start. Others wait for the leases.
        """
        return locking.end_leases(session, now())

    def queue_standing(self, session: Session) -> QueueStanding:
        """Say how the queue stands: what is due and how late, what failed, which drivers are alive."""
        return standing.queue_standing(session, now())

    def driver_seen(self, session: Session, driver: Driver) -> None:
        """Write a sign of life of a process that drives the queue."""
        standing.sign_of_life(session, driver)

    def driver_gone(self, session: Session, driver_id: UUID) -> None:
        """Take a driver off the list that ended in good order."""
        standing.sign_off(session, driver_id)

    def next_due_at(self, session: Session) -> datetime | None:
        """Return when the next job or timer is due."""
        return locking.next_due_at(session)

    def incidents(self, session: Session, actor: Actor, only_open: bool = True) -> tuple[IncidentRow, ...]:
        """List incidents of instances that the actor may see, newest first (at most 200)."""
        return incident_queries.incidents(session, actor, only_open)

    def retry_incident(self, session: Session, actor: Actor, incident_id: UUID, reason: str) -> None:
        """Give the job three new attempts (needs ``incident.resolve``)."""
        deciding.retry(session, self.registry, actor, incident_id, reason)

    def resolve_incident(
        self,
        session: Session,
        actor: Actor,
        incident_id: UUID,
        reason: str,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Complete the stuck work by hand with a result (needs ``incident.resolve``)."""
        deciding.resolve(session, self.registry, actor, incident_id, reason, data)
