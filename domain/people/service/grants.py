"""Grant roles: one administrator proposes, another decides; administrators stay separate."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people.errors import (
    FourEyesOnGrant,
    GrantAlreadyDecided,
    GrantNotFound,
    PersonNotFound,
    RolesExcludeEachOther,
)
from domain.people.models import Person, RoleGrant
from domain.people.permissions import ADMINISTRATORS, ROLES, conflict_of
from domain.people.service.periods import period
from domain.people.service.registry import STREAM
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.ids import new_id
from kernel.language import Text

SLOT = "administrator"


def propose_grant(
    session: Session,
    actor: Actor,
    person_id: UUID,
    role: str,
    region_code: str,
    unit_id: UUID | None = None,
    *,
    starts_on: str | None = None,
    ends_on: str | None = None,
) -> UUID:
    """Propose a role for a person; it does nothing before it is approved.

    ``starts_on`` and ``ends_on`` are ISO dates in Asia/Shanghai, both included; without one there
    is no bound.

    Raises:
        NotAllowed: the actor is not the system administrator.
        Invalid: a date that does not exist, or a period that ends before it starts.
        PersonNotFound: no such person, or deactivated.
        RolesExcludeEachOther: the person is, or would become, administrator and something else.
    """
    actor.require("grant.propose")
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}")
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise PersonNotFound(person_id)
    refuse_conflict(session, person_id, role)
    grant = standing_grant(actor, person_id, role, region_code, unit_id, status="proposed")
    grant.starts_on, grant.ends_on = period(starts_on, ends_on)
    session.add(grant)
    _record(session, actor, "grant.proposed", grant)
    # The unique slot decides between two proposals made at once.
    session.flush()
    return grant.id


def decide_grant(
    session: Session, actor: Actor, grant_id: UUID, *, approve: bool, reason: str | None = None
) -> None:
    """Approve or refuse a proposed grant; a refusal needs a reason.

    Raises:
        NotAllowed: the actor is not the security administrator.
        GrantNotFound: no such grant.
        GrantAlreadyDecided: somebody was first.
        FourEyesOnGrant: the actor proposed the grant or receives it.
        RolesExcludeEachOther: the person became administrator meanwhile.
        Invalid: refused without a reason.
    """
    actor.require("grant.manage")
    grant = _grant(session, grant_id)
    if grant.status != "proposed":
        raise GrantAlreadyDecided(grant.status)
    if actor.person_id in (grant.proposed_by, grant.person_id):
        raise FourEyesOnGrant
    if approve:
        refuse_conflict(session, grant.person_id, grant.role, except_grant=grant.id)
    else:
        require_reason(reason)
        grant.administrator_slot = None
    grant.status = "active" if approve else "refused"
    grant.decided_by, grant.decided_at, grant.reason = actor.person_id, now(), reason
    _record(session, actor, "grant.approved" if approve else "grant.refused", grant, reason)


def revoke_grant(session: Session, actor: Actor, grant_id: UUID, reason: str) -> None:
    """End a grant at once.

    Raises:
        NotAllowed: the actor is not the security administrator.
        GrantNotFound: no such grant.
        GrantAlreadyDecided: it is not standing any more.
        Invalid: no reason given.
    """
    actor.require("grant.manage")
    require_reason(reason)
    grant = _grant(session, grant_id)
    if grant.status not in ("active", "proposed"):
        raise GrantAlreadyDecided(grant.status)
    grant.status, grant.administrator_slot = "revoked", None
    grant.decided_by, grant.decided_at, grant.reason = actor.person_id, now(), reason
    _record(session, actor, "grant.revoked", grant, reason)


def refuse_conflict(session: Session, person_id: UUID, role: str, except_grant: UUID | None = None) -> None:
    """Raise when the person's standing roles forbid another one.

    Raises:
        RolesExcludeEachOther: three administrators, separated (三员分立).
    """
    query = select(RoleGrant.role).where(
        RoleGrant.person_id == person_id, RoleGrant.status.in_(("active", "proposed"))
    )
    if except_grant is not None:
        query = query.where(RoleGrant.id != except_grant)
    held = conflict_of(session.scalars(query).all(), role)
    if held is not None:
        raise RolesExcludeEachOther(held, role)


def standing_grant(
    actor: Actor, person_id: UUID, role: str, region_code: str, unit_id: UUID | None, *, status: str
) -> RoleGrant:
    """Return a new grant row, its administrator slot filled where the role needs one."""
    return RoleGrant(
        id=new_id(),
        person_id=person_id,
        role=role,
        region_code=region_code,
        unit_id=unit_id,
        status=status,
        administrator_slot=SLOT if role in ADMINISTRATORS else None,
        proposed_by=actor.person_id,
        proposed_at=now(),
    )


def require_reason(reason: str | None) -> None:
    """Raise unless something is left of the reason after trimming.

    Raises:
        Invalid: no reason given.
    """
    if not (reason or "").strip():
        message = Text("请填写理由", "Give a reason")
        raise Invalid(message, (FieldProblem("reason", "reason.required", message),))


def _grant(session: Session, grant_id: UUID) -> RoleGrant:
    grant = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
    if grant is None:
        raise GrantNotFound(grant_id)
    return grant


def _record(session: Session, actor: Actor, action: str, grant: RoleGrant, reason: str | None = None) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            subject_type="person",
            subject_id=grant.person_id,
            reason=reason,
            after={
                "grant_id": str(grant.id),
                "role": grant.role,
                "region_code": grant.region_code,
                "unit_id": str(grant.unit_id) if grant.unit_id else None,
                "status": grant.status,
                "starts_on": grant.starts_on,
                "ends_on": grant.ends_on,
            },
            region_code=grant.region_code,
            unit_id=grant.unit_id,
        ),
    )
