"""The rows behind a version, locked for a change, and the trail of what changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import VersionNotFound
from domain.catalogue.models import ComponentVersion, RecordSnapshot
from kernel import audit
from kernel.actor import Actor


def locked_version(session: Session, version_id: UUID) -> ComponentVersion:
    """Return the version, locked until the transaction ends.

    Raises:
        VersionNotFound: no such version.
    """
    query = select(ComponentVersion).where(ComponentVersion.id == version_id).with_for_update()
    version = session.scalar(query.execution_options(populate_existing=True))
    if version is None:
        raise VersionNotFound(version_id)
    return version


def lock_version(session: Session, version_id: UUID) -> None:
    """Keep everybody else from moving the version until the transaction ends.

    Raises:
        VersionNotFound: no such version.
    """
    locked_version(session, version_id)


def record_of(session: Session, version: ComponentVersion) -> dict[str, Any]:
    """Return the stored record of a version."""
    return dict(session.get_one(RecordSnapshot, version.record_digest).content)


def write_trail(
    session: Session,
    actor: Actor,
    action: str,
    version: ComponentVersion,
    *,
    case: CaseFacts | None = None,
    role: str | None = None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    clause: str | None = None,
) -> None:
    """Append an event to the trail of the case, or of the version where there is no case."""
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"instance:{case.instance_id}" if case else f"component:{version.id}",
            instance_id=case.instance_id if case else None,
            element_id=case.element_id if case else None,
            subject_type="component_version",
            subject_id=version.id,
            role=role,
            reason=reason,
            before=before,
            after=after,
            clause=clause,
            region_code=version.region_code,
            unit_id=version.unit_id,
        ),
    )
