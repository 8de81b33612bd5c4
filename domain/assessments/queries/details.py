"""One assessment with its checks, what they found, and how that differs from the round before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.errors import AssessmentNotFound
from domain.assessments.models import (
    Assessment,
    AssessmentDispute,
    AssessmentFinding,
    AssessmentItem,
    AssessmentJudgement,
    ThirdPartyReport,
)
from domain.assessments.queries.handed_in import ReportRow, report_of
from domain.assessments.queries.rows import AssessmentRow, may_read, row_of
from domain.assessments.service.summarising import current_items, reason_of
from kernel.actor import Actor
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding; ``is_new`` when the round before did not have it."""

    fingerprint: str
    tool: str
    tool_version: str
    rule: str
    severity: str
    place: str
    evidence: str
    clause: str
    message: Text
    identifiers: tuple[str, ...]
    component: str
    fixed_in: tuple[str, ...]
    is_uncertain: bool
    is_false_positive: bool
    is_disputed: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One check; ``gone`` counts findings of the round before that are no more."""

    item: str
    status: str
    run: int
    tool: str
    tool_version: str
    basis: Text
    reason: Text
    summary: Text
    counts: dict[str, int]
    exceeded: tuple[dict[str, Any], ...]
    looked_at: dict[str, Any]
    seconds: float
    raw_digest: str | None
    report: ReportRow | None
    recorded_at: datetime
    findings: tuple[FindingRow, ...]
    gone: int | None


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """What two operators made of one item or finding."""

    item: str
    fingerprint: str
    verdict: str
    reason: str
    judged_by: str
    judged_at: datetime
    agreed_by: str
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssessmentDetail:
    """One assessment with everything that is known of it."""

    row: AssessmentRow
    baseline: tuple[dict[str, Any], ...]
    items: tuple[ItemRow, ...]
    judgements: tuple[JudgementRow, ...]


def assessment_detail(session: Session, actor: Actor, assessment_id: UUID) -> AssessmentDetail:
    """Return one assessment.

    Raises:
        AssessmentNotFound: no such assessment, or outside the actor's grants.
    """
    assessment = session.get(Assessment, assessment_id)
    if assessment is None or not may_read(actor, assessment):
        raise AssessmentNotFound(assessment_id)
    before = _marks_before(session, assessment)
    disputed = set(
        session.scalars(
            select(AssessmentDispute.fingerprint).where(AssessmentDispute.subject_id == assessment.subject_id)
        )
    )
    items = current_items(session, assessment)
    return AssessmentDetail(
        row=row_of(assessment),
        baseline=tuple(assessment.baseline or ()),
        items=tuple(_item(session, item, before, disputed) for item in items),
        judgements=tuple(_judgements(session, assessment_id)),
    )


def _marks_before(session: Session, assessment: Assessment) -> dict[str, set[str]] | None:
    """Return the findings of the round before by check, or None where there was none."""
    earlier = session.get(Assessment, assessment.previous_id) if assessment.previous_id else None
    if earlier is None:
        return None
    marks: dict[str, set[str]] = {}
    for item in current_items(session, earlier):
        query = select(AssessmentFinding.fingerprint).where(AssessmentFinding.item_id == item.id)
        marks[item.item] = set(session.scalars(query))
    return marks


def _item(
    session: Session, item: AssessmentItem, before: dict[str, set[str]] | None, disputed: set[str]
) -> ItemRow:
    known = before.get(item.item, set()) if before is not None else None
    query = (
        select(AssessmentFinding)
        .where(AssessmentFinding.item_id == item.id)
        .order_by(AssessmentFinding.position)
    )
    rows = list(session.scalars(query))
    report = session.get(ThirdPartyReport, item.report_id) if item.report_id else None
    now_here = {row.fingerprint for row in rows}
    return ItemRow(
        item=item.item,
        status=item.status,
        run=item.run,
        tool=item.tool,
        tool_version=item.tool_version,
        basis=Text.from_json(item.basis),
        reason=reason_of(item),
        summary=Text.from_json(item.summary),
        counts=dict(item.counts),
        exceeded=tuple(item.exceeded),
        looked_at=dict(item.looked_at),
        seconds=item.seconds,
        raw_digest=item.raw_digest,
        report=report_of(report) if report else None,
        recorded_at=item.recorded_at,
        findings=tuple(_finding(row, known, disputed) for row in rows),
        gone=len(known - now_here) if known is not None else None,
    )


def _finding(row: AssessmentFinding, known: set[str] | None, disputed: set[str]) -> FindingRow:
    return FindingRow(
        fingerprint=row.fingerprint,
        tool=row.tool,
        tool_version=row.tool_version,
        rule=row.rule,
        severity=row.severity,
        place=row.place,
        evidence=row.evidence,
        clause=row.clause,
        message=Text.from_json(row.message),
        identifiers=tuple(row.identifiers),
        component=row.component,
        fixed_in=tuple(row.fixed_in),
        is_uncertain=row.is_uncertain,
        is_false_positive=row.is_false_positive,
        is_disputed=row.fingerprint in disputed,
        is_new=known is not None and row.fingerprint not in known,
    )


def _judgements(session: Session, assessment_id: UUID) -> Sequence[JudgementRow]:
    query = (
        select(AssessmentJudgement)
        .where(AssessmentJudgement.assessment_id == assessment_id, AssessmentJudgement.is_current)
        .order_by(AssessmentJudgement.id)
    )
    return [
        JudgementRow(
            row.item,
            row.fingerprint,
            row.verdict,
            row.reason,
            row.judged_by_name,
            row.judged_at,
            row.agreed_by_name or "",
            row.agreed_at,
        )
        for row in session.scalars(query)
    ]
