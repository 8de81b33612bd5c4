"""Sessions: how they begin, what they need, how they end."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import audit
from kernel.clock import SHANGHAI, ManualClock
from kernel.database import Database
from tests.factories.people import make_person
from tests.integration.webapp.browser import Visitor
from webapp.local_addresses import local_address


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


def test_a_person_signs_in_and_is_led_to_the_page_asked_for(visitor: Visitor, database: Database) -> None:
    person = make_person(database, "lin", ["reviewer"])

    asked = visitor.get("/tasks?view=claimable")
    visitor.get(asked.location)
    answer = visitor.post(
        "/sign-in",
        {"user_name": "lin", "password": person.password, "next": "/tasks?view=claimable"},
    )

    assert asked.status_code == 303
    assert "next=" in asked.location
    assert (answer.status_code, answer.location) == (303, "/tasks?view=claimable")
    assert visitor.get("/account").status_code == 200


def test_a_wrong_password_is_refused_without_saying_whether_the_name_exists(
    visitor: Visitor, database: Database
) -> None:
    make_person(database, "lin", ["reviewer"])
    visitor.get("/sign-in")

    known = visitor.post("/sign-in", {"user_name": "lin", "password": "wrong"})
    unknown = visitor.post("/sign-in", {"user_name": "nobody", "password": "wrong"})

    assert known.status_code == unknown.status_code == 422
    assert "用户名或密码不正确" in known.text
    assert "用户名或密码不正确" in unknown.text


def test_five_failures_lock_the_name_for_a_while(
    visitor: Visitor, database: Database, clock: ManualClock
) -> None:
    person = make_person(database, "lin", ["reviewer"])
    visitor.get("/sign-in")
    for _attempt in range(5):
        visitor.post("/sign-in", {"user_name": "lin", "password": "wrong"})

    locked = visitor.sign_in(person)

    assert locked.status_code == 422
    assert "锁定" in locked.text


def test_a_form_without_the_token_of_its_page_is_refused(client: FlaskClient, database: Database) -> None:
    person = make_person(database, "lin", ["reviewer"])

    answer = client.post("/sign-in", data={"user_name": "lin", "password": person.password})

    assert answer.status_code == 400
    assert "安全校验" in answer.text


def test_signing_out_ends_the_session_and_is_recorded(visitor: Visitor, database: Database) -> None:
    person = make_person(database, "lin", ["reviewer"])
    visitor.sign_in(person)

    answer = visitor.post("/sign-out")

    assert answer.status_code == 303
    assert visitor.get("/account").status_code == 303
    assert visitor.client.get("/sign-out").status_code == 405
    with database.read() as session:
        actions = [event.action for event in audit.events_of_stream(session, "system:people")]
    assert "person.signed_out" in actions


def test_a_first_password_must_be_changed_before_anything_else(visitor: Visitor, database: Database) -> None:
    person = make_person(database, "lin", ["reviewer"], must_change=True)

    answer = visitor.sign_in(person)
    held_back = visitor.get("/tasks")
    refused = visitor.post("/account/password", {"old": person.password, "new": "x", "repeated": "x"})
    different = visitor.post("/account/password", {"old": person.password, "new": "a", "repeated": "b"})
    new = "Zujian-2026-新密码"
    changed = visitor.post("/account/password", {"old": person.password, "new": new, "repeated": new})

    assert answer.location == "/account"
    assert held_back.location == "/account"
    assert refused.status_code == different.status_code == 422
    assert "两次输入的新密码不一致" in different.text
    assert changed.status_code == 303
    assert visitor.get("/tasks").status_code == 200


def test_a_session_without_activity_ends(app: Flask, visitor: Visitor, database: Database) -> None:
    person = make_person(database, "lin", ["reviewer"])
    visitor.sign_in(person)

    lifetime = app.permanent_session_lifetime
    cookie = visitor.client.get_cookie("zujian_session")

    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert lifetime.total_seconds() == 20 * 60
    assert cookie.expires is not None
    left = cookie.expires - datetime.now(SHANGHAI)
    assert left.total_seconds() <= 20 * 60 + 5


def test_the_answers_forbid_inline_script_and_foreign_sources(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in")

    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<style" not in answer.text
    assert "style=" not in answer.text
    assert "onclick" not in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://example.org/", "//example.org", "/\\example.org", "javascript:x", "", None, "/\nx"]
)
def test_the_way_back_never_leaves_the_site(wanted: str | None) -> None:
    assert local_address(wanted) == "/"


def test_the_language_is_the_choice_then_the_wish_then_chinese(visitor: Visitor) -> None:
    assert 'lang="zh-CN"' in visitor.get("/sign-in").text
    assert 'lang="en"' in visitor.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).text

    answer = visitor.post("/language", {"language": "en", "next": "/sign-in"})

    assert answer.location == "/sign-in"
    assert 'lang="en"' in visitor.get("/sign-in").text
    assert visitor.post("/language", {"language": "xx"}).status_code == 400
