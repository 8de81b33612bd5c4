"""Daily scans start a case for each candidate, once: with two schedulers, twice a day, after downtime."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.queries import IdleVersion
from domain.catalogue.states import State
from domain.usage.rules import Call
from domain.usage.service import record_call
from engine.api import InstanceFilter, InstanceRow
from kernel.clock import now
from tests.integration.delisting.house import PLATFORM, House

SCAN, IDLE, TAKEDOWN = "idle-scan", "idle-delisting", "component-takedown"


def cases_on(house: House, version_id: UUID) -> list[InstanceRow]:
    """Return the idle cases on a version."""
    supervisor = house.actor("jiandu")
    with house.platform.database.read() as session:
        wanted = InstanceFilter(subject_type="component_version", subject_id=version_id, limit=50)
        return list(house.platform.engine.instances(session, supervisor, wanted).rows)


def call(house: House, version_id: UUID, kind: str, trace: str, days_ago: int = 0) -> None:
    """Record a call of now, or of some days ago."""
    with house.platform.database.write() as session:
        record_call(
            session,
            Call(
                version_id=version_id,
                called_at=now() - timedelta(days=days_ago),
                kind=kind,
                trace_id=trace,
                application="一网通办",
                result_code=200,
            ),
            "gateway",
        )


def test_two_schedulers_start_one_case_for_each_idle_version(house: House) -> None:
    house.deploy(TAKEDOWN, IDLE, SCAN)
    idle, probed, called = house.published(3)
    # Listed on 23 November 2026; the 23rd of May is the first day on which it counts as idle.
    house.pass_time(days=100)
    call(house, probed, "probe", "t-1")
    call(house, called, "real", "t-2")
    house.pass_time(days=80)
    assert cases_on(house, idle) == []
    # Two days more, and nothing ran meanwhile: the clock makes up for both at once.
    house.clock.advance(timedelta(days=2))

    barrier = Barrier(2)

    def scheduler() -> None:
        barrier.wait()
        house.run()

    threads = [Thread(target=scheduler) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.run()

    assert [(row.process_key, row.title) for row in cases_on(house, idle)] == [
        (IDLE, f"{house.detail(idle).name} {house.detail(idle).version}")
    ]
    assert len(cases_on(house, probed)) == 1
    assert cases_on(house, called) == []
    assert house.waiting(idle) == {"explain"}
    house.pass_time(days=1)
    assert len(cases_on(house, idle)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_kept_is_no_candidate_for_six_months(house: House) -> None:
    house.deploy(TAKEDOWN, IDLE, SCAN)
    (version_id,) = house.published()
    house.pass_time(days=190)
    assert house.waiting(version_id) == {"explain"}

    house.do("explain", "tigong1", version_id, explanation="季节性业务", outcome="submit")
    house.do("operator_opinion", "yunying1", version_id, outcome="keep", reason="次年启用")
    house.do("reviewer_opinion", "shenhe1", version_id, outcome="delist", reason="无调用")

    assert house.detail(version_id).state is State.PUBLISHED
    assert house.case(version_id).outcome == "kept"
    house.pass_time(days=180)
    assert len(cases_on(house, version_id)) == 1
    house.pass_time(days=5)
    assert len(cases_on(house, version_id)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_late_log_keeps_what_was_called_while_it_was_held_to_be_idle(house: House) -> None:
    house.deploy(TAKEDOWN, IDLE, SCAN)
    (version_id,) = house.published()
    call(house, version_id, "real", "t-1")
    house.pass_time(days=190)
    house.do("explain", "tigong1", version_id, explanation="业务停用", outcome="submit")
    house.do("operator_opinion", "yunying1", version_id, outcome="delist", reason="无调用")
    house.do("reviewer_opinion", "shenhe1", version_id, outcome="delist", reason="无调用")
    house.do("request_delisting", "yunying2", version_id, outcome="submit", reason="无调用")
    house.do("approve", "shenhe2", version_id, outcome="agree", reason="同意")

    call(house, version_id, "real", "t-2", days_ago=20)
    house.pass_time(days=31)

    assert house.case(version_id).outcome == "kept"
    assert house.detail(version_id).state is State.PUBLISHED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_downtime_one_run_looks_and_those_of_the_other_missed_days_do_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[datetime] = []

    def candidates(_session: Session) -> list[IdleVersion]:
        looked.append(now())
        return []

    monkeypatch.setattr(catalogue, "idle_candidates", candidates)
    house.deploy(TAKEDOWN, IDLE, SCAN)
    house.pass_time(days=1)
    assert len(looked) == 1

    house.clock.advance(timedelta(days=20))
    house.run()

    assert len(looked) == 2
    with house.platform.database.read() as session:
        wanted = InstanceFilter(process_keys=(SCAN,), limit=50)
        runs = house.platform.engine.instances(session, PLATFORM, wanted).rows
    assert [run.outcome for run in runs] == ["done"] * 21
    house.pass_time(days=1)
    assert len(looked) == 3
