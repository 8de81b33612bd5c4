"""The catalogue over time: long untouched records, rectification in time, users told before they lose it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.catalogue.queries import rule_context
from domain.catalogue.rules import Stage, check_record
from domain.catalogue.states import State
from domain.notices.queries import NoticeRow, notices
from engine.api import InboxFilter, TaskDetail
from tests.integration.delisting.conftest import house
from tests.integration.delisting.house import WHY, House
from tests.integration.delisting.test_four_ways import (
    FORCED,
    TAKEDOWN,
    VOLUNTARY,
    is_gone,
    voluntary_until_review,
)
from tests.unit.domain.records import valid_record

__all__ = ["house"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = "2027-03-01"


def task_of(house: House, user_name: str, element: str) -> TaskDetail:
    """Return an open task as one who may claim it sees it."""
    actor, engine = house.actor(user_name), house.platform.engine
    with house.platform.database.read() as session:
        rows = engine.inbox(session, actor, InboxFilter(view="claimable", limit=50)).rows
        return engine.task(session, actor, next(row.id for row in rows if row.element_id == element))


def told(house: House, user_name: str) -> list[NoticeRow]:
    """Return what a person was told, the newest first."""
    with house.platform.database.read() as session:
        return list(notices(session, house.actor(user_name)).rows)


def broken_by_another(house: House, version_id: UUID) -> set[str]:
    """Return the rules that a new component breaks which wants the public path of this one."""
    record: dict[str, Any] = valid_record()
    path = house.detail(version_id).record["apiInfo"]["publicPath"]
    record["apiInfo"] |= {"publicPath": path, "apiName": "另一接口", "apiCode": "ling-yi"}
    with house.platform.database.read() as session:
        breaches = check_record(record, Stage.ONBOARDING, rule_context(session))
    return {breach.rule_id for breach in breaches if breach.path == "apiInfo.publicPath"}


@pytest.mark.requirement("R-9.2a2")
def test_a_notice_has_its_days_and_a_fault_mended_in_time_closes_the_case(house: House) -> None:
    house.deploy(TAKEDOWN, "security-assessment", FORCED)
    (version_id,) = house.published()
    house.start(FORCED, "shenhe1", version_id, cause="vulnerable", evidence="检测报告第3章")
    said = {"requirements": "修复", "days": 30, "severity": "normal"}
    house.do("draft_notice", "shenhe1", version_id, **said, outcome="submit")

    served = house.case(version_id)
    # Served on 23 November: 30 natural days end with 23 December, in Shanghai.
    assert served.due_at is not None
    assert served.due_at.isoformat() == "2026-12-23T16:00:00+00:00"
    (notice,) = [row for row in told(house, "tigong1") if "整改通知" in row.title.zh]
    assert notice.body.zh == "修复（期限：2026-12-23 24:00）"

    house.pass_time(days=29)
    assert house.waiting(version_id) == {"rectify"}
    house.do("rectify", "tigong1", version_id, reply="已修复", outcome="reply")
    assert house.case(version_id).replied_at is not None
    # The scan finds no source here, so the operator looks at what stays open.
    house.do("examine", "yunying1", version_id, outcome="confirmed", opinion="未提交源码")
    house.do("verify_rectification", "yunying2", version_id, outcome="pass", reason="漏洞已修复")

    closed = house.case(version_id)
    assert (closed.outcome, closed.mended_at is not None) == ("kept", True)
    house.pass_time(days=10)
    assert (house.waiting(version_id), house.detail(version_id).state) == (set(), State.PUBLISHED)


@pytest.mark.requirement("R-9.2d2", "T1-15f")
def test_users_are_shown_to_the_reviewer_and_told_the_day_before_anything_is_taken_down(
    house: House,
) -> None:
    house.deploy(TAKEDOWN, "migration-period", VOLUNTARY)
    (version_id,) = house.published()
    house.order(version_id, "DD-2026-7")
    voluntary_until_review(house, version_id, DAY)

    (order,) = task_of(house, "shenhe1", "review").data["orders"]
    assert (order["number"], order["holder"]) == ("DD-2026-7", "示例市政务服务中心")
    assert not [row for row in told(house, "shiyong") if "下线" in row.title.zh]
    house.do("review", "shenhe1", version_id, outcome="agree", reason=WHY)
    (notice,) = [row for row in told(house, "shiyong") if "下线" in row.title.zh]
    assert DAY in notice.title.zh
    assert house.detail(version_id).state is State.DEPRECATED
    assert not house.case(version_id).proofs
    assert broken_by_another(house, version_id) == {"V-API-16"}

    house.do("confirm_migration", "shiyong", version_id, outcome="migrated")
    house.pass_time(minutes=1)
    assert is_gone(house, version_id)
    assert broken_by_another(house, version_id) == set()


@pytest.mark.requirement("R-11.3.2a")
def test_a_record_untouched_for_more_than_180_days_is_to_be_confirmed_by_its_releasing_unit(
    house: House,
) -> None:
    house.deploy("catalogue-confirmation", "catalogue-review-scan")
    first, other = house.published(2)
    # Touched last on 23 November: 22 May is the 180th day after it, 23 May the first on which it is more.
    house.pass_time(days=180)
    assert house.waiting(first) == set()

    house.pass_time(days=1)
    assert (house.waiting(first), house.waiting(other)) == ({"confirm_record"}, {"confirm_record"})
    task = task_of(house, "fabu2", "confirm_record")
    assert task.data["untouchedSince"] == "2026-11-23"
    assert task.row.candidate_role == "releasing_unit"

    house.do("confirm_record", "fabu2", first, outcome="confirm")
    house.do("confirm_record", "fabu2", other, outcome="outdated", reason="服务地址已变更")
    assert any("目录信息须更新" in row.title.zh for row in told(house, "tigong1"))
    house.pass_time(days=180)
    assert (house.waiting(first), house.waiting(other)) == (set(), set())
    house.pass_time(days=1)
    assert house.waiting(first) == {"confirm_record"}
