"""The database: metadata, column types and the two ways to open a transaction.

``Database.read`` opens a read-only transaction, ``Database.write`` one that commits on
success. On SQLite a writing transaction takes its lock at the beginning (``BEGIN
IMMEDIATE``): upgrading a read lock later would fail instead of wait.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import orjson
from sqlalchemy import DateTime, Dialect, Engine, LargeBinary, MetaData, Text, Uuid, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from kernel.ids import new_id
from kernel.outages import outages_told

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# 32 MiB of pages stay in memory for each connection, sorting needs no file, and the log is folded into the
# database after 16 MiB of it. The file is not mapped: an error of the disk would then end the process.
_SQLITE_MEMORY = ("cache_size=-32768", "temp_store=MEMORY", "wal_autocheckpoint=4000")


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonDocument(TypeDecorator[Any]):
    """A JSON document kept as text, so that each database stores the same bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encode the document."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decode the document."""
        return None if value is None else orjson.loads(value)


Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Timestamp = Annotated[datetime, mapped_column(Instant)]
Document = Annotated[dict[str, Any], mapped_column(JsonDocument)]
Bytes = Annotated[bytes, mapped_column(LargeBinary)]


class Base(DeclarativeBase):
    """The declarative base of every table of the platform."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, UUID: Uuid}


class Database:
    """One database and the sessions on it."""

    def __init__(self, url: str, *, synchronous: str = "FULL", pool_size: int = 10) -> None:
        self.url = url
        self.engine = _create(url, synchronous, pool_size)
        self._writing = self.engine.execution_options(zujian_write=True)

    @property
    def dialect(self) -> str:
        """Return the name of the SQL dialect, such as ``sqlite``."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction for reading; whatever it did is rolled back.

        Raises:
            DatabaseUnavailable: the database is away, busy or full.
        """
        with outages_told(), Session(self.engine, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a transaction that commits when the block ends without an error.

        Raises:
            DatabaseUnavailable: the database is away, busy or full.
        """
        with outages_told(), Session(self._writing, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _create(url: str, synchronous: str, pool_size: int) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
        _configure_sqlite(engine, synchronous)
        return engine
    return create_engine(url, pool_size=pool_size, pool_pre_ping=True)


def _configure_sqlite(engine: Engine, synchronous: str) -> None:
    if synchronous not in {"FULL", "NORMAL"}:
        raise ValueError(f"synchronous is FULL or NORMAL, found {synchronous!r}")

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver's own transaction control is off: it would begin too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        for pragma in _SQLITE_MEMORY:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("zujian_write", False)
        text = "BEGIN IMMEDIATE" if writes else "BEGIN"
        try:
            # On the driver's connection: through SQLAlchemy it would cost as much as a row.
            connection.connection.driver_connection.execute(text)
        except sqlite3.Error as error:
            raise DBAPIError.instance(text, None, error, sqlite3.Error) from error
