"""What was asked for in the search forms, read leniently: what makes no sense does not filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast, get_args
from uuid import UUID

from engine.api import InstanceFilter
from kernel.audit import AuditSearch
from webapp.presentation import SHANGHAI

PAGE_SIZE = 50
Status = Literal["active", "incident", "suspended", "completed", "cancelled", "failed"]
STATUSES = get_args(Status)


@dataclass(frozen=True, slots=True)
class InstanceQuery:
    """The search form for instances."""

    text: str
    process: str
    person: str
    person_id: UUID | None
    role: str
    status: str
    outcome: str
    since: date | None
    until: date | None
    subject_id: UUID | None
    after: str | None

    @classmethod
    def from_request(cls, asked: Mapping[str, str]) -> InstanceQuery:
        """Read the query string."""
        return cls(
            text=asked.get("text", "").strip(),
            process=asked.get("process", ""),
            person=asked.get("person", "").strip(),
            person_id=_uuid(asked.get("person_id")),
            role=asked.get("role", ""),
            status=asked.get("status", ""),
            outcome=asked.get("outcome", "").strip(),
            since=_day(asked.get("since")),
            until=_day(asked.get("until")),
            subject_id=_uuid(asked.get("subject_id")),
            after=asked.get("after") or None,
        )

    def to_filter(self, person_id: UUID | None) -> InstanceFilter:
        """Return the filter for the engine."""
        return InstanceFilter(
            text=self.text,
            process_keys=(self.process,) if self.process else (),
            person_id=person_id,
            role=self.role or None,
            status=cast(Status, self.status) if self.status in STATUSES else None,
            outcome=self.outcome or None,
            started_from=self.since,
            started_to=self.until,
            subject_id=self.subject_id,
            after=self.after,
            limit=PAGE_SIZE,
        )

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, for the record of the search."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "after"}
        return {name: str(value) for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class StreamQuery:
    """The search form for events of the system's own chains."""

    stream: str
    outcome: str
    action: str
    since: date | None
    until: date | None
    before: UUID | None

    @classmethod
    def from_request(cls, asked: Mapping[str, str]) -> StreamQuery:
        """Read the query string."""
        return cls(
            stream=asked.get("stream", ""),
            outcome=asked.get("outcome", ""),
            action=asked.get("action", "").strip(),
            since=_day(asked.get("since")),
            until=_day(asked.get("until")),
            before=_uuid(asked.get("after")),
        )

    def to_search(self) -> AuditSearch:
        """Return the search for the trail, one row more than a page shows."""
        return AuditSearch(
            stream=self.stream or None,
            stream_prefix=None if self.stream else "system:",
            action_prefix=self.action or None,
            outcome=self.outcome or None,
            since=_midnight(self.since),
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
            before=self.before,
            limit=PAGE_SIZE + 1,
        )

    def stated(self) -> dict[str, Any]:
        """Return what was filled in, for the record of the search."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "before"}
        return {name: str(value) for name, value in values.items() if value}


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), SHANGHAI) if day else None
