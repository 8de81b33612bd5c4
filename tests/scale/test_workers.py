"""``zujian worker``: several processes on one PostgreSQL, some of them killed."""

from __future__ import annotations

import os
import signal

from tests.scale.conftest import House
from tests.scale.test_celery import all_done_once


def test_workers_share_the_work_and_each_job_has_its_effect_once(house: House) -> None:
    house.start_errands(40)

    for _ in range(3):
        house.begin("worker")

    all_done_once(house, 40)
    assert len(house.calls()) == 40


def test_a_killed_worker_leaves_its_jobs_to_the_others(house: House) -> None:
    house.hold()
    house.start_errands(4)
    victim = house.begin("worker")
    house.until("two errands have begun", lambda: len(house.calls()) == 2)

    house.kill(victim)
    house.release()
    house.begin("worker")
    house.until("the free errands are done", lambda: house.completed() == 2)
    with house.database.read() as session:
        assert house.engine.queue_standing(session).running == 2
    house.end_leases()

    all_done_once(house, 4)
    assert sorted(call.attempt for call in house.calls()) == [1, 1, 1, 1, 2, 2]


def test_a_worker_that_wakes_up_after_it_was_replaced_changes_nothing(house: House) -> None:
    house.hold()
    house.start_errands(1)
    sleeper = house.begin("worker")
    house.until("the errand has begun", lambda: len(house.calls()) == 1)

    os.killpg(sleeper.pid, signal.SIGSTOP)
    house.end_leases()
    house.release()
    house.begin("worker")
    all_done_once(house, 1)
    os.killpg(sleeper.pid, signal.SIGCONT)

    house.until("its result is dropped", lambda: "job.result_dropped" in actions(house))
    all_done_once(house, 1)


def test_a_worker_that_is_asked_to_stop_ends_what_it_has_in_hand(house: House) -> None:
    house.hold()
    house.start_errands(1)
    worker = house.begin("worker")
    house.until("the errand has begun", lambda: len(house.calls()) == 1)

    os.kill(worker.pid, signal.SIGTERM)
    house.release()

    assert worker.wait(timeout=30) == 0
    all_done_once(house, 1)
    with house.database.read() as session:
        assert house.engine.queue_standing(session).drivers == ()


def actions(house: House) -> list[str]:
    """Return the names of all audit events."""
    from sqlalchemy import text

    with house.database.read() as session:
        return list(session.scalars(text("SELECT action FROM audit_event")))
