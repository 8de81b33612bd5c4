"""Keeping the library: add a standby, end one, mark what core business depends on."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionDetail
from domain.catalogue.trail import append_to_version
from domain.people.permissions import OPERATOR
from domain.standby.errors import PairExists, PairNotFound
from domain.standby.models import CoreComponent, StandbyPair
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed, StaleState
from kernel.ids import new_id
from kernel.language import Text

CLAUSE: Final = "10.3c"
_MOST: Final = 100


def add_standby(
    session: Session,
    actor: Actor,
    main: VersionDetail,
    standby: VersionDetail,
    similarity: int,
    switch_notes: str,
) -> UUID:
    """Put a component into the library as the standby of another; return the id of the pair.

    Raises:
        NotAllowed: the actor is no operator of the main component's region.
        Invalid: a component beside itself, a similarity outside 0 to 100, or no notes on switching.
        PairExists: it is there already.
        StaleState: somebody put it there at the same moment.
    """
    _require_operator(actor, main.region_code)
    alone = main.component_id == standby.component_id
    _refuse(alone, "standby", "备用组件不能是组件自身", "A component is no standby of itself")
    outside = not 0 <= similarity <= _MOST
    _refuse(outside, "similarity", "相似度应为0至100的整数", "The similarity is an integer from 0 to 100")
    _refuse(not switch_notes.strip(), "notes", "请填写切换说明", "Say how to switch")
    key = f"{main.component_id}:{standby.component_id}"
    if session.scalar(select(StandbyPair.id).where(StandbyPair.open_pair == key)) is not None:
        raise PairExists
    pair = StandbyPair(
        id=new_id(),
        open_pair=key,
        main_id=main.component_id,
        standby_id=standby.component_id,
        region_code=main.region_code,
        similarity=similarity,
        switch_notes=switch_notes.strip(),
        added_by=actor.person_id,
        added_at=now(),
    )
    session.add(pair)
    _flush_or_retry(session)
    after = {"standby": str(standby.component_id), "similarity": similarity}
    append_to_version(
        session, actor, main, action="standby.added", clause=CLAUSE, reason=switch_notes.strip(), after=after
    )
    return pair.id


def end_standby(session: Session, actor: Actor, pair_id: UUID, reason: str) -> None:
    """Take a pair out of the library.

    Raises:
        PairNotFound: no such standing pair.
        NotAllowed: the actor is no operator of its region.
        Invalid: no reason.
    """
    pair = session.get(StandbyPair, pair_id)
    if pair is None or pair.open_pair is None:
        raise PairNotFound
    _require_operator(actor, pair.region_code)
    _refuse(not reason.strip(), "reason", "请填写理由", "Give the reason")
    pair.open_pair, pair.end_reason = None, reason.strip()
    pair.ended_by, pair.ended_at = actor.person_id, now()
    audit.append(
        session,
        audit.AuditEntry(
            action="standby.ended",
            actor=actor,
            stream="system:standby",
            subject_type="standby_pair",
            subject_id=pair.id,
            reason=reason.strip(),
            clause=CLAUSE,
            region_code=pair.region_code,
        ),
    )


def mark_core(session: Session, actor: Actor, version: VersionDetail, basis: str) -> None:
    """Mark a component as one on which core business depends; marking again changes what it rests on.

    Raises:
        NotAllowed: the actor is no operator of its region.
        Invalid: nothing is said of what that rests on.
        StaleState: somebody marked it at the same moment.
    """
    _require_operator(actor, version.region_code)
    _refuse(not basis.strip(), "basis", "请说明核心业务依赖的依据", "Say what core business depends on it")
    found = session.get(CoreComponent, version.component_id)
    before = {"basis": found.basis} if found else None
    if found is None:
        found = CoreComponent(component_id=version.component_id, region_code=version.region_code)
        session.add(found)
    found.basis, found.marked_by, found.marked_at = basis.strip(), actor.person_id, now()
    _flush_or_retry(session)
    append_to_version(
        session,
        actor,
        version,
        action="standby.core_marked",
        clause=CLAUSE,
        reason=found.basis,
        before=before,
        after={"basis": found.basis},
    )


def _flush_or_retry(session: Session) -> None:
    """Write now: of two who do the same at once the second looks again and sees what the first did."""
    try:
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("备选库刚刚被修改", "The library was changed a moment ago")) from error


def _require_operator(actor: Actor, region_code: str) -> None:
    actor.require("standby.manage")
    if not actor.has_role(OPERATOR, region_code):
        raise NotAllowed(Text("只有本地区运营方可以维护备选库", "Only operators of the region may do this"))


def _refuse(is_wrong: bool, path: str, zh: str, en: str) -> None:
    if is_wrong:
        message = Text(zh, en)
        raise Invalid(message, (FieldProblem(path, f"standby.{path}", message, CLAUSE),))
