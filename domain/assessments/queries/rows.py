"""Assessments as rows, and who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.models import Assessment
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    RELEASING_UNIT,
    REVIEWER,
    SUPERVISOR,
)
from kernel.actor import Actor
from kernel.territory import covers

_BY_REGION = (OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR)


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


def assessments_of(session: Session, actor: Actor, subject_id: UUID, limit: int = 50) -> list[AssessmentRow]:
    """Return the assessments of a subject that the actor may see, newest first."""
    query = select(Assessment).where(Assessment.subject_id == subject_id).order_by(Assessment.id.desc())
    return [row_of(each) for each in session.scalars(query.limit(limit)) if may_read(actor, each)]


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


def row_of(row: Assessment) -> AssessmentRow:
    """Return an assessment as a row."""
    return AssessmentRow(**{name: getattr(row, name) for name in AssessmentRow.__dataclass_fields__})
