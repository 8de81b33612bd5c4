"""Reading the tables that the judge needs, with the drivers and without the product."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg

Row = dict[str, Any]
_IDS: Final = frozenset({"id", "instance_id", "job_id", "actor_id", "subject_id", "unit_id", "completed_by"})


class Violation(NamedTuple):
    """One thing that must not be: the broken rule, where, and what was found."""

    rule: str
    where: str
    what: str


class Evidence:
    """One database, read in a single transaction."""

    def __init__(self, url: str) -> None:
        self._connection: Any = _connect(url)
        self._begin = "BEGIN" if url.startswith("sqlite") else "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def __enter__(self) -> Self:
        self._connection.execute(self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @cached_property
    def instances(self) -> list[Row]:
        """The process instances, with ``state`` decoded."""
        columns = "id, status, outcome, state, open_incidents, started_at, ended_at, definition_key"
        rows = self._rows(columns, "process_instance")
        return [{**row, "state": json.loads(row["state"])} for row in rows]

    @cached_property
    def tasks(self) -> list[Row]:
        """The user tasks."""
        columns = "id, instance_id, activity_id, element_id, status, opinion, completed_by, completed_at"
        return self._rows(columns, "user_task")

    @cached_property
    def jobs(self) -> list[Row]:
        """The jobs."""
        columns = "id, kind, instance_id, reference, element_id, status, run_at, lease_until, attempts"
        return self._rows(columns, "job")

    @cached_property
    def subscriptions(self) -> list[Row]:
        """Who waits for messages and signals."""
        columns = "instance_id, reference, kind, event_name, correlation_key"
        rows = self._rows(columns, "job WHERE status = 'waiting'")
        return [{**row, "wait_id": row["reference"].removeprefix("event:")} for row in rows]

    @cached_property
    def incidents(self) -> list[Row]:
        """The incidents."""
        return self._rows("id, instance_id, job_id, status", "incident")

    @cached_property
    def history(self) -> list[Row]:
        """The steps of the paths, one by one."""
        names = ("kind", "element_id", "activity_id")
        return [
            {"instance_id": event["instance_id"], **dict(zip(names, step, strict=False))}
            for event in self.events
            for step in event["content"].get("steps", ())
        ]

    @cached_property
    def heads(self) -> list[Row]:
        """The heads of the audit streams."""
        return self._rows("name, last_sequence, last_hash", "audit_stream")

    @cached_property
    def events(self) -> list[Row]:
        """The audit events in the order of their streams, with ``content`` decoded and ``text`` as stored."""
        columns = (
            "id, stream, sequence, action, outcome, actor_id, instance_id, element_id, content, "
            "previous_hash, hash"
        )
        rows = self._rows(columns, "audit_event ORDER BY stream, sequence")
        return [{**row, "text": row["content"], "content": json.loads(row["content"])} for row in rows]

    @cached_property
    def effects(self) -> list[Row]:
        """What the handlers of the tests wrote, exactly once per job."""
        return self._rows("job_id, attempt", "reliability_effect")

    @cached_property
    def now(self) -> datetime:
        """The moment of the judgement."""
        return datetime.now(UTC)

    def _rows(self, columns: str, source: str) -> list[Row]:
        names = [name.strip() for name in columns.split(",")]
        found = self._connection.execute(f"SELECT {columns} FROM {source}")
        return [{name: _plain(name, value) for name, value in zip(names, row, strict=True)} for row in found]


def moment(value: Any) -> datetime | None:
    """Return a stored instant; SQLite keeps it as text in UTC."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _plain(name: str, value: Any) -> Any:
    return UUID(str(value)).hex if name in _IDS and value is not None else value


def _connect(url: str) -> Any:
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)
        connection.isolation_level = None
        return connection
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    return psycopg.connect(host=host, dbname=parts.path.lstrip("/"), user=parts.username, autocommit=True)
