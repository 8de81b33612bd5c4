"""Register regions, units and persons."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people.errors import NameTaken, PersonNotFound, UnitNotFound
from domain.people.models import Identity, Person, Region, RoleGrant, Unit
from domain.people.passwords import generate_password, hash_password
from domain.people.queries import LOCAL
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.ids import new_id
from kernel.language import Text

STREAM: Final = "system:people"
REGION_CODE: Final = re.compile(r"[1-9][0-9]{5}")
UNIT_KINDS: Final = ("releasing", "provider", "operator", "reviewer", "supervisor", "user", "platform")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person just added, with the only sight of the generated password."""

    person_id: UUID
    user_name: str
    password: str


def add_region(session: Session, actor: Actor, code: str, name: str, name_en: str) -> None:
    """Add a region by its six-digit code.

    Raises:
        NotAllowed: the actor is not the system administrator.
        Invalid: no code of GB/T 2260, or no name in both languages.
        NameTaken: the code or the name exists.
    """
    actor.require("person.manage")
    _refuse_region(code, name, name_en)
    taken = session.scalar(select(Region.code).where((Region.code == code) | (Region.name == name)))
    if taken is not None:
        raise NameTaken(Text("地区", "The region"), name)
    session.add(Region(code=code, name=name, name_en=name_en))
    _record(session, actor, "region.added", after={"code": code, "name": name}, region_code=code)
    # Units and persons that the caller adds next point at this row.
    session.flush()


def _refuse_region(code: str, name: str, name_en: str) -> None:
    """Raise unless the code has the form of GB/T 2260 and both names are given.

    Source: GB/T 2260, two digits each for province, city and county
    """
    if not REGION_CODE.fullmatch(code) or not code.rstrip("0"):
        raise _invalid(
            "code", "region.code", "应为GB/T 2260的六位代码", "Write a code of six digits (GB/T 2260)"
        )
    for path, word in (("name", name), ("name_en", name_en)):
        if not word.strip() or len(word) > 80:
            raise _invalid(
                path, "region.name", "请填写中英文名称，不超过80个字符", "Give the name in both languages"
            )


def add_unit(session: Session, actor: Actor, name: str, kind: str, region_code: str) -> UUID:
    """Add a unit and return its id.

    Raises:
        NotAllowed: the actor is not the system administrator.
        NameTaken: a unit of this name exists.
    """
    actor.require("person.manage")
    if kind not in UNIT_KINDS:
        raise ValueError(f"kind is one of {UNIT_KINDS}, found {kind!r}")
    if session.scalar(select(Unit.id).where(Unit.name == name)) is not None:
        raise NameTaken(Text("单位", "The unit"), name)
    unit = Unit(id=new_id(), name=name, kind=kind, region_code=region_code, is_active=True, created_at=now())
    session.add(unit)
    _record(
        session,
        actor,
        "unit.added",
        subject=("unit", unit.id),
        after={"name": name, "kind": kind},
        region_code=region_code,
    )
    # Persons that the caller adds next point at this row.
    session.flush()
    return unit.id


def add_person(
    session: Session,
    actor: Actor,
    name: str,
    unit_id: UUID,
    user_name: str,
    *,
    must_change: bool = True,
) -> NewPerson:
    """Add a person with a local identity and a generated password, returned this once.

    ``must_change`` asks for a new password at the first sign-in.

    Raises:
        NotAllowed: the actor is not the system administrator.
        UnitNotFound: no such unit.
        NameTaken: somebody signs in by this user name.
    """
    actor.require("person.manage")
    unit = session.get(Unit, unit_id)
    if unit is None or not unit.is_active:
        raise UnitNotFound(unit_id)
    subject = user_name.strip().casefold()
    taken = select(Identity.id).where(Identity.provider == LOCAL, Identity.subject == subject)
    if session.scalar(taken) is not None:
        raise NameTaken(Text("用户名", "The user name"), subject)
    password = generate_password()
    person = Person(
        id=new_id(),
        name=name,
        unit_id=unit_id,
        region_code=unit.region_code,
        is_active=True,
        created_at=now(),
    )
    session.add(person)
    # The identity points at the person.
    session.flush()
    session.add(_local_identity(person.id, subject, password, must_change))
    _record(
        session,
        actor,
        "person.added",
        subject=("person", person.id),
        after={"unit_id": str(unit_id)},
        region_code=unit.region_code,
        unit_id=unit_id,
    )
    session.flush()
    return NewPerson(person.id, subject, password)


def deactivate_person(session: Session, actor: Actor, person_id: UUID, reason: str) -> None:
    """Bar a person from signing in and end every grant; the record stays.

    Raises:
        NotAllowed: the actor is not the system administrator.
        PersonNotFound: no such person, or deactivated before.
    """
    actor.require("person.manage")
    person = session.get(Person, person_id)
    if person is None or not person.is_active:
        raise PersonNotFound(person_id)
    person.is_active = False
    standing = select(RoleGrant).where(
        RoleGrant.person_id == person_id, RoleGrant.status.in_(("active", "proposed"))
    )
    for grant in session.scalars(standing):
        grant.status, grant.administrator_slot = "revoked", None
        grant.decided_by, grant.decided_at, grant.reason = actor.person_id, now(), reason
    _record(session, actor, "person.deactivated", subject=("person", person_id), reason=reason)


def _local_identity(person_id: UUID, subject: str, password: str, must_change: bool) -> Identity:
    return Identity(
        id=new_id(),
        person_id=person_id,
        provider=LOCAL,
        subject=subject,
        password_hash=hash_password(password),
        password_set_at=now(),
        must_change=must_change,
        failures=0,
    )


def _record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    subject: tuple[str, UUID] | None = None,
    after: dict[str, object] | None = None,
    reason: str | None = None,
    region_code: str | None = None,
    unit_id: UUID | None = None,
) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            subject_type=subject[0] if subject else None,
            subject_id=subject[1] if subject else None,
            after=after,
            reason=reason,
            region_code=region_code,
            unit_id=unit_id,
        ),
    )


def _invalid(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))
