"""Reads about assessments: where one stands, what it found, how it differs from the round before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.assessments.errors import AssessmentNotFound, ReportNotFound
from domain.assessments.items import ITEM_TEXT, STATUS_TEXT, ItemStatus, Standing
from domain.assessments.models import (
    Assessment,
    AssessmentDispute,
    AssessmentFinding,
    AssessmentItem,
    AssessmentJudgement,
    AssessmentMaterial,
    BillOfMaterialsEntry,
    ThirdPartyReport,
)
from domain.assessments.scanned import Library
from domain.assessments.service.opening import name_key
from domain.assessments.service.summarising import current_items, reason_of
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    RELEASING_UNIT,
    REVIEWER,
    SUPERVISOR,
)
from kernel.actor import Actor
from kernel.clock import now
from kernel.language import Text
from kernel.territory import covers

_BY_REGION = (OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class AssessmentStanding:
    """What the state machine asks of the newest assessment of a version.

    ``against`` names each check that stands against it, in words.
    """

    assessment_id: UUID
    is_passed: bool
    is_valid: bool
    against: tuple[Text, ...]


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
class ReportRow:
    """One third-party report."""

    id: UUID
    subject_type: str
    subject_id: UUID
    item: str
    issuer: str
    issued_on: date
    valid_until: date
    subject_digest: str
    scope: str
    commitment: str
    file_id: UUID
    file_digest: str
    standing: str
    handed_in_by: str
    handed_in_at: datetime
    accepted_by: str
    agreed_by: str


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """Source or a bill of materials that was handed in."""

    kind: str
    file_id: UUID
    digest: str
    name: str
    handed_in_by: str
    handed_in_at: datetime


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
class AssessmentRow:
    """One assessment without its checks."""

    id: UUID
    subject_type: str
    subject_id: UUID
    version_id: UUID | None
    subject_name: str
    region_code: str
    unit_id: UUID | None
    provider_unit_id: UUID | None
    instance_id: UUID | None
    caller: str
    form: str
    hosting: str
    round: int
    run: int
    standing: str
    artefact_digest: str | None
    address: str | None
    baseline_edition: int | None
    opened_at: datetime
    decided_at: datetime | None
    valid_until: datetime | None
    report_digest: str | None
    report_file_id: UUID | None
    previous_id: UUID | None


@dataclass(frozen=True, slots=True)
class AssessmentDetail:
    """One assessment with everything that is known of it."""

    row: AssessmentRow
    baseline: tuple[dict[str, Any], ...]
    items: tuple[ItemRow, ...]
    judgements: tuple[JudgementRow, ...]


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """Where a library is used."""

    assessment_id: UUID
    subject_name: str
    version_id: UUID | None
    purl: str
    name: str
    version: str
    licences: tuple[str, ...]


def standing_of(
    session: Session, version_id: UUID, since: datetime | None = None
) -> AssessmentStanding | None:
    """Return where the newest assessment of a version stands, of those opened since an instant."""
    query = select(Assessment).where(Assessment.version_id == version_id)
    if since is not None:
        query = query.where(Assessment.opened_at >= since)
    assessment = session.scalar(query.order_by(Assessment.id.desc()).limit(1))
    if assessment is None:
        return None
    is_passed = assessment.standing == Standing.PASSED
    return AssessmentStanding(
        assessment_id=assessment.id,
        is_passed=is_passed,
        is_valid=is_passed and assessment.valid_until is not None and now() <= assessment.valid_until,
        against=() if is_passed else tuple(_against(current_items(session, assessment))),
    )


def assessments_of(session: Session, actor: Actor, subject_id: UUID, limit: int = 50) -> list[AssessmentRow]:
    """Return the assessments of a subject that the actor may see, newest first."""
    query = select(Assessment).where(Assessment.subject_id == subject_id).order_by(Assessment.id.desc())
    return [_row(each) for each in session.scalars(query.limit(limit)) if may_read(actor, each)]


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
        row=_row(assessment),
        baseline=tuple(assessment.baseline or ()),
        items=tuple(_item(session, item, before, disputed) for item in items),
        judgements=tuple(_judgements(session, assessment_id)),
    )


def passed_versions(session: Session) -> list[UUID]:
    """Return the newest assessment of each version, where it passed."""
    later = aliased(Assessment)
    superseded = (
        select(later.id).where(later.version_id == Assessment.version_id, later.id > Assessment.id).exists()
    )
    query = select(Assessment.id).where(
        Assessment.version_id.is_not(None), Assessment.standing == Standing.PASSED, ~superseded
    )
    return list(session.scalars(query.order_by(Assessment.id)))


def reports_of(session: Session, subject_id: UUID) -> list[ReportRow]:
    """Return the third-party reports of a subject, newest first."""
    query = (
        select(ThirdPartyReport)
        .where(ThirdPartyReport.subject_id == subject_id)
        .order_by(ThirdPartyReport.id.desc())
    )
    return [_report(row) for row in session.scalars(query)]


def materials_of(session: Session, subject_id: UUID) -> dict[str, MaterialRow]:
    """Return what was handed in for the checks of a subject, by kind."""
    query = select(AssessmentMaterial).where(AssessmentMaterial.subject_id == subject_id)
    return {
        row.kind: MaterialRow(
            row.kind, row.file_id, row.digest, row.name, row.handed_in_by_name, row.handed_in_at
        )
        for row in session.scalars(query)
    }


def report_row(session: Session, report_id: UUID) -> ReportRow:
    """Return one third-party report.

    Raises:
        ReportNotFound: no such report.
    """
    row = session.get(ThirdPartyReport, report_id)
    if row is None:
        raise ReportNotFound(report_id)
    return _report(row)


def libraries_named(session: Session, actor: Actor, name: str, limit: int = 200) -> list[LibraryRow]:
    """Return where a library is used, by a part of its name, newest assessments first."""
    key = name_key(name).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    if not key:
        return []
    query = (
        select(BillOfMaterialsEntry, Assessment)
        .join(Assessment, Assessment.id == BillOfMaterialsEntry.assessment_id)
        .where(BillOfMaterialsEntry.name_key.like(f"%{key}%", escape="\\"))
        .order_by(Assessment.id.desc(), BillOfMaterialsEntry.name_key)
        .limit(limit)
    )
    return [
        LibraryRow(
            assessment.id,
            assessment.subject_name,
            assessment.version_id,
            entry.purl,
            entry.name,
            entry.version,
            tuple(entry.licences),
        )
        for entry, assessment in session.execute(query)
        if may_read(actor, assessment)
    ]


def bill_of(session: Session, assessment_id: UUID) -> list[Library]:
    """Return the bill of materials of an assessment."""
    query = select(BillOfMaterialsEntry).where(BillOfMaterialsEntry.assessment_id == assessment_id)
    return [
        Library(
            purl=row.purl, name=row.name, version=row.version, licences=tuple(row.licences), place=row.place
        )
        for row in session.scalars(query.order_by(BillOfMaterialsEntry.name_key))
    ]


def may_read(actor: Actor, assessment: Assessment | AssessmentRow) -> bool:
    """Tell whether the actor's grants reach the subject of an assessment."""
    if actor.is_system:
        return True
    region, unit, provider = assessment.region_code, assessment.unit_id, assessment.provider_unit_id
    if any(grant.role in _BY_REGION and covers(grant.region_code, region) for grant in actor.grants):
        return True
    if unit is not None and actor.has_role(RELEASING_UNIT, region, unit):
        return True
    return provider is not None and actor.has_role(PROVIDER, region, provider)


