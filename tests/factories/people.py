"""People to act as: a region, units and persons with the roles a test asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people.models import Region, RoleGrant
from domain.people.queries import actor_for, unit_by_name
from domain.people.service import add_person, add_region, add_unit
from kernel.actor import Actor, system_actor
from kernel.clock import now
from kernel.database import Database
from kernel.ids import new_id

REGION = "990100"
SEED = system_actor("test", frozenset({"person.manage"}))


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A person with what a test needs to sign in as them or to act as them."""

    id: UUID
    unit_id: UUID
    user_name: str
    password: str
    database: Database

    @property
    def actor(self) -> Actor:
        """Return the person as the services see them."""
        with self.database.read() as session:
            return actor_for(session, self.id)


def make_person(
    database: Database,
    user_name: str,
    roles: Sequence[str] = (),
    *,
    unit: str = "示例市数据局（示例）",
    unit_kind: str = "reviewer",
    must_change: bool = False,
) -> SamplePerson:
    """Register a person of a unit in the sample city with standing grants for it."""
    with database.write() as session:
        unit_id = _unit(session, unit, unit_kind)
        new = add_person(session, SEED, f"示例{user_name}", unit_id, user_name, must_change=must_change)
        session.flush()
        session.add_all(_grant(new.person_id, role, unit_id) for role in roles)
    return SamplePerson(new.person_id, unit_id, new.user_name, new.password, database)


def _unit(session: Session, name: str, kind: str) -> UUID:
    found = unit_by_name(session, name)
    if found is not None:
        return found.id
    if session.get(Region, REGION) is None:
        add_region(session, SEED, REGION, "示例市", "Example City")
    return add_unit(session, SEED, name, kind, REGION)


def _grant(person_id: UUID, role: str, unit_id: UUID) -> RoleGrant:
    bound = unit_id if role in ("releasing_unit", "provider") else None
    return RoleGrant(
        id=new_id(),
        person_id=person_id,
        role=role,
        region_code=REGION,
        unit_id=bound,
        status="active",
        proposed_at=now(),
    )
