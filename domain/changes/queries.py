"""Reads about changes: one, those of a version, and what is pending against what holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.changes.differences import Difference, differences
from domain.changes.errors import ChangeNotFound
from domain.changes.kinds import Kind, Risk, Status
from domain.changes.models import ComponentChange
from kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change as it stands.

    ``differences`` compare the pending record with the one it was drawn against. ``contract`` is None where
    no two contracts were compared, else an object with ``level`` and ``changes``.
    """

    id: UUID
    version_id: UUID
    kind: Kind
    status: Status
    instance_id: UUID | None
    cause_id: str | None
    summary: str
    impact: str
    rollback_plan: str
    compatibility_plan: str
    window_start: datetime | None
    window_end: datetime | None
    new_version: str | None
    contract_file: str | None
    new_version_id: UUID | None
    base_digest: str
    pending_digest: str | None
    differences: tuple[Difference, ...]
    risk_score: int | None
    risk_level: Risk | None
    factors: tuple[str, ...]
    level: str | None
    contract: Mapping[str, Any] | None
    opened_at: datetime
    opened_by: UUID | None
    submitted_by: UUID | None
    applied_at: datetime | None
    ended_at: datetime | None
    ending_reason: str | None
    sunset_on: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether the change has not ended."""
        return self.ended_at is None


def change(session: Session, actor: Actor, change_id: UUID) -> ChangeRow:
    """Return one change.

    Raises:
        ChangeNotFound: no such change.
        VersionNotFound, NotAllowed: the actor may not see its version.
    """
    found = session.get(ComponentChange, change_id)
    if found is None:
        raise ChangeNotFound(change_id)
    catalogue.version_detail(session, actor, found.version_id)
    return _row(session, found)


def open_change_of(session: Session, version_id: UUID) -> ChangeRow | None:
    """Return the change of a version that is under way, or None."""
    found = session.scalar(select(ComponentChange).where(ComponentChange.open_key == version_id))
    return None if found is None else _row(session, found)


def change_that_brings(session: Session, version_id: UUID) -> ChangeRow | None:
    """Return the open change that holds a new version until its window, or None."""
    query = select(ComponentChange).where(
        ComponentChange.new_version_id == version_id, ComponentChange.open_key.is_not(None)
    )
    found = session.scalar(query)
    return None if found is None else _row(session, found)


def changes_of(session: Session, version_id: UUID, limit: int = 50) -> tuple[ChangeRow, ...]:
    """Return the changes of a version, newest first."""
    query = (
        select(ComponentChange)
        .where(ComponentChange.version_id == version_id)
        .order_by(ComponentChange.id.desc())
        .limit(limit)
    )
    return tuple(_row(session, found) for found in session.scalars(query))


def sunset_of(session: Session, version_id: UUID) -> str | None:
    """Return until when a deprecated version is meant to be used (an ISO date), or None."""
    query = (
        select(ComponentChange.sunset_on)
        .where(ComponentChange.version_id == version_id, ComponentChange.sunset_on.is_not(None))
        .order_by(ComponentChange.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def record_under(session: Session, digest: str) -> Mapping[str, Any]:
    """Return the record that is kept under a digest."""
    return catalogue.record_under(session, digest)


def _row(session: Session, found: ComponentChange) -> ChangeRow:
    said = found.assessment or {}
    current = record_under(session, found.base_digest)
    pending = record_under(session, found.pending_digest) if found.pending_digest else current
    return ChangeRow(
        id=found.id,
        version_id=found.version_id,
        kind=Kind(found.kind),
        status=Status(found.status),
        instance_id=found.instance_id,
        cause_id=found.cause_id,
        summary=found.summary,
        impact=found.impact,
        rollback_plan=found.rollback_plan,
        compatibility_plan=found.compatibility_plan,
        window_start=found.window_start,
        window_end=found.window_end,
        new_version=found.new_version,
        contract_file=found.contract_file,
        new_version_id=found.new_version_id,
        base_digest=found.base_digest,
        pending_digest=found.pending_digest,
        differences=differences(current, pending),
        risk_score=found.risk_score,
        risk_level=Risk(found.risk_level) if found.risk_level else None,
        factors=tuple(said.get("factors", ())),
        level=said.get("level"),
        contract=said.get("contract"),
        opened_at=found.opened_at,
        opened_by=found.opened_by,
        submitted_by=found.submitted_by,
        applied_at=found.applied_at,
        ended_at=found.ended_at,
        ending_reason=found.ending_reason,
        sunset_on=found.sunset_on,
    )
