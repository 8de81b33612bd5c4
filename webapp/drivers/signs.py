"""Signs of life: a driver says every few seconds that it is there, and at its end that it goes."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine.api import Driver, DriverKind, Engine
from kernel.clock import now
from kernel.database import Database
from kernel.errors import Unavailable
from kernel.ids import new_id

EVERY_SECONDS: Final = 10.0
log = structlog.get_logger(__name__)


class SignsOfLife:
    """The signs of one driver process; the database may be away, the driver lives all the same."""

    def __init__(self, engine: Engine, database: Database, kind: DriverKind) -> None:
        self._engine = engine
        self._database = database
        at = now()
        self._driver = Driver(new_id(), kind, socket.gethostname()[:255], os.getpid(), at, at)
        self._last = time.monotonic()

    def give(self) -> None:
        """Write a sign; where that fails the next one tries again."""
        self._last = time.monotonic()
        self._driver = replace(self._driver, seen_at=now())
        try:
            with self._database.write() as session:
                self._engine.driver_seen(session, self._driver)
        except (Unavailable, SQLAlchemyError) as error:
            log.warning("driver.sign_failed", kind=self._driver.kind, error=type(error).__name__)

    def end(self) -> None:
        """Take the driver off the list."""
        try:
            with self._database.write() as session:
                self._engine.driver_gone(session, self._driver.id)
        except (Unavailable, SQLAlchemyError) as error:
            log.warning("driver.sign_failed", kind=self._driver.kind, error=type(error).__name__)

    @property
    def seconds_since_last(self) -> float:
        """Return how long ago this very process tried to give a sign, whatever the database said."""
        return time.monotonic() - self._last
