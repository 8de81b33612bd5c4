"""A version in any state of its life, put there without the way that leads to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import State
from domain.people.queries import unit_by_name
from domain.samples.components import write_attachments
from kernel.actor import Actor, system_actor
from kernel.clock import now
from kernel.files import FileStore
from kernel.ids import new_id

PLATFORM = system_actor("platform")
PROVIDER_UNIT = "示例科技07有限公司（示例）"
LISTED_BEFORE = (State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED, State.DELISTING)


def import_version(
    session: Session, releasing: Actor, record: dict[str, Any], store: FileStore, folder: Path
) -> UUID:
    """Import one record with its attachments and return its version."""
    write_attachments([record], folder)
    report = service.import_components(
        session, releasing, [record], source="test", store=store, attachments_root=folder
    )
    version_id = report.rows[0].version_id
    assert version_id is not None, report.rows[0]
    return version_id


def put_in_state(
    session: Session, version_id: UUID, state: State, *, listed_before: bool | None = None, **columns: Any
) -> None:
    """Write the state and what goes with it; the sample provider holds the mandate."""
    was_listed = state in LISTED_BEFORE if listed_before is None else listed_before
    values = {
        "state": state.value,
        "listed_at": now() - timedelta(days=1) if was_listed else None,
        "suspended_from": State.PUBLISHED.value if was_listed else None,
        "delist_from": State.PUBLISHED.value if was_listed else None,
        **columns,
    }
    session.execute(update(ComponentVersion).where(ComponentVersion.id == version_id).values(**values))
    session.expire_all()


def mandate(session: Session, releasing: Actor, version_id: UUID) -> None:
    """Give the sample provider the mandate on a draft."""
    provider = unit_by_name(session, PROVIDER_UNIT)
    assert provider is not None
    case = CaseFacts(instance_id=new_id(), initiator_id=releasing.person_id)
    service.record_authorisation(session, releasing, version_id, provider.id, "全部", None, case=case)


def listed_version(
    session: Session,
    releasing: Actor,
    record: dict[str, Any],
    store: FileStore,
    folder: Path,
    state: State = State.LISTED,
) -> UUID:
    """Return a version in the catalogue, with its provider."""
    version_id = import_version(session, releasing, record, store, folder)
    mandate(session, releasing, version_id)
    put_in_state(session, version_id, state)
    service.record_directory_push(session, PLATFORM, version_id, f"DIR-{version_id}", "local:1")
    return version_id
