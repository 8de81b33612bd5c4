"""Which errors mean that the database is not there, and which are bugs."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.errors import DatabaseUnavailable, Outage
from kernel.outages import outage_of, outages_told


def reported(original: Exception, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    """Return the error as SQLAlchemy hands it on."""
    return kind("select 1", {}, original)


def sqlite(code: int) -> sqlite3.OperationalError:
    """Return an error of SQLite with an extended result code."""
    error = sqlite3.OperationalError("…")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "outage"),
    [
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"),
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_CANTOPEN, "away"),
        (sqlite3.SQLITE_IOERR_WRITE, "away"),
        (sqlite3.SQLITE_ERROR, None),
    ],
)
def test_result_codes_of_sqlite_are_understood(code: int, outage: Outage | None) -> None:
    assert outage_of(reported(sqlite(code))) == outage


@pytest.mark.parametrize(
    ("original", "outage"),
    [
        (psycopg.OperationalError("connection refused"), "away"),
        (psycopg.errors.AdminShutdown(), "away"),
        (psycopg.errors.CannotConnectNow(), "away"),
        (psycopg.errors.DiskFull(), "full"),
        (psycopg.errors.SerializationFailure(), None),
        (psycopg.errors.DeadlockDetected(), None),
    ],
)
def test_states_of_postgresql_are_understood(original: Exception, outage: Outage | None) -> None:
    assert outage_of(reported(original)) == outage


def test_a_broken_rule_is_no_outage() -> None:
    broken = psycopg.errors.UniqueViolation()

    with pytest.raises(IntegrityError), outages_told():
        raise reported(broken, IntegrityError)


def test_an_empty_pool_is_told_in_both_languages() -> None:
    with pytest.raises(DatabaseUnavailable) as told, outages_told():
        raise PoolTimeout()

    assert told.value.outage == "busy"
    assert "数据库" in told.value.message.zh
    assert "database" in told.value.message.en
