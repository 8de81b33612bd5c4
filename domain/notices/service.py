"""Send notices and mark them read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notices.models import Notice, NoticeRead
from domain.notices.queries import reaching
from domain.people.permissions import ROLES
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import NotAllowed, NotFound
from kernel.ids import new_id
from kernel.language import Text


def send(
    session: Session,
    actor: Actor,
    title: Text,
    body: Text,
    *,
    to_person: UUID | None = None,
    role: str | None = None,
    unit_id: UUID | None = None,
    region_code: str | None = None,
    link: str | None = None,
    template: str | None = None,
    subject_id: UUID | None = None,
) -> UUID:
    """Write one notice to a person, or to a role for a region (and a unit); return its id.

    Raises:
        NotAllowed: only the platform sends notices.
        ValueError: neither a person nor a role with its region, or a link that leaves us.
    """
    if not actor.is_system:
        raise NotAllowed(Text("通知只能由平台发送", "Only the platform sends notices"))
    if to_person is None and (role not in ROLES or region_code is None):
        raise ValueError("a notice names a person, or a known role with a region")
    if link is not None and not (link.startswith("/") and not link.startswith("//")):
        raise ValueError(f"a link is a path inside the platform, found {link!r}")
    notice = Notice(
        id=new_id(),
        person_id=to_person,
        role=None if to_person else role,
        region_code=region_code,
        unit_id=None if to_person else unit_id,
        title=title.to_json(),
        body=body.to_json(),
        link=link,
        template=template,
        subject_id=subject_id,
        sent_at=now(),
    )
    session.add(notice)
    return notice.id


def mark_read(session: Session, actor: Actor, notice_id: UUID | None = None) -> int:
    """Mark one notice, or all that reach the actor, as read; return how many were not yet.

    Raises:
        NotAllowed: the actor may not read notices.
        NotFound: the one notice does not reach the actor.
    """
    actor.require("notice.read")
    if actor.person_id is None:
        raise NotAllowed(Text("平台没有收件箱", "The platform has no inbox of notices"))
    query = select(Notice.id).where(reaching(actor))
    if notice_id is not None:
        query = query.where(Notice.id == notice_id)
    reached = set(session.scalars(query))
    if notice_id is not None and not reached:
        raise NotFound(Text("没有这条通知", "There is no such notice"))
    read = select(NoticeRead.notice_id).where(NoticeRead.person_id == actor.person_id)
    fresh = reached - set(session.scalars(read))
    session.add_all(
        NoticeRead(person_id=actor.person_id, notice_id=one, read_at=now()) for one in sorted(fresh)
    )
    return len(fresh)
