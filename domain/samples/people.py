"""The sample people: fictitious persons with generated passwords, returned once.

Everything goes the way that real people go: the three administrators are bootstrapped,
then the system administrator adds persons and proposes roles, and the security
administrator approves them. They need not change their password at the first sign-in,
unlike real ones, so that a visitor can walk through the roles.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people import queries, service
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    RELEASING_UNIT,
    REVIEWER,
    SECURITY_ADMINISTRATOR,
    SUPERVISOR,
    SYSTEM_ADMINISTRATOR,
    USER,
    permissions_of,
)
from kernel.actor import Actor, system_actor

PROVINCE: Final = "990000"
CITY: Final = "990100"
REGIONS: Final = (
    (PROVINCE, "示例省", "Sample Province"),
    (CITY, "示例市", "Sample City"),
    ("990200", "示例一市", "Sample City One"),
    ("990300", "示例二市", "Sample City Two"),
    ("990400", "示例三市", "Sample City Three"),
)
_PLATFORM_UNIT: Final = "示例省城市智能中枢平台管理办公室"
_PROVINCIAL: Final = "示例省数据局（示例）"
_OPERATING: Final = "示例市智能中心运营"
_REVIEWING: Final = "示例省数据主管部门"
_SUPERVISING: Final = "示例省数据监督处"
UNITS: Final = (
    (_PLATFORM_UNIT, "platform", PROVINCE),
    (_PROVINCIAL, "releasing", PROVINCE),
    ("示例市数据局（示例）", "releasing", CITY),
    ("示例一市数据局（示例）", "releasing", "990200"),
    ("示例二市数据局（示例）", "releasing", "990300"),
    ("示例三市数据局（示例）", "releasing", "990400"),
    (_OPERATING, "operator", CITY),
    (_REVIEWING, "reviewer", PROVINCE),
    ("示例一市数据主管部门", "reviewer", "990200"),
    (_SUPERVISING, "supervisor", PROVINCE),
    ("示例市政务服务中心", "user", CITY),
    *((f"示例科技{number:02d}有限公司（示例）", "provider", PROVINCE) for number in range(1, 21)),
    ("示例运维服务有限公司（示例）", "provider", PROVINCE),
)
_ADMINISTRATORS: Final = (
    service.FirstAdministrator(SYSTEM_ADMINISTRATOR, "示例管", "sysadmin"),
    service.FirstAdministrator(SECURITY_ADMINISTRATOR, "示例安", "secadmin"),
    service.FirstAdministrator(AUDIT_ADMINISTRATOR, "示例审", "auditadmin"),
)


@dataclass(frozen=True, slots=True)
class _Planned:
    """Who to add: one role, for a region, bound to the own unit or not."""

    user_name: str
    name: str
    unit: str
    role: str
    region_code: str
    own_unit_only: bool = False


_PEOPLE: Final = (
    _Planned("fabu1", "示例甲", "示例省数据局（示例）", RELEASING_UNIT, PROVINCE),
    _Planned("fabu2", "示例乙", "示例市数据局（示例）", RELEASING_UNIT, CITY, own_unit_only=True),
    _Planned("fabu3", "示例卯", "示例市数据局（示例）", RELEASING_UNIT, CITY, own_unit_only=True),
    _Planned("tigong1", "示例丙", "示例科技07有限公司（示例）", PROVIDER, CITY, own_unit_only=True),
    _Planned("tigong2", "示例丁", "示例科技07有限公司（示例）", PROVIDER, CITY, own_unit_only=True),
    _Planned("tigong3", "示例辰", "示例科技10有限公司（示例）", PROVIDER, CITY, own_unit_only=True),
    _Planned("tigong4", "示例巳", "示例科技01有限公司（示例）", PROVIDER, PROVINCE, own_unit_only=True),
    _Planned("yunying1", "示例戊", _OPERATING, OPERATOR, PROVINCE),
    _Planned("yunying2", "示例己", _OPERATING, OPERATOR, PROVINCE),
    _Planned("shenhe1", "示例庚", _REVIEWING, REVIEWER, PROVINCE),
    _Planned("shenhe2", "示例辛", _REVIEWING, REVIEWER, PROVINCE),
    _Planned("shenhe3", "示例午", "示例一市数据主管部门", REVIEWER, "990200"),
    _Planned("jiandu", "示例壬", _SUPERVISING, SUPERVISOR, PROVINCE),
    _Planned("shiyong", "示例癸", "示例市政务服务中心", USER, CITY, own_unit_only=True),
)


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A sample person with the only sight of the generated password."""

    person_id: UUID
    user_name: str
    password: str
    name: str
    roles: tuple[str, ...]
    unit_name: str


def seed_sample_people(session: Session) -> list[SamplePerson]:
    """Add the sample regions, units and people; return them, or nothing when they exist.

    Raises:
        AdministratorsExist: the platform has real administrators already.
    """
    if sample_person_id(session, _PEOPLE[0].user_name) is not None:
        return []
    setup = system_actor("set-up", permissions_of([SYSTEM_ADMINISTRATOR]))
    for code, name, name_en in REGIONS:
        service.add_region(session, setup, code, name, name_en)
    units = {name: service.add_unit(session, setup, name, kind, region) for name, kind, region in UNITS}
    for name, _kind, region in UNITS:
        if region != PROVINCE:
            service.place_unit(session, setup, units[name], units[_PROVINCIAL])
    made = service.bootstrap_administrators(
        session, setup, units[_PLATFORM_UNIT], PROVINCE, _ADMINISTRATORS, must_change=False
    )
    seeded = [
        SamplePerson(new.person_id, new.user_name, new.password, one.name, (one.role,), _PLATFORM_UNIT)
        for one, new in zip(_ADMINISTRATORS, made, strict=True)
    ]
    system, security = (queries.actor_for(session, new.person_id, channel="cli") for new in made[:2])
    seeded += [_add(session, system, security, units, planned) for planned in _PEOPLE]
    return seeded


def sample_person_ids(session: Session) -> list[UUID]:
    """Return the sample people with a business role, in the order in which they are listed."""
    found = (sample_person_id(session, planned.user_name) for planned in _PEOPLE)
    return [person_id for person_id in found if person_id is not None]


def sample_person_id(session: Session, user_name: str) -> UUID | None:
    """Return the person who signs in by this user name, or None."""
    return queries.person_id_of(session, user_name)


def _add(
    session: Session, system: Actor, security: Actor, units: dict[str, UUID], planned: _Planned
) -> SamplePerson:
    unit_id = units[planned.unit]
    new = service.add_person(session, system, planned.name, unit_id, planned.user_name, must_change=False)
    grant_id = service.propose_grant(
        session,
        system,
        new.person_id,
        planned.role,
        planned.region_code,
        unit_id if planned.own_unit_only else None,
    )
    service.decide_grant(session, security, grant_id, approve=True)
    return SamplePerson(
        new.person_id, new.user_name, new.password, planned.name, (planned.role,), planned.unit
    )
