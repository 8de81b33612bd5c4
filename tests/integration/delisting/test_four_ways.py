"""The four delistings and the filing of plans on the whole platform: engine, handlers, catalogue, people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from domain.catalogue.states import State
from domain.changes import service as changes
from domain.changes.kinds import Status
from domain.changes.models import ComponentChange
from domain.changes.queries import changes_of, open_change_of
from domain.credentials import service as credentials
from domain.credentials.queries import held_by
from domain.credentials.vault import make_key_file
from domain.emergency import queries as plans
from domain.gateway import queries as gateway
from domain.gateway import service as gateway_service
from domain.market import queries as market
from domain.notices.queries import notices
from domain.orders import queries as orders
from domain.orders.states import OrderState
from kernel import audit
from kernel.clock import now
from kernel.errors import Rejected
from tests.integration.delisting.house import PLATFORM, WHY, House

PUBLISHING = "component-publishing"
TAKEDOWN, FORCED, VOLUNTARY = "component-takedown", "forced-delisting", "voluntary-delisting"
COMPLIANCE, FILING, OVERDUE = "compliance-delisting", "emergency-plan-filing", "emergency-plan-overdue"
GRADE: dict[str, Any] = {
    "criteria": "影响范围与时长",
    "notifications": [{"contact": "值班长", "channel": "电话", "minutes": 15}],
    "measures": "切换备用线路",
    "recoveryMinutes": 60,
}
REGULATION = {
    "regulationTitle": "公共数据条例",
    "regulationClause": "第十二条",
    "effectiveDate": "2027-02-01",
}


def is_gone(house: House, version_id: UUID) -> bool:
    """Tell whether market entry, routes and live orders are gone, and the history stays."""
    with house.platform.database.read() as session:
        shown = market.is_shown(session, version_id)
        routes = gateway.routes(session, version_id)
        live = orders.holders(session, version_id)
    detail = house.detail(version_id)
    return detail.state is State.DELISTED and not (shown or routes or live) and bool(detail.history)


def forced_until_decision(
    house: House, version_id: UUID, severity: str = "normal", beside: Collection[str] = ()
) -> None:
    """Open, serve, and let the deadline of 30 days pass."""
    house.start(FORCED, "shenhe1", version_id, cause="vulnerable", evidence="检测报告第3章")
    house.do(
        "draft_notice",
        "shenhe1",
        version_id,
        requirements="修复",
        days=30,
        severity=severity,
        outcome="submit",
    )
    assert house.waiting(version_id) == {"rectify", *beside}
    house.pass_time(days=31)
    assert house.waiting(version_id) == {"decide_start", *beside}


def test_a_version_is_delisted_by_force_and_everybody_is_told(house: House) -> None:
    house.deploy(TAKEDOWN, "security-assessment", FORCED)
    (version_id,) = house.published()
    make_key_file(house.platform.settings.credentials_key_path)
    with house.platform.database.write() as session:
        credentials.store(
            session, house.platform.vault, PLATFORM, "hush", version_id=version_id, purpose="agent.initial"
        )
    order = house.order(version_id)
    with house.platform.database.read() as session:
        assert [row.state for row in held_by(session, house.actor("shiyong"))] == ["active"]
    forced_until_decision(house, version_id)
    house.do("decide_start", "shenhe1", version_id, outcome="submit", reason=WHY)
    assert house.detail(version_id).state is State.DELISTING

    with pytest.raises(StopIteration):
        house.do("approve", "shenhe1", version_id, outcome="agree", reason=WHY)
    house.do("approve", "shenhe2", version_id, outcome="agree", reason=WHY)
    house.pass_time(days=29)
    assert house.detail(version_id).state is State.DELISTING
    house.pass_time(days=3)

    assert is_gone(house, version_id)
    assert house.steps(version_id) == ["S35", "S40"]
    assert set(house.case(version_id).proofs) == {"market", "routes", "credentials", "deployments"}
    with house.platform.database.read() as session:
        ended = orders.order(session, house.actor("shiyong"), order)
        told = [row.title.zh for row in notices(session, house.actor("shiyong")).rows]
        assert held_by(session, house.actor("shiyong")) == []
        assert audit.verify(session).ok
    assert ended.state is OrderState.CANCELLED
    assert ended.final_statement is not None
    assert any("将下架" in title for title in told)


def change_on(house: House, version_id: UUID, instance_id: UUID, brings: UUID | None) -> None:
    """Open a change that a case carries, and that brings a new version or not."""
    provider = house.actor("tigong1")
    with house.platform.database.write() as session:
        change_id = changes.open_change(session, provider, version_id, "版本")
        changes.attach_case(session, change_id, instance_id)
        session.execute(
            update(ComponentChange).where(ComponentChange.id == change_id).values(new_version_id=brings)
        )


def test_a_delisted_version_ends_what_else_is_under_way_on_it(house: House) -> None:
    house.deploy(TAKEDOWN, "security-assessment", FORCED, PUBLISHING)
    gone, replaced, untouched = house.published(3)
    started = {
        each: house.start(PUBLISHING, "yunying1", each, action="unpublish")
        for each in (gone, replaced, untouched)
    }
    change_on(house, gone, started[gone].id, None)
    change_on(house, replaced, started[replaced].id, untouched)
    for each in (gone, replaced):
        forced_until_decision(house, each, beside={"unpublishing_reason"})
        house.do("decide_start", "shenhe1", each, outcome="submit", reason=WHY)
        house.do("approve", "shenhe2", each, outcome="agree", reason="过时")
    house.pass_time(days=32)

    assert is_gone(house, gone)
    assert is_gone(house, replaced)
    assert house.waiting(gone) == set()
    # What brings a successor goes on, and what is about another version.
    assert house.waiting(replaced) == house.waiting(untouched) == {"unpublishing_reason"}
    with house.platform.database.read() as session:
        change = changes_of(session, gone)[0]
        assert (change.status, change.ending_reason) == (Status.REFUSED, "过时")
        assert open_change_of(session, replaced) is not None
        event = audit.events_of_stream(session, f"instance:{started[gone].id}")[-1]
        told = [row.body.zh for row in notices(session, house.actor("fabu2")).rows]
    assert (event.action, event.reason) == ("instance.cancelled", "组件已下架，办件随之终止：过时")
    assert started[gone].case_number in told


def test_holders_are_told_once_that_a_version_leaves_the_market(house: House) -> None:
    house.deploy(PUBLISHING)
    taken_out, other = house.published(2)
    order = house.order(taken_out)
    house.order(other, "DD-2")
    house.start(PUBLISHING, "yunying1", taken_out, action="unpublish")
    house.do("unpublishing_reason", "yunying1", taken_out, reason="内容更新", outcome="submit")

    assert house.detail(taken_out).state is State.LISTED
    with house.platform.database.read() as session:
        told = notices(session, house.actor("shiyong")).rows
    # Of this order alone, and not as everybody who uses components.
    assert [(row.link, row.title.zh.partition("：")[0]) for row in told] == [
        (f"/orders/{order}", "组件已取消发布")
    ]


def test_a_severe_hole_is_suspended_first_and_a_mended_one_is_kept(house: House) -> None:
    house.deploy(TAKEDOWN, "security-assessment", FORCED)
    (version_id,) = house.published()
    house.start(FORCED, "shenhe1", version_id, cause="vulnerable", evidence="高危漏洞")
    house.do(
        "draft_notice",
        "shenhe1",
        version_id,
        requirements="修复",
        days=30,
        severity="critical",
        outcome="submit",
    )

    assert house.detail(version_id).state is State.SUSPENDED
    assert house.case(version_id).has_suspended
    with house.platform.database.read() as session:
        assert gateway.routes(session, version_id) == []
    with pytest.raises(Rejected):
        house.start(VOLUNTARY, "tigong1", version_id, reason="业务调整")


def test_a_refused_forced_delisting_restores_what_was(house: House) -> None:
    house.deploy(TAKEDOWN, "security-assessment", FORCED)
    (version_id,) = house.published()
    forced_until_decision(house, version_id)
    house.do("decide_start", "shenhe1", version_id, outcome="submit", reason=WHY)

    house.do("approve", "shenhe2", version_id, outcome="refuse", reason="证据不足")

    assert house.detail(version_id).state is State.PUBLISHED
    assert house.steps(version_id) == ["S35", "S37"]
    assert house.case(version_id).outcome == "kept"


def test_a_takedown_that_fails_half_way_waits_for_the_operator_and_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.deploy(TAKEDOWN, COMPLIANCE)
    (version_id,) = house.published()
    house.start(COMPLIANCE, "shenhe1", version_id, **REGULATION)
    house.do("analyse_impact", "yunying1", version_id, affected="个人信息", outcome="affected", reason=WHY)
    house.do("state_adaptability", "tigong1", version_id, plan="无法改造", outcome="not_adaptable")
    house.do("conclude", "shenhe1", version_id, outcome="cannot_adapt", reason=WHY)
    house.do("approve", "shenhe2", version_id, outcome="agree", reason=WHY)

    def broken(*_given: Any) -> Any:
        raise ConnectionError("the gateway does not answer")

    monkeypatch.setattr(gateway_service, "remove_routes", broken)
    for _ in range(40):
        house.pass_time(days=1)
    detail = house.detail(version_id)
    assert detail.state is State.DELISTING
    assert set(house.case(version_id).proofs) == {"market"}
    engine, operator = house.platform.engine, house.actor("yunying1")
    with house.platform.database.read() as session:
        (incident,) = engine.incidents(session, operator)

    monkeypatch.undo()
    with house.platform.database.write() as session:
        engine.retry_incident(session, operator, incident.id, "网关已恢复")
    house.pass_time(minutes=5)

    assert is_gone(house, version_id)


def voluntary_until_review(house: House, version_id: UUID, day: str) -> None:
    """Apply, plan, and get the opinion of the releasing unit."""
    house.start(VOLUNTARY, "tigong1", version_id, reason="业务调整")
    plan = {"reason": "业务调整", "migrationPlan": house.file(), "successor": "新版", "offlineDate": day}
    house.do("supply_plan", "tigong1", version_id, plan=plan, outcome="submit")
    house.do("releasing_opinion", "fabu2", version_id, outcome="agree", reason=WHY)
    assert house.detail(version_id).state is State.DELISTING


def test_a_voluntary_delisting_goes_by_the_migration_of_its_users(house: House) -> None:
    house.deploy(TAKEDOWN, "migration-period", VOLUNTARY)
    (version_id,) = house.published()
    house.order(version_id)
    voluntary_until_review(house, version_id, "2027-03-01")
    house.do("review", "shenhe1", version_id, outcome="agree", reason=WHY)
    assert house.detail(version_id).state is State.DEPRECATED
    assert house.waiting(version_id) == {"confirm_migration"}

    house.do("confirm_migration", "shiyong", version_id, outcome="migrated")
    house.pass_time(minutes=1)

    assert is_gone(house, version_id)
    assert house.steps(version_id) == ["S35", "S38", "S39", "S40"]


def test_a_stopped_voluntary_delisting_is_published_again(house: House) -> None:
    house.deploy(TAKEDOWN, "migration-period", VOLUNTARY)
    (version_id,) = house.published()
    house.order(version_id)
    voluntary_until_review(house, version_id, "2027-03-01")
    house.do("review", "shenhe1", version_id, outcome="agree", reason=WHY)
    provider, engine = house.actor("tigong1"), house.platform.engine
    with house.platform.database.write() as session:
        engine.send_message(
            session, provider, "delisting.withdrawal", str(version_id), {"reason": "业务恢复"}
        )

    house.do("decide_end", "yunying1", version_id, outcome="stop", reason="业务恢复")
    house.do("consent_stop", "shenhe2", version_id, outcome="agree", reason=WHY)

    assert house.detail(version_id).state is State.PUBLISHED
    assert house.steps(version_id) == ["S35", "S38", "S26"]


def plan(house: House) -> dict[str, Any]:
    """Return a complete plan with its file."""
    return {"grades": dict.fromkeys(("general", "severe", "major"), GRADE), "file": house.file()}


def request_plan(house: House, version_id: UUID) -> None:
    """Start the filing of a listing as the signal does."""
    detail = house.detail(version_id)
    with house.platform.database.write() as session:
        house.platform.engine.start_instance(
            session,
            house.actor("yunying1"),
            FILING,
            {"versionId": str(version_id), "cause": "listing"},
            title=detail.name,
            subject_type="component_version",
            subject_id=version_id,
            region_code=detail.region_code,
            unit_id=detail.unit_id,
            check_role=False,
            start_event="review_requested",
        )
    house.run()


def test_a_plan_on_the_last_second_is_on_time_however_long_the_operator_takes(house: House) -> None:
    house.deploy(OVERDUE, FILING)
    (version_id,) = house.published()
    request_plan(house, version_id)
    with house.platform.database.read() as session:
        filing = plans.latest_filing(session, version_id)
    assert filing is not None
    # Listed on 23 November: due at the end of 8 December.
    assert filing.due_at.isoformat() == "2026-12-08T16:00:00+00:00"
    house.clock.advance(filing.due_at - now() - timedelta(seconds=1))
    house.do("fill_plan", "tigong1", version_id, plan=plan(house), outcome="submit")

    house.pass_time(days=20)
    house.do("examine", "yunying1", version_id, outcome="agree", reason=WHY)

    with house.platform.database.read() as session:
        filed = plans.latest_filing(session, version_id)
    assert filed is not None
    assert (filed.state, filed.is_on_time, filed.overdue_at) == ("FILED", True, None)


def test_a_plan_that_is_late_is_marked_and_new_orders_pause_until_it_is_filed(house: House) -> None:
    house.deploy(OVERDUE, FILING)
    (version_id,) = house.published()
    request_plan(house, version_id)

    house.pass_time(days=16)
    assert house.waiting(version_id) == {"fill_plan", "decide_overdue"}
    house.do("decide_overdue", "yunying1", version_id, outcome="restrict", reason="逾期")
    with house.platform.database.read() as session:
        assert plans.is_restricted(session, version_id)
        told = [row.title.zh for row in notices(session, house.actor("jiandu")).rows]
    assert any("逾期" in title for title in told)
    assert house.detail(version_id).state is State.PUBLISHED

    house.do("fill_plan", "tigong1", version_id, plan=plan(house), outcome="submit")
    house.do("examine", "yunying1", version_id, outcome="agree", reason=WHY)
    with house.platform.database.read() as session:
        filed = plans.latest_filing(session, version_id)
        assert not plans.is_restricted(session, version_id)
    assert filed is not None
    assert (filed.state, filed.is_on_time) == ("FILED", False)
