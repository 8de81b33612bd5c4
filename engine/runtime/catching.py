"""Catching events: waiting for one, and what happens when it comes.

Source: BPMN 2.0.2, clauses 13.5.2 (intermediate events), 13.5.3 (boundary events),
13.5.4 (event sub-processes), 13.4.4 (event-based gateway).
"""

from typing import Any

from engine.bpmn.links import is_link
from engine.bpmn.model import Element, ElementKind, EventKind
from engine.runtime.behaviours import arriving
from engine.runtime.cancelling import cancel_activity
from engine.runtime.completing import complete
from engine.runtime.conditions import condition_that_turned, is_fulfilled
from engine.runtime.effects import FlowTaken
from engine.runtime.lines import line_of_owner, open_line_beside
from engine.runtime.run import Run
from engine.runtime.scopes import start_event_sub_process
from engine.runtime.state import Wait
from engine.runtime.stretches import close_way_back, note_done
from engine.runtime.tokens import change_count, leave, pass_through
from engine.runtime.variables import Environment, guard_size
from engine.runtime.waits import arm, arm_again, drop, drop_waits_of_activity


@arriving(ElementKind.CATCH_EVENT)
def wait_at_catch_event(run: Run, scope_id: str, element: Element, _flow: str) -> None:
    """Hold the token until the event comes (13.5.2); one that comes over a link only passes."""
    if is_link(element):
        pass_through(run, scope_id, element, {})
        leave(run, scope_id, element)
        return
    activity_id = run.new_activity({"scope": scope_id, "element": element.id})
    run.entered(activity_id, element)
    arm(run, "catch", element, scope_id, activity_id)


@arriving(ElementKind.EVENT_BASED_GATEWAY)
def wait_at_event_based_gateway(run: Run, scope_id: str, element: Element, _flow: str) -> None:
    """Hold the token until the first of the events behind the gateway comes (13.4.4)."""
    activity_id = run.new_activity({"scope": scope_id, "element": element.id})
    run.entered(activity_id, element)
    process = run.process_of(scope_id)
    for flow in element.outgoing:
        arm(run, "gateway", process.elements[flow.target], scope_id, activity_id)


def trigger(run: Run, wait_id: str, payload: Environment) -> None:
    """Let what a wait stands for happen; of a parallel multiple event, all parts have to."""
    wait = run.waits[wait_id]
    event = run.process_of(wait["scope"]).elements[wait["element"]]
    if event.event is not None and event.event.kind is EventKind.PARALLEL_MULTIPLE:
        gathered = _gather(run, wait_id, wait, event, payload)
        if gathered is not None:
            _happen(run, wait_id, wait, event, gathered)
        return
    if event.interrupting or wait["kind"] == "timer":
        drop(run, wait_id, fired=True)
    if not event.interrupting and wait["kind"] == "timer":
        arm_again(run, wait, event)
    _happen(run, wait_id, wait, event, payload)


def _gather(
    run: Run, wait_id: str, wait: Wait, event: Element, payload: Environment
) -> dict[str, Any] | None:
    """Keep what a part of a parallel multiple event brought; return all of it with the last part.

    What does not interrupt then waits for all parts anew (10.5.5, 13.5.3).
    """
    gathered = {**wait.get("gathered", {}), **payload}
    guard_size(gathered, event)
    drop(run, wait_id, fired=True)
    owner = wait.get("activity")
    run.line = line_of_owner(run, wait["scope"]) if owner is None else run.activities[owner].get("line")
    note_done(run, wait_id)
    others = [
        key
        for key, each in run.waits.items()
        if (each["element"], each["scope"], each.get("activity")) == (event.id, wait["scope"], owner)
    ]
    for key in others:
        run.waits[key] = {**run.waits[key], "gathered": gathered}
    if others:
        return None
    if not event.interrupting:
        known = set(run.waits)
        arm(run, wait["role"], event, wait["scope"], owner)
        for key in [key for key, each in run.waits.items() if key not in known and "held" in each]:
            # It has to become false before it can become true again.
            run.waits[key] = {**run.waits[key], "held": is_fulfilled(run, run.waits[key])}
    return gathered


def _happen(run: Run, wait_id: str, wait: Wait, event: Element, payload: Environment) -> None:
    """Move the token that waits for the event, or start what the event starts."""
    if wait["role"] == "catch":
        _resume(run, wait["activity"], wait_id)
        complete(run, wait["activity"], payload)
    elif wait["role"] == "gateway":
        _resume(run, wait["activity"], wait_id)
        _choose_way(run, wait, event, payload)
    elif wait["role"] == "boundary":
        fire_boundary_event(run, wait["activity"], event, payload, wait_id)
    else:
        start_event_sub_process(run, wait["scope"], event, payload, wait_id)


def _resume(run: Run, activity_id: str, wait_id: str) -> None:
    """Go on with the token that waited."""
    run.line = run.activities[activity_id].get("line")
    note_done(run, wait_id)


def _choose_way(run: Run, wait: Wait, event: Element, payload: Environment) -> None:
    """Complete an event-based gateway by the event that came first; the others are off (13.4.4)."""
    gateway_id, scope_id = wait["activity"], wait["scope"]
    gateway = run.element_of(run.activities[gateway_id])
    drop_waits_of_activity(run, gateway_id)
    del run.activities[gateway_id]
    run.completed(gateway_id, gateway)
    # The token goes straight through the event: it has happened and is not waited for again.
    flow = next(flow for flow in gateway.outgoing if flow.target == event.id)
    run.effects.append(FlowTaken(flow.id, gateway.process))
    pass_through(run, scope_id, event, payload)
    leave(run, scope_id, event)


def fire_boundary_event(
    run: Run, activity_id: str, event: Element, own_result: Environment, wait_id: str | None = None
) -> None:
    """Leave an activity by its boundary event, ending the activity or beside it (13.5.3).

    Without a wait the event was thrown inside the activity; the token beside it goes on whatever becomes
    of its thrower, so the thrower cannot be returned behind that.
    """
    scope_id = run.activities[activity_id]["scope"]
    host_line = run.activities[activity_id].get("line")
    if wait_id is None and not event.interrupting:
        close_way_back(run, below=host_line)
    run.line = host_line
    if event.interrupting:
        cancel_activity(run, activity_id)
    else:
        change_count(run, scope_id, 1)
        open_line_beside(run, scope_id)
    if wait_id is not None:
        note_done(run, wait_id)
    pass_through(run, scope_id, event, own_result)
    leave(run, scope_id, event)


def fire_condition(run: Run) -> bool:
    """Let one condition that has become true happen, when all tokens rest.

    It happens when it turns from false to true, and at once when it holds from the beginning (10.5.5).
    """
    wait_id = condition_that_turned(run)
    if wait_id is not None:
        trigger(run, wait_id, {})
    return wait_id is not None
