"""Handing in evidence of maturity, and recognising a level by it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.evaluation.models import MaturityEvidence, MaturityLevel
from domain.evaluation.rules import LEVELS, Period, missing_evidence
from domain.people.permissions import OPERATOR, SUPERVISOR
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.files import find_file
from kernel.ids import new_id
from kernel.language import Text

CLAUSE: Final = "11.5"
STREAM: Final = "system:evaluation"


def hand_in_evidence(
    session: Session, actor: Actor, region_code: str, of: Period, level: int, file: str, note: str
) -> UUID:
    """Keep a file by which a region shows a level of maturity; return its id.

    Raises:
        NotAllowed: the actor is no operator of the region.
        Invalid: no such level, or no word on what the file shows.
        NotFound: no such file.
    """
    actor.require("evaluation.report")
    if not actor.has_role(OPERATOR, region_code):
        raise NotAllowed(Text("只有本地区运营方可以提交佐证", "Only an operator of the region may do this"))
    _refuse_level(level)
    _refuse_empty("note", note, "请说明佐证内容", "Say what the evidence shows")
    stored = find_file(session, file)
    piece = MaturityEvidence(
        id=new_id(),
        region_code=region_code,
        period=of.key,
        level=level,
        file_id=stored.id,
        note=note.strip(),
        handed_in_by=actor.person_id,
        handed_in_at=now(),
    )
    session.add(piece)
    after = {"period": of.key, "level": level, "digest": stored.digest}
    _append(session, actor, "evaluation.evidence_handed_in", region_code, note.strip(), after)
    return piece.id


def recognise_level(
    session: Session, actor: Actor, region_code: str, of: Period, level: int, opinion: str
) -> None:
    """Recognise the maturity of a region in a period; a later word takes the place of an earlier one.

    Raises:
        NotAllowed: the actor does not supervise the region.
        Invalid: no such level, no opinion, or no evidence for this level or a lower one.
    """
    actor.require("evaluation.recognise")
    if not actor.has_role(SUPERVISOR, region_code):
        raise NotAllowed(
            Text(
                "只有本地区数据主管部门可以认定",
                "Only the supervisors of the region may do this",
            )
        )
    _refuse_level(level)
    _refuse_empty("opinion", opinion, "请填写认定意见", "Give the opinion")
    _refuse_unproven(session, region_code, of, level)
    query = select(MaturityLevel).where(
        MaturityLevel.region_code == region_code, MaturityLevel.period == of.key
    )
    found = session.scalar(query)
    before = found.level if found else None
    if found is None:
        found = MaturityLevel(id=new_id(), region_code=region_code, period=of.key)
        session.add(found)
    found.level, found.opinion = level, opinion.strip()
    found.recognised_by, found.recognised_at = actor.person_id, now()
    after = {"period": of.key, "level": level, "before": before}
    _append(session, actor, "evaluation.level_recognised", region_code, opinion.strip(), after)


def _refuse_unproven(session: Session, region_code: str, of: Period, level: int) -> None:
    query = select(MaturityEvidence.level).where(
        MaturityEvidence.region_code == region_code, MaturityEvidence.period == of.key
    )
    missing = missing_evidence(level, set(session.scalars(query)))
    if missing:
        names = "、".join(f"c{each}" for each in missing)
        message = Text(
            f"缺少{names}的佐证：认定某一级须有该级及以下各级的佐证",
            f"No evidence for {names}: a level needs that of itself and of all below",
        )
        raise Invalid(message, (FieldProblem("level", "maturity.evidence", message, "表3"),))


def _refuse_level(level: int) -> None:
    if level not in LEVELS:
        message = Text("成熟度等级应为c1至c5", "A level of maturity is one of c1 to c5")
        raise Invalid(message, (FieldProblem("level", "maturity.level", message, "表3"),))


def _refuse_empty(path: str, value: str, zh: str, en: str) -> None:
    if not value.strip():
        message = Text(zh, en)
        raise Invalid(message, (FieldProblem(path, f"{path}.required", message),))


def _append(
    session: Session, actor: Actor, action: str, region_code: str, reason: str, after: dict[str, object]
) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            reason=reason,
            after=after,
            clause=CLAUSE,
            region_code=region_code,
        ),
    )
