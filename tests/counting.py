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
from typing import Any, ClassVar

import psycopg
from psycopg.pq import Trace
from sqlalchemy import event

from kernel.database import Database


@dataclass
class Count:
    """What happened in the block.

    A statement that writes many rows, one after the other and sent together, is one: ``executemany`` on
    SQLite, a run of the same INSERT, UPDATE or DELETE in a pipeline of PostgreSQL. Queries count each time.
    """

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    round_trips: int = 0
    _last: str = ""

    def note(self, text: object) -> None:
        """Note a statement; the brackets of the transaction are counted as commits and round trips."""
        words = str(text)
        if not words.startswith("SELECT") and words == self._last:
            return
        self._last = words
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
    """Return how often the client waited: after each Query and each Sync, whose answers it needs to go on."""
    return sum(
        line.startswith("F") and line.split("\t")[2:3] in (["Query"], ["Sync"])
        for line in trace.replace(' "', '\t"').splitlines()
    )


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
