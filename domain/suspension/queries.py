"""Reads about suspensions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.suspension.models import Suspension


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRow:
    """A suspension as it stands."""

    id: UUID
    version_id: UUID
    cause: str
    description: str
    record_digest: str
    began_at: datetime
    recovery_due_at: datetime
    is_same_version_mended: bool
    finding: str | None
    finding_note: str | None
    ended_at: datetime | None


def open_suspension(session: Session, version_id: UUID) -> SuspensionRow | None:
    """Return the suspension of a version that has not ended, or None."""
    found = session.scalar(select(Suspension).where(Suspension.open_version_id == version_id))
    return None if found is None else suspension_row(found)


def suspended_between(session: Session, first: datetime, last: datetime) -> set[UUID]:
    """Return the versions that were suspended for a while between two instants."""
    query = select(Suspension.version_id).where(
        Suspension.began_at < last, or_(Suspension.ended_at.is_(None), Suspension.ended_at >= first)
    )
    return set(session.scalars(query))


def suspension_row(found: Suspension) -> SuspensionRow:
    """Return a row of the table as plain values."""
    return SuspensionRow(**{name: getattr(found, name) for name in SuspensionRow.__dataclass_fields__})
