"""Units in their tree, periods, real names, delegated authority, registers from CSV, unused accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.people import queries, service
from domain.people.credit_codes import check_character
from domain.people.errors import DelegationEnded, NameTaken, RolesExcludeEachOther
from domain.people.models import RoleGrant
from domain.samples.people import CITY, PROVINCE, SamplePerson
from kernel.clock import SHANGHAI, ManualClock, now, use_clock
from kernel.errors import FieldProblem, Invalid, NotAllowed
from tests.integration.domain.conftest import ActAs

People = dict[str, SamplePerson]
CODE = "9133010056938526" + "1"
CODE += check_character(CODE)
HEAD = "姓名,用户名,单位,角色,地区,仅限本单位,开始日期,截止日期\n"


def day(offset: int) -> str:
    return (now().astimezone(SHANGHAI).date() + timedelta(days=offset)).isoformat()


def unit_id(session: Session, name: str) -> object:
    found = queries.unit_by_name(session, name)
    assert found is not None
    return found.id


def rules(problems: tuple[FieldProblem, ...]) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in problems]


def test_a_unit_stands_below_one_whose_region_covers_it(
    session: Session, people: People, act_as: ActAs
) -> None:
    admin = act_as("sysadmin")
    city, province = (
        queries.unit_by_name(session, "示例市数据局（示例）"),
        queries.unit_by_name(session, "示例省数据局（示例）"),
    )
    assert city is not None
    assert province is not None
    assert city.parent_id == province.id

    with pytest.raises(Invalid) as elsewhere:
        service.place_unit(session, admin, province.id, city.id)
    firm = service.add_unit(session, admin, "示例新企业", "provider", CITY)
    service.place_unit(session, admin, firm, city.id, CODE.lower())
    below = service.add_unit(session, admin, "示例子公司", "provider", CITY)
    service.place_unit(session, admin, below, firm)
    with pytest.raises(Invalid) as circle:
        service.place_unit(session, admin, firm, below, CODE)

    assert rules(elsewhere.value.problems) == [("parent_id", "unit.parent_region")]
    assert rules(circle.value.problems) == [("parent_id", "unit.circle")]
    found = queries.unit_by_credit_code(session, CODE)
    assert found is not None
    assert (found.id, found.parent_id) == (firm, city.id)
    with pytest.raises(NameTaken):
        service.place_unit(session, admin, below, firm, CODE)
    with pytest.raises(Invalid) as wrong:
        service.place_unit(session, admin, below, firm, CODE[:-1] + ("0" if CODE[-1] != "0" else "1"))
    assert rules(wrong.value.problems) == [("credit_code", "unit.credit_code")]
    with pytest.raises(NotAllowed):
        service.place_unit(session, act_as("secadmin"), below, firm)


def test_a_grant_opens_nothing_outside_its_period(session: Session, people: People, act_as: ActAs) -> None:
    with use_clock(ManualClock(now())) as clock:
        grant = service.propose_grant(
            session, act_as("sysadmin"), people["fabu2"].person_id, "operator", CITY,
            starts_on=day(1), ends_on=day(2),
        )  # fmt: skip
        service.decide_grant(session, act_as("secadmin"), grant, approve=True)
        held = []
        for _day in range(4):
            held.append(act_as("fabu2").has_role("operator", CITY))
            clock.advance(timedelta(days=1))  # type: ignore[attr-defined]  # a ManualClock

    assert held == [False, True, True, False]
    for starts_on, ends_on in (("2026-02-30", ""), (day(2), day(1)), ("20260101", "")):
        with pytest.raises(Invalid):
            service.propose_grant(
                session, act_as("sysadmin"), people["fabu2"].person_id, "operator", CITY,
                starts_on=starts_on, ends_on=ends_on,
            )  # fmt: skip


def test_the_database_refuses_who_decides_an_own_proposal(
    session: Session, people: People, act_as: ActAs
) -> None:
    grant = service.propose_grant(session, act_as("sysadmin"), people["fabu2"].person_id, "operator", CITY)

    with pytest.raises(IntegrityError):
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.id == grant)
            .values(status="active", decided_by=people["sysadmin"].person_id)
        )


def test_a_real_name_is_verified_by_another_with_a_basis(
    session: Session, people: People, act_as: ActAs
) -> None:
    admin, person = act_as("sysadmin"), people["shiyong"].person_id
    with pytest.raises(Invalid):
        service.verify_person(session, admin, person, " ")
    with pytest.raises(NotAllowed):
        service.verify_person(session, admin, people["sysadmin"].person_id, "本人")
    with pytest.raises(NotAllowed):
        service.verify_person(session, act_as("secadmin"), person, "身份证")

    service.verify_person(session, admin, person, "当面核对身份证")
    session.flush()
    found = queries.verification_of(session, person)
    assert found is not None
    assert (found.verified_by, found.basis) == (people["sysadmin"].person_id, "当面核对身份证")
    assert queries.person(session, person).is_verified

    service.withdraw_verification(session, admin, person, "证件过期")
    session.flush()
    assert queries.verification_of(session, person) is None


def test_a_department_delegates_authority_for_a_period_and_ends_it(
    session: Session, people: People, act_as: ActAs
) -> None:
    company = unit_id(session, "示例科技07有限公司（示例）")
    with use_clock(ManualClock(now())) as clock:
        delegated = service.delegate_authority(
            session,
            act_as("fabu2"),
            company,
            CITY,
            "接入交通类组件",
            day(0),
            day(30),  # type: ignore[arg-type]  # an id
        )
        here = queries.authority_of(session, company, CITY)  # type: ignore[arg-type]  # as above
        elsewhere = queries.authority_of(session, company, "990200")  # type: ignore[arg-type]  # as above
        clock.advance(timedelta(days=31))  # type: ignore[attr-defined]  # a ManualClock
        later = queries.authority_of(session, company, CITY)  # type: ignore[arg-type]  # as above

    assert here is not None
    assert (here.scope, here.department_unit_id) == ("接入交通类组件", act_as("fabu2").unit_id)
    assert elsewhere is None
    assert later is None
    with pytest.raises(NotAllowed):
        service.revoke_delegation(session, act_as("fabu1"), delegated, "不再需要")
    service.revoke_delegation(session, act_as("fabu2"), delegated, "不再需要")
    assert queries.authority_of(session, company, CITY) is None  # type: ignore[arg-type]  # as above
    with pytest.raises(DelegationEnded):
        service.revoke_delegation(session, act_as("fabu2"), delegated, "再来")


def test_authority_needs_a_department_a_provider_a_scope_and_a_period(
    session: Session, people: People, act_as: ActAs
) -> None:
    company = unit_id(session, "示例科技07有限公司（示例）")
    bureau = unit_id(session, "示例市数据局（示例）")

    for who, target, region in (("tigong1", company, CITY), ("fabu2", company, "990200")):
        with pytest.raises(NotAllowed):
            service.delegate_authority(session, act_as(who), target, region, "范围", day(0), day(1))  # type: ignore[arg-type]  # an id
    for target, scope, start, end, rule in (
        (bureau, "范围", day(0), day(1), "delegation.company"),
        (company, " ", day(0), day(1), "delegation.scope"),
        (company, "范围", "", day(1), "delegation.period"),
        (company, "范围", day(-9), day(-1), "delegation.period"),
        (company, "范围", day(3), day(1), "period.order"),
    ):
        with pytest.raises(Invalid) as refused:
            service.delegate_authority(session, act_as("fabu1"), target, CITY, scope, start, end)  # type: ignore[arg-type]  # an id
        assert [problem.rule for problem in refused.value.problems] == [rule]


def test_persons_come_from_a_file_and_a_second_time_nothing_happens(
    session: Session, people: People, act_as: ActAs
) -> None:
    text = HEAD + (
        "示例一,yi,示例市数据局（示例）,发布单位,示例市,是,,\n"
        "示例二,er,示例省数据主管部门,reviewer,990000,否,2026-01-01,2099-12-31\n"
        "示例三,san,没有的单位,,,,,\n"
        "示例四,FABU1,示例市数据局（示例）,,,,,\n"
        "示例五,wu,示例市数据局（示例）,大王,示例市,,,\n"
        ",liu,示例市数据局（示例）,,,,,\n"
        "示例七,qi,示例市数据局（示例）,运营方,火星,,,\n"
        "示例八,ba,示例市数据局（示例）,运营方,示例市,也许,2026-13-01,\n"
    )
    report = service.import_persons(session, act_as("sysadmin"), text.encode("gb18030"))

    assert [row.outcome for row in report.rows] == ["added"] * 2 + ["refused"] * 6
    assert {row.line: rules(row.problems) for row in report.rows if row.problems} == {
        4: [("unit", "register.unit")],
        5: [("user_name", "register.taken")],
        6: [("role", "register.role")],
        7: [("name", "register.required")],
        8: [("region", "register.region")],
        9: [("own_unit_only", "register.yes_no")],
    }
    assert queries.person_id_of(session, "wu") is None
    assert not act_as("yi").has_role("releasing_unit", CITY, act_as("yi").unit_id)
    (proposed,) = queries.person(
        session, queries.person_id_of(session, "er") or people["fabu1"].person_id
    ).grants
    assert (proposed.status, proposed.region_code, proposed.ends_on) == ("proposed", PROVINCE, "2099-12-31")

    again = service.import_persons(session, act_as("sysadmin"), text.encode())
    assert [row.outcome for row in again.rows][:2] == ["unchanged"] * 2
    assert not any(row.password for row in again.rows)


def test_a_file_cannot_make_an_administrator_of_somebody_with_another_role(
    session: Session, people: People, act_as: ActAs
) -> None:
    text = HEAD + (
        "示例新,xin,示例市数据局（示例）,系统管理员,示例市,,,\n示例新,xin,示例市数据局（示例）,审计管理员,示例市,,,\n"
        "示例甲,fabu1,示例省数据局（示例）,安全管理员,示例省,,,\n"
    )

    report = service.import_persons(session, act_as("sysadmin"), text.encode())

    assert [row.outcome for row in report.rows] == ["added", "refused", "refused"]
    assert all("三员分立" in row.problems[0].message.zh for row in report.rows[1:])
    with pytest.raises(NotAllowed):
        service.import_persons(session, act_as("secadmin"), text.encode())
    with pytest.raises(RolesExcludeEachOther):
        service.propose_grant(
            session, act_as("sysadmin"), people["fabu1"].person_id, "audit_administrator", PROVINCE
        )


def test_units_come_from_a_file_parents_first(session: Session, people: People, act_as: ActAs) -> None:
    text = (
        "\ufeff名称,类别,地区,上级单位,统一社会信用代码\n"
        f"示例集团,provider,示例省,示例省数据局（示例）,{CODE}\n"
        f"示例分公司,provider,示例市,{CODE},\n"
        "示例坏码,provider,示例市,,91330100569385261X\n"
        "示例反向,provider,示例省,示例分公司,\n"
        "示例怪类,king,示例省,,\n"
    )
    report = service.import_units(session, act_as("sysadmin"), text.encode())
    again = service.import_units(session, act_as("sysadmin"), text.encode())

    assert [row.outcome for row in report.rows] == ["added"] * 2 + ["refused"] * 3
    assert [rules(row.problems) for row in report.rows[2:]] == [
        [("credit_code", "unit.credit_code")],
        [("parent_id", "unit.parent_region")],
        [("kind", "register.kind")],
    ]
    assert queries.unit_by_name(session, "示例坏码") is None
    assert [row.outcome for row in again.rows][:2] == ["unchanged"] * 2


def test_a_file_that_is_no_register_is_refused_as_a_whole(
    session: Session, people: People, act_as: ActAs
) -> None:
    for content, rule in (
        (b"", "register.empty"),
        (b"\xff\xff\xff", "register.encoding"),
        ("姓名,用户名\n甲,a\n".encode(), "register.header"),
        ("姓名,用户名,单位,薪水\n".encode(), "register.header"),
        ((HEAD + '"甲').encode(), "register.csv"),
        ((HEAD + "甲,a,b,,,,,\n" * 2001).encode(), "register.rows"),
        (b"x" * (1024 * 1024 + 1), "register.size"),
    ):
        with pytest.raises(Invalid) as refused:
            service.import_persons(session, act_as("sysadmin"), content)
        assert [problem.rule for problem in refused.value.problems] == [rule]


def test_an_account_unused_for_90_days_is_disabled_until_its_password_is_reset(
    session: Session, people: People, act_as: ActAs
) -> None:
    person = people["fabu1"]
    with use_clock(ManualClock(now())) as clock:
        clock.advance(timedelta(days=89, hours=23))  # type: ignore[attr-defined]  # a ManualClock
        on_the_day = service.sign_in(session, "fabu1", person.password).outcome
        clock.advance(timedelta(days=90, seconds=1))  # type: ignore[attr-defined]  # as above
        guessed = service.sign_in(session, "fabu1", "wrong").outcome
        late = service.sign_in(session, "fabu1", person.password)
        new = service.reset_password(session, act_as("sysadmin"), person.person_id)
        again = service.sign_in(session, "fabu1", new).outcome

    assert (on_the_day, guessed, late.outcome, again) == ("ok", "refused", "unused", "ok")
    assert "90" in late.message().zh


def test_a_password_older_than_90_days_must_be_changed(session: Session, people: People) -> None:
    with use_clock(ManualClock(now())) as clock:
        outcomes = []
        for days in (59, 30, 2):
            clock.advance(timedelta(days=days))  # type: ignore[attr-defined]  # a ManualClock
            outcomes.append(service.sign_in(session, "fabu1", people["fabu1"].password).must_change)

    assert outcomes == [False, False, True]


def test_credit_codes_of_the_standard_are_known() -> None:
    # The worked example of GB 32100 in circulation: a code whose 17 characters give W.
    assert check_character("91350100M000100Y4") == "3"
