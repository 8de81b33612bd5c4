"""Five faults that can be built into the engine, to show that the judge finds what they do.

Each is a mistake that a careful programmer could make, put in from outside and living in the tests alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

import engine.jobs.runner
from engine.api import HandlerResult, JobContext
from engine.registry import HandlerContract
from kernel import unit_of_work
from kernel.audit import AuditEntry
from kernel.audit.trail import append
from kernel.database import Database
from kernel.errors import Conflict, StaleState
from kernel.statements import Batch, channel_of

# Long enough for a kill to fall into it, which without it would need many more.
WINDOW_SECONDS: Final = 0.05


def install(name: str, database: Database) -> None:
    """Build the fault into the engine of this process.

    Raises:
        LookupError: there is no such fault.
    """
    FAULTS[name](database)


def commit_too_early(_database: Database) -> None:
    """The end of a task is committed by itself, before the instance has moved."""
    send = Batch.send

    def in_two_parts(batch: Batch, session: Session) -> None:
        writes = batch._writes
        ends_task = [str(write.statement._clause).startswith("UPDATE user_task") for write in writes]
        if any(ends_task):
            cut = ends_task.index(True) + 1
            batch._writes = writes[:cut]
            send(batch, session)
            _commit_now(session)
            batch._writes = writes[cut:]
        send(batch, session)

    Batch.send = in_two_parts  # type: ignore[method-assign]  # that is the fault


def _commit_now(session: Session) -> None:
    driver = channel_of(session)._driver
    driver.commit()
    time.sleep(WINDOW_SECONDS)
    if channel_of(session).dialect.name == "sqlite":
        driver.execute("BEGIN IMMEDIATE")


def lose_a_retry(database: Database) -> None:
    """A failed attempt is put aside instead of being planned again."""

    def put_aside(_database: Database, _registry: Any, job: Any, cause: str, **_facts: Any) -> str:
        identifier = job.id.hex if database.dialect == "sqlite" else str(job.id)
        with database.write() as session:
            update = text("UPDATE job SET status = 'dropped', last_error = :cause WHERE id = :id")
            session.execute(update, {"cause": cause, "id": identifier})
        return "retried"

    _replace(engine.jobs.runner.record_failure, put_aside)


def swallow_a_conflict(_database: Database) -> None:
    """Who lost a race is told that all went well, and what was written until then is kept."""
    perform = unit_of_work.perform

    def careless(
        database: Database, action: str, actor: Any, work: Callable[[Session], Any], **facts: Any
    ) -> Any:
        def swallowing(session: Session) -> Any:
            try:
                return work(session)
            except (Conflict, StaleState):
                return None

        return perform(database, action, actor, swallowing, **facts)

    _replace(perform, careless)


def double_a_job(database: Database) -> None:
    """What a handler writes is written at once, so that a job which is run again writes it again."""
    call = engine.jobs.runner._call

    def at_once(contract: HandlerContract, context: JobContext) -> HandlerResult:
        result = call(contract, context)
        if result.apply is not None:
            with database.write() as session:
                result.apply(session)
            time.sleep(WINDOW_SECONDS)
        return HandlerResult(result.data, None, result.subject)

    _replace(call, at_once)


def audit_afterwards(database: Database) -> None:
    """Audit events are written after the commit, in a transaction of their own."""

    def later(session: Session, *entries: AuditEntry, batch: Batch | None = None) -> list[Any]:
        def write() -> None:
            time.sleep(WINDOW_SECONDS)
            with database.write() as another:
                append(another, *entries)

        unit_of_work.after_commit(session, write)
        return []

    _replace(append, later)


FAULTS: Final[dict[str, Callable[[Database], None]]] = {
    "commit-too-early": commit_too_early,
    "lost-retry": lose_a_retry,
    "swallowed-conflict": swallow_a_conflict,
    "doubled-job": double_a_job,
    "audit-afterwards": audit_afterwards,
}


def _replace(original: Any, replacement: Any) -> None:
    """Put the replacement wherever the engine has imported the original.

    Raises:
        LookupError: nobody uses it any more, so that the fault would do nothing.
    """
    places = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.partition(".")[0] in {"engine", "kernel"}
        for name, value in list(vars(module).items())
        if value is original
    ]
    if not places:
        raise LookupError(f"{original!r} is used nowhere")
    for module, name in places:
        setattr(module, name, replacement)
