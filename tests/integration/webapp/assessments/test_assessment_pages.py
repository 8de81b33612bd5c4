"""The pages of the security assessment: items, findings, comparison, reports, objections."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.admissions import service as admissions
from domain.assessments import queries, service
from domain.assessments.scanned import Library
from domain.assessments.service.reports import today
from domain.people.queries import actor_for
from kernel.actor import system_actor
from kernel.ids import new_id
from kernel.unit_of_work import perform
from tests.integration.webapp.assessments.desk import PLATFORM, assessed, finding, scanned
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.catalogue_desk import CatalogueDesk

pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
NAME = "统一网络资源服务"
PRODUCT = {
    "origin": "third_party",
    "name": "示例调度平台",
    "productVersion": "1.0.0",
    "supplier": "示例供应商（虚构）",
    "licence": "Apache-2.0",
    "digest": "ab" * 32,
    "signature": "GPG 指纹 1234 ABCD，已用公钥验证",
    "purpose": "调度",
}
COMMITMENT = "本单位承诺所附检测报告真实有效，源码与所报摘要一致，并承担相应责任。"


def hand_in(visitor: Visitor, version_id: UUID, **said: str) -> str:
    """Hand in a report about a version; return the page that answers."""
    page = f"/assessments/versions/{version_id}"
    return hand_in_at(visitor, f"{page}/reports", page, **said)


def hand_in_at(visitor: Visitor, address: str, page: str, **said: str) -> str:
    """Hand in a report through a page; return the page that answers."""
    fields = {
        "item": "static",
        "issuer": "示例检测中心",
        "issued_on": (today() - timedelta(days=10)).isoformat(),
        "valid_until": (today() + timedelta(days=200)).isoformat(),
        "subject_digest": "ab" * 32,
        "scope": "全部后端源码",
        "commitment": COMMITMENT,
        **said,
    }
    upload = (io.BytesIO(b"%PDF-1.4 report"), "report.pdf")
    answer = visitor.post(address, {**fields, "file": upload})
    assert answer.status_code == 303
    return visitor.get(page).text


def test_a_version_that_was_never_assessed_says_so(catalogue_desk: CatalogueDesk) -> None:
    page = catalogue_desk.visitor("yunying1").get(f"/assessments/versions/{catalogue_desk.version_id(NAME)}")

    assert page.status_code == 200
    assert "尚未评估" in page.text


def test_findings_are_shown_with_tool_rule_severity_place_and_clause(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    assessed(catalogue_desk.platform, version_id, [scanned("static", "failed", finding("high"))])

    page = catalogue_desk.visitor("yunying1").get(f"/assessments/versions/{version_id}").text

    for said in ("java-sql-injection", "src/Query.java:12", "opengrep 1.30.0", "高危", "8.1.1", "上限0"):
        assert said in page


def test_the_next_round_says_what_is_new_and_what_is_gone(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    other = finding("high", place="src/Other.java:3")
    assessed(catalogue_desk.platform, version_id, [scanned("static", "failed", finding("high"))])
    assessment_id, _summary = assessed(
        catalogue_desk.platform, version_id, [scanned("static", "failed", other)]
    )

    visitor = catalogue_desk.visitor("yunying1")
    page = visitor.get(f"/assessments/{assessment_id}").text
    printed = visitor.get(f"/assessments/{assessment_id}/print").text

    assert "新增 1 项，消除 1 项" in page
    assert "第 2 轮" in page
    assert "安全评估报告" in printed


def test_a_library_is_found_by_a_part_of_its_name(catalogue_desk: CatalogueDesk) -> None:
    library = Library(
        purl="pkg:maven/org.example/log-core@2.14.1", name="log-core", version="2.14.1", licences=("MIT",)
    )
    version_id = catalogue_desk.version_id(NAME)
    assessment_id, _summary = assessed(catalogue_desk.platform, version_id, libraries=[library])
    shown = catalogue_desk.visitor("yunying1").get(f"/assessments/{assessment_id}").text
    assert "pkg:maven/org.example/log-core@2.14.1" in shown

    page = catalogue_desk.visitor("yunying1").get("/assessments/libraries?name=LOG").text
    nothing = catalogue_desk.visitor("yunying1").get("/assessments/libraries?name=100%25").text

    assert "pkg:maven/org.example/log-core@2.14.1" in page
    assert "没有找到" in nothing


def test_a_report_is_handed_in_with_its_commitment(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    visitor = catalogue_desk.visitor("fabu1")
    visitor.get(f"/assessments/versions/{version_id}")

    page = hand_in(visitor, version_id)

    assert "示例检测中心" in page
    assert "待采信" in page


def test_a_report_about_a_product_from_outside_is_handed_in_by_its_provider(
    catalogue_desk: CatalogueDesk,
) -> None:
    provider = catalogue_desk.visitor("tigong1")
    admission_id = applied(catalogue_desk, "tigong1")
    page, address = f"/admissions/{admission_id}", f"/assessments/admissions/{admission_id}/reports"
    provider.get(page)

    refused = hand_in_at(provider, address, page, subject_digest="cd" * 32)
    accepted = hand_in_at(provider, address, page)
    stranger = catalogue_desk.visitor("tigong3")

    assert "不一致" in refused
    assert "待采信" in accepted
    with catalogue_desk.platform.database.read() as session:
        (report,) = queries.reports_of(session, admission_id)
    with provider.get(f"/assessments/reports/{report.id}/file") as sent:
        assert sent.status_code == 200
    assert stranger.get(f"/assessments/reports/{report.id}/file").status_code == 404
    assert stranger.post(address, {"item": "static"}).status_code in (303, 404)


def applied(desk: CatalogueDesk, user_name: str) -> UUID:
    """Apply for the admission of a product in the name of a provider's unit."""
    platform = desk.platform
    provider = desk.people[user_name].person_id

    def work(session: Session) -> UUID:
        actor = actor_for(session, provider)
        row = admissions.record_application(
            session,
            actor,
            PRODUCT,
            region_code="990100",
            provider_unit_id=actor.unit_id,
            instance_id=new_id(),
            version_id=None,
        )
        session.flush()
        return row.id

    return perform(platform.database, "test.apply", PLATFORM, work)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"valid_until": "2020-01-01"}, "已过有效期"),
        ({"subject_digest": "cd" * 32}, "不一致"),
        ({"subject_digest": "xyz"}, "SHA-256"),
        ({"commitment": "承诺"}, "承诺书全文"),
        ({"issued_on": "2999-01-01"}, "出具日期"),
        ({"item": "dynamic"}, "只有这些检测项"),
    ],
)
def test_a_report_that_has_expired_or_is_about_something_else_is_refused(
    catalogue_desk: CatalogueDesk, said: dict[str, str], expected: str
) -> None:
    version_id = catalogue_desk.version_id(NAME)
    visitor = catalogue_desk.visitor("fabu1")
    visitor.get(f"/assessments/versions/{version_id}")
    hand_in(visitor, version_id)

    assert expected in hand_in(visitor, version_id, **said)

    with catalogue_desk.platform.database.read() as session:
        assert len(queries.reports_of(session, version_id)) == 1


