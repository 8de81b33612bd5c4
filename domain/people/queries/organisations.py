"""Reads about regions, units and the authority that one delegates to another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.people.errors import UnitNotFound
from domain.people.models import DelegatedAuthority, PersonVerification, Region, Unit, UnitPlace
from kernel.clock import SHANGHAI, now
from kernel.territory import covers


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region by its GB/T 2260 code."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """An organisation; ``kind`` is one of ``service.UNIT_KINDS``, ``parent_id`` the unit above it.

    ``credit_code`` is the unified social credit code (GB 32100), where it is known.
    """

    id: UUID
    name: str
    kind: str
    region_code: str
    is_active: bool
    parent_id: UUID | None = None
    credit_code: str | None = None


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A department's authority to a company; the dates are ISO dates in Asia/Shanghai, both included."""

    id: UUID
    department_unit_id: UUID
    company_unit_id: UUID
    region_code: str
    scope: str
    starts_on: str
    ends_on: str
    granted_by: UUID
    granted_at: datetime
    revoked_at: datetime | None
    reason: str | None

    @property
    def is_in_force(self) -> bool:
        """Tell whether it holds today."""
        return self.revoked_at is None and self.starts_on <= _today() <= self.ends_on


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """That a person is who they say: who looked, when, on which basis."""

    verified_by: UUID
    verified_at: datetime
    basis: str


def regions(session: Session) -> list[RegionRow]:
    """Return every region by code."""
    rows = session.scalars(select(Region).order_by(Region.code))
    return [RegionRow(row.code, row.name, row.name_en) for row in rows]


def region_by_name(session: Session, name: str) -> RegionRow | None:
    """Return the region of this name."""
    row = session.scalar(select(Region).where(Region.name == name))
    return None if row is None else RegionRow(row.code, row.name, row.name_en)


def unit(session: Session, unit_id: UUID) -> UnitRow:
    """Return one unit.

    Raises:
        UnitNotFound: no such unit.
    """
    row = session.execute(_unit_select().where(Unit.id == unit_id)).one_or_none()
    if row is None:
        raise UnitNotFound(unit_id)
    return _unit_row(*row)


def unit_by_credit_code(session: Session, code: str) -> UnitRow | None:
    """Return the unit of this unified social credit code."""
    row = session.execute(_unit_select().where(UnitPlace.credit_code == code)).one_or_none()
    return None if row is None else _unit_row(*row)


def unit_by_name(session: Session, name: str) -> UnitRow | None:
    """Return the unit of exactly this name."""
    row = session.execute(_unit_select().where(Unit.name == name)).one_or_none()
    return None if row is None else _unit_row(*row)


def units(session: Session, *, kind: str | None = None, region_code: str | None = None) -> list[UnitRow]:
    """Return the active units by region and name."""
    query = _unit_select().where(Unit.is_active).order_by(Unit.region_code, Unit.name)
    if kind is not None:
        query = query.where(Unit.kind == kind)
    if region_code is not None:
        query = query.where(Unit.region_code == region_code)
    return [_unit_row(*row) for row in session.execute(query)]


def unit_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the units that exist."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {
        row.id: row.name for row in session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))
    }


def delegations(
    session: Session, *, department_unit_id: UUID | None = None, company_unit_id: UUID | None = None
) -> list[DelegationRow]:
    """Return delegated authority, the newest first, ended ones included."""
    query = select(DelegatedAuthority).order_by(DelegatedAuthority.id.desc())
    if department_unit_id is not None:
        query = query.where(DelegatedAuthority.department_unit_id == department_unit_id)
    if company_unit_id is not None:
        query = query.where(DelegatedAuthority.company_unit_id == company_unit_id)
    return [_delegation(row) for row in session.scalars(query)]


def authority_of(session: Session, company_unit_id: UUID, region_code: str) -> DelegationRow | None:
    """Return the authority in force today by which a company acts for a department in this region, or None.

    Source: TC609-4-2026-XX, 8.2.1b (a third party authorised by a department)
    """
    rows = delegations(session, company_unit_id=company_unit_id)
    return next((row for row in rows if row.is_in_force and covers(row.region_code, region_code)), None)


def verification_of(session: Session, person_id: UUID) -> VerificationRow | None:
    """Return the standing verification of a person's real name, or None."""
    row = session.scalar(
        select(PersonVerification)
        .where(PersonVerification.person_id == person_id, PersonVerification.withdrawn_at.is_(None))
        .order_by(PersonVerification.id.desc())
        .limit(1)
    )
    return None if row is None else VerificationRow(row.verified_by, row.verified_at, row.basis)


def verified_ids(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the persons are verified."""
    query = select(PersonVerification.person_id).where(
        PersonVerification.person_id.in_(set(ids)), PersonVerification.withdrawn_at.is_(None)
    )
    return set(session.scalars(query))


def _today() -> str:
    return now().astimezone(SHANGHAI).date().isoformat()


def _delegation(row: DelegatedAuthority) -> DelegationRow:
    return DelegationRow(
        id=row.id,
        department_unit_id=row.department_unit_id,
        company_unit_id=row.company_unit_id,
        region_code=row.region_code,
        scope=row.scope,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        revoked_at=row.revoked_at,
        reason=row.reason,
    )


def _unit_select() -> Select[Unit, UnitPlace]:
    return select(Unit, UnitPlace).outerjoin(UnitPlace, UnitPlace.unit_id == Unit.id)


def _unit_row(row: Unit, place: UnitPlace | None) -> UnitRow:
    return UnitRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        region_code=row.region_code,
        is_active=row.is_active,
        parent_id=place.parent_id if place else None,
        credit_code=place.credit_code if place else None,
    )
