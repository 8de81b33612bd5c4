"""The evaluation of province and cities by Table 3, on its pages."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue import queries
from domain.catalogue.models import StateChange
from domain.catalogue.states import State
from domain.evaluation import service as evaluation
from domain.evaluation.rules import Period, period, periods_until, reuse_score
from domain.orders import service as orders
from domain.orders.registering import Granted
from domain.suspension import service as suspensions
from kernel.calendar import day_of
from kernel.clock import now
from kernel.files import store_file
from kernel.ids import new_id
from tests.conformance.office import BASE, Office, good
from tests.conformance.onboarding_case import PLATFORM
from tests.factories.versions import put_in_state

ROW = re.compile(r"<tr><td><a[^>]*>([^<]+)</a></td>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<td>([^<]*)</td>")
PROVINCE, CITY, OTHER_CITY = "示例省", "示例市", "示例一市"
RELEASING = {"fabu1": ("示例省数据局（示例）", "示例省"), "fabu2": ("示例市数据局（示例）", "示例市")}
BUILT, BUILDING, MATURITY, REUSE, TOTAL, RELIABLE = range(6)


def quarters() -> tuple[Period, Period]:
    """Return the running quarter and the one before."""
    found = [each for each in periods_until(day_of(now())) if "Q" in each.key]
    return found[0], found[1]


def scores(office: Office, of: Period) -> dict[str, list[str]]:
    """Return the cells of each region, as the supervisor sees them."""
    page = office.page("jiandu", f"/evaluations?period={of.key}")
    return {name: CELL.findall(cells) for name, cells in ROW.findall(page)}


def listed(office: Office, count: int, start: int = 0, *, who: str = "fabu2", **changes: str) -> list[UUID]:
    """Import components of a person's region and list them now; return their versions."""
    unit, region = RELEASING[who]
    place = {"releaseCompanyInfo": f"单位:{unit}", "publicRegion": region}
    plain: dict[str, Any] = {"technicalField": "5", "apiInfo": ..., **place, **changes}
    records = [
        good(name=f"示例评价组件{number}", componentId=f"评价-{number}", **plain)
        for number in range(start, start + count)
    ]
    rows = office.call("POST", f"{BASE}/import", records, who).get_json()["rows"]
    assert all(row["accepted"] for row in rows), rows
    versions = [UUID(row["versionId"]) for row in rows]
    for version_id in versions:
        step(office, version_id, State.LISTED, now())
    return versions


def step(office: Office, version_id: UUID, state: State, at: datetime, number: int | None = None) -> None:
    """Keep that a version came into a state at an instant, as the last of its steps or with a number."""
    with office.platform.database.write() as session:
        taken = len(queries.version_detail(session, PLATFORM, version_id).history)
        put_in_state(session, version_id, state)
        session.add(
            StateChange(
                id=new_id(), version_id=version_id, number=number or taken + 1, transition="S22",
                event="APPROVE_LISTING", to_state=state.value, actor_name="测试", changed_at=at,
            )
        )  # fmt: skip


def use(office: Office, version_id: UUID, number: str) -> None:
    """Register an order for a version."""
    holder = office.actor("shiyong").unit_id
    assert holder is not None
    granted = Granted(
        version_id=version_id,
        number=number,
        holder_unit_id=holder,
        application="一网通办",
        purpose="业务办理",
        granted_on="2026-01-01",
    )
    with office.platform.database.write() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        orders.register_order(session, office.actor("yunying1"), detail, granted)


@pytest.mark.requirement("T3-1", "R-11.5.1")
def test_building_is_scored_by_components_for_the_province_and_each_city(office: Office) -> None:
    running, before = quarters()
    first = listed(office, 3)
    assert scores(office, running)[CITY][: BUILDING + 1] == ["3", "12.0"]

    (further,) = listed(office, 1, version="9.0.0")
    assert further not in first
    assert scores(office, running)[CITY][: BUILDING + 1] == ["3", "12.0"]

    listed(office, 7, start=3)
    assert scores(office, running)[CITY][: BUILDING + 1] == ["10", "40.0"]
    listed(office, 2, start=10, who="fabu1")
    shown = scores(office, running)
    assert [shown[name][: BUILDING + 1] for name in (PROVINCE, CITY, OTHER_CITY)] == [
        ["12", "40.0"], ["10", "40.0"], ["0", "0.0"],
    ]  # fmt: skip
    assert scores(office, before)[PROVINCE][: BUILDING + 1] == ["0", "0.0"]

    step(office, first[0], State.DELISTED, now())
    step(office, further, State.DELISTED, now())
    suspend(office, first[1])
    after = scores(office, running)[CITY]
    assert (after[BUILT], after[RELIABLE], after[TOTAL]) == ("9", "88%", "未认定")


def suspend(office: Office, version_id: UUID) -> None:
    """Put on record that a version is suspended."""
    with office.platform.database.write() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        suspensions.record_event(
            session, office.actor("yunying1"), detail, "incident", "故障", detail.record_digest
        )


