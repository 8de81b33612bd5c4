"""Which libraries a bill of materials names, and where a library is used."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.models import Assessment, BillOfMaterialsEntry
from domain.assessments.queries.rows import may_read
from domain.assessments.scanned import Library
from domain.assessments.service.opening import name_key
from kernel.actor import Actor


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
