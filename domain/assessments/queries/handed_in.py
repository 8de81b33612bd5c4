"""What was handed in for the checks of a subject: third-party reports, source, bills of materials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.errors import ReportNotFound
from domain.assessments.models import AssessmentMaterial, ThirdPartyReport


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


def reports_of(session: Session, subject_id: UUID) -> list[ReportRow]:
    """Return the third-party reports of a subject, newest first."""
    query = (
        select(ThirdPartyReport)
        .where(ThirdPartyReport.subject_id == subject_id)
        .order_by(ThirdPartyReport.id.desc())
    )
    return [report_of(row) for row in session.scalars(query)]


def report_row(session: Session, report_id: UUID) -> ReportRow:
    """Return one third-party report.

    Raises:
        ReportNotFound: no such report.
    """
    row = session.get(ThirdPartyReport, report_id)
    if row is None:
        raise ReportNotFound(report_id)
    return report_of(row)


def materials_of(session: Session, subject_id: UUID) -> dict[str, MaterialRow]:
    """Return what was handed in for the checks of a subject, by kind."""
    query = select(AssessmentMaterial).where(AssessmentMaterial.subject_id == subject_id)
    return {
        row.kind: MaterialRow(
            row.kind, row.file_id, row.digest, row.name, row.handed_in_by_name, row.handed_in_at
        )
        for row in session.scalars(query)
    }


def report_of(row: ThirdPartyReport) -> ReportRow:
    """Return a report as a row."""
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