def _against(items: Iterable[AssessmentItem]) -> list[Text]:
    settled = (ItemStatus.PASSED, ItemStatus.NOT_APPLICABLE, ItemStatus.SUBSTITUTED)
    return [
        Text(
            f"{ITEM_TEXT[item.item].zh}（{STATUS_TEXT[item.status].zh}：{reason_of(item).zh}）",
            f"{ITEM_TEXT[item.item].en} ({STATUS_TEXT[item.status].en}: {reason_of(item).en})",
        )
        for item in items
        if item.status not in settled
    ]


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
        report=_report(report) if report else None,
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


def _report(row: ThirdPartyReport) -> ReportRow:
    return ReportRow(
        id=row.id,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        item=row.item,
        issuer=row.issuer,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        subject_digest=row.subject_digest,
        scope=row.scope,
        commitment=row.commitment,
        file_id=row.file_id,
        file_digest=row.file_digest,
        standing=row.standing,
        handed_in_by=row.handed_in_by_name,
        handed_in_at=row.handed_in_at,
        accepted_by=row.accepted_by_name or "",
        agreed_by=row.agreed_by_name or "",
    )


def _row(row: Assessment) -> AssessmentRow:
    return AssessmentRow(**{name: getattr(row, name) for name in AssessmentRow.__dataclass_fields__})
