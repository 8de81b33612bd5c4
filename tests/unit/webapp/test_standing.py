"""What ``/ready`` concludes from what it finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.api import Driver, QueueStanding
from kernel.ids import new_id
from webapp.health.standing import QueueWord, judge

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def queue(**facts: Any) -> QueueStanding:
    """Return a queue that nothing is wrong with, but for what is said."""
    given: dict[str, Any] = {
        "at": AT,
        "due": 0,
        "running": 0,
        "abandoned": 0,
        "failed": 0,
        "oldest_due_at": None,
        "open_incidents": {},
        "drivers": (driver(seen=timedelta(seconds=5)),),
    }
    return QueueStanding(**(given | facts))


def driver(seen: timedelta) -> Driver:
    """Return a worker that was seen so long ago."""
    return Driver(new_id(), "worker", "host", 1, AT - timedelta(days=1), AT - seen)


@pytest.mark.parametrize(
    ("standing", "clock", "status", "http_status"),
    [
        (queue(), "ok", "ok", 200),
        (queue(due=3, oldest_due_at=AT - timedelta(seconds=59)), "ok", "ok", 200),
        (queue(due=3, oldest_due_at=AT - timedelta(seconds=61)), "late", "degraded", 200),
        (queue(running=1, abandoned=1), "late", "degraded", 200),
        (queue(drivers=()), "missing", "degraded", 200),
        (queue(drivers=(driver(timedelta(seconds=31)),)), "missing", "degraded", 200),
        (queue(failed=7, open_incidents={"job_failed": 7}), "ok", "ok", 200),
    ],
)
def test_other_processes_that_drive_the_queue_are_judged_by_their_signs_and_its_lag(
    standing: QueueStanding, clock: str, status: str, http_status: int
) -> None:
    found = judge("ok", standing, "not used", is_own_clock_alive=None)

    assert (found.clock, found.status, found.http_status) == (clock, status, http_status)


def test_a_process_whose_own_clock_stopped_wants_no_requests() -> None:
    found = judge("ok", queue(), "not used", is_own_clock_alive=False)

    assert (found.clock, found.status, found.http_status) == ("missing", "unavailable", 503)


def test_a_process_that_just_started_its_clock_is_ready_before_the_first_sign() -> None:
    assert judge("ok", queue(drivers=()), "not used", is_own_clock_alive=True).status == "ok"


@pytest.mark.parametrize("database", ["unreachable", "other schema"])
def test_nothing_works_without_the_database(database: Any) -> None:
    found = judge(database, None, "not used", is_own_clock_alive=None)

    assert (found.status, found.clock, found.http_status) == ("unavailable", "unknown", 503)


@pytest.mark.parametrize(("word", "status"), [("ok", "ok"), ("unreachable", "degraded")])
def test_a_broker_that_is_gone_delays_jobs_and_stops_nobody(word: QueueWord, status: str) -> None:
    assert judge("ok", queue(), word, is_own_clock_alive=None).status == status
