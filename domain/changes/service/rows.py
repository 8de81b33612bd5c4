"""The row of a change, locked, and the trail of what was done with it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.case import CaseFacts
from domain.catalogue.queries import VersionDetail
from domain.changes.errors import ChangeElsewhere, ChangeNotFound
from domain.changes.kinds import Status
from domain.changes.models import ComponentChange
from kernel import audit
from kernel.actor import Actor, system_actor

CLAUSE = "11.4d"


def locked_change(session: Session, change_id: UUID) -> ComponentChange:
    """Return the change, locked until the transaction ends.

    Raises:
        ChangeNotFound: no such change.
    """
    query = select(ComponentChange).where(ComponentChange.id == change_id).with_for_update()
    change = session.scalar(query.execution_options(populate_existing=True))
    if change is None:
        raise ChangeNotFound(change_id)
    return change


def refuse_elsewhere(change: ComponentChange, *allowed: Status) -> None:
    """Raise unless the change stands at one of these.

    Raises:
        ChangeElsewhere: it does not.
    """
    if change.status not in allowed:
        raise ChangeElsewhere(Status(change.status))


def version_of_change(session: Session, change: ComponentChange) -> VersionDetail:
    """Return the version that is changed, as it is now."""
    return catalogue.version_detail(session, system_actor("platform"), change.version_id)


def write_trail(
    session: Session,
    actor: Actor,
    action: str,
    change: ComponentChange,
    *,
    case: CaseFacts | None = None,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append an event to the trail of the case, or of the version where the case is not known yet."""
    instance_id = case.instance_id if case else change.instance_id
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"instance:{instance_id}" if instance_id else f"component:{change.version_id}",
            instance_id=instance_id,
            element_id=case.element_id if case else None,
            subject_type="component_version",
            subject_id=change.version_id,
            reason=reason,
            after={"change_id": str(change.id), "kind": change.kind, **(after or {})},
            clause=CLAUSE,
            region_code=change.region_code,
            unit_id=change.unit_id,
        ),
    )
