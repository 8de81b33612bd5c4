"""Reads about cases of delisting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from domain.delisting.errors import DelistingNotFound
from domain.delisting.kinds import Kind
from domain.delisting.models import DelistingCase
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    RELEASING_UNIT,
    REVIEWER,
    SUPERVISOR,
)
from kernel.actor import Actor
from kernel.territory import region_range

_BY_REGION = frozenset({OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as it stands; see ``models.DelistingCase`` for what the documents hold."""

    id: UUID
    version_id: UUID
    instance_id: UUID
    region_code: str
    kind: Kind
    grounds: Mapping[str, Any]
    opened_by: UUID | None
    opened_at: datetime
    severity: str | None
    has_suspended: bool
    served_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    mended_at: datetime | None
    opinions: Mapping[str, Any]
    conclusion: str | None
    concluded_by: UUID | None
    requested_by: UUID | None
    requested_at: datetime | None
    approved_by: UUID | None
    approved_at: datetime | None
    grace_days: int | None
    takedown_at: datetime | None
    told_at: datetime | None
    stopped_how: str | None
    stopped_by: UUID | None
    begun_at: datetime | None
    proofs: Mapping[str, Any]
    closed_at: datetime | None
    outcome: str | None
    reason: str | None
    retained_on: str | None

    @property
    def involved(self) -> frozenset[UUID]:
        """Return everybody who opened, asked for, evaluated or concluded: they may not approve."""
        people = {self.opened_by, self.requested_by, self.concluded_by}
        people |= {UUID(said["by"]) for said in self.opinions.values() if said.get("by")}
        return frozenset(person for person in people if person is not None)


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of cases, newest first; ``next`` is the cursor of the next page, or None."""

    rows: tuple[CaseRow, ...]
    next: UUID | None


def open_case(session: Session, version_id: UUID) -> CaseRow | None:
    """Return the open case of a version, or None."""
    found = session.scalar(select(DelistingCase).where(DelistingCase.open_version_id == version_id))
    return None if found is None else case_row(found)


def case_of_instance(session: Session, instance_id: UUID) -> CaseRow | None:
    """Return the case that a process instance carries, open or closed."""
    found = session.scalar(select(DelistingCase).where(DelistingCase.instance_id == instance_id))
    return None if found is None else case_row(found)


def cases_of_version(session: Session, version_id: UUID) -> list[CaseRow]:
    """Return every case of a version, newest first."""
    query = select(DelistingCase).where(DelistingCase.version_id == version_id)
    return [case_row(found) for found in session.scalars(query.order_by(DelistingCase.id.desc()))]


def in_migration(session: Session) -> list[CaseRow]:
    """Return the approved voluntary cases whose take-down has not begun, oldest first."""
    query = select(DelistingCase).where(
        DelistingCase.open_version_id.is_not(None),
        DelistingCase.kind == Kind.VOLUNTARY.value,
        DelistingCase.approved_at.is_not(None),
        DelistingCase.begun_at.is_(None),
    )
    return [case_row(found) for found in session.scalars(query.order_by(DelistingCase.id))]


def versions_with_open_case(session: Session, version_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the versions that are being delisted."""
    query = select(DelistingCase.version_id).where(DelistingCase.open_version_id.in_(list(version_ids)))
    return set(session.scalars(query))


def retained_on(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return the latest day on which each version was kept although it was idle."""
    query = (
        select(DelistingCase.version_id, func.max(DelistingCase.retained_on))
        .where(DelistingCase.version_id.in_(list(version_ids)), DelistingCase.retained_on.is_not(None))
        .group_by(DelistingCase.version_id)
    )
    return {version_id: date.fromisoformat(day) for version_id, day in session.execute(query) if day}


def cases(
    session: Session, actor: Actor, *, only_open: bool = False, after: UUID | None = None, limit: int = 50
) -> CasePage:
    """Return the cases that the actor may see: of the own regions, or of the own unit's components.

    Raises:
        NotAllowed: the actor may not read cases of delisting.
    """
    actor.require("delisting.read")
    query = select(DelistingCase).where(_visible_to(actor)).order_by(DelistingCase.id.desc())
    if only_open:
        query = query.where(DelistingCase.open_version_id.is_not(None))
    if after is not None:
        query = query.where(DelistingCase.id < after)
    rows = [case_row(found) for found in session.scalars(query.limit(limit + 1))]
    return CasePage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def case(session: Session, actor: Actor, case_id: UUID) -> CaseRow:
    """Return one case.

    Raises:
        NotAllowed: the actor may not read cases of delisting.
        DelistingNotFound: no such case, or not the actor's to see.
    """
    actor.require("delisting.read")
    found = session.scalar(select(DelistingCase).where(DelistingCase.id == case_id, _visible_to(actor)))
    if found is None:
        raise DelistingNotFound
    return case_row(found)


def case_row(found: DelistingCase) -> CaseRow:
    """Return a row of the table as plain values."""
    names = [name for name in CaseRow.__dataclass_fields__ if name != "kind"]
    return CaseRow(kind=Kind(found.kind), **{name: getattr(found, name) for name in names})


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        unit_id = grant.unit_id or actor.unit_id
        if grant.role in _BY_REGION:
            conditions.append(DelistingCase.region_code.between(*region_range(grant.region_code)))
        elif grant.role == RELEASING_UNIT and unit_id is not None:
            conditions.append(DelistingCase.unit_id == unit_id)
        elif grant.role == PROVIDER and unit_id is not None:
            conditions.append(DelistingCase.provider_unit_id == unit_id)
    return or_(false(), *conditions)
