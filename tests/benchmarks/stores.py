"""The databases that are measured, each as safe as in service: what is committed survives a power cut."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kernel.database import Database
from tests.postgresql import administer, controlled_server
from webapp import schema

STORES = ("SQLite FULL", "SQLite NORMAL", "PostgreSQL")


@contextmanager
def store(name: str) -> Iterator[Database]:
    """Make an empty store and throw it away afterwards."""
    if name == "PostgreSQL":
        with controlled_server() as server:
            administer(server.address, "create database zujian_bench")
            yield from _opened(Database(server.address.format(name="zujian_bench")))
        return
    # In the working directory: a temporary folder may lie in memory, where nothing has to be flushed.
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=_folder()))
    try:
        url = f"sqlite:///{folder / 'zujian.sqlite3'}"
        yield from _opened(Database(url, synchronous=name.split()[1]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bytes_written(database: Database) -> int:
    """Return how much the store has written to its log so far; call ``reset_log`` before."""
    with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            return int(connection.execute(text("select pg_current_wal_lsn() - '0/0'")).scalar_one())
    log = Path(f"{database.engine.url.database}-wal")
    return log.stat().st_size if log.exists() else 0


def reset_log(database: Database) -> None:
    """Empty the log of SQLite, so that its size tells what is written from now on."""
    if database.dialect == "sqlite":
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            connection.rollback()
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _opened(database: Database) -> Iterator[Database]:
    schema.upgrade(database)
    try:
        yield database
    finally:
        database.dispose()


def _folder() -> Path:
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    return folder
