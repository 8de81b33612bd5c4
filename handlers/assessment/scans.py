"""One function per check: choose what to look at, and put what came of it in the domain's words.

Source: readings, table "Which checks apply"; draft standard, clauses 8.1.1, 8.2.4, 8.3.1
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from domain.assessments.items import Item, ItemStatus
from domain.assessments.scanned import Library, Scanned, ScannedFinding
from domain.checks import names
from domain.checks.queries import CheckRunRow, check_runs
from handlers.assessment.material import Material
from handlers.checks.results import Severity
from handlers.environment import Environment
from kernel.clock import now
from kernel.database import Database
from kernel.language import Text

# An API risk check older than this is made again (P03, step 7).
API_RISK_AGE: Final = timedelta(days=30)
_WEIGHT: Final = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.INFO: "info"}


@dataclass
class Desk:
    """What the checks of one branch share; ``libraries`` is set when a bill of materials was made."""

    environment: Environment
    database: Database
    material: Material
    libraries: list[Library] | None = field(default=None, init=False)


def artefact(_desk: Desk) -> Scanned:
    """Inspect the uploaded artefact."""
    return not_checked(Item.ARTEFACT, _NO_TOOL)


def composition(_desk: Desk) -> Scanned:
    """List the libraries with their licences."""
    return not_checked(Item.COMPOSITION, _NO_TOOL)


def vulnerabilities(_desk: Desk) -> Scanned:
    """Hold the libraries against the vulnerability data."""
    return not_checked(Item.VULNERABILITIES, _NO_TOOL)


def static(_desk: Desk) -> Scanned:
    """Look for weaknesses in the source."""
    return not_checked(Item.STATIC, _NO_TOOL)


def secrets(_desk: Desk) -> Scanned:
    """Look for secrets in everything handed in."""
    return not_checked(Item.SECRETS, _NO_TOOL)


def dynamic(_desk: Desk) -> Scanned:
    """Attack the running component."""
    return not_checked(Item.DYNAMIC, _NO_TOOL)


def api_risk(desk: Desk) -> Scanned:
    """Quote the API risk check where it is recent."""
    quoted = _recent_run(desk)
    return _quoted(quoted) if quoted is not None else not_checked(Item.API_RISK, _NO_TOOL)


def not_checked(item: str, why: Text) -> Scanned:
    """Say that nothing was looked at, and why."""
    return Scanned(item=item, status=ItemStatus.NOT_CHECKED, summary=why)


def inconclusive(item: str, cause: str) -> Scanned:
    """Say that a check broke down for good."""
    return Scanned(
        item=item,
        status=ItemStatus.INCONCLUSIVE,
        summary=Text(
            f"检测三次均未得出结论：{cause[:400]}", f"Three attempts came to nothing: {cause[:400]}"
        ),
    )


def _recent_run(desk: Desk) -> CheckRunRow | None:
    version_id = desk.material.version_id
    if version_id is None:
        return None
    with desk.database.read() as session:
        runs = {run.check: run for run in check_runs(session, version_id)}
    run = runs.get(names.API_RISK)
    if run is None or run.status == "not_checked" or now() - run.recorded_at > API_RISK_AGE:
        return None
    return run


def _quoted(run: CheckRunRow) -> Scanned:
    return Scanned(
        item=Item.API_RISK,
        status=run.status,
        summary=run.summary,
        tool="zujian",
        looked_at={"quotedFrom": str(run.id), "recordedAt": run.recorded_at.isoformat()},
        findings=tuple(
            ScannedFinding(
                rule=each.rule,
                severity=_WEIGHT.get(Severity(each.severity), "info"),
                message=each.message,
                tool="zujian",
                place=each.place,
                evidence=each.evidence,
                clause=each.clause,
            )
            for each in run.findings
        ),
    )


_NO_TOOL = Text("平台尚未接入该项检测工具", "no tool is connected for this check yet")
