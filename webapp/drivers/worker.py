"""A worker process: some threads that take due jobs straight from the database.

Workers side by side never wait for each other (``FOR UPDATE SKIP LOCKED``). They look again after a short
pause when nothing was due: a look reads one index entry, and the alternative, ``NOTIFY`` at every commit,
would take a lock that all commits of PostgreSQL share.
"""

from __future__ import annotations

import threading
from typing import Final

import structlog

from engine.api import Engine
from kernel.database import Database
from webapp.drivers.signs import EVERY_SECONDS, SignsOfLife

# Few at a time, so that a worker that is asked to stop does so soon.
JOBS_PER_LOOK: Final = 5
log = structlog.get_logger(__name__)


def work(engine: Engine, database: Database, *, threads: int, pause: float, stop: threading.Event) -> None:
    """Run due jobs in so many threads until told to stop; each ends the job that it has in hand."""
    hands = [
        threading.Thread(target=_work, args=(engine, database, pause, stop), name=f"job-hand-{number}")
        for number in range(threads)
    ]
    signs = SignsOfLife(engine, database, "worker")
    signs.give()
    for hand in hands:
        hand.start()
    while not stop.wait(EVERY_SECONDS):
        signs.give()
    for hand in hands:
        hand.join()
    signs.end()


def _work(engine: Engine, database: Database, pause: float, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            ran = engine.run_due(database, limit=JOBS_PER_LOOK)
        except Exception as error:  # The edge: the database may be away; the next look tries again.
            log.error("look.failed", exc_info=error)
            ran = 0
        if not ran:
            stop.wait(pause)
