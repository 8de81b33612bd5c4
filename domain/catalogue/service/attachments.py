"""Files in their roles for a version."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import NotEditable
from domain.catalogue.models import Attachment, ComponentVersion
from domain.catalogue.service.records import merged, store_record
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import PLATFORM, State
from domain.people.permissions import PROVIDER, RELEASING_UNIT, require
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.files import find_file
from kernel.ids import new_id
from kernel.language import Text

# Kind of attachment and where its reference stands in the record.
ATTACHMENT_KINDS: Final = {
    "functionalTestReport": "componentDetails.resources",
    "securityTestReport": "componentDetails.resources",
    "performanceTestReport": "componentDetails.resources",
    "applicationGuide": "componentDetails.resources",
    "apiDocument": "extension.documents",
    "userManual": "extension.documents",
}
_OPEN: Final = (State.DRAFT, State.AUTHORIZED, State.ONBOARDING, State.REWORK, State.ONBOARDED)


def attach_file(
    session: Session,
    actor: Actor,
    version_id: UUID,
    kind: str,
    stored_file_id: UUID,
    *,
    case: CaseFacts | None = None,
) -> UUID:
    """Attach a stored file, in place of an earlier one of the kind; return the attachment's id.

    Raises:
        VersionNotFound, NotFound: no such version or file.
        NotAllowed: the actor is neither of the releasing unit nor the authorised provider.
        NotEditable: the record is closed in this state.
        Invalid: an unknown kind.
    """
    require(actor, "component.edit")
    if kind not in ATTACHMENT_KINDS:
        message = Text("附件类型不正确", f"The kind is one of {', '.join(ATTACHMENT_KINDS)}")
        raise Invalid(message, (FieldProblem("kind", "attachment.kind", message),))
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PROVIDER, PLATFORM}:
        raise NotAllowed(
            Text(
                "只有该组件的发布单位或获授权的提供方可以上传附件",
                "Only the releasing unit or the authorised provider may attach files",
            )
        )
    if State(version.state) not in _OPEN:
        raise NotEditable(State(version.state))
    return put_attachment(session, actor, version, kind, stored_file_id, case=case)


def put_attachment(
    session: Session,
    actor: Actor,
    version: ComponentVersion,
    kind: str,
    stored_file_id: UUID,
    *,
    case: CaseFacts | None = None,
) -> UUID:
    """Attach without asking who or in which state: the caller has done so."""
    file = find_file(session, stored_file_id)
    query = select(Attachment).where(Attachment.version_id == version.id, Attachment.kind == kind)
    attachment = session.scalar(query)
    replaced = attachment.stored_file_id if attachment is not None else None
    if replaced == file.id and attachment is not None:
        return attachment.id
    if attachment is None:
        attachment = Attachment(id=new_id(), version_id=version.id, kind=kind)
        session.add(attachment)
    attachment.stored_file_id = file.id
    attachment.attached_by, attachment.attached_at = actor.person_id, now()
    store_record(session, version, _with_reference(record_of(session, version), kind, file.reference))
    write_trail(
        session,
        actor,
        "component.file_attached",
        version,
        case=case,
        before={kind: str(replaced)} if replaced else None,
        after={kind: str(file.id), "digest": file.digest, "name": file.name},
        clause="8.2.1",
    )
    session.flush()
    return attachment.id


def copy_attachments(
    session: Session,
    actor: Actor,
    source: ComponentVersion,
    target: ComponentVersion,
    case: CaseFacts | None = None,
) -> None:
    """Give a new version the files of an earlier one, so that what did not change need not come again."""
    query = select(Attachment).where(Attachment.version_id == source.id).order_by(Attachment.kind)
    for held in session.scalars(query).all():
        put_attachment(session, actor, target, held.kind, held.stored_file_id, case=case)


def _with_reference(record: dict[str, Any], kind: str, reference: str) -> dict[str, Any]:
    outer, _, inner = ATTACHMENT_KINDS[kind].partition(".")
    return merged(record, {outer: {inner: {kind: reference}}})
