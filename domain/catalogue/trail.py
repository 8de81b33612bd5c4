"""The events of a component version that other rooms of the domain append to its stream."""

from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionDetail
from kernel import audit
from kernel.actor import Actor


def append_to_version(
    session: Session,
    actor: Actor,
    version: VersionDetail,
    *,
    action: str,
    clause: str,
    reason: str | None,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    """Append an event to the stream of the version, in its region and for its unit."""
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"component:{version.id}",
            subject_type="component_version",
            subject_id=version.id,
            reason=reason,
            before=before,
            after=after,
            clause=clause,
            region_code=version.region_code,
            unit_id=version.unit_id,
        ),
    )
