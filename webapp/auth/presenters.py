"""What the account page shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.people import queries
from domain.people.permissions import ROLES
from kernel.actor import Actor
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role with the territory it reaches."""

    role: Text
    region: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Who is signed in."""

    name: str
    user_name: str | None
    unit: str
    roles: tuple[HeldRole, ...]


def account_facts(session: Session, actor: Actor) -> AccountFacts:
    """Return the acting person with the roles in words."""
    assert actor.person_id is not None  # noqa: S101 - a signed-in actor is a person
    person = queries.person(session, actor.person_id)
    regions = {region.code: region.name for region in queries.regions(session)}
    units = queries.unit_names(session, (grant.unit_id for grant in actor.grants if grant.unit_id))
    roles = tuple(
        HeldRole(
            ROLES.get(grant.role, Text(grant.role, grant.role)),
            regions.get(grant.region_code, grant.region_code),
            units.get(grant.unit_id) if grant.unit_id else None,
        )
        for grant in actor.grants
    )
    return AccountFacts(person.name, person.user_name, person.unit_name, roles)
