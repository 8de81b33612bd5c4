"""A clock that jumps: timers fire once each, and no job waits for a time that will not come."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.jobs.locking import lock_job
from kernel.clock import SHANGHAI, ManualClock, use_clock
from tests.reliability.conftest import Bench
from tests.reliability.worker import LEASE

BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
JUMPS = 25


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(
    request: pytest.FixtureRequest, both_databases: list[str], bench_on: Callable[[str], Bench]
) -> Bench:
    """Give a bench on each kind of database."""
    return bench_on(both_databases[request.param == "postgresql"])


def test_no_timer_is_lost_or_doubled_by_a_clock_that_jumps(bench: Bench) -> None:
    worker, chance = bench.worker, random.Random(4)
    clock = ManualClock(BEGIN)

    with use_clock(clock):
        for _ in range(JUMPS):
            worker.start_something()
            for _ in range(10):
                worker.complete_something()
            worker.run_jobs()
            worker.answer_somebody()
            seconds = chance.choice([1, 1, 1, 3, 60, 3_600, 86_400, -1, -60, -3_600, -86_400])
            clock.advance(timedelta(seconds=seconds))
        assert bench.judge() == []
        for _ in range(200):
            if worker.is_all_done():
                break
            # Whatever was armed when the clock was far ahead is due in the end.
            clock.advance(timedelta(days=1))
            worker.complete_many()
            while worker.run_jobs():
                continue
            worker.answer_somebody()

    assert bench.judge(ended=True) == []


def test_a_job_in_the_hands_of_a_dead_process_is_free_when_the_clock_was_set_back(bench: Bench) -> None:
    worker = bench.worker
    ahead = ManualClock(BEGIN + timedelta(days=365))
    while not count(bench, "kind = 'service' AND status = 'ready'"):
        worker.start_something()
        worker.complete_many()
    take_a_job_and_die(bench, ahead.now())

    with use_clock(ManualClock(datetime.now(SHANGHAI) + 2 * LEASE)):
        for _ in range(20):
            worker.run_jobs()

    assert count(bench, "status = 'running'") == 0
    assert bench.judge() == []


def take_a_job_and_die(bench: Bench, at: datetime) -> None:
    """Leave a service job as a process does that is killed while its handler works."""
    with bench.worker.database.write() as session:
        job_id = session.execute(
            text("SELECT id FROM job WHERE kind = 'service' AND status = 'ready' LIMIT 1")
        ).scalar_one()
        assert lock_job(session, UUID(str(job_id)), at)


def count(bench: Bench, condition: str) -> int:
    """Count jobs."""
    with bench.worker.database.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM job WHERE {condition}")).scalar_one())
