"""The library of standby components and its gaps, as operators keep it on the pages."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from domain.catalogue import queries
from domain.catalogue.states import State
from domain.orders import service as orders
from domain.orders.registering import Granted
from domain.standby import queries as standbys
from kernel import audit
from kernel.audit import AuditSearch
from tests.conformance.office import BASE, Office, good
from tests.conformance.onboarding_case import PLATFORM
from tests.factories.versions import put_in_state

MAIN, TWIN = "示例统一消息服务", "示例统一消息服务备用版"


def published(office: Office, name: str) -> UUID:
    """Import a component without an API and publish it at once."""
    record = good(name=name, componentId=name, technicalField="5", apiInfo=...)
    (row,) = office.call("POST", f"{BASE}/import", [record]).get_json()["rows"]
    version_id = UUID(row["versionId"])
    with office.platform.database.write() as session:
        put_in_state(session, version_id, State.PUBLISHED)
    return version_id


def gaps(office: Office) -> list[str]:
    """Return the components that the report names, as the supervisor sees it."""
    page = office.page("jiandu", "/standby")
    table = page[: page.index(">主备关系<")]
    return re.findall(r'<tr><td><a class="link"[^>]*>([^<]+)</a></td><td>[^<]*</td>', table)


def order(office: Office, version_id: UUID) -> bool:
    """Register an order and tell whether that went through."""
    holder = office.actor("shiyong").unit_id
    assert holder is not None
    granted = Granted(
        version_id=version_id,
        number="DD-10-3",
        holder_unit_id=holder,
        application="一网通办",
        purpose="业务办理",
        granted_on="2026-01-01",
    )
    with office.platform.database.write() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        return orders.register_order(session, office.actor("yunying1"), detail, granted) is not None


@pytest.mark.requirement("R-10.3c1", "R-10.3c2")
def test_operators_keep_pairs_with_similarity_and_notes_and_a_gap_is_shown_and_blocks_nothing(
    office: Office,
) -> None:
    main, twin = published(office, MAIN), published(office, TWIN)
    operator = office.visitor("yunying1")
    page = operator.get(f"/standby/{main}").text
    assert f"{TWIN} · " in page
    operator.post(f"/standby/{main}/core", {"basis": "一网通办依赖"})
    assert gaps(office) == [MAIN]
    assert order(office, main)

    whole = {"standby": str(twin), "similarity": "85", "notes": "改用备用版地址"}
    for wrong in ({"notes": " "}, {"similarity": "101"}, {"similarity": "相似"}, {"standby": str(main)}):
        operator.post(f"/standby/{main}/pairs", {**whole, **wrong})
        assert gaps(office) == [MAIN], wrong
    reviewer = office.visitor("shenhe1")
    reviewer.get("/standby")
    assert reviewer.post(f"/standby/{main}/pairs", whole).status_code == 403
    operator.post(f"/standby/{main}/pairs", whole)
    assert gaps(office) == []
    library = office.page("yunying2", "/standby")
    assert all(part in library for part in (MAIN, TWIN, "85%", "改用备用版地址"))

    with office.platform.database.write() as session:
        put_in_state(session, twin, State.SUSPENDED)
    assert gaps(office) == [MAIN]
    with office.platform.database.write() as session:
        put_in_state(session, twin, State.PUBLISHED)
        (pair,) = standbys.pairs(session, office.actor("yunying1"))
    operator.post(f"/standby/{main}/pairs", whole)
    assert "该备用组件已登记" in operator.get(f"/standby/{main}").text
    operator.post(f"/standby/{main}/pairs/{pair.id}/end", {"reason": "备用版停止维护"})
    assert gaps(office) == [MAIN]
    with office.platform.database.read() as session:
        events = audit.search(session, AuditSearch(action_prefix="standby."))
    done = [event.action for event in events if event.outcome == "done"]
    assert sorted(done) == ["standby.added", "standby.core_marked", "standby.ended"]
