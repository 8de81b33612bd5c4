"""A provider's objection to a finding: the next round has people judge it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.errors import AssessmentNotFound
from domain.assessments.models import Assessment, AssessmentDispute, AssessmentFinding, AssessmentItem
from domain.assessments.trail import entry
from domain.people.permissions import PROVIDER, require
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text


def dispute_finding(
    session: Session, actor: Actor, assessment_id: UUID, fingerprint: str, reason: str
) -> None:
    """Object to a finding with a reason; doing so twice changes nothing.

    Raises:
        AssessmentNotFound: no such assessment or finding.
        NotAllowed: the actor is not the authorised provider.
        Invalid: no reason given.
    """
    require(actor, "assessment.report")
    assessment = session.get(Assessment, assessment_id)
    if assessment is None or not _has_finding(session, assessment_id, fingerprint):
        raise AssessmentNotFound(assessment_id)
    unit_id = assessment.provider_unit_id
    if unit_id is None or not actor.has_role(PROVIDER, assessment.region_code, unit_id):
        raise NotAllowed(
            Text("只有获授权的提供方可以提出异议", "Only the authorised provider may object to a finding")
        )
    if not reason.strip():
        message = Text("请填写异议理由", "Give the reason of the objection")
        raise Invalid(message, (FieldProblem("reason", "dispute.reason", message, "8.2.4"),))
    query = select(AssessmentDispute.id).where(
        AssessmentDispute.subject_id == assessment.subject_id, AssessmentDispute.fingerprint == fingerprint
    )
    if session.scalar(query) is not None:
        return
    session.add(
        AssessmentDispute(
            id=new_id(),
            subject_id=assessment.subject_id,
            fingerprint=fingerprint,
            reason=reason.strip()[:1000],
            raised_by=actor.person_id,
            raised_by_name=actor.name,
            raised_at=now(),
        )
    )
    audit.append(
        session,
        entry(
            actor, "assessment.finding_disputed", assessment, {"finding": fingerprint}, reason=reason.strip()
        ),
    )


def _has_finding(session: Session, assessment_id: UUID, fingerprint: str) -> bool:
    query = (
        select(AssessmentFinding.id)
        .join(AssessmentItem, AssessmentItem.id == AssessmentFinding.item_id)
        .where(AssessmentItem.assessment_id == assessment_id, AssessmentFinding.fingerprint == fingerprint)
        .limit(1)
    )
    return session.scalar(query) is not None
