"""What the resource catalogue answered when the metadata was sent to it."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.service.rows import locked_version, write_trail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import PLATFORM
from domain.people.permissions import OPERATOR
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text


def record_directory_push(
    session: Session,
    actor: Actor,
    version_id: UUID,
    catalogue_id: str,
    receipt: str | None,
    *,
    case: CaseFacts | None = None,
) -> None:
    """Keep the id that the catalogue gave and its receipt; None while it has not answered.

    A repeated delivery is known by both and changes nothing.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither the platform nor an operator.
    """
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {OPERATOR, PLATFORM}:
        raise NotAllowed(Text("只有运营方可以登记目录回执", "Only the operator may record the receipt"))
    before = {"directory_id": version.directory_id, "directory_receipt": version.directory_receipt}
    after = {"directory_id": catalogue_id, "directory_receipt": receipt}
    if before == after:
        return
    version.directory_id, version.directory_receipt = catalogue_id, receipt
    write_trail(
        session,
        actor,
        "component.sent_to_directory",
        version,
        case=case,
        before=before,
        after=after,
        clause="9.1d",
    )
