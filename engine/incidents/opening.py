"""Opening an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from engine.incidents.models import IncidentRecord
from engine.incidents.rows import IncidentKind
from kernel.ids import new_id

if TYPE_CHECKING:
    from engine.instances.execution import Execution
    from engine.instances.running import RunningInstance
    from engine.jobs.locking import LockedJob


def open_incident(
    execution: Execution, instance: RunningInstance | None, job: LockedJob, cause: str, kind: IncidentKind
) -> None:
    """Record that the job is stuck, and mark its instance; a timer start that failed has none."""
    incident_id, home_region = new_id(), execution.registry.home_region
    open_row(
        execution,
        id=incident_id,
        instance_id=job.instance_id,
        job_id=job.id,
        activity_id=None,
        region_code=instance.region_code if instance else home_region,
        element_id=job.element_id,
        scope_process=job.scope_process,
        topic=job.topic,
        kind=kind,
        cause=cause,
        attempts=job.attempt,
    )
    facts: dict[str, Any] = {
        "reason": cause,
        "asked": {"job": str(job.id), "topic": job.topic, "attempt": job.attempt},
        "after": {"incident": str(incident_id), "kind": kind},
    }
    if instance is None:
        execution.record_apart("incident.opened", job.element_id, region_code=home_region, **facts)
        return
    instance.open_incidents += 1
    instance.is_changed = True
    execution.record(
        instance, "incident.opened", instance.find_element(job.scope_process, job.element_id), **facts
    )


def open_row(execution: Execution, **facts: Any) -> None:
    """Write the row of an incident on which nobody has decided yet; ``facts`` are its other columns."""
    undecided = {"decided_at": None, "decided_by": None, "reason": None}
    row = {**facts, "status": "open", "opened_at": execution.at, **undecided}
    execution.session.execute(insert(IncidentRecord), [row])
