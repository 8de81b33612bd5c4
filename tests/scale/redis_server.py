"""A real Redis for the length of a test session, on the loopback interface and with no file of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import ConnectionError as NotThere

SECONDS_TO_START = 20


class RedisServer:
    """One server on one port; it can be stopped and started again, empty."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"redis://127.0.0.1:{port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("Redis for the tests is missing. Install it with: make test-scale")
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [program, *options], cwd=tempfile.gettempdir(), stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            try:
                with self.client() as client:
                    client.ping()
                return
            except NotThere:
                time.sleep(0.05)
        raise RuntimeError("Redis does not answer")

    def stop(self) -> None:
        """Kill the server: every message in it is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def client(self) -> Redis:
        """Return a connection."""
        return Redis.from_url(self.url)


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Start a server on a free port of the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = RedisServer(port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
