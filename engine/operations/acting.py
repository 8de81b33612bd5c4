"""What each operation does to an instance, once it was consented to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.bpmn.model import Element
from engine.errors import (
    EngineIncident,
    InstanceNotActive,
    InstanceNotSuspended,
    OperationOutdated,
    OperationUnsafe,
)
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.running import RunningInstance
from engine.instances.variables import variables_of
from engine.operations.holding import hold_jobs, release_jobs
from engine.operations.rows import CancelInstance, Operation, OperationKind, Resume, Suspend
from engine.runtime.advance import advance
from engine.runtime.commands import Cancel, Command, CorrectVariables, MoveToken
from engine.runtime.errors import Incident
from engine.runtime.state import State
from engine.verification.continuation import obstacles
from kernel.errors import FieldProblem

KINDS: Final[Mapping[type[Operation], OperationKind]] = {
    Suspend: "suspend",
    Resume: "resume",
    CancelInstance: "cancel",
    MoveToken: "move_token",
    CorrectVariables: "correct_variables",
}


@dataclass(frozen=True, slots=True)
class Order:
    """An operation with what the audit trail says of it."""

    operation: Operation
    reason: str
    asked: Mapping[str, Any]


def written(operation: Operation, instance: RunningInstance) -> dict[str, Any]:
    """Return what the request keeps: enough to carry it out, and to notice that the case moved on."""
    match operation:
        case MoveToken(activity_id, to):
            return {"activityId": activity_id, "from": element_at(instance, activity_id).id, "to": to}
        case CorrectVariables(values, activity_id):
            seen = variables_of(instance.state, activity_id)
            before = {name: seen[name] for name in values if name in seen}
            return {"values": dict(values), "before": before, "activityId": activity_id}
        case _:
            return {}


def read(kind: str, asked: Mapping[str, Any]) -> Operation:
    """Return the operation that a request keeps."""
    match kind:
        case "suspend":
            return Suspend()
        case "resume":
            return Resume()
        case "cancel":
            return CancelInstance()
        case "move_token":
            return MoveToken(asked["activityId"], asked["to"])
        case _:
            return CorrectVariables(asked["values"], asked["activityId"])


def check(execution: Execution, instance: RunningInstance, operation: Operation) -> None:
    """Refuse what could not be done now, or would leave the instance without a way to its end.

    Raises:
        InstanceNotActive: it has ended, or is suspended already.
        InstanceNotSuspended: there is nothing to resume.
        EngineIncident: no token can be moved so, or a value is not accepted.
        OperationUnsafe: a join would starve, or an activity be done twice.
        Conflict: the activity is over.
    """
    if isinstance(operation, Resume):
        if instance.status != "suspended":
            raise InstanceNotSuspended(instance.id, instance.status)
        return
    if instance.status not in ("active", "suspended"):
        raise InstanceNotActive(instance.id, instance.status)
    if isinstance(operation, Suspend) and instance.status == "suspended":
        raise InstanceNotActive(instance.id, instance.status)
    if isinstance(operation, MoveToken | CorrectVariables):
        after = _tried(execution, instance, operation)
        if isinstance(operation, MoveToken):
            refuse_obstacles(instance, after)


def refuse_obstacles(instance: RunningInstance, after: State) -> None:
    """Refuse a state from which the instance may not end as drawn.

    Raises:
        OperationUnsafe: names each obstacle with the way that leads to it.
    """
    found = obstacles(instance.pinned.net, after)
    if found:
        raise OperationUnsafe(
            tuple(
                FieldProblem(each.element_id or "", f"soundness.{each.kind}", each.message) for each in found
            )
        )


def refuse_outdated(instance: RunningInstance, operation: Operation, asked: Mapping[str, Any]) -> None:
    """Refuse a correction of values that changed after it was asked for.

    Raises:
        OperationOutdated: what the first administrator saw is no longer so.
    """
    if isinstance(operation, CorrectVariables) and written(operation, instance)["before"] != asked["before"]:
        raise OperationOutdated(instance.id)


def act(execution: Execution, instance: RunningInstance, order: Order) -> None:
    """Carry out an operation on a loaded instance; the caller finishes the execution."""
    _ACTIONS[type(order.operation)](execution, instance, order)
    if instance.status == "suspended":
        # What an operation on a suspended instance asks for waits like the rest.
        execution.pending.hold_jobs(instance)


def _suspend(execution: Execution, instance: RunningInstance, order: Order) -> None:
    hold_jobs(execution.session, instance.id)
    _change_status(execution, instance, order, "suspended", "instance.suspended")


def _resume(execution: Execution, instance: RunningInstance, order: Order) -> None:
    release_jobs(execution.session, instance.id)
    _change_status(execution, instance, order, "active", "instance.resumed")


def _change_status(
    execution: Execution, instance: RunningInstance, order: Order, status: str, action: str
) -> None:
    before, instance.status = instance.status, status
    instance.is_changed = True
    execution.record(
        instance,
        action,
        reason=order.reason,
        asked=dict(order.asked),
        before={"status": before},
        after={"status": status},
    )


def _cancel(execution: Execution, instance: RunningInstance, order: Order) -> None:
    _advance(execution, instance, order, Cancel(), "instance.cancelled", after={"status": "cancelled"})


def _move(execution: Execution, instance: RunningInstance, order: Order) -> None:
    if isinstance(order.operation, MoveToken):
        element = element_at(instance, order.operation.activity_id)
        _advance(execution, instance, order, order.operation, "instance.token_moved", element=element)


def _correct(execution: Execution, instance: RunningInstance, order: Order) -> None:
    if isinstance(order.operation, CorrectVariables):
        _advance(execution, instance, order, order.operation, "instance.variables_corrected")


def _advance(
    execution: Execution,
    instance: RunningInstance,
    order: Order,
    command: Command,
    action: str,
    *,
    element: Element | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    cause = Cause(
        action=action,
        element=element,
        reason=order.reason,
        asked=order.asked,
        after=after,
        while_suspended=True,
    )
    execution.advance(instance, command, cause)


def element_at(instance: RunningInstance, activity_id: str) -> Element:
    """Return the element that an open activity visits.

    Raises:
        OperationOutdated: the activity is over.
    """
    state = instance.state
    if state is None or activity_id not in state["activities"]:
        raise OperationOutdated(instance.id)
    activity = state["activities"][activity_id]
    return instance.element(state["scopes"][activity["scope"]]["process"], activity["element"])


def _tried(execution: Execution, instance: RunningInstance, command: Command) -> State:
    """Advance a copy: the pure runtime changes nothing that is given to it."""
    try:
        after, _ = advance(instance.pinned.net, instance.state, command, execution.at)
    except Incident as incident:
        raise EngineIncident(incident.element_id, incident.rule, incident.message) from incident
    return after


_ACTIONS: Final[Mapping[type[Operation], Callable[[Execution, RunningInstance, Order], None]]] = {
    Suspend: _suspend,
    Resume: _resume,
    CancelInstance: _cancel,
    MoveToken: _move,
    CorrectVariables: _correct,
}
