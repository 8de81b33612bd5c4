"""One instance with its trail: timeline, diagram facts, called processes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InstanceNotFound
from engine.incidents.models import IncidentRecord
from engine.instances.models import PathEntry, ProcessInstance
from engine.instances.path import Step, element_facts, flows_taken, steps_of, timeline
from engine.instances.rows import InstanceDetail, InstanceRow, ProcessDiagram
from engine.instances.running import RunningInstance, load_instance
from engine.instances.searching import instance_row, instance_rows
from engine.instances.variables import variables_of
from engine.user_tasks.access import instance_condition
from engine.user_tasks.models import UserTask
from kernel.actor import Actor
from kernel.audit import steps_of_stream


def instance_detail(session: Session, actor: Actor, instance_id: UUID) -> InstanceDetail:
    """Return one instance with its trail.

    Raises:
        InstanceNotFound: there is none, or the actor may not see it.
    """
    row = session.execute(
        instance_rows().where(ProcessInstance.id == instance_id, instance_condition(actor))
    ).one_or_none()
    if row is None:
        raise InstanceNotFound(instance_id)
    instance = load_instance(session, instance_id)
    history = _history(session, instance)
    tasks = _tasks(session, instance_id)
    incidents = list(
        session.scalars(
            select(IncidentRecord)
            .where(IncidentRecord.instance_id == instance_id)
            .order_by(IncidentRecord.id)
            .execution_options(populate_existing=True)
        )
    )
    failed = {(one.scope_process, one.element_id) for one in incidents if one.status == "open"}
    waiting = [task.element_id for task in tasks if task.status in ("open", "claimed")]
    return InstanceDetail(
        row=instance_row(row, waiting),
        timeline=timeline(instance, history, tasks),
        elements=element_facts(history, failed),
        flows=flows_taken(history),
        variables=variables_of(instance.state),
        diagrams=_diagrams(instance),
        task_ids=tuple(task.id for task in tasks),
        incident_ids=tuple(one.id for one in incidents),
        related=_related(session, actor, row[0]),
    )


def _history(session: Session, instance: RunningInstance) -> Sequence[Step]:
    """Return the path; before audit events told it, it had a table of its own."""
    query = select(PathEntry).where(PathEntry.instance_id == instance.id).order_by(PathEntry.id)
    before = [(entry.at, entry.person_id, entry.steps) for entry in session.scalars(query)]
    return steps_of((*before, *steps_of_stream(session, instance.stream)))


def _tasks(session: Session, instance_id: UUID) -> Sequence[UserTask]:
    query = select(UserTask).where(UserTask.instance_id == instance_id).order_by(UserTask.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _diagrams(instance: RunningInstance) -> tuple[ProcessDiagram, ...]:
    own = instance.definition_key
    keys = [own, *sorted(key for key in instance.pinned.processes if key != own)]
    return tuple(
        ProcessDiagram(
            process_key=key,
            name=instance.pinned.processes[key].name,
            version=instance.pinned.processes[key].version,
            bpmn_xml=instance.pinned.processes[key].bpmn.decode(),
        )
        for key in keys
    )


def _related(session: Session, actor: Actor, instance: ProcessInstance) -> tuple[InstanceRow, ...]:
    if instance.subject_id is None:
        return ()
    rows = session.execute(
        instance_rows()
        .where(
            ProcessInstance.subject_id == instance.subject_id,
            ProcessInstance.id != instance.id,
            instance_condition(actor),
        )
        .order_by(ProcessInstance.id)
        .limit(50)
    )
    return tuple(instance_row(row) for row in rows)
