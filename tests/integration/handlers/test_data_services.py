"""Data services on real sources: PostgreSQL roles that may write or may not, a file, an interface."""

from __future__ import annotations

import ipaddress
import json
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.credentials import service as credentials
from domain.credentials.vault import make_key_file
from domain.samples.services.data_service import DataService
from handlers.checks.addresses import probe_guard
from handlers.checks.data_sources import CONNECTION, PRIVILEGE, DataSource, check_source
from handlers.checks.results import Status
from kernel.files import store_file
from tests.integration.handlers.conftest import ActAs, Bench
from tests.integration.handlers.relayed import on_a_port
from tests.unit.handlers.checks.serving import answering
from webapp.wiring import Platform

LOOPBACK = probe_guard([ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")])
NOTHING = probe_guard([ipaddress.ip_network("10.1.0.0/16")])
PASSWORD = "pässword-of-the-test"


@pytest.fixture
def source(postgresql: str) -> Iterator[dict[str, str]]:
    """Make a database with one table and three roles: reader, writer, owner; give its address and names."""
    name = f"source_{uuid4().hex[:12]}"
    with psycopg.connect(_dsn(postgresql, "postgres"), autocommit=True) as server:
        server.execute(f"create database {name}")
        for role in ("reader", "writer", "creator"):
            power = " createrole" if role == "creator" else ""
            server.execute(f"create role {name}_{role} login password '{PASSWORD}'{power}")
    with psycopg.connect(_dsn(postgresql, name), autocommit=True) as own:
        own.execute("create table citizen (id integer, name text)")
        own.execute("revoke create on schema public from public")
        own.execute(f"grant select on citizen to {name}_reader, {name}_writer, {name}_creator")
        own.execute(f"grant update on citizen to {name}_writer")
    folder = urlsplit(_dsn(postgresql, name)).query.removeprefix("host=")
    [socket_file] = [path for path in Path(folder).glob(".s.PGSQL.*") if path.suffix != ".lock"]
    with on_a_port(str(socket_file)) as port:
        yield {"address": f"postgresql://127.0.0.1:{port}/{name}", "name": name}
    with psycopg.connect(_dsn(postgresql, "postgres"), autocommit=True) as server:
        server.execute(f"drop database {name} with (force)")
        for role in ("reader", "writer", "creator"):
            server.execute(f"drop role {name}_{role}")


def _dsn(address: str, name: str) -> str:
    return address.format(name=name).replace("postgresql+psycopg", "postgresql")


def statuses(
    address: str, account: str = "", secret: str = PASSWORD, file: Path | None = None
) -> dict[str, Status]:
    results = check_source(LOOPBACK, DataSource(address, account, secret, file))
    return {result.check: result.status for result in results}


def test_an_account_that_may_only_read_passes(source: dict[str, str]) -> None:
    found = statuses(source["address"], f"{source['name']}_reader")

    assert found == {CONNECTION: Status.PASSED, PRIVILEGE: Status.PASSED}


@pytest.mark.parametrize(("role", "rule"), [("writer", "E-WRITE"), ("creator", "E-SUPERUSER")])
def test_an_account_with_more_rights_is_found(source: dict[str, str], role: str, rule: str) -> None:
    account = DataSource(source["address"], f"{source['name']}_{role}", PASSWORD)

    results = {result.check: result for result in check_source(LOOPBACK, account)}

    assert results[PRIVILEGE].status is Status.FAILED
    assert [finding.rule for finding in results[PRIVILEGE].findings] == [rule]


def test_an_account_that_is_not_let_in_fails_and_its_password_is_not_repeated(source: dict[str, str]) -> None:
    wrong = DataSource(source["address"], "nobody_of_this_name", "wrong-and-secret")

    [result] = check_source(LOOPBACK, wrong)

    assert result.status is Status.FAILED
    assert "wrong-and-secret" not in str(result)


def test_a_source_that_was_not_released_is_not_asked(source: dict[str, str]) -> None:
    results = check_source(NOTHING, DataSource(source["address"], "reader", PASSWORD))

    assert {result.status for result in results} == {Status.NOT_CHECKED}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mysql://localhost/db",
        "postgresql://user:pass@localhost/db",
        "postgresql://localhost",
        "ftp://x/y",
        "/etc",
    ],
)
def test_an_address_of_no_known_source_is_refused(address: str) -> None:
    assert statuses(address) == {CONNECTION: Status.FAILED}


def test_a_stored_file_is_opened_for_reading_only(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("create table citizen (id integer)")
    file.close()
    broken = tmp_path / "broken"
    broken.write_bytes(b"this is no database" * 100)

    assert statuses("file", file=path) == {CONNECTION: Status.PASSED, PRIVILEGE: Status.PASSED}
    assert statuses("file", file=broken) == {CONNECTION: Status.FAILED}


def test_an_interface_must_ask_for_a_token_and_is_not_written_to() -> None:
    with answering(DataService(set(), PASSWORD[1:].replace("ä", "a")).respond) as address:
        good = statuses(f"{address}/", secret=PASSWORD[1:].replace("ä", "a"))
    with answering(DataService({"open"}, "token").respond) as address:
        opened = statuses(f"{address}/", secret="token")

    assert good == {CONNECTION: Status.PASSED, PRIVILEGE: Status.NOT_CHECKED}
    assert opened[CONNECTION] is Status.FAILED


def test_the_password_of_a_source_goes_from_the_form_to_the_source_and_nowhere_else(
    bench: Bench, platform: Platform, act_as: ActAs, version_id: UUID, source: dict[str, str]
) -> None:
    make_key_file(platform.settings.credentials_key_path)
    case = bench.facts()
    bench.case = case
    with platform.database.write() as session:
        reference = credentials.seal(session, platform.vault, act_as("tigong1"), PASSWORD, case.id)
    declared = {
        "kind": "database",
        "address": source["address"],
        "account": f"{source['name']}_reader",
        "secret": reference,
    }

    answer = bench.run("data.connection", versionId=str(version_id), dataSource=declared)
    again = bench.run("data.connection", versionId=str(version_id), dataSource=declared)

    assert answer["passed"] is True, bench.runs(version_id)
    assert again["passed"] is True
    assert bench.runs(version_id)["data.connection"].status == "passed"
    assert PASSWORD not in json.dumps([dict(answer), dict(again)], default=str)
    assert PASSWORD not in str(bench.runs(version_id))


def test_a_file_in_the_store_is_a_source(
    bench: Bench, platform: Platform, act_as: ActAs, version_id: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "data.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("create table citizen (id integer)")
    file.close()
    with platform.database.write() as session:
        stored = store_file(
            session, platform.files, BytesIO(path.read_bytes()), "data.sqlite", act_as("tigong1")
        )

    answer = bench.run(
        "data.connection", versionId=str(version_id), dataSource={"kind": "file", "file": stored.reference}
    )

    assert answer["passed"] is True
