"""What a releasing unit says of a record that stands in the catalogue: it still holds, or it is outdated."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.service.identity import not_yours
from domain.catalogue.service.rows import locked_version, write_trail
from domain.catalogue.standing import roles_for
from domain.people.permissions import RELEASING_UNIT
from kernel.actor import Actor
from kernel.clock import now


def review_record(
    session: Session,
    actor: Actor,
    version_id: UUID,
    *,
    accurate: bool,
    reason: str | None = None,
    case: CaseFacts | None = None,
) -> None:
    """Keep what the releasing unit found; the record counts as touched now, whatever it found.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is not of the releasing unit.
    """
    version = locked_version(session, version_id)
    if RELEASING_UNIT not in roles_for(actor, version):
        raise not_yours()
    before, version.updated_at = version.updated_at, now()
    write_trail(
        session,
        actor,
        "component.record_reviewed",
        version,
        case=case,
        role=RELEASING_UNIT,
        reason=reason,
        before={"touched_at": before.isoformat()},
        after={"accurate": accurate},
        clause="11.3.2a",
    )
