"""From the onboarded component to the market: clauses 8.2.1c, 8.2.5 and 8.3.4d."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.catalogue.states import State
from domain.checks import names
from domain.checks.service import CheckRunInput, Status, record_check_run
from domain.people.permissions import OPERATOR, RELEASING_UNIT
from engine.api import IncidentRow
from handlers import directory
from handlers.listing import DOCUMENTS
from handlers.preparation import check_self_checks
from kernel.clock import ManualClock, now, use_clock
from kernel.unit_of_work import perform
from tests.conformance.onboarding_case import Case, mandated, passed
from tests.factories.versions import put_in_state
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.processes import onboarding_case as told
from tests.processes import papers, papers_of_variants, variants
from webapp.catalogue.starting import SelfCheckFailed, start_on_version
from webapp.demo.filling import filled

pytestmark = pytest.mark.slow
API, MAP, MESSAGES, MONITOR = "统一网络资源服务", "城市地图服务", "统一消息通知", "统一运维监控"
DATA = "企业信用数据服务"
LISTING, PUBLISHING = "component-listing", "component-publishing"
BEFORE = (names.PREPARATION, names.SELF_CHECKS, names.SECURITY_ASSESSMENT, names.API_RISK)


def onboarded(desk: CatalogueDesk, name: str) -> Case:
    """Put a mandated version where its listing is asked for; how it gets there is shown by other tests."""
    case = mandated(desk, name)
    with desk.platform.database.write() as session:
        put_in_state(session, case.version_id, State.ONBOARDED, round_started_at=now() - timedelta(minutes=1))
        for check in BEFORE:
            record_check_run(session, passed(case.version_id, check))
    return case


def page_of(desk: CatalogueDesk, user_name: str, version_id: UUID) -> str:
    """Return the page of the version as a person sees it."""
    return desk.visitor(user_name).get(f"/components/{version_id}").text


def start(desk: CatalogueDesk, user_name: str, version_id: UUID, key: str, **said: str) -> str:
    """Ask for a process on the page of the version; return the page that follows."""
    visitor = desk.visitor(user_name)
    visitor.get(f"/components/{version_id}")
    visitor.post(f"/components/{version_id}/cases/{key}", said)
    return visitor.get(f"/components/{version_id}").text


def hand_in(case: Case, documents: Mapping[str, str] | None = None) -> Case:
    """Complete the catalogue data as the provider with what is there already, and further documents."""
    task = case.detail_of_task()
    held = {each.kind: each.file.reference for each in case.detail.attachments}
    data = filled(task.form_schema, {**task.data, "outcome": "submit"}, lambda name, _schema: held.get(name))
    if documents:
        data["record"]["extension"]["documents"] = dict(documents)
    return case.complete("complete_catalogue_data", **data)


def listed(desk: CatalogueDesk, name: str) -> Case:
    """Take a version through its listing up to the approval."""
    case = onboarded(desk, name)
    start(desk, "tigong1", case.version_id, LISTING)
    hand_in(case).complete("confirm_listing", outcome="confirm")
    return case.complete("approve_listing", outcome="agree")


def run_due(case: Case) -> None:
    """Run every job that is due."""
    while case.platform.engine.run_due(case.platform.database):
        pass


def metadata(case: Case) -> dict[str, Any]:
    """Return what the catalogue was sent last of a version: its receipt is the digest of exactly that."""
    receipt = case.detail.directory_receipt or ""
    content = case.platform.files.path(receipt.removeprefix("local:")).read_bytes()
    found: dict[str, Any] = orjson.loads(content)
    return found


def metrics(desk: CatalogueDesk) -> str:
    """Return the open incidents among what the monitoring reads."""
    text = desk.app.test_client().get("/metrics").text
    return "\n".join(line for line in text.splitlines() if line.startswith("zujian_incidents_open"))


@pytest.mark.requirement("R-8.2.5a")
def test_the_provider_starts_a_listing_and_the_releasing_unit_confirms_it(
    shared_desk: CatalogueDesk,
) -> None:
    case = onboarded(shared_desk, API)

    assert "申请上架" in page_of(shared_desk, "tigong1", case.version_id)
    assert "已发起，办件编号" in start(shared_desk, "tigong1", case.version_id, LISTING)
    hand_in(case)

    actor, row = case.open_task()
    assert row.element_id == "confirm_listing"
    assert actor.has_role(RELEASING_UNIT, case.detail.region_code, case.detail.unit_id)
    assert case.detail.state is State.ONBOARDED
    case.complete("confirm_listing", outcome="confirm")
    assert (case.waits_at, case.detail.state) == ("approve_listing", State.LISTING_REVIEW)


def unavailable(*_asked: Any) -> str:
    """Be the resource catalogue while it cannot be reached."""
    raise ConnectionError("the resource catalogue does not answer")


def incidents(case: Case) -> list[IncidentRow]:
    """Return what is stuck in the catalogue's task."""
    operator = case.cast.permitted("incident.resolve")
    rows = case.read(lambda session: case.platform.engine.incidents(session, operator))
    return [row for row in rows if row.topic == "directory.push"]


