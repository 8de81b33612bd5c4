"""An instance in the words and order of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people.queries import person_names
from engine.api import InstanceDetail, InstanceRow, TimelineEntry
from kernel.language import Text
from webapp.languages import gettext as _
from webapp.outcomes import outcome_text
from webapp.presentation import span

STATUS_TONES = {
    "active": "brand",
    "incident": "bad",
    "suspended": "warn",
    "completed": "ok",
    "cancelled": "",
    "failed": "bad",
}
SHOWN_KINDS = {"started", "completed", "cancelled", "ended"}
SHOWN_ELEMENTS = {"userTask", "serviceTask", "sendTask", "receiveTask", "callActivity"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the course of an instance."""

    at: datetime
    name: Text
    person: str
    outcome: str
    opinion: str
    clauses: str
    took: str
    tone: str


def status_label(status: str) -> str:
    """Return the status of an instance in words."""
    return {
        "active": _("办理中"),
        "incident": _("异常待处理"),
        "suspended": _("已挂起"),
        "completed": _("已办结"),
        "cancelled": _("已取消"),
        "failed": _("异常终止"),
    }.get(status, status)


def facts(row: InstanceRow, initiator: str) -> list[tuple[str, str, str]]:
    """Return the key figures on top of the page."""
    ended = row.ended_at
    tone = {"incident": "bad", "failed": "bad"}.get(row.status, "")
    result = (
        f"{status_label(row.status)} · {outcome_text(row.outcome)}"
        if row.outcome
        else status_label(row.status)
    )
    took = span(ended - row.started_at) if ended else _("尚未办结")
    return [
        (_("状态"), result, tone),
        (_("发起人"), initiator or _("系统"), ""),
        (_("流程版本"), _("第 %(n)s 版", n=row.process_version), ""),
        (_("用时"), took, ""),
    ]


def names(session: Session, detail: InstanceDetail) -> dict[UUID, str]:
    """Return the names of everybody who acted."""
    persons = {entry.person_id for entry in detail.timeline if entry.person_id}
    persons |= {row.initiator_id for row in (detail.row, *detail.related) if row.initiator_id}
    return person_names(session, persons)


def steps(detail: InstanceDetail, persons: dict[UUID, str]) -> list[Step]:
    """Return what happened, newest first: the work of people and machines, not gateways and flows."""
    shown = [entry for entry in detail.timeline if _is_step(entry)]
    return [_step(entry, persons) for entry in reversed(shown)]


def _is_step(entry: TimelineEntry) -> bool:
    if entry.kind not in SHOWN_KINDS:
        return False
    return (
        entry.kind in ("started", "ended")
        or entry.element_kind in SHOWN_ELEMENTS
        or entry.person_id is not None
    )


def _step(entry: TimelineEntry, persons: dict[UUID, str]) -> Step:
    tone = "plain" if entry.kind in ("cancelled", "started") else ""
    if entry.outcome in ("refuse", "refused", "reject", "return", "withdraw", "failed"):
        tone = "bad"
    return Step(
        at=entry.at,
        name=entry.name,
        person=persons.get(entry.person_id, "") if entry.person_id else "",
        outcome=outcome_text(entry.outcome),
        opinion=entry.opinion or "",
        clauses=" ".join(entry.clauses),
        took=span(entry.seconds) if entry.seconds and entry.seconds >= 1 else "",
        tone=tone,
    )
