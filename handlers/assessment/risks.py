"""The API risk check of the assessment: quoted where it is recent, else made.

Source: draft standard, clause 8.3.1; process P03, step 7
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from domain.assessments.items import Item, ItemStatus
from domain.assessments.queries import ItemRow
from domain.assessments.scanned import Scanned, ScannedFinding
from domain.checks import names
from domain.checks.queries import CheckRunRow, FindingRow, check_runs
from handlers.api_risk import declared_side
from handlers.assessment.scans import NO_ADDRESS, Desk, combined, not_checked
from handlers.checks.results import Finding, Severity, Status
from handlers.scanning.dynamic import scan_dynamic
from handlers.scanning.error_codes import check_error_codes
from handlers.scanning.error_probe import probe_error_codes
from handlers.scanning.results import ScanResult
from kernel.clock import now
from kernel.language import Text

# An API risk check older than this is made again (P03, step 7).
API_RISK_AGE: Final = timedelta(days=30)
_NO_DOCUMENT: Final = Text("没有接口文档，未做动态测试", "there is no API document, nothing was attacked")
_WEIGHT: Final = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.INFO: "info"}


def api_risk(desk: Desk) -> Scanned:
    """Quote the API risk check where it is recent, else make it: declared side, error codes and attacks."""
    quoted = _recent_run(desk)
    if quoted is not None:
        return _quoted(quoted)
    declared = declared_side(desk.material.document, desk.material.record)
    if declared.status is Status.FAILED:
        return Scanned(
            item=Item.API_RISK,
            status=ItemStatus.FAILED,
            tool="zujian",
            summary=declared.summary,
            findings=tuple(_declared(each) for each in declared.findings),
        )
    address, document = desk.material.address, desk.material.document
    if document is None:
        return not_checked(Item.API_RISK, _NO_DOCUMENT)
    codes = check_error_codes(document)
    if address is None:
        # What the document shows is told even where nothing runs that could be attacked.
        told = combined(Item.API_RISK, [codes])
        attacked = replace(told, status=ItemStatus.NOT_CHECKED, summary=NO_ADDRESS)
    else:
        attacked = _attacked(desk, document, address, codes)
    return replace(attacked, findings=(*attacked.findings, *(_declared(each) for each in declared.findings)))


def _attacked(desk: Desk, document: bytes, address: str, codes: ScanResult) -> Scanned:
    """Attack the running API, or quote the attacks of this run; look at the error codes of both sides."""
    bench = desk.environment.workbench
    probed, quoted_attacks = probe_error_codes(bench, document, address), _attacks_of_this_run(desk)
    if quoted_attacks is None:
        return combined(Item.API_RISK, [scan_dynamic(bench, document, address), probed, codes])
    return _beside(quoted_attacks, combined(Item.API_RISK, [probed, codes]))


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


def _attacks_of_this_run(desk: Desk) -> ItemRow | None:
    """Return the dynamic tests of the same document at the same address, where they ran to their end."""
    detail = desk.material.detail
    ran = (
        item
        for item in detail.items
        if item.item == Item.DYNAMIC and item.run == detail.row.run and item.status == ItemStatus.RUNNING
    )
    return next(ran, None)


def _beside(attacks: ItemRow, probed: Scanned) -> Scanned:
    """Lay the findings of attacks that were made already beside those of the probe."""
    findings = tuple(
        ScannedFinding(
            rule=each.rule,
            severity=each.severity,
            message=each.message,
            tool=each.tool,
            tool_version=each.tool_version,
            place=each.place,
            evidence=each.evidence,
            clause=each.clause,
            identifiers=each.identifiers,
            component=each.component,
            fixed_in=each.fixed_in,
            is_uncertain=each.is_uncertain,
        )
        for each in attacks.findings
    )
    return replace(
        probed,
        tool=attacks.tool,
        tool_version=attacks.tool_version,
        findings=(*findings, *probed.findings),
        looked_at={**probed.looked_at, **attacks.looked_at, "quotedFrom": str(Item.DYNAMIC)},
    )


def _quoted(run: CheckRunRow) -> Scanned:
    return Scanned(
        item=Item.API_RISK,
        status=run.status,
        summary=run.summary,
        tool="zujian",
        looked_at={"quotedFrom": str(run.id), "recordedAt": run.recorded_at.isoformat()},
        findings=tuple(_declared(each) for each in run.findings),
    )


def _declared(each: Finding | FindingRow) -> ScannedFinding:
    return ScannedFinding(
        rule=each.rule,
        severity=_WEIGHT[Severity(each.severity)],
        message=each.message,
        tool="zujian",
        place=each.place,
        evidence=each.evidence,
        clause=each.clause,
    )