@pytest.mark.requirement("R-8.2.5b")
def test_an_approved_version_reaches_the_catalogue_and_a_failed_sending_is_retried_and_alarmed(
    shared_desk: CatalogueDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, engine, clock = listed(shared_desk, MAP), shared_desk.platform.engine, ManualClock(now())
    alarms = []
    with use_clock(clock), monkeypatch.context() as broken:
        broken.setattr(directory, "send", unavailable)
        for _attempt in range(3):
            run_due(case)
            alarms.append(len(incidents(case)))
            clock.advance(timedelta(minutes=2))
        assert alarms == [0, 0, 1]
        assert case.detail.directory_receipt is None
        assert "zujian_incidents_open" in metrics(shared_desk)
    with use_clock(clock):
        [stuck] = incidents(case)
        operator = case.cast.permitted("incident.resolve")
        perform(
            case.platform.database,
            "incident.retry",
            operator,
            lambda session: engine.retry_incident(session, operator, stuck.id, "目录已恢复"),
        )
        run_due(case)

    kept = metadata(case)
    assert case.detail.state is State.LISTED
    assert (kept["version"], kept["digest"]) == (case.detail.version, case.detail.record_digest)


@pytest.mark.requirement("R-8.2.5b", "R-8.2.5c")
def test_only_an_operator_publishes_and_nobody_finds_the_component_before(shared_desk: CatalogueDesk) -> None:
    case = listed(shared_desk, MESSAGES)
    approved_at = time.monotonic()
    run_due(case)
    assert metadata(case)["digest"] == case.detail.record_digest
    assert time.monotonic() - approved_at <= 60
    name = case.detail.name
    market = shared_desk.visitor("shiyong")

    sees = {
        who: "发布到组件市场" in page_of(shared_desk, who, case.version_id)
        for who in ("fabu2", "tigong1", "yunying1", "shenhe1")
    }
    assert sees == {"fabu2": False, "tigong1": False, "yunying1": True, "shenhe1": False}
    for who in ("fabu2", "tigong1", "shenhe1"):
        assert "已发起" not in start(shared_desk, who, case.version_id, PUBLISHING, action="publish")
    assert name not in market.get("/market?text=消息").text

    assert "已发起" in start(shared_desk, "yunying1", case.version_id, PUBLISHING, action="publish")
    assert case.open_task("publishing_settings")[0].has_role(OPERATOR, case.detail.region_code)
    settings = {"category": "基础支撑", "publicScope": 1}
    case.complete("publishing_settings", settings=settings, outcome="publish")
    run_due(case)

    assert case.detail.state is State.PUBLISHED
    assert name in market.get("/market?text=消息").text


@pytest.mark.requirement("R-8.2.1c3")
def test_no_listing_is_started_where_the_security_self_check_failed(shared_desk: CatalogueDesk) -> None:
    case = onboarded(shared_desk, MONITOR)
    declared = papers.preparation()["selfChecks"]

    def check(security: str) -> None:
        handed_in = {**papers.preparation(), "selfChecks": {**declared, "security": security}}
        result = check_self_checks(handed_in, case.detail.record)
        with shared_desk.platform.database.write() as session:
            status: Status = "failed" if result.errors else "passed"
            given = CheckRunInput(
                version_id=case.version_id, check=result.check, status=status, summary=result.summary
            )
            record_check_run(session, given)

    check("failed")
    assert "申请上架" not in page_of(shared_desk, "tigong1", case.version_id)
    assert "组件自检未通过，不得申请上架" in start(shared_desk, "tigong1", case.version_id, LISTING)
    provider = shared_desk.actor("tigong1")
    with pytest.raises(SelfCheckFailed), shared_desk.platform.database.write() as session:
        start_on_version(session, shared_desk.platform.engine, provider, LISTING, case.detail)

    check("passed")
    assert "已发起，办件编号" in start(shared_desk, "tigong1", case.version_id, LISTING)


@pytest.mark.requirement("R-8.3.4d")
def test_a_data_service_is_not_listed_without_service_catalogue_and_call_documents(
    shared_desk: CatalogueDesk,
) -> None:
    # Both are handed in before the onboarding goes on to its assessment and review.
    story = variants.graded(told.adapted(told.prepared(told.onboarding(technicalField="4", isHosting=0))))
    story.complete("review_grades", outcome="agree")
    documents = papers_of_variants.documents()
    for left_out in documents:
        given = {name: file for name, file in documents.items() if name != left_out}
        with pytest.raises(AssertionError, match="supply_documents"):
            story.complete("supply_documents", documents=given, outcome="submit")
    story.complete("supply_documents", documents=documents, outcome="submit")
    assert story.saved[-1] == {"extension": {"documents": documents}}
    story.expect_waiting_at("test_component")

    case = onboarded(shared_desk, DATA)
    start(shared_desk, "tigong1", case.version_id, LISTING)
    given = {}
    for document in documents:
        hand_in(case, given).complete("confirm_listing", outcome="confirm")
        assert (case.waits_at, case.detail.state) == ("complete_catalogue_data", State.ONBOARDED)
        assert document in {finding.place.rpartition(".")[2] for finding in case.runs(DOCUMENTS)[0].findings}
        given = {**given, document: case.file(f"{document}.pdf")}
    hand_in(case, given).complete("confirm_listing", outcome="confirm")
    assert (case.waits_at, case.detail.state) == ("approve_listing", State.LISTING_REVIEW)
