"""Appending to the audit trail: the only writer of its tables."""

from datetime import UTC
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
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
from kernel.audit.models import AuditEvent, AuditPersonalValue, AuditStream
from kernel.clock import now
from kernel.ids import new_id

# Built once, on the tables: building a statement costs more than running it, and an entity could be a cached
# one that hides what another writer stored.
_stream = cast(Table, AuditStream.__table__)
_LOCK_HEAD: Final = (
    select(_stream.c.last_sequence, _stream.c.last_hash)
    .where(_stream.c.name == bindparam("stream"))
    .with_for_update()
)
_MOVE_HEAD: Final = update(_stream).where(_stream.c.name == bindparam("stream"))
_EVENTS: Final = insert(cast(Table, AuditEvent.__table__))
_PERSONAL: Final = insert(cast(Table, AuditPersonalValue.__table__))


def append(session: Session, *entries: AuditEntry) -> list[UUID]:
    """Write the events, chained to the ends of their streams, and return their ids.

    All the events of one command are best given in one call: the head of each stream
    is then read and written once. The head row is locked until the transaction ends,
    so writers of one stream queue and writers of different streams never meet.
    """
    identifiers: list[UUID] = []
    for stream in dict.fromkeys(entry.stream for entry in entries):
        group = [entry for entry in entries if entry.stream == stream]
        identifiers += _append_to_stream(session, stream, group)
    return identifiers


def _append_to_stream(session: Session, stream: str, entries: list[AuditEntry]) -> list[UUID]:
    sequence, previous_hash = _lock_head(session, stream)
    events: list[dict[str, Any]] = []
    personal: list[dict[str, Any]] = []
    for entry in entries:
        sequence += 1
        event, kept = _link(entry, sequence, previous_hash)
        previous_hash = event["hash"]
        events.append(event)
        if kept:
            personal.append({"event_id": event["id"], "values": kept})
    head = {"last_sequence": sequence, "last_hash": previous_hash}
    connection = session.connection()
    connection.execute(_MOVE_HEAD, {"stream": stream, **head})
    connection.execute(_EVENTS, events)
    if personal:
        connection.execute(_PERSONAL, personal)
    return [event["id"] for event in events]


def _lock_head(session: Session, stream: str) -> tuple[int, str]:
    head = session.connection().execute(_LOCK_HEAD, {"stream": stream}).one_or_none()
    if head is None:
        _begin_stream(session, stream)
        head = session.connection().execute(_LOCK_HEAD, {"stream": stream}).one()
    return head.last_sequence, head.last_hash


def _begin_stream(session: Session, stream: str) -> None:
    """Write the head of a new stream, unless another writer has just done so."""
    try:
        with session.begin_nested():
            session.execute(
                insert(AuditStream).values(name=stream, last_sequence=0, last_hash=FIRST_PREVIOUS_HASH)
            )
    except IntegrityError:
        return


def _link(
    entry: AuditEntry, sequence: int, previous_hash: str
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
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
        }
    )
    event = {
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
    }
    return event, kept


def _personal_values(entry: AuditEntry) -> dict[str, dict[str, str]]:
    values = {"actorName": entry.actor.name, "address": entry.actor.address}
    return {name: commit_to(value) for name, value in values.items() if value}
