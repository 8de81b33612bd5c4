"""Reads about filings and plans: the register, what is overdue, what is due for its yearly review."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from domain.emergency.errors import FilingNotFound
from domain.emergency.models import PlanFiling, PlanVersion
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
class FilingRow:
    """A filing as it stands; ``state`` is PENDING, OVERDUE, FILED, COVERED or ENDED."""

    id: UUID
    version_id: UUID
    component_id: UUID
    instance_id: UUID
    cause: str
    state: str
    began_at: datetime
    due_at: datetime
    first_valid_at: datetime | None
    overdue_at: datetime | None
    is_restricted: bool
    plan_version_id: UUID | None
    is_on_time: bool | None
    filed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One version of a plan."""

    id: UUID
    version_id: UUID
    filing_id: UUID
    number: int
    digest: str
    content: Mapping[str, Any]
    file_id: UUID | None
    is_valid: bool
    submitted_by: UUID | None
    submitted_at: datetime
    is_filed: bool


@dataclass(frozen=True, slots=True)
class FilingPage:
    """A page of filings, newest first; ``next`` is the cursor of the next page, or None."""

    rows: tuple[FilingRow, ...]
    next: UUID | None


def filings(
    session: Session, actor: Actor, *, state: str | None = None, after: UUID | None = None, limit: int = 50
) -> FilingPage:
    """Return the filings that the actor may see: of the own regions, or of the own unit's components.

    Raises:
        NotAllowed: the actor may not read filings.
    """
    actor.require("plan.read")
    query = select(PlanFiling).where(_visible_to(actor)).order_by(PlanFiling.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(PlanFiling.state == state)
    if after is not None:
        query = query.where(PlanFiling.id < after)
    rows = [filing_row(found) for found in session.scalars(query)]
    return FilingPage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def filing(session: Session, actor: Actor, filing_id: UUID) -> FilingRow:
    """Return one filing.

    Raises:
        NotAllowed: the actor may not read filings.
        FilingNotFound: no such filing, or not the actor's to see.
    """
    actor.require("plan.read")
    found = session.scalar(select(PlanFiling).where(PlanFiling.id == filing_id, _visible_to(actor)))
    if found is None:
        raise FilingNotFound
    return filing_row(found)


def filing_of_instance(session: Session, instance_id: UUID) -> FilingRow | None:
    """Return the filing that a process instance carries, or None."""
    found = session.scalar(select(PlanFiling).where(PlanFiling.instance_id == instance_id))
    return None if found is None else filing_row(found)


def latest_filing(session: Session, version_id: UUID) -> FilingRow | None:
    """Return the newest filing of a version, or None."""
    query = select(PlanFiling).where(PlanFiling.version_id == version_id).order_by(PlanFiling.id.desc())
    found = session.scalar(query.limit(1))
    return None if found is None else filing_row(found)


def open_filing_of(session: Session, version_id: UUID) -> FilingRow | None:
    """Return the filing of a version that is under way, or None."""
    found = session.scalar(select(PlanFiling).where(PlanFiling.open_version_id == version_id))
    return None if found is None else filing_row(found)


def is_restricted(session: Session, version_id: UUID) -> bool:
    """Tell whether the version takes no new orders because its plan is overdue."""
    query = select(PlanFiling.id).where(PlanFiling.open_version_id == version_id, PlanFiling.is_restricted)
    return session.scalar(query) is not None


def plan(session: Session, plan_version_id: UUID) -> PlanRow:
    """Return one version of a plan.

    Raises:
        FilingNotFound: no such version.
    """
    found = session.get(PlanVersion, plan_version_id)
    if found is None:
        raise FilingNotFound
    return _plan_row(found)


def plans(session: Session, version_id: UUID) -> list[PlanRow]:
    """Return every version of a version's plan, newest first."""
    query = select(PlanVersion).where(PlanVersion.version_id == version_id)
    return [_plan_row(found) for found in session.scalars(query.order_by(PlanVersion.number.desc()))]


def former_plan(session: Session, component_id: UUID, version_id: UUID) -> PlanRow | None:
    """Return the newest filed plan of another version that says to cover later ones, or None."""
    query = (
        select(PlanVersion)
        .join(PlanFiling, PlanFiling.id == PlanVersion.filing_id)
        .where(
            PlanFiling.component_id == component_id,
            PlanFiling.version_id != version_id,
            PlanVersion.is_filed,
        )
        .order_by(PlanFiling.filed_at.desc())
    )
    rows = [_plan_row(found) for found in session.scalars(query.limit(20))]
    return next((row for row in rows if row.content.get("coversLaterVersions") is True), None)


def covering_plan(session: Session, version_id: UUID) -> PlanRow | None:
    """Return the filed plan of the version itself, or None."""
    query = select(PlanVersion).where(PlanVersion.version_id == version_id, PlanVersion.is_filed)
    found = session.scalar(query.order_by(PlanVersion.number.desc()).limit(1))
    return None if found is None else _plan_row(found)


def last_filed(session: Session) -> dict[UUID, datetime]:
    """Return when the plan of each version was last filed."""
    query = (
        select(PlanFiling.version_id, func.max(PlanFiling.filed_at))
        .where(PlanFiling.filed_at.is_not(None))
        .group_by(PlanFiling.version_id)
    )
    return {version_id: filed_at for version_id, filed_at in session.execute(query) if filed_at}


def versions_with_open_filing(session: Session, version_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the versions whose filing is under way."""
    query = select(PlanFiling.version_id).where(PlanFiling.open_version_id.in_(list(version_ids)))
    return set(session.scalars(query))


def filing_row(found: PlanFiling) -> FilingRow:
    """Return a row of the table as plain values."""
    return FilingRow(**{name: getattr(found, name) for name in FilingRow.__dataclass_fields__})


def _plan_row(found: PlanVersion) -> PlanRow:
    return PlanRow(**{name: getattr(found, name) for name in PlanRow.__dataclass_fields__})


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        unit_id = grant.unit_id or actor.unit_id
        if grant.role in _BY_REGION:
            conditions.append(PlanFiling.region_code.between(*region_range(grant.region_code)))
        elif grant.role == RELEASING_UNIT and unit_id is not None:
            conditions.append(PlanFiling.unit_id == unit_id)
        elif grant.role == PROVIDER and unit_id is not None:
            conditions.append(PlanFiling.provider_unit_id == unit_id)
    return or_(false(), *conditions)
