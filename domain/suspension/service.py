"""Put on record why a version is to be blocked, and what was found out since."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people.permissions import OPERATOR, REVIEWER, require
from domain.suspension.errors import AlreadySuspended, NotSuspended
from domain.suspension.models import Suspension
from domain.suspension.queries import SuspensionRow, suspension_row
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.calendar import deadline
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

# Proposed: how long a recovery may take before somebody decides how to go on.
RECOVERY: Final = "30D"
CAUSES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "incident": Text("故障事件", "Incident"),
        "security_event": Text("安全事件", "Security event"),
    }
)
FALSE_ALARM, FAULT_OUTSIDE = "false_alarm", "fault_outside"
FINDINGS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        FALSE_ALARM: Text("误报", "False alarm"),
        FAULT_OUTSIDE: Text("组件之外的故障已排除，组件未改动", "Fault outside gone, nothing changed"),
    }
)


def record_event(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    cause: str,
    description: str,
    record_digest: str,
    *,
    instance_id: UUID | None = None,
) -> SuspensionRow:
    """Put the event on record for which a version is to be blocked; the recovery clock starts.

    Raises:
        NotAllowed: the actor is neither operator nor reviewer of the region.
        Invalid: the cause is none, or nothing is said about it.
        AlreadySuspended: there is one that has not ended.
    """
    _require_role(actor, version, OPERATOR, REVIEWER)
    _refuse("cause", cause not in CAUSES, "请选择暂停原因", "Choose why it is blocked")
    _refuse("description", not description.strip(), "请说明事件经过", "Say what happened")
    if _find(session, version.id) is not None:
        raise AlreadySuspended
    suspension = Suspension(
        id=new_id(),
        version_id=version.id,
        open_version_id=version.id,
        cause=cause,
        description=description.strip(),
        record_digest=record_digest,
        instance_id=instance_id,
        began_by=actor.person_id,
        began_at=now(),
        recovery_due_at=deadline(now(), RECOVERY).due_at,
        is_same_version_mended=False,
    )
    session.add(suspension)
    _record(session, actor, version, "suspension.recorded", {"cause": cause}, description, instance_id)
    return suspension_row(suspension)


def record_finding(
    session: Session, actor: Actor, version: VersionFacts, finding: str, note: str
) -> SuspensionRow:
    """Put on record why the version may go on as it was.

    Raises:
        NotAllowed: the actor is no operator of the region.
        Invalid: the finding is none, or nothing is said about it.
        NotSuspended: nothing is on record.
    """
    _require_role(actor, version, OPERATOR)
    _refuse("finding", finding not in FINDINGS, "请选择恢复依据", "Choose why it may go on")
    _refuse("note", not note.strip(), "请说明核查情况", "Say what was looked at")
    suspension = _required(session, version.id)
    suspension.finding, suspension.finding_note = finding, note.strip()
    suspension.found_by = actor.person_id
    _record(session, actor, version, "suspension.finding_recorded", {"finding": finding}, note)
    return suspension_row(suspension)


def plan_recovery(session: Session, actor: Actor, version: VersionFacts, note: str) -> SuspensionRow:
    """Put on record that this same version is to be mended (a redesign would be a new version).

    Raises:
        NotAllowed: the actor is neither operator nor reviewer of the region.
        NotSuspended: nothing is on record.
    """
    _require_role(actor, version, OPERATOR, REVIEWER)
    suspension = _required(session, version.id)
    suspension.is_same_version_mended = True
    _record(session, actor, version, "suspension.recovery_planned", {}, note)
    return suspension_row(suspension)


def end(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID | None = None) -> None:
    """End the suspension of a version that goes on or was delisted; none to end changes nothing."""
    suspension = _find(session, version.id)
    if suspension is not None:
        suspension.open_version_id, suspension.ended_at = None, now()
        _record(session, actor, version, "suspension.ended", {}, None, instance_id)


def _find(session: Session, version_id: UUID) -> Suspension | None:
    query = select(Suspension).where(Suspension.open_version_id == version_id)
    return session.scalar(query.with_for_update())


def _required(session: Session, version_id: UUID) -> Suspension:
    suspension = _find(session, version_id)
    if suspension is None:
        raise NotSuspended
    return suspension


def _require_role(actor: Actor, version: VersionFacts, *roles: str) -> None:
    require(actor, "suspension.record")
    if actor.is_system or any(actor.has_role(role, version.region_code) for role in roles):
        return
    raise NotAllowed(
        Text("只有本地区的运营方或审核方可以办理", "Only the operator or reviewer of the region may do this")
    )


def _refuse(path: str, is_wrong: bool, zh: str, en: str) -> None:
    if is_wrong:
        message = Text(zh, en)
        raise Invalid(message, (FieldProblem(path, f"suspension.{path}", message, "11.6.1"),))


def _record(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    action: str,
    after: Mapping[str, Any],
    reason: str | None,
    instance_id: UUID | None = None,
) -> None:
    append_event(
        session,
        actor,
        version,
        action=action,
        clause="11.6.1",
        instance_id=instance_id,
        reason=reason,
        after=after,
    )
    # The guards of the state machine read it in the same transaction.
    session.flush()
