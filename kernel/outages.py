"""Telling that the database is away, busy or full from errors that are bugs.

Drivers report an outage and a wrong statement by the same classes; what tells them apart is the code of
the server. Whatever is not known here rises as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.errors import DatabaseUnavailable, Outage

# Source: https://www.sqlite.org/rescode.html, primary result codes.
_SQLITE: Final[dict[int, Outage]] = {
    5: "busy",  # SQLITE_BUSY
    6: "busy",  # SQLITE_LOCKED
    8: "away",  # SQLITE_READONLY
    10: "away",  # SQLITE_IOERR
    13: "full",  # SQLITE_FULL
    14: "away",  # SQLITE_CANTOPEN
}
# Source: PostgreSQL documentation, appendix A: 08 connection, 53 resources, 57P intervention, 58 system.
_POSTGRESQL: Final[tuple[tuple[str, Outage], ...]] = (
    ("53100", "full"),
    ("08", "away"),
    ("53", "away"),
    ("57P", "away"),
    ("58", "away"),
    ("25006", "away"),
)


@contextmanager
def outages_told() -> Iterator[None]:
    """Turn errors of a database that is not there into ``DatabaseUnavailable``.

    Raises:
        DatabaseUnavailable: the database is away, busy or full.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable("busy") from error
    except DBAPIError as error:
        outage = outage_of(error)
        if outage is None:
            raise
        raise DatabaseUnavailable(outage) from error


def outage_of(error: DBAPIError) -> Outage | None:
    """Return what kind of outage the error reports; None when it is something else."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((outage for prefix, outage in _POSTGRESQL if state.startswith(prefix)), None)
    # A connection that breaks has no state of the server to report.
    broken = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return "away" if broken else None
