"""The clock of the demo: it runs as the machine's does, and leaps over the time in which nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.clock import SystemClock


class StoryClock:
    """Begins in the past, so that the story ends today and what it leaves can be served afterwards."""

    def __init__(self, behind: timedelta) -> None:
        self._machine = SystemClock()
        self._behind = behind

    def now(self) -> datetime:
        """Return the instant of the story, in UTC."""
        return self._machine.now() - self._behind

    def leap(self, by: timedelta) -> None:
        """Move the story forward, never beyond today."""
        self._behind = max(timedelta(0), self._behind - by)

    @property
    def left(self) -> timedelta:
        """Return how much of the past is left until today."""
        return self._behind
