"""Matching again when new vulnerability data came: bills of materials do not change, what is known does.

Every subject whose newest assessment passed is looked at. What is now above the limits that its assessment
was held to is recorded as a failed check of the version, which lets the operator reopen it (S16).

Source: draft standard, clause 8.1.1; docs/reference/component-states.md
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import queries
from domain.assessments.items import SEVERITY_TEXT, Item
from domain.assessments.queries import AssessmentRow
from domain.assessments.rules import Weighed, excesses, limits_of
from domain.checks.names import VULNERABILITY_REMATCH
from domain.checks.service import CheckRunInput, Finding, record_check_run
from handlers.assessment.advisories import Advisories
from handlers.environment import PLATFORM
from handlers.scanning.results import ScanResult
from handlers.scanning.sbom import Sbom, SbomComponent
from handlers.scanning.vulnerabilities import match_vulnerabilities
from kernel.database import Database
from kernel.language import Text
from kernel.unit_of_work import perform

_WEIGHT = {"critical": "error", "high": "error", "medium": "warning", "low": "warning"}


def rematch(database: Database) -> tuple[int, int]:
    """Match every standing bill of materials again; return how many were looked at and how many fell."""
    with database.read() as session:
        standing = queries.passed_assessments(session)
    looked_at = fallen = 0
    for assessment_id in standing:
        with database.read() as session:
            detail = queries.assessment_detail(session, PLATFORM, assessment_id)
            entries = queries.bill_of(session, assessment_id)
        components = tuple(
            SbomComponent(row.purl, row.name, row.version, tuple(row.licences), "library", row.place)
            for row in entries
        )
        if not components or detail.row.version_id is None:
            continue
        result = match_vulnerabilities(Sbom(components, {}, ""), Advisories(database))
        weighed = [Weighed(finding.severity.value, finding.possible) for finding in result.findings]
        certain = [each for each in weighed if not each.is_uncertain]
        over = excesses(Item.VULNERABILITIES, certain, limits_of(detail.baseline))
        _record(database, detail.row, detail.row.version_id, result, is_above=bool(over))
        looked_at, fallen = looked_at + 1, fallen + bool(over)
    return looked_at, fallen


def _record(
    database: Database, row: AssessmentRow, version_id: UUID, result: ScanResult, *, is_above: bool
) -> None:
    found = len(result.findings)
    if is_above:
        said = Text(
            f"新漏洞数据复核：{found} 项，已超出最低安全基线",
            f"Matched again: {found} found, above the baseline",
        )
    else:
        said = Text(
            f"新漏洞数据复核：{found} 项，未超出基线", f"Matched again: {found} found, within the baseline"
        )
    given = CheckRunInput(
        version_id=version_id,
        check=VULNERABILITY_REMATCH,
        status="failed" if is_above else "passed",
        summary=said,
        findings=[
            Finding(
                rule=finding.rule[:80],
                severity=_WEIGHT.get(finding.severity.value, "info"),
                evidence=f"{SEVERITY_TEXT[finding.severity.value].zh} {' '.join(finding.identifiers)}",
                place=finding.component,
                clause="8.1.1",
                message=finding.message,
            )
            for finding in result.findings[:200]
        ],
        region_code=row.region_code,
        unit_id=row.unit_id,
    )

    def work(session: Session) -> UUID:
        return record_check_run(session, given)

    perform(database, "check.recorded", PLATFORM, work)
