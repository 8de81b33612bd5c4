"""Keeping the leases of long jobs: one thread of the process extends them while handlers work.

A process that stops stops extending, and its jobs are taken over when their leases end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine.jobs.locking import LEASE, LockedJob, extend_lease
from kernel.clock import now
from kernel.database import Database
from kernel.errors import DatabaseUnavailable

BEAT_SECONDS: Final = LEASE.total_seconds() / 4
_log = structlog.get_logger(__name__)


class Heartbeat:
    """The jobs in hand of this process, and the thread that keeps them; it ends when the hand is empty."""

    def __init__(self, beat_seconds: float = BEAT_SECONDS) -> None:
        self._beat_seconds = beat_seconds
        self._held: dict[tuple[UUID, int], Database] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, database: Database, job: LockedJob) -> Iterator[None]:
        """Extend the lease of the job for as long as the block runs."""
        hold = (job.id, job.attempt)
        with self._lock:
            self._held[hold] = database
            if self._thread is None:
                self._thread = threading.Thread(target=self._beat, name="job-heartbeat", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(hold, None)

    def _beat(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(self._beat_seconds)
            with self._lock:
                held = dict(self._held)
                if not held:
                    self._thread = None
                    return
            for (job_id, attempt), database in held.items():
                _extend(database, job_id, attempt)


def _extend(database: Database, job_id: UUID, attempt: int) -> None:
    try:
        with database.write() as session:
            is_ours = extend_lease(session, job_id, attempt, now())
    except (SQLAlchemyError, DatabaseUnavailable) as error:
        # The edge of this thread: the next beat tries again, and without one the lease ends as it should.
        _log.warning("job.heartbeat_failed", job_id=str(job_id), error=type(error).__name__)
        return
    if not is_ours:
        _log.warning("job.lease_lost", job_id=str(job_id), attempt=attempt)
