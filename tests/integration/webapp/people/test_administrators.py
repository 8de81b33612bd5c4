"""The administrators' pages: one adds and proposes, another decides, and nobody does both."""

from __future__ import annotations

import re

from domain.people import queries
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.catalogue_desk import CatalogueDesk

SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def add_person(visitor: Visitor, desk: CatalogueDesk, user_name: str) -> str:
    """Add a person of the province's releasing unit and return the address of their page."""
    visitor.get("/people/new")
    with desk.platform.database.read() as session:
        unit = queries.unit_by_name(session, "示例省数据局（示例）")
    assert unit is not None
    answer = visitor.post("/people/new", {"name": "示例新人", "user_name": user_name, "unit": str(unit.id)})
    assert answer.status_code == 200
    assert SECRET.search(answer.text)
    person = next(p for p in persons(desk) if p.user_name == user_name)
    return f"/people/{person.id}"


def persons(desk: CatalogueDesk) -> list[queries.PersonRow]:
    with desk.platform.database.read() as session:
        return queries.persons(session, desk.actor("sysadmin"), limit=200)


def test_a_new_person_signs_in_with_the_password_shown_once(catalogue_desk: CatalogueDesk) -> None:
    administrator = catalogue_desk.visitor("sysadmin")
    administrator.get("/people/new")
    with catalogue_desk.platform.database.read() as session:
        unit = queries.units(session)[0]

    answer = administrator.post(
        "/people/new", {"name": "示例新人", "user_name": "xinren", "unit": str(unit.id)}
    )
    password = SECRET.search(answer.text)
    again = administrator.get("/people?text=示例新人")

    assert password is not None
    assert password.group(1) not in again.text
    visitor = Visitor(catalogue_desk.app.test_client())
    visitor.get("/sign-in")
    entered = visitor.post("/sign-in", {"user_name": "xinren", "password": password.group(1)})
    assert entered.status_code == 303


def test_a_missing_field_is_named_and_nothing_is_added(catalogue_desk: CatalogueDesk) -> None:
    administrator = catalogue_desk.visitor("sysadmin")
    administrator.get("/people/new")
    before = len(persons(catalogue_desk))

    answer = administrator.post("/people/new", {"name": "示例新人", "user_name": "", "unit": ""})

    assert answer.status_code == 422
    assert "请填写用户名" in answer.text
    assert len(persons(catalogue_desk)) == before


def test_a_grant_is_proposed_by_one_administrator_and_approved_by_another(
    catalogue_desk: CatalogueDesk,
) -> None:
    system, security = catalogue_desk.visitor("sysadmin"), catalogue_desk.visitor("secadmin")
    page = add_person(system, catalogue_desk, "xinren")
    system.get(page)

    system.post(f"{page}/grants", {"role": "reviewer", "region_code": "990000", "unit_id": ""})
    waiting = security.get("/people/grants")
    shown = security.get(page)
    decide = re.search(r'action="(/people/[^"]+/decision)"', shown.text)
    assert decide is not None
    security.post(decide.group(1), {"decision": "approve"})

    assert "示例新人" in waiting.text
    person = next(p for p in persons(catalogue_desk) if p.user_name == "xinren")
    assert [(grant.role, grant.status) for grant in person.grants] == [("reviewer", "active")]


def test_a_second_administrator_role_is_refused_with_the_reason(catalogue_desk: CatalogueDesk) -> None:
    system = catalogue_desk.visitor("sysadmin")
    page = f"/people/{catalogue_desk.people['auditadmin'].person_id}"
    system.get(page)

    system.post(f"{page}/grants", {"role": "security_administrator", "region_code": "990000", "unit_id": ""})

    assert "三员分立" in system.get(page).text


def test_the_system_administrator_may_not_decide_a_grant(catalogue_desk: CatalogueDesk) -> None:
    system = catalogue_desk.visitor("sysadmin")
    person = next(p for p in persons(catalogue_desk) if p.user_name == "shenhe1")
    page = f"/people/{person.id}"
    shown = system.get(page)

    answer = system.post(f"{page}/grants/{person.grants[0].id}/revocation", {"reason": "试一试"})

    assert "收回理由" not in shown.text
    assert answer.status_code == 403


def test_a_deactivated_person_cannot_go_on(catalogue_desk: CatalogueDesk) -> None:
    reviewer, system = catalogue_desk.visitor("shenhe1"), catalogue_desk.visitor("sysadmin")
    page = f"/people/{catalogue_desk.people['shenhe1'].person_id}"
    system.get(page)

    system.post(f"{page}/deactivation", {"reason": "离职"})

    assert reviewer.get("/tasks").status_code == 303


def test_a_reset_password_takes_the_place_of_the_old_one(catalogue_desk: CatalogueDesk) -> None:
    system = catalogue_desk.visitor("sysadmin")
    page = f"/people/{catalogue_desk.people['jiandu'].person_id}"
    system.get(page)

    answer = system.post(f"{page}/password")

    found = SECRET.search(answer.text)
    assert found is not None
    assert found.group(1) != catalogue_desk.people["jiandu"].password


def test_a_unit_is_added_once(catalogue_desk: CatalogueDesk) -> None:
    system = catalogue_desk.visitor("sysadmin")
    system.get("/people/units")
    unit = {"name": "示例新单位", "kind": "provider", "region_code": "990100"}

    first, second = system.post("/people/units", unit), system.post("/people/units", unit)

    assert first.status_code == 303
    assert second.status_code == 422
    assert "示例新单位" in system.get("/people/units").text


def test_the_audit_administrator_looks_on(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("auditadmin")

    answer = visitor.get(f"/people/{catalogue_desk.people['fabu1'].person_id}")

    assert answer.status_code == 200
    assert "提出授权" not in answer.text
    assert visitor.get("/people/new").status_code == 403


def test_people_are_found_by_name_and_paged(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("sysadmin")

    answer = visitor.get("/people?text=示例甲")

    assert "fabu1" in answer.text
    assert "fabu2" not in answer.text
    assert visitor.get("/people?after=broken").status_code == 400
