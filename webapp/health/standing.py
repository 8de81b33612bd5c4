"""Whether the platform can do its work: the database, the clock driver, the queue.

Pure, so that every case is a line in a test. What is wrong is said in one word each; figures are for
``/metrics``, causes for the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from engine.api import QueueStanding

DatabaseWord = Literal["ok", "unreachable", "other schema"]
ClockWord = Literal["ok", "late", "missing", "unknown"]
QueueWord = Literal["ok", "unreachable", "not used"]
Status = Literal["ok", "degraded", "unavailable"]

SILENT_AFTER: Final = timedelta(seconds=30)
LATE_AFTER: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """What ``/ready`` answers.

    *unavailable* where another process, or a restart of this one, would serve better; *degraded* where
    people can work and something else is broken that an operator must mend.
    """

    status: Status
    database: DatabaseWord
    clock: ClockWord
    queue: QueueWord

    @property
    def http_status(self) -> int:
        """Return 503 where this process should get no requests."""
        return 503 if self.status == "unavailable" else 200


def judge(
    database: DatabaseWord,
    standing: QueueStanding | None,
    queue: QueueWord,
    *,
    is_own_clock_alive: bool | None,
) -> Standing:
    """Judge what was found; ``is_own_clock_alive`` is None where other processes drive the queue."""
    clock = clock_word(standing, is_own_clock_alive)
    if database != "ok" or is_own_clock_alive is False:
        return Standing("unavailable", database, clock, queue)
    if clock != "ok" or queue == "unreachable":
        return Standing("degraded", database, clock, queue)
    return Standing("ok", database, clock, queue)


def clock_word(standing: QueueStanding | None, is_own_clock_alive: bool | None) -> ClockWord:
    """Say whether somebody drives the queue, and keeps up."""
    if is_own_clock_alive is False:
        return "missing"
    if standing is None:
        return "unknown"
    alive = [driver for driver in standing.drivers if standing.at - driver.seen_at <= SILENT_AFTER]
    if not alive and not is_own_clock_alive:
        return "missing"
    return "late" if standing.lag > LATE_AFTER or standing.abandoned else "ok"
