"""End what is being assessed when the case that asked for it ends first."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.items import Standing
from domain.assessments.models import Assessment
from domain.assessments.service.opening import UNDECIDED
from domain.assessments.trail import entry
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now


def cancel_for_version(session: Session, actor: Actor, version_id: UUID, reason: str) -> tuple[UUID, ...]:
    """Cancel every assessment of a version that is not decided; its checks and findings stay to be read.

    Returns which; where none is open nothing happens, so a job may do it twice.
    """
    query = select(Assessment).where(Assessment.version_id == version_id, Assessment.standing.in_(UNDECIDED))
    found = session.scalars(query.order_by(Assessment.id).with_for_update()).all()
    for assessment in found:
        before = str(assessment.standing)
        assessment.standing = Standing.CANCELLED
        assessment.decided_at = now()
        after = {"standing": str(Standing.CANCELLED), "was": before}
        audit.append(session, entry(actor, "assessment.cancelled", assessment, after, reason=reason))
    return tuple(assessment.id for assessment in found)
