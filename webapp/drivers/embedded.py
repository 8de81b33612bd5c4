"""The driver inside the single process: APScheduler ticks "run what is due"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app

from handlers.deploying.reconciling import reconcile
from webapp.drivers.signs import EVERY_SECONDS, SignsOfLife
from webapp.wiring import Platform

JOBS_PER_TICK: Final = 50
# A second tick may begin while the first is held up by a long handler, so that timers still fire in time.
TICKS_AT_ONCE: Final = 2
SILENT_AFTER_SECONDS: Final = 6 * EVERY_SECONDS
RECONCILE_SECONDS: Final = 15
EXTENSION: Final = "zujian.embedded_driver"

log = structlog.get_logger(__name__)


class EmbeddedDriver:
    """The scheduler of this process; ``is_alive`` is asked by ``/health``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._signs = SignsOfLife(platform.engine, platform.database, "embedded")
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin to tick; ticks that were missed while the machine slept are made up for by one."""
        if self._platform.database.dialect == "sqlite":
            # Nobody else runs jobs on this file: what is running was left behind by a process that died.
            with self._platform.database.write() as session:
                self._platform.engine.end_leases(session)
        common = {"coalesce": True, "misfire_grace_time": int(timedelta(minutes=1).total_seconds())}
        self._scheduler.add_job(
            tick,
            "interval",
            args=(self._platform,),
            seconds=self._platform.settings.tick_seconds,
            max_instances=TICKS_AT_ONCE,
            **common,
        )
        if self._platform.settings.local_deployments:
            # What ran before a restart is found again, or recorded as lost; what is to be stopped is.
            self._scheduler.add_job(
                reconcile,
                "interval",
                args=(self._platform.database, self._platform.runner, self._platform.files),
                seconds=RECONCILE_SECONDS,
                next_run_time=datetime.now(UTC),
                max_instances=1,
                **common,
            )
        self._scheduler.add_job(self._signs.give, "interval", seconds=EVERY_SECONDS, **common)
        self._signs.give()
        self._scheduler.start()

    def stop(self) -> None:
        """Let the tick at work end, and sign off."""
        self._scheduler.shutdown(wait=True)
        self._signs.end()

    @property
    def is_alive(self) -> bool:
        """Tell whether the scheduler still runs what it is given."""
        return self._scheduler.running and self._signs.seconds_since_last < SILENT_AFTER_SECONDS


def tick(platform: Platform) -> None:
    """Run everything that is due now."""
    try:
        while platform.engine.run_due(platform.database, limit=JOBS_PER_TICK) == JOBS_PER_TICK:
            continue
    except Exception as error:  # The edge: a tick that fails is recorded and the next one tries again.
        log.error("tick.failed", exc_info=error)


def attach(app: Flask, driver: EmbeddedDriver) -> None:
    """Let the application know that its own process drives the queue."""
    app.extensions[EXTENSION] = driver


def current_driver() -> EmbeddedDriver | None:
    """Return the driver inside this process, if it drives the queue."""
    driver: EmbeddedDriver | None = current_app.extensions.get(EXTENSION)
    return driver
