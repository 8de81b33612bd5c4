"""Security assessment: clauses 8.1.1, 8.2.4 and 8.3.1, with the tools run for real."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.assessments import queries, service
from domain.assessments.items import ITEMS
from domain.assessments.scanned import Library
from domain.catalogue.models import ComponentVersion
from domain.catalogue.service import request_transition
from domain.catalogue.states import Event, State
from domain.checks.names import API_RISK, SECURITY_ASSESSMENT, VULNERABILITY_REMATCH
from domain.checks.queries import check_runs
from domain.checks.service import CheckRunInput, Status, record_check_run
from domain.samples.artefacts.making import LANGUAGES, write_artefact
from domain.samples.artefacts.plants import (
    ALIYUN_SECRET,
    DATABASE_PASSWORD,
    PRIVATE_KEY,
    TOKEN,
)
from kernel.clock import now
from kernel.errors import NotAllowed, Rejected
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.conformance.assessing import (
    PLATFORM,
    api_component,
    assess,
    hand_in,
    hand_in_reports,
    import_advisories,
    items,
    judgements,
    newest,
    plain_component,
)
from tests.integration.webapp.assessments.desk import assessed, finding, scanned
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.unattacked import no_attacks

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("stage", ["sqlite"], indirect=True)]
NAME = "统一网络资源服务"
REPORTED = ("composition", "vulnerabilities", "static", "secrets")


def put_in_state(desk: CatalogueDesk, version_id: UUID, state: State) -> None:
    """Put a version where the assessment is asked for; how it gets there is shown by other tests."""
    provider = desk.actor("tigong1").unit_id
    with desk.platform.database.write() as session:
        row = session.scalars(select(ComponentVersion).where(ComponentVersion.id == version_id)).one()
        row.state, row.provider_unit_id = state.value, provider
        row.round_started_at = now() - timedelta(minutes=1)


def refusal_of(desk: CatalogueDesk, version_id: UUID, event: Event, user_name: str = "tigong1") -> str:
    """Ask for a transition that is refused, and return everything that is said against it."""
    actor = desk.actor(user_name)
    with pytest.raises(Rejected) as refused:
        perform(
            desk.platform.database,
            "component.transition",
            actor,
            lambda session: request_transition(session, actor, version_id, event),
        )
    assert not isinstance(refused.value, NotAllowed), refused.value.message
    return refused.value.message.zh


@pytest.mark.requirement("R-8.1.1a", "R-8.2.4a1", "R-8.2.4c")
def test_planted_source_yields_its_library_weakness_and_secrets(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    version_id = plain_component(catalogue_desk)
    import_advisories(catalogue_desk)
    hand_in(catalogue_desk, version_id, write_artefact("java", tmp_path, planted=True))

    case = assess(catalogue_desk, version_id)

    found = items(newest(catalogue_desk, version_id))
    known = [each for each in found["vulnerabilities"].findings if "CVE-2021-44228" in each.identifiers]
    assert [each.component for each in known] == ["pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"]
    assert found["vulnerabilities"].status == "failed"
    assert found["secrets"].status == "failed"
    shown = "\n".join(f"{each.rule} {each.evidence} {each.place}" for each in found["secrets"].findings)
    for place in ("application.yml", "queue.properties", "server.key"):
        assert place in shown
    for secret in (ALIYUN_SECRET, DATABASE_PASSWORD, TOKEN, PRIVATE_KEY.splitlines()[1]):
        assert secret not in shown
    assert len(found["secrets"].findings) >= 4
    page = catalogue_desk.visitor("yunying1").get("/assessments/libraries?name=log4j").text
    assert "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1" in page
    assert case.outcome[1] == "security.failed"


@pytest.mark.requirement("R-8.1.1b")
def test_a_sql_injection_is_found_and_an_unhosted_component_may_attach_a_report_marked_as_such(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    with_source = plain_component(catalogue_desk)
    hand_in(catalogue_desk, with_source, write_artefact("java", tmp_path, planted=True))
    assess(catalogue_desk, with_source)

    static = items(newest(catalogue_desk, with_source))["static"]
    assert static.status == "failed"
    assert any("sql" in f"{each.rule} {each.message.en}".lower() for each in static.findings)

    with_report = plain_component(catalogue_desk, "示例离线工具乙")
    hand_in_reports(catalogue_desk, with_report, *REPORTED)
    case = assess(catalogue_desk, with_report)
    open_items = case.data("yunying1")["judgements"]
    case.complete("yunying1", {"judgements": judgements(open_items), "outcome": "settled"})
    case.complete("yunying2", {"outcome": "agree"})

    replaced = items(newest(catalogue_desk, with_report))["static"]
    assert (replaced.status, replaced.tool) == ("substituted", "")
    assert replaced.report is not None
    assert replaced.report.issuer == "示例检测中心"
    page = catalogue_desk.visitor("yunying1").get(f"/assessments/versions/{with_report}").text
    assert "以第三方报告替代" in page
    assert case.outcome == ("completed", "passed")


@pytest.mark.requirement("R-8.2.4.0")
def test_the_record_of_a_passed_assessment_has_every_check(catalogue_desk: CatalogueDesk) -> None:
    version_id = plain_component(catalogue_desk)
    hand_in_reports(catalogue_desk, version_id, *REPORTED)
    put_in_state(catalogue_desk, version_id, State.ASSESSING)
    assert "安全评估未通过或尚未进行" in refusal_of(catalogue_desk, version_id, Event.APPLY_REVIEW)

    case = assess(catalogue_desk, version_id)
    assert "安全评估未通过或尚未进行" in refusal_of(catalogue_desk, version_id, Event.APPLY_REVIEW)
    open_items = case.data("yunying1")["judgements"]
    case.complete("yunying1", {"judgements": judgements(open_items), "outcome": "settled"})
    case.complete("yunying2", {"outcome": "agree"})

    detail = newest(catalogue_desk, version_id)
    assert {item.item for item in detail.items} == set(ITEMS)
    assert detail.row.standing == "passed"
    assert detail.row.report_digest
    assert "安全评估" not in refusal_of(catalogue_desk, version_id, Event.APPLY_REVIEW)


@pytest.mark.requirement("R-8.1.1d")
def test_the_date_of_the_data_is_shown_and_new_data_are_matched_again(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    version_id = plain_component(catalogue_desk)
    import_advisories(catalogue_desk, "PyPI", "2026-10-31")
    hand_in(catalogue_desk, version_id, write_artefact("python", tmp_path, planted=False))
    assess(catalogue_desk, version_id)
    page = catalogue_desk.visitor("yunying1").get(f"/assessments/versions/{version_id}").text
    assert "PyPI 2026-10-31" in page

    other = catalogue_desk.version_id(NAME)
    library = Library(
        purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", name="log4j-core", version="2.14.1"
    )
    assessment_id, _summary = assessed(catalogue_desk.platform, other, libraries=[library])
    perform(
        catalogue_desk.platform.database,
        "test",
        PLATFORM,
        lambda session: service.pass_assessment(session, PLATFORM, assessment_id),
    )
    import_advisories(catalogue_desk, "Maven")

    with catalogue_desk.platform.database.read() as session:
        runs = {run.check: run for run in check_runs(session, other)}
    assert runs[VULNERABILITY_REMATCH].status == "failed"
    assert any("CVE-2021-44228" in each.evidence for each in runs[VULNERABILITY_REMATCH].findings)


@pytest.mark.requirement("R-8.1.1e", "R-8.2.4g")
@pytest.mark.parametrize(
    ("result", "said"),
    [
        (scanned("static", "failed", finding("high")), "未通过"),
        (scanned("static", "not_checked"), "未检测"),
        (scanned("static", "inconclusive"), "无结论"),
    ],
)
def test_one_check_below_the_baseline_or_not_checked_refuses_the_review_and_is_named(
    catalogue_desk: CatalogueDesk, result: object, said: str
) -> None:
    version_id = catalogue_desk.version_id(NAME)
    put_in_state(catalogue_desk, version_id, State.ASSESSING)
    opened, _summary = assessed(catalogue_desk.platform, version_id, [result])  # type: ignore[list-item]

    # Nobody can pass it past the gate either, without a report that two people accepted.
    with pytest.raises(Rejected):
        perform(
            catalogue_desk.platform.database,
            "test",
            PLATFORM,
            lambda session: service.pass_assessment(session, PLATFORM, opened),
        )
    said_against = refusal_of(catalogue_desk, version_id, Event.APPLY_REVIEW)

    assert "静态应用安全测试" in said_against
    assert said in said_against


@pytest.mark.requirement("R-8.1.1f")
def test_the_security_administrator_edits_the_limits_and_running_cases_keep_theirs(
    catalogue_desk: CatalogueDesk,
) -> None:
    version_id, other = plain_component(catalogue_desk), plain_component(catalogue_desk, "示例离线工具乙")
    case = assess(catalogue_desk, version_id)
    visitor = catalogue_desk.visitor("secadmin")
    visitor.get("/baseline")

    said = {"edition": "1", "reason": "收紧中危上限", "general.vulnerabilities.medium": "3"}
    visitor.post("/baseline", said)
    case.complete("yunying1", {"outcome": "rescan", "opinion": "再检测一次"})
    assess(catalogue_desk, other)

    kept, new = newest(catalogue_desk, version_id), newest(catalogue_desk, other)
    limit = [
        next(
            row["limit"]
            for row in each.baseline
            if (row["item"], row["severity"]) == ("vulnerabilities", "medium")
        )
        for each in (kept, new)
    ]
    assert (kept.row.run, kept.row.baseline_edition, new.row.baseline_edition) == (2, 1, 2)
    assert limit == [10, 3]
    page = visitor.get("/baseline").text
    assert "收紧中危上限" in page
    assert f"{now():%Y-%m}" in page


@pytest.mark.requirement("R-8.2.4r")
def test_a_failed_round_names_its_findings_and_the_next_round_is_linked_to_it(
    catalogue_desk: CatalogueDesk,
) -> None:
    version_id = catalogue_desk.version_id(NAME)
    failed = scanned("static", "failed", finding("high"))
    first, summary = assessed(catalogue_desk.platform, version_id, [failed])
    second, _summary = assessed(catalogue_desk.platform, version_id)

    assert [(row["item"], row["status"]) for row in summary.findings] == [("static", "failed")]
    with catalogue_desk.platform.database.read() as session:
        row = queries.assessment_detail(session, PLATFORM, second).row
    assert (row.previous_id, row.round) == (first, 2)
    page = catalogue_desk.visitor("yunying1").get(f"/assessments/{second}").text
    assert "新增 0 项，消除 1 项" in page


@pytest.mark.requirement("R-8.2.4a2")
def test_a_sample_project_of_each_language_yields_its_libraries(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    found = {}
    for language in LANGUAGES:
        version_id = plain_component(catalogue_desk, f"示例项目 {language}")
        hand_in(catalogue_desk, version_id, write_artefact(language, tmp_path, planted=False))
        assess(catalogue_desk, version_id)
        with catalogue_desk.platform.database.read() as session:
            bill = queries.bill_of(session, newest(catalogue_desk, version_id).row.id)
            found[language] = {re.split("[/:]", entry.name)[-1] for entry in bill}

    assert "log4j-core" in found["java"]
    assert found["c"] >= {"zlib", "fmt"}
    assert {name.lower() for name in found["python"]} >= {"pyyaml"}
    assert "text" in found["go"]
    assert "lodash" in found["javascript"]


@pytest.mark.requirement("R-8.3.1")
@pytest.mark.parametrize("status", ["failed", "not_checked"])
def test_an_api_whose_risk_check_did_not_pass_is_not_listed(
    catalogue_desk: CatalogueDesk, status: Status
) -> None:
    version_id = catalogue_desk.version_id(NAME)
    put_in_state(catalogue_desk, version_id, State.ONBOARDED)

    def record(check: str, outcome: Status) -> None:
        given = CheckRunInput(
            version_id=version_id,
            check=check,
            status=outcome,
            summary=Text(
                "鉴权、敏感字段、注入、过度暴露", "Authorisation, sensitive fields, injection, exposure"
            ),
        )
        perform(
            catalogue_desk.platform.database,
            "check.recorded",
            PLATFORM,
            lambda session: record_check_run(session, given),
        )

    record(API_RISK, status)
    assert "API风险检测未通过" in refusal_of(catalogue_desk, version_id, Event.SUBMIT_LISTING, "fabu1")
    # What the document alone could not show is made up for by the attacks of the assessment.
    record(SECURITY_ASSESSMENT, "passed")
    against = refusal_of(catalogue_desk, version_id, Event.SUBMIT_LISTING, "fabu1")
    assert ("API风险检测未通过" in against) == (status == "failed")


AREA = {"code": "NOTICE-INPUT-AREA", "description": "行政区划代码有误"}


@pytest.mark.requirement("R-6.2c2")
@pytest.mark.parametrize(
    ("codes", "rules"),
    [
        ([AREA], set()),
        ([], {"EC-DICTIONARY"}),
        ([{**AREA, "code": "E1001"}], {"EC-FORM", "EC-UNREGISTERED"}),
        ([{**AREA, "description": "wrong area"}], {"EC-TEXT"}),
        ([{**AREA, "code": "NOTICE-INPUT-CITY"}], {"EC-UNREGISTERED"}),
    ],
)
def test_every_code_is_registered_with_three_parts_and_a_chinese_text(
    catalogue_desk: CatalogueDesk, tmp_path: Path, codes: list[dict[str, str]], rules: set[str]
) -> None:
    name = "示例错误码组件"
    version_id = api_component(catalogue_desk, name, _answering("NOTICE-INPUT-AREA", codes), tmp_path)

    with no_attacks():
        assess(catalogue_desk, version_id)

    detail = newest(catalogue_desk, version_id)
    risk = items(detail)["api_risk"]
    told = [each for each in risk.findings if each.rule.startswith("EC-")]
    assert {each.rule for each in told} == rules
    assert risk.status == ("failed" if rules else "passed")
    page = catalogue_desk.visitor("fabu1").get(f"/assessments/{detail.row.id}").text
    assert all(each.message.zh in page for each in told)


def _answering(code: str, codes: list[dict[str, str]]) -> dict[str, Any]:
    """Return an API document that answers an error with a code, and its dictionary of codes."""
    told = {"type": "object", "properties": {"code": {"type": "string", "enum": [code]}}}
    answer = {"description": "failed", "content": {"application/json": {"schema": told}}}
    responses = {"200": {"description": "ok"}, "400": answer}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Notices", "version": "1.0.0"},
        "security": [{"token": []}],
        "paths": {"/notices": {"get": {"responses": responses}}},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "x-error-codes": codes,
    }
