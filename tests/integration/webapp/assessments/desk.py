"""An assessment of a sample component made by hand: what tools reported, then the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import service
from domain.assessments.items import ITEMS
from domain.assessments.scanned import Library, Scanned, ScannedFinding
from domain.assessments.service import Summary
from handlers.assessment.material import subject_of_version
from kernel.actor import system_actor
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.baseline.service import baseline_in_service
from webapp.wiring import Platform

PLATFORM = system_actor("platform")


def finding(severity: str, **changes: Any) -> ScannedFinding:
    """Return a finding of the static test."""
    return ScannedFinding(
        **{
            "rule": "java-sql-injection",
            "severity": severity,
            "message": Text("拼接 SQL", "SQL put together from input"),
            "tool": "opengrep",
            "tool_version": "1.30.0",
            "place": "src/Query.java:12",
            "evidence": "statement.execute(sql)",
            "clause": "8.1.1",
            **changes,
        }
    )


def scanned(item: str, status: str = "passed", *findings: ScannedFinding, **more: Any) -> Scanned:
    """Return what the tools of a check came to."""
    said: dict[str, Any] = {
        "tool": "opengrep",
        "tool_version": "1.30.0",
        "summary": Text("已检测", "Scanned"),
    }
    return Scanned(item=item, status=status, findings=findings, **{**said, **more})


def assessed(
    platform: Platform, version_id: UUID, results: Sequence[Scanned] = (), libraries: Sequence[Library] = ()
) -> tuple[UUID, Summary]:
    """Open an assessment, record what is given (the rest passes), and compare with the baseline."""
    with platform.database.read() as session:
        baseline, _checks = baseline_in_service(session, platform.engine)
    rows = [
        {"item": row.item, "severity": row.severity, "limit": row.limit, "edition": baseline.edition}
        for row in baseline.limits
        if row.scope == "general"
    ]
    given = {result.item: result for result in results}

    def work(session: Session) -> tuple[UUID, Summary]:
        subject = subject_of_version(session, version_id, "onboarding")
        opened = service.open_assessment(session, PLATFORM, subject, None, None)
        for item in ITEMS:
            service.record_item(session, PLATFORM, opened, given.get(item) or scanned(item), new_id())
        service.store_bill(session, opened, libraries)
        session.flush()
        return opened, service.summarise(session, PLATFORM, opened, rows, [])

    return perform(platform.database, "test", PLATFORM, work)