def test_who_is_neither_releasing_unit_nor_provider_hands_in_nothing(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    visitor = catalogue_desk.visitor("yunying1")
    visitor.get(f"/assessments/versions/{version_id}")

    answer = visitor.post(f"/assessments/versions/{version_id}/reports", {"item": "static"})

    assert answer.status_code == 403


def test_a_raw_report_is_sent_only_if_the_assessment_names_it(catalogue_desk: CatalogueDesk) -> None:
    version_id, files = catalogue_desk.version_id(NAME), catalogue_desk.platform.files
    named, other = files.put(io.BytesIO(b"raw output")).digest, files.put(io.BytesIO(b"other")).digest
    looked_at = {"static": {"rawReport": named}}
    assessment_id, _summary = assessed(
        catalogue_desk.platform, version_id, [scanned("static", looked_at=looked_at, raw_digest=named)]
    )

    visitor = catalogue_desk.visitor("yunying1")
    sent = visitor.get(f"/assessments/{assessment_id}/raw/{named}")
    refused = visitor.get(f"/assessments/{assessment_id}/raw/{other}")

    content = sent.get_data()
    sent.close()
    assert content == b"raw output"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert refused.status_code == 404


def test_somebody_of_another_region_does_not_see_the_assessment(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    assessment_id, _summary = assessed(catalogue_desk.platform, version_id)

    answer = catalogue_desk.visitor("shenhe3").get(f"/assessments/{assessment_id}")

    assert answer.status_code == 404


def test_a_passed_assessment_holds_for_the_days_of_the_setting(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    assessment_id, summary = assessed(catalogue_desk.platform, version_id)
    perform(
        catalogue_desk.platform.database,
        "test",
        PLATFORM,
        lambda session: service.pass_assessment(session, PLATFORM, assessment_id),
    )

    with catalogue_desk.platform.database.read() as session:
        row = queries.assessment_detail(session, system_actor(), assessment_id).row
    assert summary.verdict == "passed"
    assert row.decided_at is not None
    assert row.valid_until == row.decided_at + timedelta(days=180)
