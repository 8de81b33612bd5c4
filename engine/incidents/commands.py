"""Incidents of what people do: a command that the diagram cannot follow is refused, and somebody has to look.

The command is rolled back, so the incident is written in a transaction of its own, together with the
refusal. While it is open, further attempts count on it. It ends with the task: the same person may try
again as soon as the cause is mended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.errors import EngineIncident
from engine.incidents.models import IncidentRecord
from engine.incidents.opening import open_row
from engine.instances.causes import Cause
from engine.instances.running import RunningInstance
from kernel.ids import new_id
from kernel.unit_of_work import if_refused

if TYPE_CHECKING:
    from engine.instances.execution import Execution


def report(execution: Execution, instance: RunningInstance, cause: Cause, error: EngineIncident) -> None:
    """Let an incident be opened when the command that ran into it has been rolled back.

    Not for jobs, which raise their own; not for administrators, who are told and look already; not for a
    start, which leaves nothing behind that could be stuck.
    """
    if execution.actor.is_system or cause.while_suspended or instance.is_new:
        return
    element = instance.element_named(error.element_id) or cause.element
    if element is None:
        return
    instance_id, activity_id = instance.id, cause.activity_id

    def open_incident(session: Session) -> None:
        _open(execution.anew(session), instance_id, activity_id, element, error)

    if_refused(execution.session, open_incident)


def _open(
    execution: Execution,
    instance_id: UUID,
    activity_id: str | None,
    element: Element,
    error: EngineIncident,
) -> None:
    instance = execution.load(instance_id)
    state = instance.state
    is_over = activity_id is not None and (state is None or activity_id not in state["activities"])
    if instance.status != "active" or is_over or _counted(execution, instance, activity_id, error):
        return
    incident_id, cause = new_id(), f"{error.rule}: {error}"
    open_row(
        execution,
        id=incident_id,
        instance_id=instance.id,
        job_id=None,
        activity_id=activity_id,
        region_code=instance.region_code,
        element_id=element.id,
        scope_process=element.process,
        topic=None,
        kind="command",
        cause=cause,
        attempts=1,
    )
    instance.open_incidents += 1
    instance.is_changed = True
    execution.record(
        instance,
        "incident.opened",
        element,
        reason=cause,
        asked={"activity": activity_id},
        after={"incident": str(incident_id), "kind": "command"},
    )
    execution.finish()


def _counted(
    execution: Execution, instance: RunningInstance, activity_id: str | None, error: EngineIncident
) -> bool:
    """Count the attempt on the incident that is open already, if there is one."""
    if not instance.open_incidents:
        return False
    same = (
        IncidentRecord.instance_id == instance.id,
        IncidentRecord.kind == "command",
        IncidentRecord.status == "open",
        IncidentRecord.activity_id.is_(None)
        if activity_id is None
        else IncidentRecord.activity_id == activity_id,
    )
    known = execution.session.scalar(select(IncidentRecord.id).where(*same).limit(1))
    if known is None:
        return False
    execution.session.execute(
        update(IncidentRecord)
        .where(IncidentRecord.id == known)
        .values(attempts=IncidentRecord.attempts + 1, cause=f"{error.rule}: {error}"),
        execution_options={"synchronize_session": False},
    )
    return True
