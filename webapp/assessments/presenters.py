"""An assessment in words, finished for the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from domain.assessments.items import (
    ITEM_CLAUSE,
    ITEM_TEXT,
    REPLACEABLE,
    SEVERITY_TEXT,
    STANDING_TEXT,
    STATUS_TEXT,
    ItemStatus,
    Severity,
    Standing,
)
from domain.assessments.queries import AssessmentDetail, AssessmentRow, FindingRow, ItemRow, ReportRow
from kernel.clock import now
from webapp.languages import gettext as _
from webapp.languages import in_language

_STATUS_TONE: Final = {
    ItemStatus.PASSED: ("ok", "circle-check"),
    ItemStatus.SUBSTITUTED: ("warn", "file-check"),
    ItemStatus.FAILED: ("bad", "circle-x"),
    ItemStatus.DISPUTED: ("warn", "circle-alert"),
    ItemStatus.INCONCLUSIVE: ("warn", "circle-alert"),
}
_SEVERITY_TONE: Final = {Severity.CRITICAL: "bad", Severity.HIGH: "bad", Severity.MEDIUM: "warn"}
_STANDING_TONE: Final = {Standing.PASSED: "ok", Standing.FAILED: "bad", Standing.IN_REVIEW: "warn"}
_SEVERITY_ORDER: Final = {severity.value: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding; ``marks`` are said beside it: new, possible, disputed, false positive."""

    fingerprint: str
    severity: str
    tone: str
    rule: str
    message: str
    place: str
    evidence: str
    clause: str
    tool: str
    identifiers: str
    component: str
    fixed_in: str
    marks: list[str]
    can_dispute: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One check with its result."""

    key: str
    title: str
    clause: str
    status: str
    tone: str
    icon: str
    basis: str
    reason: str
    tool: str
    seconds: str
    counts: list[tuple[str, int, str]]
    data_as_of: str
    raw: list[tuple[str, str]]
    report: ReportRow | None
    findings: list[ShownFinding]
    change: str


@dataclass(frozen=True, slots=True)
class ShownRound:
    """One assessment in a list."""

    id: UUID
    title: str
    standing: str
    tone: str
    at: datetime
    valid_until: datetime | None
    is_lapsed: bool


def shown_round(row: AssessmentRow) -> ShownRound:
    """Put one assessment of a list in words."""
    return ShownRound(
        id=row.id,
        title=_("第 %(n)s 轮", n=row.round),
        standing=in_language(STANDING_TEXT[row.standing]),
        tone=_STANDING_TONE.get(Standing(row.standing), ""),
        at=row.decided_at or row.opened_at,
        valid_until=row.valid_until,
        is_lapsed=row.valid_until is not None and row.valid_until < now(),
    )


def shown_items(detail: AssessmentDetail, *, may_dispute: bool) -> list[ShownItem]:
    """Put every check in words."""
    return [_item(detail.row.id, item, may_dispute=may_dispute) for item in detail.items]


def facts(detail: AssessmentDetail) -> list[tuple[str, str, str]]:
    """Return the strip of key figures."""
    row = detail.row
    digest = f"{row.artefact_digest[:16]}…" if row.artefact_digest else _("未提交制品或源码")
    return [
        (_("结论"), in_language(STANDING_TEXT[row.standing]), _STANDING_TONE.get(Standing(row.standing), "")),
        (_("轮次"), _("第 %(n)s 轮", n=row.round), ""),
        (_("基线"), _("第 %(n)s 版", n=row.baseline_edition) if row.baseline_edition else "—", ""),
        (_("被检对象摘要"), digest, ""),
        (_("检测地址"), row.address or "—", ""),
    ]


def title_of(item: str) -> str:
    """Return what a check is called."""
    return in_language(ITEM_TEXT[item])


def report_standing(report: ReportRow) -> tuple[str, str]:
    """Return where a third-party report stands, and its tone."""
    return {
        "handed_in": (_("待采信"), "dashed"),
        "accepted": (_("已采信"), "ok"),
    }.get(report.standing, (_("未采信"), "bad"))


def shown_reports(reports: Sequence[ReportRow]) -> dict[str, Any]:
    """Return what ``assessments/_reports.html`` shows: the reports, and which checks one may stand in for."""
    return {
        "reports": [(report, title_of(report.item), *report_standing(report)) for report in reports],
        "replaceable": [(item.value, ITEM_TEXT[item]) for item in sorted(REPLACEABLE)],
    }


def verdict_text(verdict: str) -> str:
    """Return a judgement in words."""
    return {"false_positive": _("误报"), "substitute": _("采信第三方报告")}.get(verdict, verdict)


def _item(assessment_id: UUID, row: ItemRow, *, may_dispute: bool) -> ShownItem:
    tone, icon = _STATUS_TONE.get(ItemStatus(row.status), ("dashed", "circle-dashed"))
    shown = [_finding(each, may_dispute=may_dispute) for each in row.findings]
    ordered = sorted(
        zip(row.findings, shown, strict=True), key=lambda pair: _SEVERITY_ORDER.get(pair[0].severity, 9)
    )
    return ShownItem(
        key=row.item,
        title=title_of(row.item),
        clause=ITEM_CLAUSE[row.item],
        status=in_language(STATUS_TEXT[row.status]),
        tone=tone,
        icon=icon,
        basis=in_language(row.basis),
        reason=in_language(row.reason),
        tool=f"{row.tool} {row.tool_version}".strip(),
        seconds=f"{row.seconds:.1f}",
        counts=[
            (in_language(SEVERITY_TEXT[severity]), row.counts[severity], _SEVERITY_TONE.get(severity, ""))
            for severity in Severity
            if row.counts.get(severity)
        ],
        data_as_of=_data_as_of(row),
        raw=_raw(assessment_id, row),
        report=row.report,
        findings=[each for _row, each in ordered],
        change=_change(row),
    )


def _finding(row: FindingRow, *, may_dispute: bool) -> ShownFinding:
    marks = [
        text
        for holds, text in (
            (row.is_new, _("新增")),
            (row.is_uncertain, _("疑似")),
            (row.is_disputed, _("提供方有异议")),
            (row.is_false_positive, _("误报")),
        )
        if holds
    ]
    return ShownFinding(
        fingerprint=row.fingerprint,
        severity=in_language(SEVERITY_TEXT[row.severity]),
        tone=_SEVERITY_TONE.get(Severity(row.severity), ""),
        rule=row.rule,
        message=in_language(row.message),
        place=row.place,
        evidence=row.evidence,
        clause=row.clause,
        tool=f"{row.tool} {row.tool_version}".strip(),
        identifiers=" ".join(row.identifiers),
        component=row.component,
        fixed_in="、".join(row.fixed_in),
        marks=marks,
        can_dispute=may_dispute and not row.is_disputed and not row.is_false_positive,
    )


def _change(row: ItemRow) -> str:
    if row.gone is None:
        return ""
    new = sum(1 for finding in row.findings if finding.is_new)
    return _("与上一轮相比：新增 %(new)s 项，消除 %(gone)s 项", new=new, gone=row.gone)


def _data_as_of(row: ItemRow) -> str:
    """Return the dates of the vulnerability data, by ecosystem."""
    for seen in row.looked_at.values():
        dates = seen.get("dataAsOf") if isinstance(seen, dict) else None
        if isinstance(dates, dict):
            return "；".join(f"{name} {day}" for name, day in sorted(dates.items()))
    return ""


def _raw(assessment_id: UUID, row: ItemRow) -> list[tuple[str, str]]:
    """Return (name, address) of the raw reports."""
    found = []
    for scan, seen in row.looked_at.items():
        digest = seen.get("rawReport") if isinstance(seen, dict) else None
        if isinstance(digest, str):
            found.append((str(scan), url_for("assessments.raw", assessment_id=assessment_id, digest=digest)))
    return found
