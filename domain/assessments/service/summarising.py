"""Compare what the checks found with the baseline, and say what people still have to judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.items import (
    ITEM_TEXT,
    ITEMS,
    REPLACEABLE,
    SEVERITY_TEXT,
    STATUS_TEXT,
    ItemStatus,
    Standing,
)
from domain.assessments.models import Assessment, AssessmentFinding, AssessmentItem, ThirdPartyReport
from domain.assessments.policy import validity
from domain.assessments.rules import (
    SETTLED,
    Excess,
    Limits,
    Verdict,
    Weighed,
    conclude,
    counts,
    judge,
    limits_of,
)
from domain.assessments.service.opening import open_for_work
from domain.assessments.service.reports import standing_report
from domain.assessments.trail import entry
from domain.checks.names import SECURITY_ASSESSMENT
from domain.checks.service import CheckRunInput, Finding, record_check_run
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.ids import new_id
from kernel.language import Text

# As long as a form lets a finding be.
_MOST_FINDING: Final = 1_000


@dataclass(frozen=True, slots=True)
class Summary:
    """What the whole came to.

    ``findings``: one object per check that did not pass (item, title, status, reason). ``against``: the same
    as sentences for the rework to answer (finding). ``open_items``: one object per thing that people have to
    judge (item, finding, place, problem, report).
    """

    verdict: Verdict
    findings: list[dict[str, Any]]
    against: list[dict[str, str]]
    open_items: list[dict[str, Any]]


def summarise(
    session: Session,
    actor: Actor,
    assessment_id: UUID,
    baseline: Sequence[Mapping[str, Any]],
    applicable: Iterable[Mapping[str, Any]],
) -> Summary:
    """Judge every check by the baseline and conclude.

    A check that the table calls applicable and that reported nothing is *not checked*.

    Raises:
        AssessmentNotFound, AssessmentClosed: there is nothing to conclude.
    """
    assessment = open_for_work(session, assessment_id)
    assessment.baseline = [dict(row) for row in baseline]
    editions = {row.get("edition") for row in baseline}
    assessment.baseline_edition = next((each for each in editions if isinstance(each, int)), None)
    _complete(session, assessment, applicable)
    limits = limits_of(baseline)
    items = current_items(session, assessment)
    for item in items:
        judge_item(session, item, limits)
        _substitute(session, assessment, item)
    verdict = conclude(item.status for item in items)
    if verdict == "inconclusive":
        assessment.standing = Standing.IN_REVIEW
    audit.append(
        session,
        entry(
            actor,
            "assessment.summarised",
            assessment,
            {
                "verdict": verdict,
                "run": assessment.run,
                "baseline_edition": assessment.baseline_edition,
                "items": {item.item: str(item.status) for item in items},
            },
            clause="8.1.1",
        ),
    )
    if verdict == "below_baseline":
        close(session, actor, assessment, items, passed=False)
    against = [{"finding": str(_said_of(item))[:_MOST_FINDING]} for item in _against(items)]
    return Summary(verdict, unsettled(items), against, _open_items(session, assessment, items))


def current_items(session: Session, assessment: Assessment) -> list[AssessmentItem]:
    """Return the newest result of each check, in the order of the standard."""
    query = (
        select(AssessmentItem)
        .where(AssessmentItem.assessment_id == assessment.id)
        .order_by(AssessmentItem.run)
    )
    newest = {row.item: row for row in session.scalars(query)}
    return [newest[item] for item in ITEMS if item in newest]


def judge_item(session: Session, item: AssessmentItem, limits: Limits) -> None:
    """Set the result of one check from its findings and the limits."""
    findings = findings_of(session, item.id)
    weighed = [
        Weighed(finding.severity, finding.is_uncertain, finding.is_false_positive) for finding in findings
    ]
    status, over = judge(item.item, item.scanned_status, weighed, limits)
    item.status = status
    item.counts = dict(counts(weighed))
    item.exceeded = [
        {"severity": str(excess.severity), "found": excess.found, "limit": excess.limit} for excess in over
    ]


def findings_of(session: Session, item_id: UUID) -> list[AssessmentFinding]:
    """Return the findings of one check in their order."""
    query = (
        select(AssessmentFinding)
        .where(AssessmentFinding.item_id == item_id)
        .order_by(AssessmentFinding.position)
    )
    return list(session.scalars(query))


def unsettled(items: Iterable[AssessmentItem]) -> list[dict[str, Any]]:
    """Return the checks that stand against passing, with the reason in both languages."""
    return [
        {
            "item": item.item,
            "title": str(ITEM_TEXT[item.item]),
            "status": str(item.status),
            "reason": str(reason_of(item)),
        }
        for item in _against(items)
    ]


def reason_of(item: AssessmentItem) -> Text:
    """Say why a check has its result: what exceeds the baseline, or what the tool said."""
    over = [
        Excess(str(each["severity"]), int(str(each["found"])), int(str(each["limit"])))
        for each in item.exceeded
    ]
    if not over:
        return Text.from_json(item.summary)
    zh = "、".join(f"{SEVERITY_TEXT[each.severity].zh}{each.found}项（上限{each.limit}）" for each in over)
    en = ", ".join(
        f"{each.found} {SEVERITY_TEXT[each.severity].en.lower()} (limit {each.limit})" for each in over
    )
    return Text(zh, en)


def close(
    session: Session, actor: Actor, assessment: Assessment, items: Sequence[AssessmentItem], *, passed: bool
) -> None:
    """Decide an assessment for good; of a version its check run is written too."""
    at = now()
    assessment.standing = Standing.PASSED if passed else Standing.FAILED
    assessment.decided_at = at
    assessment.valid_until = at + validity() if passed else None
    if assessment.version_id is not None:
        _record_check_run(session, assessment, items, passed=passed)
    audit.append(
        session,
        entry(
            actor,
            "assessment.decided",
            assessment,
            {
                "standing": str(assessment.standing),
                "valid_until": _moment(assessment.valid_until),
                "against": [f"{item.item}: {item.status}" for item in _against(items)],
            },
            clause="8.1.1",
        ),
    )


def _record_check_run(
    session: Session, assessment: Assessment, items: Sequence[AssessmentItem], *, passed: bool
) -> None:
    against = _against(items)
    if passed:
        said = Text(
            f"安全评估第{assessment.round}轮：通过（基线第{assessment.baseline_edition or '—'}版）",
            f"Security assessment, round {assessment.round}: passed"
            f" (baseline {assessment.baseline_edition or '—'})",
        )
    else:
        named = "、".join(ITEM_TEXT[item.item].zh for item in against)
        named_en = ", ".join(ITEM_TEXT[item.item].en for item in against)
        said = Text(
            f"安全评估第{assessment.round}轮：未通过 — {named}",
            f"Security assessment, round {assessment.round}: not passed — {named_en}",
        )
    record_check_run(
        session,
        CheckRunInput(
            version_id=assessment.version_id,  # type: ignore[arg-type]  # asked for by the caller
            check=SECURITY_ASSESSMENT,
            status="passed" if passed else "failed",
            summary=said,
            findings=[
                Finding(
                    rule=f"ASSESSMENT-{item.item.upper().replace('_', '-')}",
                    severity="error" if item.status == ItemStatus.FAILED else "warning",
                    evidence=f"{item.tool} {item.tool_version}".strip(),
                    place=item.item,
                    clause="8.1.1",
                    message=_said_of(item),
                )
                for item in against
            ],
            instance_id=assessment.instance_id,
            region_code=assessment.region_code,
            unit_id=assessment.unit_id,
        ),
    )


def _said_of(item: AssessmentItem) -> Text:
    """Return the check with its result and why, in a sentence."""
    title, status, reason = ITEM_TEXT[item.item], STATUS_TEXT[item.status], reason_of(item)
    return Text(
        f"{title.zh}：{status.zh}，{reason.zh}",
        f"{title.en}: {status.en}, {reason.en}",
    )


def _against(items: Iterable[AssessmentItem]) -> list[AssessmentItem]:
    return [item for item in items if item.status not in SETTLED]


def _complete(session: Session, assessment: Assessment, applicable: Iterable[Mapping[str, Any]]) -> None:
    """Add what no branch reported: a check must not be missing because nobody spoke of it."""
    known = {item.item for item in current_items(session, assessment)}
    by_item = {str(row["item"]): row for row in applicable}
    for item in ITEMS:
        if item in known:
            continue
        row = by_item.get(item)
        applies = row is None or row.get("applies") is not False
        basis = Text(str(row.get("zh", "")), str(row.get("en", ""))) if row else Text("", "")
        status = ItemStatus.NOT_CHECKED if applies else ItemStatus.NOT_APPLICABLE
        session.add(
            AssessmentItem(
                id=new_id(),
                assessment_id=assessment.id,
                item=item,
                run=assessment.run,
                status=status,
                scanned_status=status,
                tool="",
                tool_version="",
                basis=basis.to_json(),
                summary=(Text("没有检测结果", "No result was reported") if applies else basis).to_json(),
                counts={},
                looked_at={},
                exceeded=[],
                seconds=0.0,
                recorded_at=now(),
            )
        )
    # The next query of this transaction must find them.
    session.flush()


def _substitute(session: Session, assessment: Assessment, item: AssessmentItem) -> None:
    """Let a report stand in that two people accepted before, while it lasts."""
    if item.status not in (ItemStatus.NOT_CHECKED, ItemStatus.INCONCLUSIVE) or item.item not in REPLACEABLE:
        return
    report = standing_report(session, assessment, item.item, "accepted")
    if report is not None:
        item.status, item.report_id = ItemStatus.SUBSTITUTED, report.id


def _open_items(
    session: Session, assessment: Assessment, items: Iterable[AssessmentItem]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for item in items:
        if item.status == ItemStatus.DISPUTED:
            severities = {each["severity"] for each in item.exceeded}
            found += [
                _open_item(item, finding, None)
                for finding in findings_of(session, item.id)
                if finding.is_uncertain and not finding.is_false_positive and finding.severity in severities
            ]
        elif item.status in (ItemStatus.INCONCLUSIVE, ItemStatus.NOT_CHECKED):
            found.append(_open_item(item, None, standing_report(session, assessment, item.item, "handed_in")))
    return found


def _open_item(
    item: AssessmentItem, finding: AssessmentFinding | None, report: ThirdPartyReport | None
) -> dict[str, Any]:
    if finding is not None:
        message = Text.from_json(finding.message)
        problem = f"{SEVERITY_TEXT[finding.severity].zh} {finding.rule}：{message}"
        return {
            "item": item.item,
            "finding": finding.fingerprint,
            "place": finding.place[:900],
            "problem": problem[:1900],
        }
    problem = f"{STATUS_TEXT[item.status]}：{reason_of(item)}"
    row = {"item": item.item, "problem": problem[:1900]}
    if report is not None:
        row["report"] = f"{report.issuer} {report.issued_on} — {report.valid_until}：{report.scope}"[:480]
    return row


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
