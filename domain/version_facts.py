"""What rooms below the catalogue need to know of a component version, handed in by who calls them.

``domain.catalogue.queries.VersionDetail`` is one; rooms that the state machine itself asks may not
import the catalogue.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from kernel import audit
from kernel.actor import Actor


class VersionFacts(Protocol):
    """A version with the region and the units that it belongs to."""

    @property
    def id(self) -> UUID: ...
    @property
    def region_code(self) -> str: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def provider_unit_id(self) -> UUID | None: ...
    @property
    def state(self) -> str: ...


def append_event(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    *,
    action: str,
    clause: str,
    instance_id: UUID | None = None,
    role: str | None = None,
    reason: str | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append an event to the stream of the case, or of the version where there is no case."""
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"instance:{instance_id}" if instance_id else f"component:{version.id}",
            instance_id=instance_id,
            subject_type="component_version",
            subject_id=version.id,
            role=role,
            reason=reason,
            after=dict(after) if after is not None else None,
            clause=clause,
            region_code=version.region_code,
            unit_id=version.unit_id,
        ),
    )
