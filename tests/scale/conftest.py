"""PostgreSQL, Redis and the processes of an office; every process that a test starts ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from engine.api import Engine
from kernel.actor import Actor, Grant
from kernel.database import Database
from kernel.ids import new_id
from kernel.unit_of_work import perform
from tests.postgresql import administer
from tests.scale.office import PROCESS, Call, calls, errand_process, office
from tests.scale.redis_server import RedisServer, running_redis

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_WAIT = 120


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """Start one Redis for all tests."""
    with running_redis() as server:
        yield server


@pytest.fixture
def database_url(postgresql: str, postgresql_template: str) -> Iterator[str]:
    """Give the address of an empty PostgreSQL database with a table of effects."""
    name = f"zujian_{uuid4().hex}"
    administer(postgresql, f"create database {name} template {postgresql_template}")
    url = postgresql.format(name=name)
    yield url
    administer(postgresql, f"drop database {name} with (force)")


@pytest.fixture
def house(database_url: str, redis: RedisServer, tmp_path: Path) -> Iterator[House]:
    """Give an office with nobody in it yet."""
    with redis.client() as client:
        client.flushall()
    house = House(database_url, redis, tmp_path)
    yield house
    house.close()


class House:
    """Starts errands, processes that run them, and kills the latter."""

    def __init__(self, database_url: str, redis: RedisServer, folder: Path) -> None:
        self.database = Database(database_url)
        self.redis = redis
        self.engine: Engine = office(folder)
        self._url = database_url
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        with self.database.write() as session:
            session.execute(text("CREATE TABLE effect (job_id varchar(36))"))
        grants = (Grant("releasing_unit", "990200", None),)
        self._actor = Actor(new_id(), "张三", None, grants, frozenset({"definition.deploy"}))
        perform(
            self.database,
            "deploy",
            self._actor,
            lambda s: self.engine.deploy_files(s, self._actor, PROCESS, errand_process()),
        )

    def start_errands(self, count: int) -> None:
        """Start so many instances; each waits for its errand."""
        for _ in range(count):
            perform(
                self.database,
                "start",
                self._actor,
                lambda s: self.engine.start_instance(s, self._actor, PROCESS, {}, region_code="990200"),
            )

    def begin(self, kind: str) -> subprocess.Popen[bytes]:
        """Start a process of the office, in a group of its own."""
        arguments = [kind, self._url, self.redis.url, str(self._folder)]
        log = (self._folder / f"{kind}-{len(self._processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.scale.office", *arguments],
            cwd=REPOSITORY,
            start_new_session=True,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        log.close()
        self._processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process with all its children, at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def hold(self) -> None:
        """Let every errand wait in the middle of its work."""
        (self._folder / "hold").touch()

    def release(self) -> None:
        """Let the errands go on."""
        (self._folder / "hold").unlink()

    def calls(self) -> list[Call]:
        """Return every run of the handler that began."""
        return calls(self._folder)

    def end_leases(self) -> None:
        """Let two minutes pass for the jobs whose process is gone."""
        with self.database.write() as session:
            session.execute(
                text("UPDATE job SET lease_until = now() - interval '1 second' WHERE status = 'running'")
            )

    def effects(self) -> list[UUID]:
        """Return the job of every effect that was written."""
        with self.database.read() as session:
            return [UUID(job_id) for job_id in session.scalars(text("SELECT job_id FROM effect"))]

    def completed(self) -> int:
        """Count the completed instances."""
        with self.database.read() as session:
            query = text("SELECT count(*) FROM process_instance WHERE status = 'completed'")
            return session.scalar(query) or 0

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fails with the logs of the processes when it does not."""
        limit = time.monotonic() + SECONDS_TO_WAIT
        while not holds():
            if time.monotonic() > limit:
                logs = "\n".join(
                    f"{path.name}: {path.read_text()[-2000:]}" for path in self._folder.glob("*.log")
                )
                pytest.fail(f"waited in vain: {what}\n{logs}")
            time.sleep(0.05)

    def close(self) -> None:
        """End every process that is left."""
        for process in self._processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                self.kill(process)
        self.database.dispose()
