"""Resources that tests ask for: a migrated database of each kind, settings, a clock, the application.

A database is made once per test session and copied for each test, so that every test begins with an
empty one of its own. PostgreSQL is a real server; where it cannot be started the tests fail and say
what is missing, they are never passed over.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url

from domain.people import passwords
from kernel.clock import SHANGHAI, ManualClock, use_clock
from kernel.database import Database
from kernel.settings import Settings
from tests.chromium import started_chromium
from tests.postgresql import administer, running_server
from tests.verdicts import shared_verdicts
from webapp import schema

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from webapp.wiring import Platform

REPOSITORY = Path(__file__).resolve().parent.parent
BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash with the least effort: every seeded platform has seventeen passwords."""
    with patch.object(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture(scope="session", autouse=True)
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Check each diagram once in a run, however many workers deploy it."""
    given = os.environ.get("ZUJIAN_TEST_VERDICTS")
    run = tmp_path_factory.getbasetemp()
    shared = run.parent if os.environ.get("PYTEST_XDIST_WORKER") else run
    with shared_verdicts(Path(given) if given else shared / "verdicts"):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests."""
    with started_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start one PostgreSQL server for all tests and give the address of its databases."""
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty SQLite file once; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """Migrate an empty PostgreSQL database once; tests copy it."""
    administer(postgresql, "create database zujian_template")
    _migrate(postgresql.format(name="zujian_template"))
    return "zujian_template"


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty, migrated database, once of each kind."""
    with empty_database(request, request.param, tmp_path) as url:
        yield url


@contextmanager
def empty_database(request: pytest.FixtureRequest, backend: str, folder: Path) -> Iterator[str]:
    """Copy the migrated database of a kind, and drop the copy in the end."""
    url = copied_database(request, backend, folder)
    yield url
    if backend == "postgresql":
        administer(
            request.getfixturevalue("postgresql"), f"drop database {make_url(url).database} with (force)"
        )


def copied_database(request: pytest.FixtureRequest, backend: str, folder: Path) -> str:
    """Copy the migrated database of a kind and return its address; it lasts as long as folder and server."""
    if backend == "sqlite":
        path = folder / "zujian.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    template = request.getfixturevalue("postgresql_template")
    server: str = request.getfixturevalue("postgresql")
    name = f"zujian_{uuid4().hex}"
    administer(server, f"create database {name} template {template}")
    return server.format(name=name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open the empty, migrated database, once of each kind."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """Stop the clock on a Monday morning at work; ``clock.advance`` moves it."""
    manual = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI))
    with use_clock(manual):
        yield manual


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Give settings with the test's own database and data directory."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    """Wire engine, domain and handlers on the test's database."""
    from webapp.wiring import build_platform

    platform = build_platform(settings)
    yield platform
    platform.database.dispose()


@pytest.fixture
def app(settings: Settings, platform: Platform) -> Flask:
    """Assemble the web application on the test's platform."""
    from webapp import create_app

    app = create_app(settings, platform)
    app.config["TESTING"] = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without script: cookies and redirects, nothing more."""
    return app.test_client()


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
