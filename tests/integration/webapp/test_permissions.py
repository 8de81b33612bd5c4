"""Every route says who may call it, and nobody else gets in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain.people.permissions import PERMISSIONS
from kernel import audit
from kernel.database import Database
from tests.factories.people import make_person
from tests.integration.webapp.browser import Visitor
from webapp.permissions import PUBLIC, SIGNED_IN, required_action


def test_every_route_declares_its_action(app: Flask) -> None:
    undeclared = [
        str(rule) for rule in app.url_map.iter_rules() if required_action(app, rule.endpoint) is None
    ]

    assert undeclared == []


def test_every_declared_action_is_in_the_table_of_permissions(app: Flask) -> None:
    declared = {required_action(app, rule.endpoint) for rule in app.url_map.iter_rules()}

    assert declared - {PUBLIC, SIGNED_IN} <= set(PERMISSIONS)


def test_a_route_without_a_declaration_answers_nobody(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    visitor = Visitor(client)
    visitor.sign_in(make_person(database, "lin", ["reviewer"]))

    assert visitor.get("/forgotten").status_code == 403


@pytest.mark.parametrize("path", ["/tasks", "/components", "/audit", "/processes", "/people", "/account"])
def test_a_visitor_without_a_session_is_asked_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in (303, 404)
    assert answer.status_code == 404 or answer.location.startswith("/sign-in")


def test_a_page_beyond_the_role_is_refused_and_the_refusal_recorded(
    client: FlaskClient, database: Database
) -> None:
    visitor = Visitor(client)
    person = make_person(database, "lin", ["reviewer"])
    visitor.sign_in(person)

    answer = visitor.get("/audit")

    assert answer.status_code == 403
    assert "没有权限" in answer.text
    assert "审计追溯" not in answer.text.partition("</nav>")[0]
    with database.read() as session:
        events = audit.events_of_stream(session, "system:access")
    assert [(event.action, event.outcome) for event in events] == [("audit.read", "refused")]


def test_an_unknown_address_answers_a_page_of_ours(client: FlaskClient) -> None:
    answer = client.get("/no/such/page")

    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_a_bug_shows_a_number_and_nothing_of_its_inside(app: Flask, client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("a secret detail")

    broken.required_action = PUBLIC  # type: ignore[attr-defined]
    app.config["TESTING"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/broken", "broken", broken)

    answer = client.get("/broken")

    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert "请求编号" in answer.text
