"""Eligibility for listing: all fields, all files, a valid assessment; and the time of listing.

Source: draft standard, clauses 8.2.5 and 9.1c; process P04, steps 4 and 6
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.dictionaries import DATA_SERVICE
from domain.catalogue.rules import Stage
from domain.checks import names
from domain.checks.queries import check_runs
from engine.api import HandlerResult, JobContext, Registry, TechnicalFailure
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded, nothing_failed
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.preparation import inspect_files
from handlers.recording import decision, record_results, table_1_result
from handlers.reviewing import REVIEW_REGIONS, review_regions
from kernel.clock import now
from kernel.language import Text

VALIDITY = timedelta(days=180)
EARLIER_CHECKS = "earlier_checks"

L_SECURITY = Rule(
    "L-SECURITY",
    Severity.ERROR,
    "8.2.1c",
    Text(
        "安全评估未通过或没有结论，不得申请上架",
        "The security assessment failed or is missing, listing is refused",
    ),
)
L_API_RISK = Rule(
    "L-API-RISK",
    Severity.ERROR,
    "8.3.1",
    Text("API风险检测未通过，不得申请上架", "The API risk check failed, listing is refused"),
)
L_DOCUMENTS = Rule(
    "L-DOCUMENTS",
    Severity.ERROR,
    "8.3.4d",
    Text(
        "数据服务未提交服务目录或调用文档，不得申请上架",
        "Service catalogue or call document of the data service is missing, listing is refused",
    ),
)
DOCUMENTS = "data_documents"
_DOCUMENTS = ("serviceCatalogue", "callDocument")


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the listing."""
    registry.handler(
        "catalogue.check_listing",
        partial(check_listing, environment),
        Text("上架资格检查：字段、附件、评估", "Check eligibility for listing: fields, files, assessment"),
        (VERSION,),
        {
            "passed": Text("通过", "Passed"),
            "expired": Text("评估已过期", "Assessment expired"),
            "digest": Text("目录信息摘要", "Digest of the record"),
            "record": Text("目录信息", "Record"),
            "reviewRegions": REVIEW_REGIONS,
        },
    )
    registry.handler(
        "catalogue.record_listing",
        record_listing,
        Text("记录上架时间", "Record the time of listing"),
        (VERSION,),
        {"listedAt": Text("上架时间", "Listed at")},
    )


def check_listing(environment: Environment, job: JobContext) -> HandlerResult:
    """Check everything that listing asks for on the record as it stands, and say which record that was."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        breaches = queries.check_version(
            session, version_id, Stage.LISTING, strict=environment.strict_table_1
        )
        earlier, expired = _earlier_checks(session, version_id)
    results = [
        table_1_result(breaches),
        inspect_files(environment, detail),
        *_documents(detail.record),
        earlier,
    ]
    decided = decision(names.LISTING, Text("上架资格检查", "Eligibility for listing"), results)

    def apply(session: Session) -> None:
        # What the reviewer will see is what was checked, or it is checked again.
        seen = queries.version_detail(session, PLATFORM, version_id).record_digest
        if seen != detail.record_digest:
            raise TechnicalFailure(f"the record changed while it was checked: {detail.record_digest} {seen}")
        record_results(session, job, version_id, [*results, decided])

    return HandlerResult(
        {
            "passed": nothing_failed(results) and not expired,
            "expired": expired,
            "digest": detail.record_digest,
            "record": dict(detail.record),
            "reviewRegions": review_regions(job.instance),
        },
        apply,
    )


def _documents(record: Mapping[str, Any]) -> list[CheckResult]:
    """Look for the two documents of a data service; other forms need none."""
    if record.get("technicalField") != DATA_SERVICE:
        return []
    held = mapping(mapping(record.get("extension")).get("documents"))
    missing = [
        L_DOCUMENTS.broken(place=f"extension.documents.{each}") for each in _DOCUMENTS if not held.get(each)
    ]
    return [concluded(DOCUMENTS, Text("服务目录与调用文档", "Service catalogue and call documents"), missing)]


def _earlier_checks(session: Session, version_id: UUID) -> tuple[CheckResult, bool]:
    """Look at the assessment and the API risk check; tell also whether the assessment is too old."""
    runs = {run.check: run for run in check_runs(session, version_id)}
    findings: list[Finding] = []
    security = runs.get(names.SECURITY_ASSESSMENT)
    if security is not None and security.is_statement and security.status == "passed":
        # Nobody's word stands in for the assessment.
        security = None
    if security is None or security.status != "passed":
        evidence = security.status if security else "—"
        findings.append(L_SECURITY.broken(place=names.SECURITY_ASSESSMENT, evidence=evidence))
    risk = runs.get(names.API_RISK)
    if risk is not None and risk.status == "failed":
        findings.append(L_API_RISK.broken(place=names.API_RISK, evidence=risk.summary.zh))
    expired = security is not None and security.status == "passed" and now() - security.recorded_at > VALIDITY
    return concluded(EARLIER_CHECKS, Text("既有检查结论", "Results of earlier checks"), findings), expired


def record_listing(job: JobContext) -> HandlerResult:
    """Return when the version was listed; the approval itself has set it."""
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_of(job.parameters))
    if detail.row.listed_at is None:
        raise TechnicalFailure(f"{detail.name} {detail.version} is {detail.state}, not listed")
    return HandlerResult({"listedAt": detail.row.listed_at.isoformat()})
