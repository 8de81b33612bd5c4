"""Reading the audit trail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from kernel.audit.models import AuditEvent, AuditStream
from kernel.territory import region_range


@dataclass(frozen=True, slots=True)
class AuditEventRow:
    """One event as people read it; ``content`` holds every chained field."""

    id: UUID
    stream: str
    sequence: int
    occurred_at: datetime
    action: str
    outcome: str
    actor_id: UUID | None
    actor_name: str
    address: str | None
    instance_id: UUID | None
    element_id: str | None
    subject_type: str | None
    subject_id: UUID | None
    reason: str | None
    asked: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    clause: str | None
    hash: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """What to look for; ``before`` is the id to continue after, newest first."""

    stream: str | None = None
    stream_prefix: str | None = None
    action_prefix: str | None = None
    outcome: str | None = None
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    region_code: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class StreamHead:
    """One chain and how many events it holds."""

    name: str
    events: int


def streams(session: Session, prefix: str, limit: int = 200) -> list[StreamHead]:
    """Return the chains whose names begin with ``prefix``, by name."""
    query = select(AuditStream.name, AuditStream.last_sequence).order_by(AuditStream.name).limit(limit)
    found = session.execute(query.where(AuditStream.name.startswith(prefix, autoescape=True)))
    return [StreamHead(name, events) for name, events in found]


def events_of_stream(session: Session, stream: str, limit: int = 5000) -> list[AuditEventRow]:
    """Return the events of one stream, oldest first."""
    query = select(AuditEvent).where(AuditEvent.stream == stream).order_by(AuditEvent.sequence).limit(limit)
    return [_row(event) for event in session.scalars(query)]


def events_of_instance(session: Session, instance_id: UUID, limit: int = 5000) -> list[AuditEventRow]:
    """Return the events that name one process instance, whatever their stream, oldest first."""
    query = select(AuditEvent).where(AuditEvent.instance_id == instance_id)
    query = query.order_by(AuditEvent.id).limit(limit)
    return [_row(event) for event in session.scalars(query)]


def steps_of_stream(session: Session, stream: str) -> Iterator[tuple[datetime, UUID | None, list[Any]]]:
    """Give the steps that the events of one stream set in motion, oldest first: when, by whom, the steps."""
    query = select(AuditEvent.occurred_at, AuditEvent.actor_id, AuditEvent.content)
    for at, person_id, content in session.execute(
        query.where(AuditEvent.stream == stream).order_by(AuditEvent.sequence)
    ):
        steps = orjson.loads(content).get("steps")
        if steps:
            yield at, person_id, steps


def search(session: Session, wanted: AuditSearch) -> list[AuditEventRow]:
    """Return the events that match, newest first, at most ``limit``."""
    query = _narrow(select(AuditEvent), wanted).order_by(AuditEvent.id.desc())
    return [_row(event) for event in session.scalars(query.limit(wanted.limit))]


def _narrow(query: Select[AuditEvent], wanted: AuditSearch) -> Select[AuditEvent]:
    conditions: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (wanted.stream, lambda value: AuditEvent.stream == value),
        (wanted.stream_prefix, lambda value: AuditEvent.stream.startswith(value, autoescape=True)),
        (wanted.action_prefix, lambda value: AuditEvent.action.startswith(value, autoescape=True)),
        (wanted.outcome, lambda value: AuditEvent.outcome == value),
        (wanted.actor_id, lambda value: AuditEvent.actor_id == value),
        (wanted.subject_id, lambda value: AuditEvent.subject_id == value),
        (wanted.region_code, lambda value: AuditEvent.region_code.between(*region_range(value))),
        (wanted.since, lambda value: AuditEvent.occurred_at >= value),
        (wanted.until, lambda value: AuditEvent.occurred_at < value),
        (wanted.before, lambda value: AuditEvent.id < value),
    ]
    for value, condition in conditions:
        if value is not None:
            query = query.where(condition(value))
    return query


def _row(event: AuditEvent) -> AuditEventRow:
    content = orjson.loads(event.content)
    personal = event.personal or {}
    return AuditEventRow(
        id=event.id,
        stream=event.stream,
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        action=event.action,
        outcome=event.outcome,
        actor_id=event.actor_id,
        actor_name=personal.get("actorName", {}).get("value", ""),
        address=personal.get("address", {}).get("value"),
        instance_id=event.instance_id,
        element_id=event.element_id,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        reason=content["reason"],
        asked=content["asked"],
        before=content["before"],
        after=content["after"],
        clause=content["clause"],
        hash=event.hash,
        content=content,
    )
