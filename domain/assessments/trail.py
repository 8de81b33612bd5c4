"""Audit events of this room: on the case where there is one, else on the component version."""

from collections.abc import Mapping
from typing import Any

from domain.assessments.models import Assessment
from kernel import audit
from kernel.actor import Actor


def entry(
    actor: Actor,
    action: str,
    assessment: Assessment,
    after: Mapping[str, Any],
    *,
    reason: str | None = None,
    clause: str = "8.2.4",
) -> audit.AuditEntry:
    """Say what happened to an assessment, ready to be appended."""
    stream = (
        f"instance:{assessment.instance_id}"
        if assessment.instance_id
        else f"component:{assessment.subject_id}"
    )
    return audit.AuditEntry(
        action=action,
        actor=actor,
        stream=stream,
        instance_id=assessment.instance_id,
        subject_type="assessment",
        subject_id=assessment.id,
        reason=reason,
        after=dict(after),
        clause=clause,
        region_code=assessment.region_code,
        unit_id=assessment.unit_id,
    )
