"""Storing what checks found: one check run per check, and one for the decision of the step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.rules import RuleBreach
from domain.checks.service import CheckRunInput, record_check_run
from domain.checks.service import Finding as StoredFinding
from engine.api import JobContext
from handlers.checks.results import CheckResult, Finding, Severity, Status, concluded
from kernel.language import Text

TABLE_1 = "table_1"


def record_results(
    session: Session,
    job: JobContext,
    version_id: UUID,
    results: Iterable[CheckResult],
    *,
    subject: str | None = None,
) -> None:
    """Store every result as a check run of this job; storing a result twice changes nothing.

    ``subject`` is the digest of the content that was looked at, where there is one.
    """
    for result in results:
        record_check_run(
            session,
            CheckRunInput(
                version_id=version_id,
                instance_id=job.instance.id,
                job_id=job.job_id,
                element_id=job.instance.element_id,
                region_code=job.instance.region_code,
                unit_id=job.instance.unit_id,
                subject=subject,
                check=result.check,
                status=result.status.value,
                summary=result.summary,
                findings=[_stored(finding) for finding in result.findings],
            ),
        )


def table_1_result(breaches: Iterable[RuleBreach]) -> CheckResult:
    """Turn broken rules of Table 1 into a check result."""
    findings = [
        Finding(
            rule=breach.rule_id,
            severity=Severity(breach.severity.value),
            message=Text(f"{breach.message.zh}。{breach.mend.zh}", f"{breach.message.en}. {breach.mend.en}"),
            place=breach.path,
            clause=breach.clause,
        )
        for breach in breaches
    ]
    return concluded(TABLE_1, Text("表1字段规则", "Rules of Table 1"), findings)


def decision(check: str, step: Text, parts: Sequence[CheckResult]) -> CheckResult:
    """Conclude a step from its parts: failed where one failed, and naming what was not checked.

    The parts that were not checked have runs of their own which say so; the step goes on without them
    because a person confirms them later (process P02, step 19).
    """
    failed = [part for part in parts if part.status is Status.FAILED]
    skipped = [part for part in parts if part.status is Status.NOT_CHECKED]
    zh, en = step.zh, step.en
    if failed:
        zh += "：未通过 — " + "；".join(part.summary.zh for part in failed)
        en += ": failed — " + "; ".join(part.summary.en for part in failed)
    else:
        zh += "：通过"
        en += ": passed"
    if skipped:
        zh += "（未检测项：" + "；".join(part.summary.zh for part in skipped) + "）"
        en += " (not checked: " + "; ".join(part.summary.en for part in skipped) + ")"
    return CheckResult(check, Status.FAILED if failed else Status.PASSED, Text(zh, en))


def _stored(finding: Finding) -> StoredFinding:
    return StoredFinding(
        rule=finding.rule,
        severity=finding.severity.value,
        evidence=finding.evidence,
        place=finding.place,
        clause=finding.clause,
        message=finding.message,
    )
