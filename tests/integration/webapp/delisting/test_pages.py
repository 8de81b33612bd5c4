"""The pages of use, orders, delistings and plans: what each role sees and does, in both languages."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import update

from domain.catalogue.models import ComponentVersion
from domain.catalogue.queries import VersionFilter, versions
from domain.catalogue.states import State
from domain.changes.queries import changes_of
from domain.gateway import queries as gateway
from domain.gateway import service as gateway_service
from domain.market import service as market
from domain.people.queries import unit_by_name
from engine.api import InboxFilter
from kernel.actor import system_actor
from kernel.clock import now
from tests.integration.webapp.catalogue_desk import CatalogueDesk

PLATFORM = system_actor("platform")
REGULATION = {
    "regulationTitle": "公共数据条例",
    "regulationClause": "第十二条",
    "effectiveDate": "2027-06-01",
}
ORDER = {
    "number": "DD-2026-1",
    "holderUnit": "示例市政务服务中心",
    "application": "一网通办",
    "purpose": "身份核验",
    "grantedOn": "2026-01-01",
}


def published(desk: CatalogueDesk) -> UUID:
    """Put a sample version of the city into the market."""
    database = desk.platform.database
    with database.write() as session:
        rows = versions(session, PLATFORM, VersionFilter(technical_field="1", region_code="990100")).rows
        provider = unit_by_name(session, "示例科技07有限公司（示例）")
        assert provider is not None
        session.execute(
            update(ComponentVersion)
            .where(ComponentVersion.id == rows[0].id)
            .values(state=State.PUBLISHED.value, listed_at=now(), provider_unit_id=provider.id)
        )
        market.publish(session, PLATFORM, rows[0].id, {})
        gateway_service.record_route(session, PLATFORM, rows[0].id, "production")
        return rows[0].id


def test_an_operator_registers_an_order_suspends_and_resumes(catalogue_desk: CatalogueDesk) -> None:
    version_id = published(catalogue_desk)
    operator = catalogue_desk.visitor("yunying1")
    page = f"/components/{version_id}/use"

    assert "登记订单" in operator.get(page).get_data(as_text=True)
    operator.post(f"/components/{version_id}/orders", ORDER)
    assert "DD-2026-1" in operator.get(page).get_data(as_text=True)
    operator.post(f"/components/{version_id}/suspension", {"cause": "incident", "description": " "})
    assert "请说明事件经过" in operator.get(page).get_data(as_text=True)
    operator.post(f"/components/{version_id}/suspension", {"cause": "incident", "description": "服务不可用"})
    shown = operator.get(page).get_data(as_text=True)
    assert "已暂停" in shown
    with catalogue_desk.platform.database.read() as session:
        assert gateway.routes(session, version_id) == []
    operator.post(f"/components/{version_id}/resumption", {"finding": "false_alarm", "note": "监测误报"})
    assert "已发布" in operator.get(page).get_data(as_text=True)


def test_each_side_starts_its_own_delisting_from_the_page(catalogue_desk: CatalogueDesk) -> None:
    version_id = published(catalogue_desk)
    page = f"/components/{version_id}/use"
    reviewer, provider = catalogue_desk.visitor("shenhe1"), catalogue_desk.visitor("tigong1")

    assert "申请主动下架" not in reviewer.get(page).get_data(as_text=True)
    assert "强制下架立案" not in provider.get(page).get_data(as_text=True)
    start = f"/components/{version_id}/start/forced-delisting"
    assert reviewer.get(start).status_code == 200
    refused = reviewer.post(start, {"cause": "vulnerable"})
    assert refused.status_code == 422
    assert reviewer.post(start, {"cause": "vulnerable", "evidence": "检测报告"}).status_code == 303
    assert "强制下架" in reviewer.get("/delistings").get_data(as_text=True)
    again = provider.post(f"/components/{version_id}/start/voluntary-delisting", {"reason": "业务调整"})
    assert again.status_code == 422
    assert provider.get(f"/components/{version_id}/start/forced-delisting").status_code == 404


def test_a_holder_sees_the_own_orders_and_nobody_elses(catalogue_desk: CatalogueDesk) -> None:
    version_id = published(catalogue_desk)
    operator, holder = catalogue_desk.visitor("yunying1"), catalogue_desk.visitor("shiyong")
    operator.get(f"/components/{version_id}/use")
    operator.post(f"/components/{version_id}/orders", ORDER)

    assert "DD-2026-1" in holder.get("/orders").get_data(as_text=True)
    assert holder.get("/delistings").status_code == 403
    assert catalogue_desk.visitor("tigong1").get("/orders").status_code == 403


def test_the_register_of_plans_is_open_to_supervisors(catalogue_desk: CatalogueDesk) -> None:
    assert catalogue_desk.visitor("jiandu").get("/plans").status_code == 200
    assert catalogue_desk.visitor("jiandu").get("/plans?overdue=1").status_code == 200


def done(desk: CatalogueDesk, user_name: str, element_id: str, **data: Any) -> None:
    """Complete the open task of an element, after the jobs before it."""
    actor, engine = desk.actor(user_name), desk.platform.engine
    while engine.run_due(desk.platform.database):
        pass
    with desk.platform.database.write() as session:
        rows = engine.inbox(session, actor, InboxFilter(view="claimable", limit=50)).rows
        (task_id,) = [row.id for row in rows if row.element_id == element_id]
        engine.complete_user_task(session, actor, task_id, data)
    while engine.run_due(desk.platform.database):
        pass


def test_a_change_says_whether_it_is_the_one_that_a_compliance_case_asked_for(
    catalogue_desk: CatalogueDesk,
) -> None:
    version_id = published(catalogue_desk)
    reviewer, provider = catalogue_desk.visitor("shenhe1"), catalogue_desk.visitor("tigong1")
    page = f"/components/{version_id}"
    assert "起因办件" not in provider.get(page).get_data(as_text=True)

    start = f"{page}/start/compliance-delisting"
    reviewer.get(start)
    reviewer.post(start, REGULATION)
    done(catalogue_desk, "yunying1", "analyse_impact", affected="个人信息", outcome="affected", reason="属实")
    assert "起因办件" not in provider.get(page).get_data(as_text=True)
    done(catalogue_desk, "tigong1", "state_adaptability", plan="调整接口", outcome="adaptable")

    shown = provider.get(page).get_data(as_text=True)
    (number,) = re.findall(r'<option value="(ZJ-[^"]+)">合规办件 \1 要求的改造', shown)
    provider.post(f"{page}/cases/version-change", {"changeType": "目录信息", "causeId": number})
    with catalogue_desk.platform.database.read() as session:
        assert [change.cause_id for change in changes_of(session, version_id)] == [number]