@pytest.mark.requirement("T3-3")
def test_reuse_is_the_share_of_what_is_required_that_is_in_use(office: Office) -> None:
    running, _before = quarters()
    assert scores(office, running)[CITY][REUSE] == "不适用 · 0.0"
    listed(office, 2, start=20, useRequirements="推荐")
    assert scores(office, running)[CITY][REUSE] == "不适用 · 0.0"

    required = listed(office, 8, useRequirements="强制")
    for number, version_id in enumerate(required[:6]):
        use(office, version_id, f"DD-{number}")
    use(office, required[0], "DD-again")

    assert scores(office, running)[CITY][REUSE] == "6 / 8 · 15.0"
    with pytest.raises(ValueError, match="9 in use of 8"):
        reuse_score(9, 8)


@pytest.mark.requirement("T3-2")
def test_a_level_of_maturity_needs_evidence_for_it_and_for_all_below(office: Office) -> None:
    running, before = quarters()
    address = f"/evaluations/990100/{{verb}}?period={running.key}"
    operator, supervisor = office.visitor("yunying1"), office.visitor("jiandu")
    opinion = {"level": "3", "opinion": "佐证充分"}
    listed(office, 3)

    for level in (1, 3):
        operator.get(f"/evaluations/990100?period={running.key}")
        file = (io.BytesIO(b"%PDF-1.4 evidence"), f"c{level}.pdf")
        said = {"level": str(level), "note": f"c{level} 佐证", "file": file}
        assert operator.post(address.format(verb="evidence"), said).status_code == 303
    supervisor.get(f"/evaluations/990100?period={running.key}")
    assert supervisor.post(address.format(verb="level"), opinion).status_code == 303
    page = supervisor.get(f"/evaluations/990100?period={running.key}").text
    assert "缺少c2的佐证" in page
    assert scores(office, running)[CITY][MATURITY] == "未认定"

    said = {"level": "2", "note": "c2 佐证", "file": (io.BytesIO(b"%PDF-1.4 c2"), "c2.pdf")}
    operator.post(address.format(verb="evidence"), said)
    assert operator.post(address.format(verb="level"), opinion).status_code == 403
    supervisor.post(address.format(verb="level"), opinion)

    shown = scores(office, running)[CITY]
    assert (shown[MATURITY], shown[TOTAL]) == ("c3 · 24.0", "36.0")
    assert scores(office, before)[CITY][MATURITY] == "未认定"
    link = re.search(
        r'href="(/files/[^"]+evidence=[^"]+)"',
        supervisor.get(f"/evaluations/990100?period={running.key}").text,
    )
    assert link is not None
    with supervisor.client.get(link[1]) as answer:
        assert answer.data.startswith(b"%PDF")


@pytest.mark.requirement("R-11.5.2")
def test_the_result_names_whom_to_honour_and_what_may_leave(office: Office) -> None:
    running, _before = quarters()
    old, used, new = listed(office, 3)
    for version_id in (old, used):
        step(office, version_id, State.LISTED, running.begins_at - timedelta(days=1), number=90)
        step(office, version_id, State.PUBLISHED, now(), number=91)
    use(office, used, "DD-11-5")
    supervisor = office.actor("jiandu")
    for region, level in (("990100", 1), ("990200", 2)):
        prove(office, region, running, level)
        with office.platform.database.write() as session:
            evaluation.recognise_level(session, supervisor, region, running, level, "佐证充分")

    page = office.page("jiandu", f"/evaluations?period={running.key}")

    honoured = page[page.index(">激励名单<") : page.index(">退出候选<")]
    # 12 for three components, 8 for c1 and 6.7 for one in use of three, against 16 for c2.
    assert re.findall(r"row-main\">([^<]+)<", honoured) == ["示例市 · 26.7", "示例一市 · 16.0"]
    leaving = page[page.index(">退出候选<") :]
    assert f"/components/{old}" in leaving
    assert not [each for each in (used, new) if f"/components/{each}" in leaving]


def prove(office: Office, region: str, of: Period, level: int) -> None:
    """Hand in evidence for a level and all below."""
    operator = office.actor("yunying1")
    for each in range(1, level + 1):
        with office.platform.database.write() as session:
            content = io.BytesIO(f"%PDF-1.4 {region} {each}".encode())
            file = store_file(session, office.platform.files, content, "c.pdf", operator)
            evaluation.hand_in_evidence(session, operator, region, of, each, file.reference, "佐证")


def test_periods_are_quarters_and_years_up_to_now() -> None:
    year, quarter = period("2026"), period("2026-Q4")

    assert year is not None
    assert quarter is not None
    assert (year.first.isoformat(), year.last.isoformat()) == ("2026-01-01", "2026-12-31")
    assert (quarter.first.isoformat(), quarter.last.isoformat()) == ("2026-10-01", "2026-12-31")
    assert quarter.ends_at - quarter.begins_at == timedelta(days=92)
    assert [period(key) for key in ("2026-Q5", "26", "", "2026-Q")] == [None] * 4
