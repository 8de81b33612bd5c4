"""From effects to rows: one small function per kind of effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import ElementKind
from engine.instances.running import RunningInstance
from engine.instances.variables import variables_of
from engine.jobs.queue import service_job, timer_job
from engine.messages.delivery import throw_message, throw_signal
from engine.messages.subscriptions import subscription
from engine.registry import ListenerCall
from engine.runtime import effects as facts
from engine.user_tasks.opening import open_task
from engine.user_tasks.signatures import hold_task, release_task
from engine.user_tasks.superseding import reinstate, replay, supersede, taken_back
from kernel.actor import system_actor

if TYPE_CHECKING:
    from engine.instances.execution import Execution

_BLOCKS = frozenset({ElementKind.SUB_PROCESS, ElementKind.CALL_ACTIVITY})


def carry_out(execution: Execution, instance: RunningInstance, effect: facts.Effect) -> None:
    """Turn one effect into rows, audit events, deliveries or calls."""
    _CARRIERS[type(effect)](execution, instance, effect)


def _entered(execution: Execution, instance: RunningInstance, effect: facts.ElementEntered) -> None:
    execution.pending.step(
        instance,
        "entered",
        effect.element_id,
        effect.scope_process,
        effect.activity_id,
        _by_person(execution, effect),
    )


def _completed(execution: Execution, instance: RunningInstance, effect: facts.ElementCompleted) -> None:
    execution.pending.step(
        instance,
        "completed",
        effect.element_id,
        effect.scope_process,
        effect.activity_id,
        _by_person(execution, effect),
    )


def _cancelled(execution: Execution, instance: RunningInstance, effect: facts.ElementCancelled) -> None:
    execution.pending.step(
        instance,
        "cancelled",
        effect.element_id,
        effect.scope_process,
        effect.activity_id,
        _by_person(execution, effect),
    )


def _flow_taken(execution: Execution, instance: RunningInstance, effect: facts.FlowTaken) -> None:
    execution.pending.step(instance, "flow", effect.flow_id, effect.scope_process)


def _task_opened(execution: Execution, instance: RunningInstance, effect: facts.UserTaskOpened) -> None:
    execution.opened.append(open_task(execution, instance, effect))


def _task_closed(execution: Execution, instance: RunningInstance, effect: facts.UserTaskClosed) -> None:
    execution.pending.end_incidents(
        instance, "resolved" if effect.completed else "dropped", effect.activity_id
    )
    cause = execution.cause
    if cause is not None and effect.completed and effect.activity_id == cause.activity_id:
        # The command itself has written this row.
        if cause.has_deadline:
            execution.pending.drop_jobs(instance, effect.activity_id)
        return
    execution.pending.close_task(instance, effect.activity_id)
    execution.pending.drop_jobs(instance, effect.activity_id)


def _job_requested(execution: Execution, instance: RunningInstance, effect: facts.JobRequested) -> None:
    execution.pending.jobs.append(service_job(instance, effect, execution.at))


def _job_dropped(execution: Execution, instance: RunningInstance, effect: facts.JobDropped) -> None:
    execution.pending.drop_jobs(instance, effect.activity_id)


def _timer_armed(execution: Execution, instance: RunningInstance, effect: facts.TimerArmed) -> None:
    execution.pending.jobs.append(timer_job(instance, effect, execution.at))


def _timer_dropped(execution: Execution, instance: RunningInstance, effect: facts.TimerDropped) -> None:
    execution.pending.drop_jobs(instance, effect.wait_id)


def _message_awaited(execution: Execution, instance: RunningInstance, effect: facts.MessageAwaited) -> None:
    execution.pending.jobs.append(subscription(instance, effect, "message", effect.key, execution.at))


def _signal_awaited(execution: Execution, instance: RunningInstance, effect: facts.SignalAwaited) -> None:
    execution.pending.jobs.append(subscription(instance, effect, "signal", "", execution.at))


def _wait_dropped(execution: Execution, instance: RunningInstance, effect: facts.WaitDropped) -> None:
    execution.pending.drop_wait(instance, effect.wait_id)


def _listener_called(execution: Execution, instance: RunningInstance, effect: facts.ListenerCalled) -> None:
    contract = execution.registry.find_listener(effect.topic)
    if contract is None:
        raise LookupError(f"no listener is registered for the topic {effect.topic!r}")
    element = instance.element(effect.scope_process, effect.element_id)
    variables = variables_of(instance.state)
    contract.function(
        execution.session,
        ListenerCall(
            topic=effect.topic,
            parameters=effect.parameters,
            output=effect.output,
            # A block ends by itself, whoever completed the last step in it: that is no act of theirs.
            actor=system_actor() if element.kind in _BLOCKS else execution.actor,
            instance=instance.facts(effect.element_id, variables),
            element_id=effect.element_id,
            clauses=element.clauses,
        ),
    )


def _ended(execution: Execution, instance: RunningInstance, effect: facts.InstanceEnded) -> None:
    cancelled = execution.cause is not None and execution.cause.action == "instance.cancelled"
    instance.status = "cancelled" if cancelled else "failed" if effect.error else "completed"
    instance.outcome = effect.error or effect.result
    instance.exclusive_key = None
    instance.ended_at = execution.at
    execution.pending.end_incidents(instance, "dropped")
    if not cancelled:
        execution.record(
            instance,
            "instance.ended",
            before={"status": "active"},
            after={"status": instance.status, "outcome": instance.outcome},
        )


def _by_person(execution: Execution, effect: Any) -> bool:
    """Tell whether the person acted on this very element: the rest follows by itself."""
    cause = execution.cause
    if cause is None or cause.activity_id not in (None, effect.activity_id):
        return False
    return cause.activity_id is not None or (
        cause.element is not None and cause.element.id == effect.element_id
    )


_CARRIERS: dict[type, Callable[[Execution, RunningInstance, Any], None]] = {
    facts.ElementEntered: _entered,
    facts.ElementCompleted: _completed,
    facts.ElementCancelled: _cancelled,
    facts.FlowTaken: _flow_taken,
    facts.UserTaskOpened: _task_opened,
    facts.UserTaskClosed: _task_closed,
    facts.UserTaskHeld: hold_task,
    facts.UserTaskReleased: release_task,
    facts.TokensReturned: supersede,
    facts.TakenBack: taken_back,
    facts.WentStraightBack: reinstate,
    facts.CouldNotGoStraightBack: replay,
    facts.JobRequested: _job_requested,
    facts.JobDropped: _job_dropped,
    facts.TimerArmed: _timer_armed,
    facts.TimerDropped: _timer_dropped,
    facts.MessageAwaited: _message_awaited,
    facts.SignalAwaited: _signal_awaited,
    facts.WaitDropped: _wait_dropped,
    facts.MessageThrown: throw_message,
    facts.SignalThrown: throw_signal,
    facts.ListenerCalled: _listener_called,
    facts.InstanceEnded: _ended,
}
