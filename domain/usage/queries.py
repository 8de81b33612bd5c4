"""Reads about calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.usage.models import CallRecord
from domain.usage.rules import REAL


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as it is shown."""

    called_at: datetime
    kind: str
    application: str
    api_code: str | None
    source_ip: str | None
    result_code: int
    latency_ms: int | None
    bytes_sent: int | None
    trace_id: str


def last_real_call(session: Session, version_id: UUID) -> datetime | None:
    """Return when the version was last called for real, or None."""
    return last_real_calls(session, (version_id,)).get(version_id)


def last_real_calls(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return the last real call of each version that has one."""
    query = (
        select(CallRecord.version_id, func.max(CallRecord.called_at))
        .where(CallRecord.version_id.in_(list(version_ids)), CallRecord.kind == REAL)
        .group_by(CallRecord.version_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def real_calls(
    session: Session, version_id: UUID, since: datetime | None = None, order_id: UUID | None = None
) -> int:
    """Count the real calls of a version, from an instant on, under one order where it is given."""
    query = select(func.count()).where(CallRecord.version_id == version_id, CallRecord.kind == REAL)
    if since is not None:
        query = query.where(CallRecord.called_at >= since)
    if order_id is not None:
        query = query.where(CallRecord.order_id == order_id)
    return session.scalar(query) or 0


def calls(session: Session, version_id: UUID, limit: int = 50) -> list[CallRow]:
    """Return the newest calls of a version, of every kind."""
    query = (
        select(CallRecord)
        .where(CallRecord.version_id == version_id)
        .order_by(CallRecord.called_at.desc(), CallRecord.id.desc())
        .limit(limit)
    )
    return [
        CallRow(
            call.called_at,
            call.kind,
            call.application,
            call.api_code,
            call.source_ip,
            call.result_code,
            call.latency_ms,
            call.bytes_sent,
            call.trace_id,
        )
        for call in session.scalars(query)
    ]
