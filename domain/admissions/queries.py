"""Reads about admissions."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.admissions.errors import AdmissionNotFound
from domain.admissions.models import Admission
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    REVIEWER,
    SUPERVISOR,
)
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.territory import covers

_BY_REGION = (OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """One admission with its certificate."""

    id: UUID
    region_code: str
    provider_unit_id: UUID | None
    instance_id: UUID | None
    version_id: UUID | None
    renews_id: UUID | None
    standing: str
    origin: str
    name: str
    product_version: str
    supplier: str
    supplier_qualification: str
    contract_number: str
    licence: str
    licence_verdict: str
    digest: str
    signature: str
    purpose: str
    hardening_plan: str
    artefact_file_id: UUID | None
    assessment_id: UUID | None
    certificate_number: str | None
    decided_on: date | None
    valid_until: date | None
    opened_at: datetime

    @property
    def is_valid(self) -> bool:
        """Tell whether the product is admitted today."""
        today = now().astimezone(SHANGHAI).date()
        return self.standing == "admitted" and self.valid_until is not None and today <= self.valid_until


def admission_row(session: Session, admission_id: UUID) -> AdmissionRow:
    """Return one admission, whoever asks.

    Raises:
        AdmissionNotFound: no such admission.
    """
    admission = session.get(Admission, admission_id)
    if admission is None:
        raise AdmissionNotFound(admission_id)
    return _row(admission)


def admission_for(session: Session, actor: Actor, admission_id: UUID) -> AdmissionRow:
    """Return one admission that the actor may see.

    Raises:
        AdmissionNotFound: no such admission, or outside the actor's grants.
    """
    row = admission_row(session, admission_id)
    if not _may_read(actor, row):
        raise AdmissionNotFound(admission_id)
    return row


def admissions(
    session: Session, actor: Actor, *, after: UUID | None = None, limit: int = 30
) -> tuple[list[AdmissionRow], UUID | None]:
    """Return admissions that the actor may see, newest first, and the cursor of the next page."""
    query = select(Admission).order_by(Admission.id.desc())
    if after is not None:
        query = query.where(Admission.id < after)
    found: list[AdmissionRow] = []
    # The grants are few and the table is small: looking at each row is simpler than a condition.
    for admission in session.scalars(query.limit(2_000)):
        row = _row(admission)
        if _may_read(actor, row):
            found.append(row)
        if len(found) > limit:
            return found[:limit], found[limit - 1].id
    return found, None


def open_admission(session: Session, instance_id: UUID) -> AdmissionRow | None:
    """Return the admission that a process instance is about and that is not decided, if there is one."""
    query = select(Admission).where(Admission.instance_id == instance_id, Admission.standing == "open")
    admission = session.scalar(query)
    return _row(admission) if admission is not None else None


def valid_admission(session: Session, version_id: UUID) -> AdmissionRow | None:
    """Return the admission that covers a component version today, if one does."""
    query = select(Admission).where(Admission.version_id == version_id, Admission.standing == "admitted")
    rows = (_row(each) for each in session.scalars(query.order_by(Admission.id.desc())))
    return next((row for row in rows if row.is_valid), None)


def _may_read(actor: Actor, row: AdmissionRow) -> bool:
    if actor.is_system:
        return True
    if any(grant.role in _BY_REGION and covers(grant.region_code, row.region_code) for grant in actor.grants):
        return True
    unit_id = row.provider_unit_id
    return unit_id is not None and actor.has_role(PROVIDER, row.region_code, unit_id)


def _row(admission: Admission) -> AdmissionRow:
    return AdmissionRow(**{name: getattr(admission, name) for name in AdmissionRow.__dataclass_fields__})
