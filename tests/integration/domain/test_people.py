"""Signing in, grants and the three administrators."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.people import queries, service
from domain.people.errors import (
    AdministratorsExist,
    FourEyesOnGrant,
    GrantAlreadyDecided,
    NameTaken,
    PersonNotFound,
    RolesExcludeEachOther,
)
from domain.people.models import RoleGrant
from domain.people.permissions import ADMINISTRATORS
from domain.samples.people import CITY, PROVINCE, SamplePerson, seed_sample_people
from kernel import audit
from kernel.audit import AuditSearch
from kernel.clock import ManualClock, now, use_clock
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed
from kernel.ids import new_id
from tests.integration.domain.conftest import ActAs

People = dict[str, SamplePerson]
REASON = "理由"


def test_a_person_signs_in_and_acts_with_the_granted_roles(session: Session, people: People) -> None:
    signed_in = service.sign_in(session, " FABU1 ", people["fabu1"].password, address="192.0.2.1")

    assert (signed_in.outcome, signed_in.must_change) == ("ok", False)
    assert signed_in.person_id is not None
    actor = queries.actor_for(session, signed_in.person_id)
    assert actor.has_role("releasing_unit", "990300", new_id())
    assert actor.may("component.import")
    assert not actor.may("definition.deploy")


def test_five_wrong_passwords_lock_for_half_an_hour(session: Session, people: People) -> None:
    with use_clock(ManualClock(now())) as clock:
        outcomes = [service.sign_in(session, "fabu1", "wrong").outcome for _ in range(5)]
        locked = service.sign_in(session, "fabu1", people["fabu1"].password)
        clock.advance(timedelta(minutes=30, seconds=1))  # type: ignore[attr-defined]  # a ManualClock
        later = service.sign_in(session, "fabu1", people["fabu1"].password)

    assert outcomes == ["refused"] * 4 + ["locked"]
    assert locked.outcome == "locked"
    assert "锁定" in locked.message().zh
    assert later.outcome == "ok"


def test_an_unknown_user_name_is_refused_like_a_wrong_password(session: Session, people: People) -> None:
    unknown = service.sign_in(session, "nobody", "x")

    assert unknown.outcome == "refused"
    assert unknown.message() == service.sign_in(session, "fabu1", "x").message()


def test_a_password_is_changed_and_the_last_five_stay_barred(
    session: Session, people: People, act_as: ActAs
) -> None:
    old = people["fabu1"].password
    first = old
    for number in range(4):
        service.change_password(session, act_as("fabu1"), old, f"Geheim-wort-{number}")
        old = f"Geheim-wort-{number}"

    with pytest.raises(Invalid) as refused:
        service.change_password(session, act_as("fabu1"), old, first)
    assert [problem.rule for problem in refused.value.problems] == ["password.former"]
    with pytest.raises(Invalid):
        service.change_password(session, act_as("fabu1"), "not the old one", "Geheim-wort-99")
    assert service.sign_in(session, "fabu1", old).outcome == "ok"


def test_a_reset_password_must_be_changed(session: Session, people: People, act_as: ActAs) -> None:
    password = service.reset_password(session, act_as("sysadmin"), people["fabu1"].person_id)

    signed_in = service.sign_in(session, "fabu1", password)

    assert (signed_in.outcome, signed_in.must_change) == ("ok", True)
    with pytest.raises(NotAllowed):
        service.reset_password(session, act_as("secadmin"), people["fabu1"].person_id)


def test_one_administrator_proposes_and_another_decides(
    session: Session, people: People, act_as: ActAs
) -> None:
    person_id = people["fabu2"].person_id

    with pytest.raises(NotAllowed):
        service.propose_grant(session, act_as("secadmin"), person_id, "operator", CITY)
    grant_id = service.propose_grant(session, act_as("sysadmin"), person_id, "operator", CITY)
    assert not act_as("fabu2").has_role("operator", CITY)
    with pytest.raises(NotAllowed):
        service.decide_grant(session, act_as("sysadmin"), grant_id, approve=True)
    service.decide_grant(session, act_as("secadmin"), grant_id, approve=True)

    assert act_as("fabu2").has_role("operator", CITY)
    assert not act_as("fabu2").has_role("operator", PROVINCE)
    with pytest.raises(GrantAlreadyDecided):
        service.decide_grant(session, act_as("secadmin"), grant_id, approve=True)
    service.revoke_grant(session, act_as("secadmin"), grant_id, REASON)
    assert not act_as("fabu2").has_role("operator", CITY)


def test_a_refused_grant_needs_a_reason_and_gives_nothing(
    session: Session, people: People, act_as: ActAs
) -> None:
    person_id = people["fabu2"].person_id
    grant_id = service.propose_grant(session, act_as("sysadmin"), person_id, "operator", CITY)

    with pytest.raises(Invalid):
        service.decide_grant(session, act_as("secadmin"), grant_id, approve=False, reason=" ")
    service.decide_grant(session, act_as("secadmin"), grant_id, approve=False, reason=REASON)

    assert not act_as("fabu2").has_role("operator", CITY)


def test_nobody_decides_a_grant_for_oneself(session: Session, people: People, act_as: ActAs) -> None:
    new = service.add_person(
        session, act_as("sysadmin"), "示例新", people_unit(session), "secadmin2", must_change=False
    )
    own = service.propose_grant(
        session, act_as("sysadmin"), new.person_id, "security_administrator", PROVINCE
    )
    service.decide_grant(session, act_as("secadmin"), own, approve=True)
    session.execute(
        insert(RoleGrant).values(
            id=(grant_id := new_id()), person_id=new.person_id, role="operator", region_code=CITY,
            status="proposed", proposed_by=people["sysadmin"].person_id, proposed_at=now(),
        )
    )  # fmt: skip

    with pytest.raises(FourEyesOnGrant):
        service.decide_grant(session, act_as("secadmin2"), grant_id, approve=True)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_account_holds_two_administrators(
    session: Session, people: People, act_as: ActAs, role: str
) -> None:
    for holder in ("sysadmin", "secadmin", "auditadmin"):
        if people[holder].roles != (role,):
            with pytest.raises(RolesExcludeEachOther):
                service.propose_grant(session, act_as("sysadmin"), people[holder].person_id, role, PROVINCE)
    with pytest.raises(RolesExcludeEachOther):
        service.propose_grant(session, act_as("sysadmin"), people["fabu1"].person_id, role, PROVINCE)


def test_the_database_itself_refuses_a_second_administrator_role(session: Session, people: People) -> None:
    second = {
        "id": new_id(), "person_id": people["sysadmin"].person_id, "role": "audit_administrator",
        "region_code": PROVINCE, "status": "active", "administrator_slot": "administrator",
        "proposed_at": now(),
    }  # fmt: skip

    with pytest.raises(IntegrityError):
        session.execute(insert(RoleGrant).values(**second))


def test_administrators_are_bootstrapped_once(session: Session, people: People, act_as: ActAs) -> None:
    three = [service.FirstAdministrator(role, "某", role) for role in sorted(ADMINISTRATORS)]

    with pytest.raises(AdministratorsExist):
        service.bootstrap_administrators(session, act_as("sysadmin"), people_unit(session), PROVINCE, three)
    with pytest.raises(ValueError, match="exactly one person"):
        service.bootstrap_administrators(
            session, act_as("sysadmin"), people_unit(session), PROVINCE, three[:2]
        )


def test_a_deactivated_person_is_out_at_once(session: Session, people: People, act_as: ActAs) -> None:
    service.deactivate_person(session, act_as("sysadmin"), people["fabu1"].person_id, REASON)

    with pytest.raises(PersonNotFound):
        queries.actor_for(session, people["fabu1"].person_id)
    assert service.sign_in(session, "fabu1", people["fabu1"].password).outcome == "refused"


def test_names_are_taken_once(session: Session, people: People, act_as: ActAs) -> None:
    with pytest.raises(NameTaken):
        service.add_person(session, act_as("sysadmin"), "某", people_unit(session), "Fabu1")
    with pytest.raises(NameTaken):
        service.add_unit(session, act_as("sysadmin"), "示例市智能中心运营", "operator", CITY)
    with pytest.raises(NameTaken):
        service.add_region(session, act_as("sysadmin"), CITY, "某市", "Some City")


def test_persons_are_listed_by_name_page_after_page(session: Session, people: People, act_as: ActAs) -> None:
    first = queries.persons(session, act_as("secadmin"), limit=10)
    rest = queries.persons(session, act_as("secadmin"), after=(first[-1].name, first[-1].id))

    assert len({row.id for row in [*first, *rest]}) == len(first) + len(rest) == len(people)
    with pytest.raises(NotAllowed):
        queries.persons(session, act_as("fabu1"))


def test_seeding_again_adds_nobody(session: Session, people: People) -> None:
    assert seed_sample_people(session) == []


def test_what_happens_to_people_is_in_the_trail(database: Database, people: People) -> None:
    with database.write() as session:
        service.sign_in(session, "fabu1", "wrong", address="192.0.2.1")

    with database.read() as session:
        events = audit.search(session, AuditSearch(stream="system:people"))
        verified = audit.verify(session)

    actions = {event.action for event in events}
    assert {"person.sign_in_refused", "grant.proposed", "grant.approved", "person.added"} <= actions
    assert verified.ok
    assert not any(person.password in str(event.content) for event in events for person in people.values())


def people_unit(session: Session) -> UUID:
    """Return the unit of the platform's administrators."""
    unit = queries.unit_by_name(session, "示例省城市智能中枢平台管理办公室")
    assert unit is not None
    return unit.id
