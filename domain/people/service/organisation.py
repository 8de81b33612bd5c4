"""Put units into their tree, verify persons, and keep the authority that departments delegate."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import queries
from domain.people.credit_codes import is_credit_code
from domain.people.errors import DelegationEnded, DelegationNotFound, NameTaken, PersonNotFound
from domain.people.models import DelegatedAuthority, Person, PersonVerification, UnitPlace
from domain.people.permissions import RELEASING_UNIT, REVIEWER
from domain.people.service.grants import require_reason
from domain.people.service.periods import period
from domain.people.service.registry import STREAM
from kernel import audit
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text
from kernel.territory import covers

_DEPARTMENTS = ("releasing", "reviewer", "supervisor")
_MAX_DEPTH = 20


def place_unit(
    session: Session, actor: Actor, unit_id: UUID, parent_id: UUID | None, credit_code: str | None = None
) -> None:
    """Put a unit below another, whose region must cover its own, and note its credit code.

    Raises:
        NotAllowed: the actor is not the system administrator.
        UnitNotFound: no such unit.
        Invalid: a code whose check character does not fit, a parent elsewhere, or a circle.
        NameTaken: another unit has the code.
    """
    actor.require("person.manage")
    unit = queries.unit(session, unit_id)
    code = (credit_code or "").strip().upper() or None
    if code is not None and not is_credit_code(code):
        raise _invalid(
            "credit_code",
            "unit.credit_code",
            "统一社会信用代码应为18位且校验位正确（GB 32100）",
            "The unified social credit code has 18 characters and a check character that fits (GB 32100)",
        )
    if parent_id is not None:
        _refuse_parent(session, unit, queries.unit(session, parent_id))
    held = queries.unit_by_credit_code(session, code) if code else None
    if held is not None and held.id != unit_id:
        raise NameTaken(Text("统一社会信用代码", "The unified social credit code"), code or "")
    place = session.get(UnitPlace, unit_id)
    if place is None:
        place = UnitPlace(unit_id=unit_id)
        session.add(place)
    before = {
        "parent_id": str(place.parent_id) if place.parent_id else None,
        "credit_code": place.credit_code,
    }
    place.parent_id, place.credit_code = parent_id, code
    after: dict[str, Any] = {"parent_id": str(parent_id) if parent_id else None, "credit_code": code}
    if after != before:
        _record(
            session,
            actor,
            "unit.placed",
            ("unit", unit_id),
            before=before,
            after=after,
            region=unit.region_code,
        )
    # Units below it that the caller adds next point at this row.
    session.flush()


def verify_person(session: Session, actor: Actor, person_id: UUID, basis: str) -> None:
    """Note that somebody made sure of the person's real name, on a basis such as the identity card seen.

    Raises:
        NotAllowed: the actor is not the system administrator, or verifies oneself.
        PersonNotFound: no such person, or deactivated.
        Invalid: no basis given.
    """
    actor.require("person.manage")
    if actor.person_id is None or actor.person_id == person_id:
        raise NotAllowed(Text("不能为自己做实名核验", "Nobody verifies the own name"))
    _person(session, person_id)
    require_reason(basis)
    session.add(
        PersonVerification(
            id=new_id(),
            person_id=person_id,
            verified_by=actor.person_id,
            verified_at=now(),
            basis=basis.strip(),
        )
    )
    _record(session, actor, "person.verified", ("person", person_id), reason=basis.strip())


def withdraw_verification(session: Session, actor: Actor, person_id: UUID, reason: str) -> None:
    """End the verification of a person, with a reason.

    Raises:
        NotAllowed: the actor is not the system administrator.
        PersonNotFound: no such person.
        Invalid: no reason given.
    """
    actor.require("person.manage")
    _person(session, person_id)
    require_reason(reason)
    standing = select(PersonVerification).where(
        PersonVerification.person_id == person_id, PersonVerification.withdrawn_at.is_(None)
    )
    for row in session.scalars(standing):
        row.withdrawn_by, row.withdrawn_at, row.reason = actor.person_id, now(), reason.strip()
    _record(session, actor, "person.verification_withdrawn", ("person", person_id), reason=reason.strip())


def delegate_authority(
    session: Session,
    actor: Actor,
    company_unit_id: UUID,
    region_code: str,
    scope: str,
    starts_on: str,
    ends_on: str,
) -> UUID:
    """Let a company onboard components in the name of the actor's department; return the id.

    Raises:
        NotAllowed: the actor speaks for no department in this region.
        UnitNotFound: no such company.
        Invalid: no scope, no company, or a period that is missing, malformed or over.

    Source: TC609-4-2026-XX, 8.2.1b
    """
    actor.require("delegation.grant")
    department = _department(session, actor, region_code)
    _refuse_company(session, company_unit_id)
    plain = _plain_scope(scope)
    start, end = _current_period(starts_on, ends_on)
    row = DelegatedAuthority(
        id=new_id(),
        department_unit_id=department,
        company_unit_id=company_unit_id,
        region_code=region_code,
        scope=plain,
        starts_on=start,
        ends_on=end,
        granted_by=actor.person_id,
        granted_at=now(),
    )
    session.add(row)
    after: dict[str, Any] = {
        "company_unit_id": str(company_unit_id),
        "scope": plain,
        "starts_on": start,
        "ends_on": end,
    }
    _record(session, actor, "delegation.granted", ("unit", department), after=after, region=region_code)
    session.flush()
    return row.id


def _refuse_company(session: Session, company_unit_id: UUID) -> None:
    company = queries.unit(session, company_unit_id)
    if company.kind != "provider" or not company.is_active:
        raise _invalid(
            "company", "delegation.company", "受托方应为在用的提供方单位", "Authority goes to a provider"
        )


def _plain_scope(scope: str) -> str:
    plain = scope.strip()
    if not plain or len(plain) > 500:
        raise _invalid(
            "scope",
            "delegation.scope",
            "请填写授权范围，不超过500个字符",
            "Give the scope, at most 500 characters",
        )
    return plain


def _current_period(starts_on: str, ends_on: str) -> tuple[str, str]:
    start, end = period(starts_on, ends_on)
    if start is None or end is None or end < now().astimezone(SHANGHAI).date().isoformat():
        raise _invalid(
            "ends_on",
            "delegation.period",
            "请填写开始和截止日期，且尚未过期",
            "Give both dates; the end must not be over",
        )
    return start, end


def revoke_delegation(session: Session, actor: Actor, delegation_id: UUID, reason: str) -> None:
    """End an authority at once.

    Raises:
        NotAllowed: the actor does not speak for the department.
        DelegationNotFound, DelegationEnded: no such authority, or over.
        Invalid: no reason given.
    """
    actor.require("delegation.grant")
    row = session.scalar(
        select(DelegatedAuthority).where(DelegatedAuthority.id == delegation_id).with_for_update()
    )
    if row is None:
        raise DelegationNotFound(delegation_id)
    if actor.unit_id != row.department_unit_id:
        raise NotAllowed(Text("只有授权部门可以终止委托", "Only the department that delegated may end it"))
    if row.revoked_at is not None:
        raise DelegationEnded
    require_reason(reason)
    row.revoked_by, row.revoked_at, row.reason = actor.person_id, now(), reason.strip()
    _record(
        session, actor, "delegation.revoked", ("unit", row.department_unit_id), reason=reason.strip(),
        region=row.region_code,
    )  # fmt: skip


def _department(session: Session, actor: Actor, region_code: str) -> UUID:
    own = queries.unit(session, actor.unit_id) if actor.unit_id else None
    speaks = any(
        grant.role in (RELEASING_UNIT, REVIEWER) and covers(grant.region_code, region_code)
        for grant in actor.grants
    )
    if own is None or own.kind not in _DEPARTMENTS or not speaks:
        raise NotAllowed(
            Text(
                "只有本地区主管部门的人员可以委托授权",
                "Only a department of this region may delegate its authority",
            )
        )
    return own.id


def _refuse_parent(session: Session, unit: queries.UnitRow, parent: queries.UnitRow) -> None:
    if not covers(parent.region_code, unit.region_code):
        raise _invalid(
            "parent_id",
            "unit.parent_region",
            "上级单位所在地区应包含本单位所在地区（省→市→部门或企业）",
            "The region of the unit above must cover this one's (province, city, department or company)",
        )
    above: queries.UnitRow | None = parent
    for _step in range(_MAX_DEPTH):
        if above is None:
            return
        if above.id == unit.id:
            break
        above = queries.unit(session, above.parent_id) if above.parent_id else None
    raise _invalid("parent_id", "unit.circle", "单位不能成为自己的下级", "A unit cannot stand below itself")


def _person(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise PersonNotFound(person_id)
    return person


def _invalid(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))


def _record(
    session: Session,
    actor: Actor,
    action: str,
    subject: tuple[str, UUID],
    *,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    region: str | None = None,
) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            subject_type=subject[0],
            subject_id=subject[1],
            reason=reason,
            before=before,
            after=after,
            region_code=region,
            clause="8.2.1b" if action.startswith("delegation.") else None,
        ),
    )
