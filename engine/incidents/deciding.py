"""Dealing with an incident: try again, or end the stuck work by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.errors import IncidentNotFound, IncidentNotOpen
from engine.incidents.models import IncidentRecord
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.pending import affected
from engine.instances.running import RunningInstance
from engine.jobs.models import MAX_ATTEMPTS, Job
from engine.registry import Registry
from engine.runtime.commands import CompleteActivity, FireTimer
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text
from kernel.territory import covers

PERMISSION: Final = "incident.resolve"


def retry(session: Session, registry: Registry, actor: Actor, incident_id: UUID, reason: str) -> None:
    """Give the stuck job new attempts, now; a person's command may be tried again at any time.

    Raises:
        NotAllowed, IncidentNotFound, IncidentNotOpen.
        Invalid: no reason was given.
    """
    execution, incident, instance = _decide(session, registry, actor, incident_id, "retried", reason)
    session.execute(
        update(Job)
        .where(Job.id == incident.job_id, Job.status == "failed")
        .values(
            status="ready",
            # The count of attempts only grows: a run that was given up long ago must not look like a new one.
            max_attempts=Job.attempts + MAX_ATTEMPTS,
            run_at=execution.at,
            finished_at=None,
        ),
        execution_options={"synchronize_session": False},
    )
    _record(execution, incident, instance, "incident.retried", reason, {"incident": str(incident_id)})
    execution.finish()


def resolve(
    session: Session,
    registry: Registry,
    actor: Actor,
    incident_id: UUID,
    reason: str,
    data: Mapping[str, Any] | None,
) -> None:
    """End the stuck work by hand: a service task completes with ``data``, a timer fires, a start is left out.

    What a person could not complete is only marked as dealt with: nobody decides in their place.

    Raises:
        NotAllowed, IncidentNotFound, IncidentNotOpen.
        Invalid: no reason was given, or the instance cannot go on with these data.
    """
    execution, incident, instance = _decide(session, registry, actor, incident_id, "resolved", reason)
    asked = {"incident": str(incident_id), "data": dict(data or {})}
    if incident.job_id is None:
        _record(execution, incident, instance, "incident.resolved", reason, asked)
        execution.finish()
        return
    job = session.execute(select(Job.kind, Job.reference).where(Job.id == incident.job_id)).one()
    session.execute(
        update(Job).where(Job.id == incident.job_id).values(status="done", finished_at=execution.at),
        execution_options={"synchronize_session": False},
    )
    if instance is not None and job.kind in ("service", "timer"):
        command = (
            CompleteActivity(job.reference, data or {}) if job.kind == "service" else FireTimer(job.reference)
        )
        cause = Cause(
            action="incident.resolved",
            element=instance.find_element(incident.scope_process, incident.element_id),
            activity_id=job.reference,
            reason=reason,
            asked=asked,
        )
        execution.advance(instance, command, cause)
    else:
        _record(execution, incident, instance, "incident.resolved", reason, asked)
    execution.finish()


def _decide(
    session: Session, registry: Registry, actor: Actor, incident_id: UUID, status: str, reason: str
) -> tuple[Execution, IncidentRecord, RunningInstance | None]:
    actor.require(PERMISSION)
    if not reason.strip():
        raise _no_reason()
    incident = session.scalar(
        select(IncidentRecord).where(IncidentRecord.id == incident_id),
        execution_options={"populate_existing": True},
    )
    if incident is None or not _is_in_charge(actor, incident.region_code):
        raise IncidentNotFound(incident_id)
    execution = Execution(session, registry, actor)
    decided = session.execute(
        update(IncidentRecord)
        .where(IncidentRecord.id == incident_id, IncidentRecord.status == "open")
        .values(status=status, decided_at=execution.at, decided_by=actor.person_id, reason=reason),
        execution_options={"synchronize_session": False},
    )
    if affected(decided) != 1:
        raise IncidentNotOpen(incident_id)
    if incident.instance_id is None:
        return execution, incident, None
    instance = execution.load(incident.instance_id)
    instance.open_incidents -= 1
    instance.is_changed = True
    return execution, incident, instance


def _record(
    execution: Execution,
    incident: IncidentRecord,
    instance: RunningInstance | None,
    action: str,
    reason: str,
    asked: dict[str, Any],
) -> None:
    if instance is None:
        region = incident.region_code
        execution.record_apart(action, incident.element_id, reason=reason, asked=asked, region_code=region)
        return
    element = instance.find_element(incident.scope_process, incident.element_id)
    execution.record(instance, action, element, reason=reason, asked=asked)


def _is_in_charge(actor: Actor, region_code: str) -> bool:
    return actor.is_system or any(covers(grant.region_code, region_code) for grant in actor.grants)


def _no_reason() -> Invalid:
    message = Text("须说明处理理由。", "A reason is needed.")
    return Invalid(
        message, (FieldProblem("reason", "required", message, None, Text("请填写理由。", "Give one.")),)
    )
