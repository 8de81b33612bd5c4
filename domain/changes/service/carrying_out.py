"""Put an approved change into force, take it back, and end it."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.service import replace_record
from domain.changes.kinds import OPEN, Status
from domain.changes.queries import record_under
from domain.changes.service.rows import locked_change, refuse_elsewhere, write_trail
from kernel.actor import Actor
from kernel.clock import now


def apply_change(session: Session, actor: Actor, change_id: UUID, *, case: CaseFacts | None = None) -> str:
    """Let the pending record take the place of the one it was compared with; return its digest.

    Doing it again changes nothing.

    Raises:
        ChangeNotFound, ChangeElsewhere: no such change, or it is not submitted.
        NotEditable, RecordHasMoved, Invalid: what the catalogue refuses.
    """
    change = locked_change(session, change_id)
    refuse_elsewhere(change, Status.SUBMITTED, Status.APPLIED)
    pending = change.pending_digest or change.base_digest
    if change.status == Status.APPLIED:
        return pending
    digest = replace_record(
        session,
        actor,
        change.version_id,
        record_under(session, pending),
        expected_digest=change.base_digest,
        reason=change.summary,
        case=case,
    )
    change.status, change.applied_at = Status.APPLIED.value, now()
    write_trail(session, actor, "change.applied", change, case=case, after={"digest": digest})
    return digest


def restore_record(
    session: Session, actor: Actor, change_id: UUID, reason: str, *, case: CaseFacts | None = None
) -> str:
    """Bring the record from before the change back; return its digest.

    Raises:
        ChangeNotFound, ChangeElsewhere: no such change, or it has ended.
        NotEditable, RecordHasMoved, Invalid: what the catalogue refuses.
    """
    change = locked_change(session, change_id)
    refuse_elsewhere(change, Status.SUBMITTED, Status.APPLIED)
    if change.status == Status.APPLIED:
        replace_record(
            session,
            actor,
            change.version_id,
            record_under(session, change.base_digest),
            expected_digest=change.pending_digest or change.base_digest,
            reason=reason,
            case=case,
        )
        change.status = Status.SUBMITTED.value
        write_trail(session, actor, "change.restored", change, case=case, reason=reason)
    return change.base_digest


def note_new_version(session: Session, change_id: UUID, version_id: UUID) -> None:
    """Keep which version the change has brought."""
    locked_change(session, change_id).new_version_id = version_id


def record_sunset(
    session: Session, actor: Actor, change_id: UUID, sunset_on: date, *, case: CaseFacts | None = None
) -> None:
    """Keep until when the old version is meant to be used; told to its users."""
    change = locked_change(session, change_id)
    change.sunset_on = sunset_on.isoformat()
    write_trail(session, actor, "change.sunset_set", change, case=case, after={"sunset_on": change.sunset_on})


def finish_change(
    session: Session,
    actor: Actor,
    change_id: UUID,
    status: Status,
    reason: str = "",
    *,
    case: CaseFacts | None = None,
) -> None:
    """End the change, so that another may be opened; ending an ended one changes nothing."""
    change = locked_change(session, change_id)
    if change.status not in OPEN:
        return
    change.status, change.open_key = status.value, None
    change.ended_at, change.ending_reason = now(), reason or None
    write_trail(
        session,
        actor,
        "change.ended",
        change,
        case=case,
        reason=reason or None,
        after={"status": status.value},
    )
