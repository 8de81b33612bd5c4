"""The events of credentials; none of them holds a secret."""

from typing import Any, Final

from sqlalchemy.orm import Session

from domain.credentials.models import Credential
from kernel import audit
from kernel.actor import Actor

CLAUSE: Final = "8.3.2"


def record(
    session: Session,
    actor: Actor,
    credential: Credential,
    action: str,
    *,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append an event about a credential, to the stream of its version where it has one."""
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"component:{credential.version_id}" if credential.version_id else "system:credentials",
            instance_id=credential.instance_id,
            subject_type="credential",
            subject_id=credential.id,
            reason=reason,
            after={"purpose": credential.purpose, **(after or {})},
            clause=CLAUSE,
            region_code=credential.region_code,
            unit_id=credential.unit_id,
        ),
    )
