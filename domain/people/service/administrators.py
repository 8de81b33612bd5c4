"""Make the first three administrators, the only grants that nobody proposes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people.errors import AdministratorsExist
from domain.people.models import RoleGrant
from domain.people.permissions import ADMINISTRATORS
from domain.people.service.grants import standing_grant
from domain.people.service.registry import STREAM, NewPerson, add_person
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who becomes which of the three administrators."""

    role: str
    name: str
    user_name: str


def bootstrap_administrators(
    session: Session,
    actor: Actor,
    unit_id: UUID,
    region_code: str,
    administrators: Sequence[FirstAdministrator],
    *,
    must_change: bool = True,
) -> list[NewPerson]:
    """Add three different persons, one per administrator role, with generated passwords.

    Raises:
        NotAllowed: the actor may not manage persons.
        AdministratorsExist: the platform has administrators already.
        ValueError: not exactly one person per administrator role.
    """
    actor.require("person.manage")
    if sorted(one.role for one in administrators) != sorted(ADMINISTRATORS):
        raise ValueError("give exactly one person for each of the three administrator roles")
    if session.scalar(select(RoleGrant.id).where(RoleGrant.role.in_(ADMINISTRATORS)).limit(1)):
        raise AdministratorsExist
    made = []
    for one in administrators:
        new = add_person(session, actor, one.name, unit_id, one.user_name, must_change=must_change)
        grant = standing_grant(actor, new.person_id, one.role, region_code, None, status="active")
        grant.decided_at = now()
        session.add(grant)
        audit.append(
            session,
            audit.AuditEntry(
                action="grant.bootstrapped",
                actor=actor,
                stream=STREAM,
                subject_type="person",
                subject_id=new.person_id,
                after={"role": one.role, "region_code": region_code},
                region_code=region_code,
            ),
        )
        made.append(new)
    # The caller goes on as these administrators.
    session.flush()
    return made
