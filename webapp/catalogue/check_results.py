"""Check results in words: what was looked at, what was found, and plainly what nobody checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.checks.queries import CheckRunRow, FindingRow, check_runs
from webapp.languages import gettext as _
from webapp.languages import in_language


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding; ``tone`` is a class of the list: error, warning or note."""

    rule: str
    message: str
    evidence: str
    place: str
    clause: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownRun:
    """The latest run of one check."""

    check: str
    title: str
    verdict: str
    tone: str
    icon: str
    summary: str
    stated_by: str
    at: datetime
    findings: list[ShownFinding]


def shown_runs(session: Session, version_id: UUID) -> list[ShownRun]:
    """Return the latest run of each check, those that failed or were not run first."""
    order = {"failed": 0, "not_checked": 1, "passed": 2}
    rows = sorted(check_runs(session, version_id), key=lambda row: order.get(row.status, 1))
    return [_run(row) for row in rows]


def _run(row: CheckRunRow) -> ShownRun:
    verdict, tone, icon = {
        "passed": (_("通过"), "ok", "circle-check"),
        "failed": (_("未通过"), "bad", "circle-x"),
    }.get(row.status, (_("未检查"), "dashed", "circle-dashed"))
    return ShownRun(
        check=row.check,
        title=in_language(row.title),
        verdict=verdict,
        tone=tone,
        icon=icon,
        summary=in_language(row.summary),
        stated_by=row.stated_by_name or "",
        at=row.recorded_at,
        findings=[_finding(finding) for finding in row.findings],
    )


def _finding(row: FindingRow) -> ShownFinding:
    tone = {"error": "", "warning": "warning"}.get(row.severity, "note")
    return ShownFinding(row.rule, in_language(row.message), row.evidence, row.place, row.clause, tone)
