"""Appending to the audit trail: the only writer of its tables.

The database moves the head of a stream itself with every event, and refuses an event that does not
continue the stream where its head stands (migration ``fewer_statements``).
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, insert, select
from sqlalchemy.orm import Session

from kernel.audit.canonical import (
    FIRST_PREVIOUS_HASH,
    HASH_ALGORITHM,
    SCHEMA_VERSION,
    canonical,
    chain_hash,
    commit_to,
    commitment,
)
from kernel.audit.entry import AuditEntry
from kernel.audit.models import AuditEvent, AuditStream
from kernel.clock import now
from kernel.errors import StaleState
from kernel.ids import new_id
from kernel.language import Text
from kernel.statements import Batch, Statement

_HEADS: Final = "zujian_audit_heads"
_stream = cast(Table, AuditStream.__table__)
_event = cast(Table, AuditEvent.__table__)
_LOCK_HEAD: Final = Statement(
    select(_stream.c.last_sequence, _stream.c.last_hash)
    .where(_stream.c.name == bindparam("stream"))
    .with_for_update()
)
_INSERT: Final = Statement(insert(_event))


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: the number of its last event and that event's digest."""

    sequence: int
    hash: str


NO_EVENTS: Final = Head(0, FIRST_PREVIOUS_HASH)
# For queries that read a head together with what the stream is about; see ``know_head``.
STREAM_NAME: Final[ColumnElement[str]] = _stream.c.name
HEAD_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (_stream.c.last_sequence, _stream.c.last_hash)


def append(session: Session, *entries: AuditEntry, batch: Batch | None = None) -> list[UUID]:
    """Write the events, chained to the ends of their streams, and return their ids.

    The head of a stream that this transaction does not know yet is read and locked until the transaction
    ends, so that writers of one stream queue and writers of different streams never meet. Given a
    ``batch``, the events are written when that is sent.

    Raises:
        StaleState: another transaction appended to the stream since ``know_head``.
    """
    heads = _known_heads(session)
    events: list[dict[str, Any]] = []
    for entry in entries:
        head = heads.get(entry.stream) or _lock_head(session, entry.stream)
        event = _link(entry, head.sequence + 1, head.hash)
        heads[entry.stream] = Head(event["sequence"], event["hash"])
        events.append(event)
    sent = batch or Batch()
    sent.add(_INSERT, events, otherwise=_continued_by_another)
    if batch is None:
        sent.send(session)
    return [event["id"] for event in events]


def know_head(session: Session, stream: str, sequence: int | None, digest: str | None) -> None:
    """Spare ``append`` a statement: the head was read in this transaction together with something else.

    It is not locked. Should another transaction append to the stream meanwhile, this one loses the race and
    the unit of work runs it again. None stands for a stream without events.
    """
    head = NO_EVENTS if sequence is None or digest is None else Head(sequence, digest)
    session.info.setdefault(_HEADS, {}).setdefault(stream, head)


def _known_heads(session: Session) -> dict[str, Head]:
    """Return the heads as this transaction left them; what a savepoint may undo is not relied on."""
    if session.in_nested_transaction():
        session.info[_HEADS] = {}
        return {}
    heads: dict[str, Head] = session.info.setdefault(_HEADS, {})
    return heads


def _lock_head(session: Session, stream: str) -> Head:
    found = _LOCK_HEAD.first(session, {"stream": stream})
    return Head(*found) if found is not None else NO_EVENTS


def _continued_by_another() -> StaleState:
    return StaleState(Text("该记录链正被同时写入。", "Somebody else is writing to the same stream."))


def _link(entry: AuditEntry, sequence: int, previous_hash: str) -> dict[str, Any]:
    occurred_at = now()
    identifier = new_id()
    kept = _personal_values(entry)
    content = canonical(
        {
            "schema": SCHEMA_VERSION,
            "id": identifier,
            "stream": entry.stream,
            "sequence": sequence,
            "occurredAt": occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": entry.action,
            "outcome": entry.outcome,
            "actorId": entry.actor.person_id,
            "actingFor": entry.actor.acting_for,
            "channel": entry.actor.channel,
            "role": entry.role,
            "instanceId": entry.instance_id,
            "elementId": entry.element_id,
            "definitionVersion": entry.definition_version,
            "subjectType": entry.subject_type,
            "subjectId": entry.subject_id,
            "reason": entry.reason,
            "asked": entry.asked,
            "before": entry.before,
            "after": entry.after,
            "clause": entry.clause,
            "regionCode": entry.region_code,
            "unitId": entry.unit_id,
            "personal": {name: commitment(value) for name, value in kept.items()},
        },
        {"steps": entry.steps} if entry.steps else None,
    )
    return {
        "id": identifier,
        "stream": entry.stream,
        "sequence": sequence,
        "schema_version": SCHEMA_VERSION,
        "hash_algorithm": HASH_ALGORITHM,
        "occurred_at": occurred_at,
        "action": entry.action,
        "outcome": entry.outcome,
        "actor_id": entry.actor.person_id,
        "instance_id": entry.instance_id,
        "element_id": entry.element_id,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "region_code": entry.region_code,
        "unit_id": entry.unit_id,
        "content": content,
        "previous_hash": previous_hash,
        "hash": chain_hash(previous_hash, content),
        "personal": kept or None,
    }


def _personal_values(entry: AuditEntry) -> dict[str, dict[str, str]]:
    values = {"actorName": entry.actor.name, "address": entry.actor.address}
    return {name: commit_to(value) for name, value in values.items() if value}
