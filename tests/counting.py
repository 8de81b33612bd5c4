"""Counting what a command costs the database, at the driver, where nothing can pass by.

SQLAlchemy's own events would miss the statements that go round it (``kernel.statements``), so the cursors
of the driver are counted, and on PostgreSQL the messages of its protocol.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

import psycopg
from psycopg.pq import Trace
from sqlalchemy import event

from kernel.database import Database


@dataclass
class Count:
    """What happened in the block; one ``executemany`` is one statement, of one plan, for many rows."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    round_trips: int = 0

    def note(self, text: object) -> None:
        """Note a statement; the brackets of the transaction are counted as commits and round trips."""
        words = str(text)
        if words.split(maxsplit=1)[0].upper() not in {"BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", ";"}:
            self.statements.append(words)

    def __str__(self) -> str:
        """Show the statements, one on a line."""
        return "\n".join(" ".join(text.split())[:150] for text in self.statements)


class _Current:
    """The count that runs at the moment."""

    count: ClassVar[Count] = Count()


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, sql: str, *rest: Any) -> Any:
        _Current.count.note(sql)
        return super().execute(sql, *rest)

    def executemany(self, sql: str, *rest: Any) -> Any:
        _Current.count.note(sql)
        return super().executemany(sql, *rest)


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, *_: Any) -> Any:
        return super().cursor(_SqliteCursor)

    def commit(self) -> None:
        _Current.count.commits += self.in_transaction
        super().commit()


class _PostgresqlCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, *rest: Any, **options: Any) -> Any:
        _Current.count.note(query)
        return super().execute(query, *rest, **options)

    def executemany(self, query: Any, *rest: Any, **options: Any) -> Any:
        _Current.count.note(query)
        return super().executemany(query, *rest, **options)


class _PostgresqlConnection(psycopg.Connection[Any]):
    def commit(self) -> None:
        _Current.count.commits += self.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE
        super().commit()


@contextmanager
def counted(database: Database) -> Iterator[Count]:
    """Count statements, commits and round trips of the block."""
    _use_counting_connections(database)
    with tempfile.TemporaryFile("w+") as trace:
        is_postgresql = database.dialect == "postgresql"
        with database.read() as session:
            # The connection is there before the count begins, as it is in a running process.
            driver: Any = session.connection().connection.driver_connection
            if is_postgresql:
                driver.pgconn.trace(trace.fileno())
                driver.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        _Current.count = count = Count()
        try:
            yield count
        finally:
            _Current.count = Count()
            if is_postgresql:
                driver.pgconn.untrace()
                trace.seek(0)
                count.round_trips = _turns(trace.read())


def _turns(trace: str) -> int:
    """Return how often the client waited: how often an answer follows something that was sent."""
    directions = [line[0] for line in trace.splitlines() if line[:1] in ("F", "B")]
    return sum(a == "F" and b == "B" for a, b in pairwise(directions))


def _use_counting_connections(database: Database) -> None:
    if getattr(database, "is_counted", False):
        return
    database.is_counted = True  # type: ignore[attr-defined]  # a note of this module on the database it counts

    @event.listens_for(database.engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        if database.dialect == "sqlite":
            return sqlite3.connect(*arguments, factory=_SqliteConnection, **options)
        return _PostgresqlConnection.connect(*arguments, cursor_factory=_PostgresqlCursor, **options)

    database.engine.dispose()
