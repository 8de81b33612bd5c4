"""Carrying one instance over to another version: its state, and the rows that name its elements.

Open tasks keep their claim, draft, due date and what was filled in beforehand; jobs and timers keep
their moment. What a row says of an element (name, form, who may work on it) is the new version's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.bpmn.model import Element, Net
from engine.definitions.pinned import PinnedNet
from engine.definitions.rows import DefinitionVersion
from engine.incidents.models import IncidentRecord
from engine.instances.effects import carry_out
from engine.instances.execution import Execution
from engine.instances.models import ProcessInstance
from engine.instances.running import RunningInstance, load_instance
from engine.jobs.models import Job
from engine.operations.rows import MigrationVerdict, OperationRow
from engine.runtime.effects import Effect
from engine.runtime.homes import CannotMigrate, Reason, Renamings
from engine.runtime.migrating import migrate
from engine.runtime.state import State
from engine.user_tasks.models import UserTask
from engine.user_tasks.opening import excluded, name_of
from engine.verification.continuation import obstacles
from engine.verification.shape import Shape, shape_of
from kernel.clock import now
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Destination:
    """Where instances go; ``known`` remembers what exploring found for states of one shape."""

    version: DefinitionVersion
    pins: Mapping[str, str]
    pinned: PinnedNet
    mapping: Renamings
    known: dict[Shape, tuple[Reason, ...]] = field(default_factory=dict)


def tried(session: Session, instance_id: UUID, destination: Destination) -> MigrationVerdict:
    """Say whether an instance could be carried over, and why not; changes nothing."""
    instance = load_instance(session, instance_id)
    reasons: tuple[Reason, ...] = ()
    try:
        _migrated(instance, destination)
    except CannotMigrate as refusal:
        reasons = refusal.reasons
    return MigrationVerdict(
        instance.id, instance.case_number, instance.definition_version, not reasons, reasons
    )


def carry_over(
    execution: Execution, instance: RunningInstance, destination: Destination, request: OperationRow
) -> None:
    """Put an instance on another version; the caller finishes the execution.

    Raises:
        CannotMigrate: it does not fit; nothing was written.
    """
    state, effects = _migrated(instance, destination)
    before = instance.definition_version
    _rename(execution.session, instance, destination.mapping)
    instance.state, instance.pinned, instance.pins = state, destination.pinned, destination.pins
    instance.definition_version_id = destination.version.id
    instance.definition_version = destination.version.version
    instance.is_changed = True
    execution.session.execute(
        update(ProcessInstance)
        .where(ProcessInstance.id == instance.id)
        .values(
            definition_version_id=instance.definition_version_id,
            definition_version=instance.definition_version,
            pins=dict(destination.pins),
        ),
        execution_options={"synchronize_session": False},
    )
    # The new version may look at elements that the old one did not: from now on the rows are asked.
    instance.performers = None
    _renew_tasks(execution, instance, state)
    execution.record(
        instance,
        "instance.migrated",
        reason=request.reason,
        asked={
            "request": str(request.id),
            "requestedBy": str(request.requested_by),
            "consentedBy": str(request.decided_by),
        },
        before={"version": before},
        after={"version": instance.definition_version},
        steps=execution.pending.begin_path(instance),
    )
    for effect in effects:
        carry_out(execution, instance, effect)
    if instance.status == "suspended":
        execution.pending.hold_jobs(instance)


def _migrated(instance: RunningInstance, destination: Destination) -> tuple[State, list[Effect]]:
    if instance.state is None or instance.ended_at is not None:
        raise CannotMigrate((Reason("migrate.ended", None, Text("办件已结束。", "The instance has ended.")),))
    old, new = instance.pinned.net, destination.pinned.net
    state, effects = migrate(old, new, instance.state, destination.mapping, now())
    in_the_way = _in_the_way(new, state, destination)
    if in_the_way:
        raise CannotMigrate(in_the_way)
    return state, effects


def _in_the_way(net: Net, state: State, destination: Destination) -> tuple[Reason, ...]:
    shape = shape_of(state)
    if shape not in destination.known:
        destination.known[shape] = tuple(
            Reason(f"soundness.{each.kind}", each.element_id, each.message) for each in obstacles(net, state)
        )
    return destination.known[shape]


def _rename(session: Session, instance: RunningInstance, mapping: Renamings) -> None:
    """Let the rows of an instance name its elements as the new version does, done tasks included.

    Who did an element must stay known under its new name: four eyes look for it there.
    """
    columns: tuple[tuple[Any, InstrumentedAttribute[str], InstrumentedAttribute[str]], ...] = (
        (UserTask, UserTask.scope_process, UserTask.element_id),
        (Job, Job.scope_process, Job.element_id),
        (IncidentRecord, IncidentRecord.scope_process, IncidentRecord.element_id),
    )
    for process, names in mapping.items():
        for model, scope_process, element_id in columns:
            session.execute(
                update(model)
                .where(
                    model.instance_id == instance.id, scope_process == process, element_id.in_(list(names))
                )
                .values(element_id=case(dict(names), value=element_id)),
                execution_options={"synchronize_session": False},
            )


def _renew_tasks(execution: Execution, instance: RunningInstance, state: State) -> None:
    """Give the open tasks the names, forms and roles of the new version, and its four eyes."""
    for activity_id, activity in state["activities"].items():
        if "user" not in (activity.get("work"), activity.get("held")):
            continue
        process = state["scopes"][activity["scope"]]["process"]
        element = instance.element(process, activity["element"])
        facts = _facts(instance, element)
        facts["excluded_persons"] = " ".join(excluded(execution, instance, process, element.differs_from))
        if "added_to" in activity or "signatory" in activity:
            # Who signs in addition was chosen by a person, not by the diagram.
            del facts["candidate_role"]
        execution.session.execute(
            update(UserTask)
            .where(UserTask.instance_id == instance.id, UserTask.activity_id == activity_id)
            .values(**facts, revision=UserTask.revision + 1),
            execution_options={"synchronize_session": False},
        )


def _facts(instance: RunningInstance, element: Element) -> dict[str, Any]:
    form, name = instance.pinned.form_of(element), name_of(element)
    return {
        "name": name.zh,
        "name_en": name.en,
        "candidate_role": element.role or "",
        "form_name": element.form,
        "form_digest": form.content.digest if form else None,
        "clauses": list(element.clauses),
        "differs_from": list(element.differs_from),
        "withdrawable": element.withdraw,
        "stand_in": element.stand_in,
    }
