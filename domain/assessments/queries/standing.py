"""Where the newest assessment of a version stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from domain.assessments.items import ITEM_TEXT, STATUS_TEXT, Standing
from domain.assessments.models import Assessment, AssessmentItem
from domain.assessments.rules import SETTLED
from domain.assessments.service.summarising import current_items, reason_of
from kernel.clock import now
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class AssessmentStanding:
    """What the state machine asks of the newest assessment of a version.

    ``against`` names each check that stands against it, in words.
    """

    assessment_id: UUID
    is_passed: bool
    is_valid: bool
    against: tuple[Text, ...]


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


def passed_assessments(session: Session) -> list[UUID]:
    """Return the newest assessment of each version, where it passed."""
    later = aliased(Assessment)
    superseded = (
        select(later.id).where(later.version_id == Assessment.version_id, later.id > Assessment.id).exists()
    )
    query = select(Assessment.id).where(
        Assessment.version_id.is_not(None), Assessment.standing == Standing.PASSED, ~superseded
    )
    return list(session.scalars(query.order_by(Assessment.id)))


def _against(items: Iterable[AssessmentItem]) -> list[Text]:
    return [
        Text(
            f"{ITEM_TEXT[item.item].zh}（{STATUS_TEXT[item.status].zh}：{reason_of(item).zh}）",
            f"{ITEM_TEXT[item.item].en} ({STATUS_TEXT[item.status].en}: {reason_of(item).en})",
        )
        for item in items
        if item.status not in SETTLED
    ]
