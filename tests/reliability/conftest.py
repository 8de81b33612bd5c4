"""Databases to be treated badly."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kernel.database import Database
from tests.postgresql import Server, administer, controlled_server
from tests.reliability import load
from tests.reliability.checker import check
from tests.reliability.evidence import Violation
from tests.reliability.worker import Assignment, Worker, shorten_waits

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Give a PostgreSQL server of our own, to be stopped at will."""
    with controlled_server() as server:
        yield server


@pytest.fixture(scope="session")
def prepared_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deploy the processes on a SQLite file once; tests copy it."""
    path = tmp_path_factory.mktemp("reliability") / "template.sqlite3"
    shutil.copyfile(sqlite_template, path)
    load.prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prepared_database(postgresql: str, postgresql_template: str) -> str:
    """Deploy the processes on a PostgreSQL database once; tests copy it."""
    administer(postgresql, f"create database zujian_reliability template {postgresql_template}")
    load.prepare(postgresql.format(name="zujian_reliability"))
    return "zujian_reliability"


@pytest.fixture
def both_databases(
    prepared_file: Path, prepared_database: str, postgresql: str, tmp_path: Path
) -> Iterator[list[str]]:
    """Give a SQLite file and a PostgreSQL database on which nothing has happened yet."""
    shutil.copyfile(prepared_file, tmp_path / "reliability.sqlite3")
    name = f"reliability_{uuid4().hex}"
    administer(postgresql, f"create database {name} template {prepared_database}")
    yield [f"sqlite:///{tmp_path}/reliability.sqlite3", postgresql.format(name=name)]
    administer(postgresql, f"drop database {name} with (force)")


class Bench:
    """A worker in the tests' own process, and the judge."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        load.prepare(url)
        self.worker = self.another("worker", 1)

    def another(self, name: str, seed: int) -> Worker:
        """Return a further worker, with connections of its own."""
        return Worker(Assignment("finisher", name, Database(self.url), self.folder / "ledger", seed))

    def judge(self, *, ended: bool = False) -> list[Violation]:
        """Return what the checker finds."""
        return check(self.url, self.folder / "ledger", ended=ended)


@pytest.fixture
def bench_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make benches; their waits are short and their connections are closed at the end."""
    made: list[Bench] = []
    monkeypatch.setattr("engine.jobs.locking.LEASE", None)
    monkeypatch.setattr("engine.jobs.failing.BACK_OFF", None)
    monkeypatch.setattr("tests.reliability.worker.READING_SECONDS", 0.0)
    shorten_waits()

    def make(url: str) -> Bench:
        made.append(Bench(url, tmp_path / f"bench-{len(made)}"))
        return made[-1]

    yield make
    for bench in made:
        bench.worker.database.dispose()


def run_program(module: str, *arguments: str) -> Any:
    """Run a program of this package in a process that may fork, and return what it printed as JSON."""
    command = [sys.executable, "-m", f"tests.reliability.{module}", *arguments]
    answer = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert answer.stdout, answer.stderr[-3000:]
    return json.loads(answer.stdout)
