"""An office of several processes: one service task, and a record outside the database of who ran what.

Run as a program it is one of these processes: ``python -m tests.scale.office KIND DATABASE REDIS FOLDER``
with KIND ``celery``, ``dispatcher`` or ``worker``.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.api import Engine, HandlerResult, JobContext, Registry
from kernel.database import Database
from kernel.language import Text
from tests.integration.engine.diagrams import chain, diagram, end, files, service_task, start
from webapp.cli.workers import stopped_by_signal
from webapp.drivers import celery_queue
from webapp.drivers.dispatcher import Dispatcher, dispatch
from webapp.drivers.signs import SignsOfLife
from webapp.drivers.worker import work

PROCESS = "errand"
SECONDS_HELD_AT_MOST = 60.0
PAUSE = 0.1
RESEND_SECONDS = 1.0


@dataclass(frozen=True)
class Call:
    """One run of the handler, as it was noted before it did anything."""

    job_id: UUID
    attempt: int
    process_id: int


def office(folder: Path) -> Engine:
    """Return an engine whose handler notes each call, and waits while the folder holds a file ``hold``."""

    def run_errand(job: JobContext) -> HandlerResult:
        with (folder / "calls").open("a") as calls:
            calls.write(f"{job.job_id} {job.attempt} {os.getpid()}\n")
        until = time.monotonic() + SECONDS_HELD_AT_MOST
        while (folder / "hold").exists() and time.monotonic() < until:
            time.sleep(0.02)

        def note_effect(session: Session) -> None:
            session.execute(text("INSERT INTO effect (job_id) VALUES (:id)"), {"id": str(job.job_id)})

        return HandlerResult({"done": True}, note_effect)

    registry = Registry()
    for role in ("releasing_unit", "provider"):
        registry.role(role, Text(role, role))
    registry.handler("errand.run", run_errand, Text("跑腿", "Errand"), (), {"done": Text("完成", "Done")})
    return Engine(registry)


def errand_process() -> dict[str, bytes]:
    """Return start → errand → end."""
    task = service_task("errand", "errand.run", "", "done=done")
    return files(PROCESS, diagram(PROCESS, start(), task, end(), *chain("begin", "errand", "done")))


def calls(folder: Path) -> list[Call]:
    """Return what the handlers of all processes noted."""
    path = folder / "calls"
    lines = path.read_text().splitlines() if path.exists() else []
    parts = [line.split() for line in lines]
    return [Call(UUID(job_id), int(attempt), int(process)) for job_id, attempt, process in parts]


def main(kind: str, database_url: str, redis_url: str, folder: Path) -> None:
    """Be one process of the office until a signal comes."""
    if kind == "celery":
        app = celery_queue.celery_app(redis_url, lambda: (office(folder), Database(database_url)))
        celery_queue.consume(app, processes=2)
        return
    engine, database = office(folder), Database(database_url)
    stop = stopped_by_signal()
    if kind == "worker":
        work(engine, database, threads=2, pause=PAUSE, stop=stop)
        return
    send = celery_queue.sender(celery_queue.celery_app(redis_url, lambda: (engine, database)))
    dispatcher = Dispatcher(engine, database, send, resend_seconds=RESEND_SECONDS)
    dispatch(dispatcher, SignsOfLife(engine, database, "dispatcher"), pause=PAUSE, stop=stop)


if __name__ == "__main__":
    threading.current_thread().name = sys.argv[1]
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
