"""Reads about people: plain rows, and the ``Actor`` that every service asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from domain.people.errors import PersonNotFound
from domain.people.models import Identity, Person, RoleGrant, Unit
from domain.people.passwords import is_unused
from domain.people.permissions import permissions_of
from domain.people.queries.organisations import verified_ids
from kernel.actor import Actor, Channel, Grant
from kernel.clock import SHANGHAI, now

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role for a region and unit; ``status`` proposed, active, refused or revoked."""

    id: UUID
    person_id: UUID
    role: str
    region_code: str
    unit_id: UUID | None
    status: str
    proposed_by: UUID | None
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None
    starts_on: str | None = None
    ends_on: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with unit and standing grants (active and proposed)."""

    id: UUID
    name: str
    user_name: str | None
    unit_id: UUID
    unit_name: str
    region_code: str
    is_active: bool
    last_sign_in_at: datetime | None
    grants: tuple[GrantRow, ...]
    is_verified: bool = False
    is_unused: bool = False


def actor_for(
    session: Session, person_id: UUID, *, channel: Channel = "web", address: str | None = None
) -> Actor:
    """Return the person as actor, with every grant in force today and what it permits.

    Raises:
        PersonNotFound: no such person, or deactivated.
    """
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise PersonNotFound(person_id)
    grants = session.execute(
        select(RoleGrant.role, RoleGrant.region_code, RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, *in_force())
        .order_by(RoleGrant.id)
    ).all()
    held = tuple(Grant(role, region, unit) for role, region, unit in grants)
    return Actor(
        person_id=person.id,
        name=person.name,
        unit_id=person.unit_id,
        grants=held,
        permissions=permissions_of(grant.role for grant in held),
        channel=channel,
        address=address,
    )


def in_force() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a grant that holds today, by the date in Asia/Shanghai."""
    today = now().astimezone(SHANGHAI).date().isoformat()
    return (
        RoleGrant.status == "active",
        or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )


def somebody_holds(session: Session, role: str, region_code: str, unit_id: UUID | None = None) -> bool:
    """Tell whether an active person's grant of the role reaches work of this region and unit."""
    rows = session.execute(
        select(RoleGrant.region_code, RoleGrant.unit_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == role, *in_force(), Person.is_active)
    )
    return any(Grant(role, region, unit).reaches(region_code, unit_id) for region, unit in rows)


def person_id_of(session: Session, user_name: str) -> UUID | None:
    """Return the person who signs in locally by this user name, or None."""
    query = select(Identity.person_id).where(
        Identity.provider == LOCAL, Identity.subject == user_name.strip().casefold()
    )
    return session.scalar(query)


def person(session: Session, person_id: UUID) -> PersonRow:
    """Return one person.

    Raises:
        PersonNotFound: no such person.
    """
    rows = _persons(session, _person_select().where(Person.id == person_id))
    if not rows:
        raise PersonNotFound(person_id)
    return rows[0]


def persons(
    session: Session,
    actor: Actor,
    *,
    text: str | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[PersonRow]:
    """Return persons by name; ``after`` is (name, id) of the last row seen.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    actor.require("person.read")
    query = _person_select().order_by(Person.name, Person.id).limit(limit)
    if text:
        query = query.where(Person.name.startswith(text, autoescape=True))
    if after is not None:
        name, last = after
        query = query.where(or_(Person.name > name, (Person.name == name) & (Person.id > last)))
    return _persons(session, query)


def person_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the persons that exist."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True, slots=True)
class PersonName:
    """Enough of a person to tell them from another of the same name."""

    id: UUID
    name: str
    unit_name: str


def persons_named(session: Session, actor: Actor, text: str, limit: int = 20) -> list[PersonName]:
    """Return the persons whose name begins with ``text``, for whoever reads the audit trail.

    Raises:
        NotAllowed: the actor may not read the trail.
    """
    actor.require("audit.read")
    query = (
        select(Person.id, Person.name, Unit.name)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.name.startswith(text, autoescape=True))
        .order_by(Person.name, Person.id)
        .limit(limit)
    )
    return [PersonName(*row) for row in session.execute(query)]


def holders(
    session: Session, role: str, region_code: str, unit_id: UUID | None = None, limit: int = 200
) -> list[PersonName]:
    """Return the active persons whose grant of the role reaches work of this region and unit, by name."""
    query = (
        select(Person.id, Person.name, Unit.name, RoleGrant.region_code, RoleGrant.unit_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(RoleGrant.role == role, *in_force(), Person.is_active)
        .order_by(Person.name, Person.id)
    )
    found = {
        person_id: PersonName(person_id, name, unit_name)
        for person_id, name, unit_name, region, unit in session.execute(query)
        if Grant(role, region, unit).reaches(region_code, unit_id)
    }
    return list(found.values())[:limit]


def acting_for(session: Session, role: str, unit_id: UUID) -> list[UUID]:
    """Return the active persons who hold the role for a unit: one that the grant names, else their own."""
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, *in_force(), Person.is_active)
        .where(func.coalesce(RoleGrant.unit_id, Person.unit_id) == unit_id)
        .order_by(Person.id)
        .distinct()
    )
    return list(session.scalars(query))


def proposed_grants(session: Session, actor: Actor, limit: int = 100) -> list[GrantRow]:
    """Return the grants that wait for a decision, oldest first.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    actor.require("person.read")
    query = select(RoleGrant).where(RoleGrant.status == "proposed").order_by(RoleGrant.id).limit(limit)
    return [_grant_row(grant) for grant in session.scalars(query)]


def _person_select() -> Select[Person, str, str, datetime | None]:
    return (
        select(Person, Unit.name, Identity.subject, Identity.password_set_at)
        .join(Unit, Unit.id == Person.unit_id)
        .outerjoin(Identity, (Identity.person_id == Person.id) & (Identity.provider == LOCAL))
    )


def _persons(session: Session, query: Select[Person, str, str, datetime | None]) -> list[PersonRow]:
    found = session.execute(query).all()
    grants: dict[UUID, list[GrantRow]] = {}
    standing = select(RoleGrant).where(
        RoleGrant.person_id.in_([row[0].id for row in found]),
        RoleGrant.status.in_(("active", "proposed")),
    )
    for grant in session.scalars(standing.order_by(RoleGrant.id)):
        grants.setdefault(grant.person_id, []).append(_grant_row(grant))
    verified = verified_ids(session, [row[0].id for row in found])
    return [
        PersonRow(
            id=who.id,
            name=who.name,
            user_name=subject,
            unit_id=who.unit_id,
            unit_name=unit_name,
            region_code=who.region_code,
            is_active=who.is_active,
            last_sign_in_at=who.last_sign_in_at,
            grants=tuple(grants.get(who.id, ())),
            is_verified=who.id in verified,
            is_unused=set_at is not None and is_unused(who.last_sign_in_at, set_at),
        )
        for who, unit_name, subject, set_at in found
    ]


def _grant_row(grant: RoleGrant) -> GrantRow:
    return GrantRow(
        id=grant.id,
        person_id=grant.person_id,
        role=grant.role,
        region_code=grant.region_code,
        unit_id=grant.unit_id,
        status=grant.status,
        proposed_by=grant.proposed_by,
        proposed_at=grant.proposed_at,
        decided_by=grant.decided_by,
        decided_at=grant.decided_at,
        reason=grant.reason,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
    )
