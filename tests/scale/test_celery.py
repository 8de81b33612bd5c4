"""Celery on Redis: what happens to messages and workers changes nothing of what happens to jobs."""

from __future__ import annotations

import os
import signal

from tests.scale.conftest import House
from webapp.drivers.celery_queue import MOMENTS, SERVICES, answers, celery_app, sender


def waiting_messages(house: House) -> int:
    """Count the messages that no worker has taken."""
    with house.redis.client() as client:
        return sum(int(client.llen(queue)) for queue in (MOMENTS, SERVICES))


def all_done_once(house: House, count: int) -> None:
    """Wait until every errand is done, and look that none was done twice."""
    house.until(f"{count} errands done", lambda: house.completed() == count)
    effects = house.effects()
    assert len(effects) == len(set(effects)) == count


def test_jobs_reach_the_workers_and_each_has_its_effect_once(house: House) -> None:
    house.start_errands(20)

    house.begin("dispatcher")
    house.begin("celery")

    all_done_once(house, 20)
    with house.database.read() as session:
        assert [driver.kind for driver in house.engine.queue_standing(session).drivers] == ["dispatcher"]


def test_doubled_messages_have_no_second_effect(house: House) -> None:
    house.start_errands(10)
    send = sender(celery_app(house.redis.url, lambda: (house.engine, house.database)))

    with house.database.read() as session:
        due = house.engine.due_jobs(session, 100)
    for job in due * 5:
        send(job)
    house.begin("celery")
    house.begin("celery")

    all_done_once(house, 10)
    house.until("the doubles are read", lambda: waiting_messages(house) == 0)
    assert len(house.calls()) == 10


def test_lost_messages_are_sent_again(house: House) -> None:
    house.start_errands(10)
    house.begin("dispatcher")
    house.until("messages wait", lambda: waiting_messages(house) >= 10)

    with house.redis.client() as client:
        client.flushall()
    house.begin("celery")

    all_done_once(house, 10)


def test_the_broker_may_be_gone_for_a_while(house: House) -> None:
    house.begin("dispatcher")
    house.begin("celery")
    house.start_errands(3)
    all_done_once(house, 3)

    house.redis.stop()
    assert not answers(house.redis.url)
    house.start_errands(3)
    house.redis.start()
    assert answers(house.redis.url)

    all_done_once(house, 6)


def test_a_killed_child_loses_no_job(house: House) -> None:
    house.hold()
    house.start_errands(1)
    house.begin("dispatcher")
    house.begin("celery")
    house.until("the errand has begun", lambda: len(house.calls()) == 1)

    os.kill(house.calls()[0].process_id, signal.SIGKILL)
    house.release()
    house.end_leases()

    all_done_once(house, 1)
    assert [call.attempt for call in house.calls()] == [1, 2]


def test_a_killed_worker_loses_no_job(house: House) -> None:
    house.hold()
    house.start_errands(4)
    house.begin("dispatcher")
    worker = house.begin("celery")
    house.until("two errands have begun", lambda: len(house.calls()) == 2)

    house.kill(worker)
    house.release()
    house.end_leases()
    house.begin("celery")

    all_done_once(house, 4)
    assert sorted(call.attempt for call in house.calls()) == [1, 1, 1, 1, 2, 2]


def test_a_killed_dispatcher_is_replaced_by_any_other(house: House) -> None:
    house.begin("celery")
    first, _second = house.begin("dispatcher"), house.begin("dispatcher")
    house.start_errands(5)

    house.kill(first)
    house.start_errands(5)

    all_done_once(house, 10)
