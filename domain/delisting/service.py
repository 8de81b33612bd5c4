"""What is recorded in a case of delisting, step by step, by people and by the platform."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.delisting.errors import DelistingFourEyes, DelistingNotFound, TooEarly
from domain.delisting.kinds import CLAUSES, MAX_GRACE_DAYS, MAX_NOTICE_DAYS, PARTS, Kind
from domain.delisting.models import DelistingCase
from domain.delisting.opening import open_case
from domain.delisting.queries import CaseRow, case_row
from domain.people.permissions import require
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.calendar import day_of, deadline
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text

__all__ = [
    "approve",
    "ask",
    "begin_takedown",
    "close",
    "conclude",
    "mark_suspended",
    "mend",
    "open_case",
    "postpone",
    "prove_gone",
    "record_opinion",
    "reply",
    "retain",
    "serve_notice",
    "set_grace",
    "stop",
    "tell",
]


def serve_notice(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, days: int, severity: str
) -> datetime:
    """Record that the rectification notice was served; return when its deadline ends (24:00).

    Serving it again changes nothing: the provider was promised the first deadline.
    """
    case = _open(session, instance_id)
    if case.due_at is None:
        if not 0 <= days <= MAX_NOTICE_DAYS:
            message = Text(
                f"整改期限应为0至{MAX_NOTICE_DAYS}天", f"The deadline is 0 to {MAX_NOTICE_DAYS} days"
            )
            raise Invalid(message, (FieldProblem("days", "delisting.days", message, "9.2a"),))
        case.served_at, case.severity = now(), severity
        case.due_at = deadline(now(), f"{days}D").due_at
        after = {"days": days, "severity": severity, "due_at": case.due_at.isoformat()}
        _record(session, actor, version, case, "delisting.notice_served", after)
    return case.due_at


def mark_suspended(session: Session, instance_id: UUID) -> None:
    """Keep that this case suspended the version."""
    _open(session, instance_id).has_suspended = True
    session.flush()


def reply(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, text: str) -> None:
    """Record what the provider answers to the notice."""
    case = _open(session, instance_id)
    case.replied_at = now()
    _record(session, actor, version, case, "delisting.replied", {"reply": text})


def mend(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    passed: bool,
    reason: str,
    *,
    rescan_passed: bool | None = None,
) -> None:
    """Record whether the operator found the fault mended, also against a scan that failed.

    ``rescan_passed`` is None where it is not known.

    Raises:
        Invalid: no reason given.
    """
    _require_reason(reason)
    case = _open(session, instance_id)
    case.mended_at = now() if passed else None
    found = {"mended": passed, "rescan_passed": rescan_passed}
    _record(session, actor, version, case, "delisting.verified", found, reason)


def record_opinion(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    role: str,
    decision: str,
    reason: str,
) -> None:
    """Record the opinion of one side, with its reason.

    Raises:
        Invalid: no reason given.
    """
    _require_reason(reason)
    case = _open(session, instance_id)
    said = {
        "by": str(actor.person_id) if actor.person_id else None,
        "name": actor.name,
        "decision": decision,
        "reason": reason,
        "at": now().isoformat(),
    }
    case.opinions = {**case.opinions, role: said}
    _record(session, actor, version, case, "delisting.opinion_given", {"role": role, **said}, reason)


def conclude(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, conclusion: str, reason: str
) -> None:
    """Record whether the component can be adapted to the regulation.

    Raises:
        Invalid: no reason given.
    """
    _require_reason(reason)
    case = _open(session, instance_id)
    case.conclusion, case.concluded_by = conclusion, actor.person_id
    _record(session, actor, version, case, "delisting.concluded", {"conclusion": conclusion}, reason)


def ask(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    grounds: Mapping[str, Any] | None = None,
) -> CaseRow:
    """Record who asks for the delisting itself, with what else it rests on; the state machine decides."""
    case = _open(session, instance_id)
    if grounds:
        case.grounds = {**case.grounds, **grounds}
    case.requested_by, case.requested_at = actor.person_id, now()
    _record(session, actor, version, case, "delisting.requested", {"grounds": dict(case.grounds)})
    return case_row(case)


def approve(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, opinion: str) -> None:
    """Record that a reviewer agrees.

    Raises:
        DelistingFourEyes: the actor opened, asked for, evaluated or concluded the case.
    """
    case = _open(session, instance_id)
    if actor.person_id is None or actor.person_id in case_row(case).involved:
        raise DelistingFourEyes
    case.approved_by, case.approved_at = actor.person_id, now()
    _record(session, actor, version, case, "delisting.approved", {}, opinion)


def set_grace(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    *,
    days: int | None = None,
    not_after: str | None = None,
) -> datetime:
    """Settle when the take-down may begin, in days from now or on a day; return the instant.

    0 days begin at once. ``not_after`` is an ISO date that the take-down must not miss; one that has
    come lets it begin at once.

    Raises:
        Invalid: the days are out of range.
    """
    case = _open(session, instance_id)
    if days is not None and not 0 <= days <= MAX_GRACE_DAYS:
        message = Text(f"宽限期应为0至{MAX_GRACE_DAYS}天", f"The grace period is 0 to {MAX_GRACE_DAYS} days")
        raise Invalid(message, (FieldProblem("graceDays", "delisting.grace", message, "9.2"),))
    at = now() if not days else deadline(now(), f"{days}D").due_at
    if not_after is not None:
        last = deadline(datetime.fromisoformat(f"{not_after}T00:00:00+08:00"), "0D").due_at
        begins = last - timedelta(days=1)
        at = max(now(), min(at, begins) if days is not None else begins)
    case.grace_days, case.takedown_at = days, at
    _record(session, actor, version, case, "delisting.grace_set", {"takedown_at": at.isoformat()})
    return at


def postpone(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, day: str, reason: str
) -> datetime:
    """Move the take-down to a later day.

    Raises:
        Invalid: the day does not lie ahead, or no reason.
    """
    _require_reason(reason)
    case = _open(session, instance_id)
    at = datetime.fromisoformat(f"{day}T00:00:00+08:00")
    if at <= now():
        message = Text("新的下线日期应在今天之后", "The new day must lie ahead")
        raise Invalid(message, (FieldProblem("offlineDate", "delisting.day", message, "9.2d"),))
    case.takedown_at = at
    _record(session, actor, version, case, "delisting.postponed", {"takedown_at": at.isoformat()}, reason)
    return at


def tell(session: Session, instance_id: UUID) -> None:
    """Keep that every holder of an order has been told."""
    case = _open(session, instance_id)
    case.told_at = case.told_at or now()
    session.flush()


def stop(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, how: str, reason: str
) -> None:
    """Record why the delisting is not carried out: refused, withdrawn, stopped or called again.

    Raises:
        Invalid: no reason given.
        TooEarly: the take-down has begun; there is no way back.
    """
    _require_reason(reason)
    case = _open(session, instance_id)
    if case.begun_at is not None:
        raise TooEarly(Text("下架已开始执行，不能停止", "The take-down has begun and cannot be stopped"))
    case.stopped_how, case.stopped_by, case.reason = how, actor.person_id, reason
    _record(session, actor, version, case, "delisting.stopped", {"how": how}, reason)


def begin_takedown(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID) -> None:
    """Mark the point of no return; marking it again changes nothing.

    Raises:
        TooEarly: the grace period is not over.
    """
    case = _open(session, instance_id)
    if case.begun_at is not None:
        return
    if case.takedown_at is None or now() < case.takedown_at:
        raise TooEarly(Text("过渡期尚未结束", "The grace period is not over"))
    case.begun_at = now()
    _record(session, actor, version, case, "delisting.takedown_begun", {})


def prove_gone(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    part: str,
    proof: Mapping[str, Any],
) -> None:
    """Record that one part of the component is gone, with what was looked at."""
    if part not in PARTS:
        raise ValueError(f"a part is one of {PARTS}, found {part!r}")
    case = _open(session, instance_id)
    case.proofs = {**case.proofs, part: {**proof, "at": now().isoformat()}}
    _record(session, actor, version, case, "delisting.part_gone", {"part": part, **proof})


def close(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, outcome: str, reason: str | None
) -> None:
    """Close the case: ``delisted`` or ``kept``; another may be opened from now on."""
    case = _open(session, instance_id)
    case.open_version_id, case.closed_at, case.outcome = None, now(), outcome
    case.reason = reason or case.reason
    _record(session, actor, version, case, "delisting.closed", {"outcome": outcome}, reason)


def retain(session: Session, instance_id: UUID) -> str:
    """Let the idle clock run anew from today; return the day (ISO, Asia/Shanghai)."""
    case = _open(session, instance_id)
    case.retained_on = day_of(now()).isoformat()
    session.flush()
    return case.retained_on


def _open(session: Session, instance_id: UUID) -> DelistingCase:
    """Return the open case of an instance, locked until the transaction ends."""
    query = select(DelistingCase).where(
        DelistingCase.instance_id == instance_id, DelistingCase.open_version_id.is_not(None)
    )
    case = session.scalar(query.with_for_update())
    if case is None:
        raise DelistingNotFound
    return case


def _require_reason(reason: str | None) -> None:
    if not (reason or "").strip():
        message = Text("请填写理由或意见", "Give a reason or an opinion")
        raise Invalid(message, (FieldProblem("reason", "reason.required", message, "9.2"),))


def _record(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    case: DelistingCase,
    action: str,
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    require(actor, "delisting.work")
    append_event(
        session,
        actor,
        version,
        action=action,
        clause=CLAUSES[Kind(case.kind)],
        instance_id=case.instance_id,
        reason=reason,
        after={"case_id": str(case.id), **after},
    )
    # The guards of the state machine read the case in the same transaction.
    session.flush()
