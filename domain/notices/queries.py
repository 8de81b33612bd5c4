"""The notices that reach a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from domain.notices.models import Notice, NoticeRead
from kernel.actor import Actor
from kernel.language import Text
from kernel.territory import region_range


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its reader sees it; ``link`` is a path inside the platform."""

    id: UUID
    title: Text
    body: Text
    link: str | None
    template: str | None
    subject_id: UUID | None
    sent_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page, newest first; ``next`` is the cursor of the next page, or None."""

    rows: tuple[NoticeRow, ...]
    next: UUID | None


def notices(
    session: Session,
    actor: Actor,
    *,
    unread_only: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> NoticePage:
    """Return the notices that reach the actor.

    Raises:
        NotAllowed: the actor may not read notices.
    """
    actor.require("notice.read")
    query = select(Notice, _read_by(actor)).where(reaching(actor)).order_by(Notice.id.desc())
    if unread_only:
        query = query.where(~_read_by(actor))
    if after is not None:
        query = query.where(Notice.id < after)
    rows = [
        NoticeRow(
            id=notice.id,
            title=Text.from_json(notice.title),
            body=Text.from_json(notice.body),
            link=notice.link,
            template=notice.template,
            subject_id=notice.subject_id,
            sent_at=notice.sent_at,
            is_read=bool(is_read),
        )
        for notice, is_read in session.execute(query.limit(limit + 1))
    ]
    return NoticePage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def unread_count(session: Session, actor: Actor) -> int:
    """Return how many notices the actor has not read.

    Raises:
        NotAllowed: the actor may not read notices.
    """
    actor.require("notice.read")
    query = select(func.count()).select_from(Notice).where(reaching(actor), ~_read_by(actor))
    return session.scalar(query) or 0


def reaching(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a notice is addressed to the actor or to one of their grants."""
    conditions: list[ColumnElement[bool]] = [Notice.person_id == actor.person_id]
    for grant in actor.grants:
        in_region = Notice.region_code.between(*region_range(grant.region_code))
        reach = in_region if grant.unit_id is None else _within(grant.unit_id, in_region)
        conditions.append(and_(Notice.person_id.is_(None), Notice.role == grant.role, reach))
    return or_(false(), *conditions)


def _within(unit_id: UUID, in_region: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(Notice.unit_id == unit_id, and_(Notice.unit_id.is_(None), in_region))


def _read_by(actor: Actor) -> ColumnElement[bool]:
    return (
        select(NoticeRead.notice_id)
        .where(NoticeRead.notice_id == Notice.id, NoticeRead.person_id == actor.person_id)
        .exists()
    )
