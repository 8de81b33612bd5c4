"""Due work is found by index: what waits costs nothing, however much of it there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Table, event, insert, text
from sqlalchemy.orm import Session

from engine.jobs.locking import due_jobs, lock_job, next_due_at, take_next
from engine.jobs.models import Job
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.ids import new_id

WAITING = 100_000
DONE = 20_000


def job_row(run_at: datetime, status: str = "ready") -> dict[str, Any]:
    """Return the row of a timer."""
    return {
        "id": new_id(),
        "kind": "timer",
        "reference": "w1",
        "element_id": "later",
        "scope_process": "process",
        "parameters": {},
        "status": status,
        "run_at": run_at,
        "attempts": 0,
        "created_at": run_at,
    }


@pytest.fixture
def many(database: Database, clock: ManualClock) -> Database:
    """Fill the queue with timers that wait, half of them for the same moment, and with old work."""
    at = clock.now()
    later = at + timedelta(days=30)
    rows = [job_row(later + timedelta(seconds=max(0, n))) for n in range(-WAITING // 2, WAITING // 2)]
    rows += [job_row(at - timedelta(minutes=n), "done") for n in range(DONE)]
    with database.write() as session:
        for begin in range(0, len(rows), 5000):
            part = rows[begin : begin + 5000]
            session.connection().execute(insert(cast(Table, Job.__table__)), part)
        session.execute(text("ANALYZE"))
    return database


@contextmanager
def recorded(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Record the statements on jobs, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if re.search(r"\bjob\b", statement):
            statements.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", record)
    yield statements
    event.remove(database.engine, "before_cursor_execute", record)


def plan(session: Session, statement: str, parameters: Any) -> str:
    """Return how the database would carry out the statement."""
    connection = session.connection()
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = connection.exec_driver_sql(explain + statement, parameters)
    return "\n".join(str(row[-1]) for row in rows)


Look = Callable[[Session, datetime], object]
LOOKS: dict[str, Look] = {
    "due_jobs": lambda session, at: due_jobs(session, at, 50),
    "next_due_at": lambda session, _at: next_due_at(session),
    "take_next": take_next,
    "lock_job": lambda session, at: lock_job(session, new_id(), at),
}


def test_every_look_for_due_work_takes_few_statements_that_read_an_index_only(
    many: Database, clock: ManualClock
) -> None:
    for name, look in LOOKS.items():
        with recorded(many) as statements, many.write() as session:
            found = look(session, clock.now())
            plans = [plan(session, *statement) for statement in statements[:]]

        assert not found or name == "next_due_at", "nothing is due"
        assert 1 <= len(plans) <= 2, name
        for steps in plans:
            assert not re.search(r"Seq Scan|\bSCAN\b(?! CONSTANT)", steps), f"{name}:\n{steps}"
            assert "ix_job_status_run_at" in steps or "pk_job" in steps or "autoindex_job" in steps, steps


def test_timers_of_one_moment_are_not_sorted_to_find_the_first(many: Database, clock: ManualClock) -> None:
    clock.advance(timedelta(days=30, seconds=1))

    with recorded(many) as statements, many.write() as session:
        assert take_next(session, clock.now()) is not None
        ready = plan(session, *statements[-1])

    assert "TEMP B-TREE" not in ready
    assert "Sort" not in ready
