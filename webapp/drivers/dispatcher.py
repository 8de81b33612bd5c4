"""The clock of the Celery driver: hands the ids of due jobs to a queue, and again where nobody took them.

A message is a hint and never the truth: a lost one is sent again, a doubled one finds the job taken or
done. So several dispatchers may run at once, and one may be killed at any moment.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from engine.api import DueJob, Engine
from kernel.database import Database
from webapp.drivers.signs import EVERY_SECONDS, SignsOfLife

# What nobody has taken is offered again after this time.
RESEND_SECONDS: Final = 30.0
# So many messages at most are on their way for jobs that nobody has taken; the rest waits in the database.
MAX_OFFERED: Final = 500
log = structlog.get_logger(__name__)


class Dispatcher:
    """Offers due jobs to ``send``; remembers for a while what it has offered."""

    def __init__(
        self,
        engine: Engine,
        database: Database,
        send: Callable[[DueJob], None],
        resend_seconds: float = RESEND_SECONDS,
    ) -> None:
        self._engine = engine
        self._database = database
        self._send = send
        self._resend_seconds = resend_seconds
        self._offered: dict[UUID, float] = {}

    def offer(self) -> int:
        """Offer what is due and was not offered lately; returns how many messages were sent."""
        with self._database.read() as session:
            due = self._engine.due_jobs(session, MAX_OFFERED)
        at = time.monotonic()
        self._offered = {
            job.id: self._offered[job.id]
            for job in due
            if at - self._offered.get(job.id, -self._resend_seconds) < self._resend_seconds
        }
        waiting = [job for job in due if job.id not in self._offered]
        for job in waiting:
            self._send(job)
            self._offered[job.id] = at
        return len(waiting)


def dispatch(dispatcher: Dispatcher, signs: SignsOfLife, *, pause: float, stop: threading.Event) -> None:
    """Offer due jobs again and again until told to stop."""
    signs.give()
    last = time.monotonic()
    while True:
        try:
            dispatcher.offer()
        except Exception as error:  # The edge: database or broker may be away; the next round tries again.
            log.error("dispatch.failed", exc_info=error)
        if time.monotonic() - last >= EVERY_SECONDS:
            signs.give()
            last = time.monotonic()
        if stop.wait(pause):
            break
    signs.end()
