"""The database goes away and comes back: people are told so, nothing is half-done, work goes on by itself."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from engine.jobs.heartbeat import _extend
from kernel import unit_of_work
from kernel.database import Database
from kernel.errors import DatabaseUnavailable
from kernel.settings import Settings
from tests.postgresql import Server, administer
from tests.reliability import load
from tests.reliability.conftest import Bench
from tests.reliability.processes import PANEL
from tests.reliability.worker import CITY, Worker, person
from webapp import create_app
from webapp.wiring import build_platform

STARTER = person("releasing_unit", 0)
BACK_WITHIN_SECONDS = 30


@pytest.fixture(scope="module")
def template(server: Server) -> str:
    """Deploy the processes once on the server of this module."""
    administer(server.address, "create database outages")
    load.prepare(server.address.format(name="outages"))
    return "outages"


@pytest.fixture
def on_server(server: Server, template: str, bench_on: Callable[[str], Bench]) -> Bench:
    """Give a bench on a server that can be stopped."""
    name = f"outage_{uuid4().hex}"
    administer(server.address, f"create database {name} template {template}")
    bench = bench_on(server.address.format(name=name))
    at_work(bench.worker)
    return bench


@pytest.fixture
def on_file(prepared_file: Path, tmp_path: Path, bench_on: Callable[[str], Bench]) -> Bench:
    """Give a bench on a SQLite file, which waits a tenth of a second for locks."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "zujian.sqlite3").write_bytes(prepared_file.read_bytes())
    bench = bench_on(f"sqlite:///{folder}/zujian.sqlite3")
    bench.worker.database.dispose()

    @event.listens_for(bench.worker.database.engine, "connect")
    def be_impatient(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    at_work(bench.worker)
    return bench


def at_work(worker: Worker) -> None:
    """Do a little of everything."""
    worker.start_something()
    worker.complete_many()
    worker.run_jobs()


def is_told(step: Callable[[], Any], outage: str) -> None:
    """Expect that the step is refused with a sentence in both languages."""
    with pytest.raises(DatabaseUnavailable) as told:
        step()
    assert told.value.outage == outage
    assert "数据库" in told.value.message.zh
    assert "database" in told.value.message.en


def goes_on(bench: Bench) -> None:
    """Expect that the same worker finds its way back by itself, and that nothing is half-done."""
    end = time.monotonic() + BACK_WITHIN_SECONDS
    while True:
        try:
            at_work(bench.worker)
            break
        except DatabaseUnavailable:
            assert time.monotonic() < end, "the worker did not find the database again"
            time.sleep(0.1)
    bench.worker.start_something()
    assert bench.worker.complete_many()
    assert bench.judge() == []


def test_a_stopped_server_is_told_and_found_again(server: Server, on_server: Bench) -> None:
    worker = on_server.worker

    server.stop()
    try:
        for step in (worker.start_something, worker.complete_something, worker.run_jobs):
            is_told(step, "away")
    finally:
        server.start()

    goes_on(on_server)


def test_a_server_that_stops_within_a_transaction_leaves_nothing_of_it(
    server: Server, on_server: Bench
) -> None:
    worker = on_server.worker
    before = count_instances(worker.database)

    def start_and_lose(session: Any) -> None:
        given = {"business_key": "lost", "region_code": CITY}
        worker.engine.start_instance(session, STARTER, PANEL, {"people": 1}, **given)
        server.stop()

    try:
        is_told(lambda: unit_of_work.perform(worker.database, "test", STARTER, start_and_lose), "away")
    finally:
        server.start()

    goes_on(on_server)
    assert count_instances(worker.database, "lost") == 0
    assert count_instances(worker.database) >= before


def test_many_who_were_at_work_when_the_server_stopped_go_on(server: Server, on_server: Bench) -> None:
    workers = [on_server.another(f"colleague-{number}", number) for number in range(4)]
    told: list[DatabaseUnavailable] = []
    ended = threading.Event()

    def work(worker: Worker) -> None:
        while not ended.is_set():
            try:
                at_work(worker)
            except DatabaseUnavailable as outage:
                told.append(outage)
                time.sleep(0.1)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(1)
    server.stop()
    time.sleep(0.5)
    server.start()
    time.sleep(1)
    ended.set()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.database.dispose()

    assert told
    goes_on(on_server)


def test_a_file_that_somebody_else_holds_is_told(on_file: Bench) -> None:
    on_file.worker.start_something()  # so that there is a task to complete, which is what needs the file
    other = sqlite3.connect(on_file.url.removeprefix("sqlite:///"))
    other.execute("BEGIN EXCLUSIVE")

    for step in (on_file.worker.start_something, on_file.worker.complete_many):
        is_told(step, "busy")

    other.rollback()
    other.close()
    goes_on(on_file)


def test_a_file_that_cannot_be_opened_is_told(on_file: Bench, tmp_path: Path) -> None:
    on_file.worker.database.dispose()
    (tmp_path / "data").rename(tmp_path / "elsewhere")

    for step in (on_file.worker.start_something, on_file.worker.complete_something, on_file.worker.run_jobs):
        is_told(step, "away")

    (tmp_path / "elsewhere").rename(tmp_path / "data")
    goes_on(on_file)


def test_a_file_that_cannot_be_written_is_told(on_file: Bench) -> None:
    with not_writable(on_file.worker.database):
        is_told(on_file.worker.start_something, "away")

    goes_on(on_file)


class not_writable:  # noqa: N801 - reads as a statement
    """SQLite as on a disk that was mounted for reading only."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> None:
        self.database.dispose()
        event.listen(self.database.engine, "connect", _only_read)

    def __exit__(self, *_: object) -> None:
        event.remove(self.database.engine, "connect", _only_read)
        self.database.dispose()


def _only_read(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def count_instances(database: Database, business_key: str | None = None) -> int:
    """Count instances, or those of one business key."""
    where = f" WHERE business_key = '{business_key}'" if business_key else ""
    with database.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM process_instance{where}")).scalar_one())


def test_the_thread_that_keeps_leases_survives_an_outage(server: Server, on_server: Bench) -> None:
    server.stop()
    try:
        # It says so in the log and returns; the next beat tries again.
        _extend(on_server.worker.database, uuid4(), 1)
    finally:
        server.start()

    goes_on(on_server)


def test_pages_and_programs_are_told_while_the_file_is_away(prepared_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "zujian.sqlite3").write_bytes(prepared_file.read_bytes())
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{folder}/zujian.sqlite3",
        secret_key="a secret for tests and for nothing else",
        processes_dir=tmp_path,
    )
    platform = build_platform(settings)
    client = create_app(settings, platform).test_client()
    somebody = ("somebody", "a wrong password")
    assert client.get("/api/v1/components", auth=somebody).status_code == 401

    platform.database.dispose()
    folder.rename(tmp_path / "elsewhere")
    away = client.get("/api/v1/components", auth=somebody)

    assert away.status_code == 503
    assert "数据库" in away.get_json()["detail"]

    (tmp_path / "elsewhere").rename(folder)
    assert client.get("/api/v1/components", auth=somebody).status_code == 401
    platform.close()
