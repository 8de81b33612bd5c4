"""Health, readiness and figures tell the truth, and the figures not to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from engine.api import Driver
from kernel.actor import system_actor
from kernel.clock import ManualClock, now
from kernel.database import Database
from kernel.errors import Conflict, DatabaseUnavailable
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.factories.people import make_person
from tests.integration.webapp.browser import Visitor
from webapp.cli.serve import bound_socket, page_server
from webapp.drivers.embedded import EmbeddedDriver, attach
from webapp.drivers.signs import SignsOfLife
from webapp.wiring import Platform


def sign(platform: Platform, silence: timedelta = timedelta(0)) -> None:
    """Let a worker have been seen so long ago."""
    at = now() - silence
    with platform.database.write() as session:
        platform.engine.driver_seen(session, Driver(new_id(), "worker", "host", 7, at, at))


def figure(client: FlaskClient, name: str, environ: dict[str, str] | None = None) -> float | None:
    """Return one figure by its name and labels, or None."""
    page = client.get("/metrics", environ_base=environ or {}).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else None


def test_a_healthy_platform_with_a_worker_is_ready(client: FlaskClient, platform: Platform) -> None:
    sign(platform)

    answer = client.get("/ready")

    assert client.get("/health").json == {"status": "ok"}
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "clock": "ok", "queue": "not used"}


def test_ready_says_when_nobody_drives_the_queue(client: FlaskClient, platform: Platform) -> None:
    sign(platform, timedelta(minutes=5))

    answer = client.get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "database": "ok", "clock": "missing", "queue": "not used"}


def test_ready_says_when_due_work_is_left_lying(
    client: FlaskClient, platform: Platform, database: Database, clock: ManualClock
) -> None:
    with database.write() as session:
        session.execute(
            text(
                "INSERT INTO job (id, kind, reference, element_id, scope_process, parameters, status, run_at,"
                " attempts, created_at) VALUES (:id, 'timer', 'w', 'e', 'p', '{}', 'ready', :at, 0, :at)"
            ),
            {"id": new_id().hex, "at": clock.now().replace(tzinfo=None)},
        )
    clock.advance(timedelta(minutes=2))
    sign(platform)

    assert client.get("/ready").json["clock"] == "late"
    assert figure(client, "zujian_jobs_due") == 1
    assert (figure(client, "zujian_clock_lag_seconds") or 0) >= 120


def test_ready_names_another_schema_and_a_database_that_is_gone(
    client: FlaskClient, database: Database, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001_kernel'"))
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["database"]) == (503, "other schema")

    def gone(_database: Database) -> bool:
        raise DatabaseUnavailable("away")

    monkeypatch.setattr("webapp.schema.is_current", gone)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["database"], answer.json["clock"]) == (
        503,
        "unreachable",
        "unknown",
    )
    assert client.get("/health").status_code == 200
    assert figure(client, "zujian_database_up") == 0


@pytest.fixture
def driver(app: Flask, platform: Platform) -> Iterator[EmbeddedDriver]:
    """Let the process of the pages drive the queue."""
    driver = EmbeddedDriver(platform)
    driver.start()
    attach(app, driver)
    yield driver
    if driver.is_alive:
        driver.stop()


def test_the_single_process_is_ready_while_its_clock_ticks(
    client: FlaskClient, driver: EmbeddedDriver, platform: Platform
) -> None:
    assert client.get("/health").status_code == 200
    assert client.get("/ready").json["status"] == "ok"
    with platform.database.read() as session:
        assert [each.kind for each in platform.engine.queue_standing(session).drivers] == ["embedded"]


def test_the_single_process_is_unhealthy_once_its_clock_stopped(
    client: FlaskClient, driver: EmbeddedDriver
) -> None:
    driver.stop()

    assert client.get("/health").status_code == 503
    answer = client.get("/ready")
    assert (answer.status_code, answer.json["clock"]) == (503, "missing")


def test_a_broker_that_does_not_answer_is_named(app: Flask, client: FlaskClient, platform: Platform) -> None:
    sign(platform)
    settings = replace(platform.settings, redis_url="redis://127.0.0.1:1/0")
    app.extensions["zujian.platform"] = replace(platform, settings=settings)

    answer = client.get("/ready")

    assert (answer.status_code, answer.json["status"], answer.json["queue"]) == (
        200,
        "degraded",
        "unreachable",
    )


def test_the_figures_count_commands_requests_and_drivers(client: FlaskClient, platform: Platform) -> None:
    sign(platform)
    actor = system_actor()

    def refuse(_session: object) -> None:
        raise Conflict(Text("不行", "No"))

    # Figures live as long as the process: each database counts under a name of its own.
    action = f"test.counted_{platform.database.dialect}"
    perform(platform.database, action, actor, lambda _session: None)
    with pytest.raises(Conflict):
        perform(platform.database, action, actor, refuse)
    client.get("/health")

    assert figure(client, f'zujian_commands_total{{action="{action}",outcome="done"}}') == 1
    assert figure(client, f'zujian_commands_total{{action="{action}",outcome="refused"}}') == 1
    assert figure(client, f'zujian_command_seconds_count{{action="{action}"}}') == 2
    assert figure(client, "zujian_database_up") == 1
    assert figure(client, 'zujian_requests_total{method="GET",route="health.health",status="200"}')
    assert figure(client, 'zujian_driver_silence_seconds{host="host",kind="worker",process="7"}') is not None


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.1.2.3", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=10.1.2.3"}, 403),
    ],
)
def test_the_figures_are_for_the_loopback_interface_only(
    client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(("role", "status"), [("system_administrator", 200), ("reviewer", 403)])
def test_a_person_reads_the_figures_with_the_permission_only(
    client: FlaskClient, database: Database, role: str, status: int
) -> None:
    visitor = Visitor(client)
    visitor.sign_in(make_person(database, "lin", [role]))

    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"})

    assert answer.status_code == status


def test_every_answer_names_its_request(client: FlaskClient) -> None:
    first, second = (client.get("/sign-in").headers["X-Request-Id"] for _ in range(2))

    assert first != second


def test_signs_of_life_survive_a_database_that_is_gone(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs = SignsOfLife(platform.engine, platform.database, "worker")

    def gone(*_arguments: object) -> None:
        raise DatabaseUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(platform.engine, "driver_seen", gone)
        signs.give()
    signs.give()

    with platform.database.read() as session:
        assert len(platform.engine.queue_standing(session).drivers) == 1
    signs.end()
    with platform.database.read() as session:
        assert platform.engine.queue_standing(session).drivers == ()


def test_the_server_leaves_in_what_tells_that_a_proxy_passed_a_request_on(app: Flask) -> None:
    with bound_socket("127.0.0.1", 0) as listening:
        server = page_server(app, listening)
        cleared = server.adj.clear_untrusted_proxy_headers
        server.task_dispatcher.shutdown()
        server.close()

    assert cleared is False
