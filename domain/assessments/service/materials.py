"""Source and bills of materials that a provider hands in, so that checks have something to look at."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.models import AssessmentMaterial
from domain.assessments.service.reports import ReportSubject, require_owner
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.files import StoredFile
from kernel.ids import new_id
from kernel.language import Text

KINDS: Final = ("source", "sbom")


def hand_in_material(
    session: Session, actor: Actor, subject: ReportSubject, kind: str, file: StoredFile
) -> UUID:
    """Keep a file for the checks in place of an earlier one of its kind.

    Raises:
        NotAllowed: the actor is neither of the releasing unit nor the authorised provider.
        Invalid: an unknown kind.
    """
    require_owner(actor, subject)
    if kind not in KINDS:
        message = Text("材料类型应为源码或物料清单", "The material is source or a bill of materials")
        raise Invalid(message, (FieldProblem("kind", "material.kind", message, "8.1.1"),))
    query = select(AssessmentMaterial).where(
        AssessmentMaterial.subject_id == subject.id, AssessmentMaterial.kind == kind
    )
    row = session.scalar(query)
    replaced = row.digest if row is not None else None
    if row is None:
        row = AssessmentMaterial(id=new_id(), subject_id=subject.id, kind=kind)
        session.add(row)
    row.file_id, row.digest, row.name = file.id, file.digest, file.name
    row.handed_in_by, row.handed_in_by_name, row.handed_in_at = actor.person_id, actor.name, now()
    audit.append(
        session,
        audit.AuditEntry(
            action="assessment.material_handed_in",
            actor=actor,
            stream=f"component:{subject.id}",
            subject_type="assessment_material",
            subject_id=row.id,
            before={kind: replaced} if replaced else None,
            after={kind: file.digest, "name": file.name},
            clause="8.1.1",
            region_code=subject.region_code,
            unit_id=subject.unit_id,
        ),
    )
    return row.id
