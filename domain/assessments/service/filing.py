"""Remember where the signed report of an assessment is kept."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments.errors import AssessmentNotFound
from domain.assessments.models import Assessment
from domain.assessments.trail import entry
from kernel import audit
from kernel.actor import Actor
from kernel.files import StoredFile


def file_report(
    session: Session, actor: Actor, assessment_id: UUID, file: StoredFile, digest: str, key_id: str
) -> None:
    """Attach the signed report; ``digest`` is that of the canonical report that was signed.

    Raises:
        AssessmentNotFound: no such assessment.
    """
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise AssessmentNotFound(assessment_id)
    assessment.report_digest, assessment.report_file_id = digest, file.id
    audit.append(
        session,
        entry(actor, "assessment.filed", assessment, {"report": digest, "file": file.digest, "key": key_id}),
    )
