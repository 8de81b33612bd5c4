"""Put an approved change into the record of a listed version; drafts are edited elsewhere."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import NotEditable, RecordHasMoved
from domain.catalogue.models import Component
from domain.catalogue.service.claims import refresh_claims
from domain.catalogue.service.identity import refuse_identity
from domain.catalogue.service.records import refuse_unstorable, store_record
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.states import State
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text

# A suspended version is mended by recovery, one that is being delisted is not changed any more.
CHANGEABLE: Final = (State.LISTED, State.PUBLISHED, State.DEPRECATED)


def replace_record(
    session: Session,
    actor: Actor,
    version_id: UUID,
    record: Mapping[str, Any],
    *,
    expected_digest: str,
    reason: str,
    case: CaseFacts | None = None,
) -> str:
    """Give a listed version the record that was approved, as a whole, and return its digest.

    ``expected_digest`` is that of the record which it was compared with in the review.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: only the platform does this, on what people decided.
        NotEditable: the version is not (or not any more) in the catalogue.
        RecordHasMoved: the record is not the one that was reviewed.
        Invalid: the record cannot be stored, or name and number would change.
    """
    if not actor.is_system:
        raise NotAllowed(
            Text("已上架组件的信息只能经变更流程修改", "A listed record changes by a reviewed change only")
        )
    version = locked_version(session, version_id)
    if State(version.state) not in CHANGEABLE:
        raise NotEditable(State(version.state))
    if version.record_digest != expected_digest:
        raise RecordHasMoved(expected_digest, version.record_digest)
    before = record_of(session, version)
    refuse_unstorable(record)
    component = session.get_one(Component, version.component_id)
    refuse_identity(session, component, version, record)
    digest = store_record(session, version, record)
    refresh_claims(session, component)
    changed = sorted(key for key in record.keys() | before.keys() if record.get(key) != before.get(key))
    write_trail(
        session,
        actor,
        "component.record_changed",
        version,
        case=case,
        reason=reason,
        before={"digest": expected_digest, **{key: before.get(key) for key in changed}},
        after={"digest": digest, **{key: record.get(key) for key in changed}},
        clause="11.4d",
    )
    return digest
