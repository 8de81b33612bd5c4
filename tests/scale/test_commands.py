"""The commands themselves: they start, say that they are there, do their part and stop in good order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from engine.api import DueJob
from kernel.ids import new_id
from tests.scale.conftest import REPOSITORY, House
from tests.scale.test_celery import waiting_messages
from webapp.drivers.celery_queue import celery_app, sender


class Commands:
    """Starts commands on the database of a house."""

    def __init__(self, house: House, database_url: str, folder: Path) -> None:
        self.started: list[subprocess.Popen[bytes]] = []
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "ZUJIAN_DATA_DIR": str(folder),
            "ZUJIAN_DATABASE_URL": database_url,
            "ZUJIAN_SECRET_KEY": "a secret for tests and for nothing else",
            "ZUJIAN_REDIS_URL": house.redis.url,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start ``zujian`` with these arguments."""
        program = [sys.executable, "-c", "from webapp.cli import main; main()", *arguments]
        process = subprocess.Popen(
            program, cwd=REPOSITORY, env=self._environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self.started.append(process)
        return process


@pytest.fixture
def commands(house: House, database_url: str, tmp_path: Path) -> Iterator[Commands]:
    """Give a terminal; what is left running ends with the test."""
    commands = Commands(house, database_url, tmp_path)
    yield commands
    for process in commands.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def drivers(house: House) -> list[str]:
    """Return the kinds of the drivers that said they are there."""
    with house.database.read() as session:
        return [driver.kind for driver in house.engine.queue_standing(session).drivers]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize(("command", "kind"), [("worker", "worker"), ("dispatch", "dispatcher")])
def test_a_driver_shows_its_figures_and_signs_off(
    house: House, commands: Commands, command: str, kind: str
) -> None:
    port = free_port()
    process = commands.start(command, "--metrics-port", str(port))
    house.until("the driver says that it is there", lambda: drivers(house) == [kind])

    assert "zujian_jobs_total" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0
    assert drivers(house) == []


def test_a_celery_worker_reads_messages_and_stops(house: House, commands: Commands) -> None:
    process = commands.start("worker", "--celery", "--threads", "1")
    send = sender(celery_app(house.redis.url, lambda: (house.engine, house.database)))

    for kind in ("service", "timer"):
        send(DueJob(new_id(), kind, None))
    house.until("both queues are read", lambda: waiting_messages(house) == 0)
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=60) == 0
