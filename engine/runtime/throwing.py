"""Throwing: messages and signals go out, errors and escalations go up.

Source: BPMN 2.0.2, clauses 10.5.1 (propagation and publication of triggers),
10.5.6 (handling events), 13.5.6 (end events).
"""

from collections.abc import Iterator

from engine.bpmn.model import Element, EventDefinition, EventKind
from engine.runtime.catching import fire_boundary_event, trigger
from engine.runtime.compensation import end_by_error, end_by_uncaught_error, handle_error
from engine.runtime.effects import MessageThrown, SignalThrown
from engine.runtime.run import Run
from engine.runtime.scopes import start_event_sub_process
from engine.runtime.stretches import close_way_back, note_firm
from engine.runtime.variables import Environment, environment, evaluate_all
from engine.runtime.waits import correlation_key


def throw_message(run: Run, element: Element, event: EventDefinition, variables: Environment) -> None:
    """Send a message to whoever waits for its name and key; the shell finds out who that is."""
    note_firm(run)
    payload = evaluate_all(event.payload, variables, element)
    key = correlation_key(event, variables, element)
    run.effects.append(MessageThrown(element.id, event.name or "", key, payload))


def throw_signal(run: Run, element: Element, event: EventDefinition, variables: Environment) -> None:
    """Broadcast a signal: to the waits of this instance at once, to others through the shell.

    At once, because a signal may interrupt the very scope that throws it.
    """
    payload = evaluate_all(event.payload, variables, element)
    run.effects.append(SignalThrown(element.id, event.name or "", payload))
    listening = [
        wait_id
        for wait_id, wait in run.waits.items()
        if wait["kind"] == "signal" and wait.get("name") == event.name
    ]
    if listening:
        # What hears the signal runs on lines of its own and could not be withdrawn with its thrower.
        close_way_back(run)
    for wait_id in listening:
        if wait_id in run.waits:
            trigger(run, wait_id, payload)


def throw_error(run: Run, scope_id: str, code: str, own_result: Environment) -> None:
    """Throw an error inside a scope. What nobody catches ends the instance with that error (10.5.6)."""
    caught = {"errorCode": code, **own_result}
    if not _catch(run, _outwards(run, scope_id, None), EventKind.ERROR, code, caught):
        activities = [place for where, place in _outwards(run, scope_id, None) if where == "activity"]
        end_by_uncaught_error(run, activities[-1] if activities else None, code)


def throw_error_of_activity(run: Run, activity_id: str, code: str, own_result: Environment) -> bool:
    """Throw an error out of an activity; False when nobody catches it and nothing has changed."""
    caught = {"errorCode": code, **own_result}
    return _catch(run, _outwards(run, None, activity_id), EventKind.ERROR, code, caught)


def throw_escalation(run: Run, scope_id: str, element: Element, event: EventDefinition) -> None:
    """Throw an escalation out of its scope, as far as the nearest handler.

    The handler may interrupt or not. What nobody catches is no fault: the thrower goes on (10.5.1).
    """
    code = event.name or ""
    payload = evaluate_all(event.payload, environment(run, scope_id), element)
    caught = {"escalationCode": code, **payload}
    _catch(run, _outwards(run, scope_id, None), EventKind.ESCALATION, code, caught)


def _outwards(run: Run, scope_id: str | None, activity_id: str | None) -> Iterator[tuple[str, str]]:
    """Give the places where it may be caught, innermost first: ("scope" or "activity", id).

    What is thrown in an event sub-process is not caught by its neighbours in the same
    scope: that scope is already handling an event (10.5.6).
    """
    while True:
        if activity_id is not None:
            activity = run.activities[activity_id]
            activity_id = activity.get("instance_of", activity_id)
            if "again" not in activity:
                yield "activity", activity_id
            scope_id = activity["scope"]
            if run.element_of(activity).triggered_by_event:
                activity_id = run.scopes[scope_id]["owner"]
                if activity_id is None:
                    return
                continue
        if scope_id is None:
            return
        activity_id = run.scopes[scope_id]["owner"]
        # What is opened again to be undone has completed: it handles nothing any more.
        if activity_id is None or "again" not in run.activities[activity_id]:
            yield "scope", scope_id
        if activity_id is None:
            return


def _catch(
    run: Run, places: Iterator[tuple[str, str]], kind: EventKind, code: str, caught: Environment
) -> bool:
    """Find the nearest handler: one for this code before one for all codes (10.5.6)."""
    inner: str | None = None
    for where, place_id in places:
        find_handlers = _handlers_of_activity if where == "activity" else _handlers_in_scope
        handlers = find_handlers(run, place_id, kind)
        for name in (code, None):
            for handler in handlers:
                if handler.event is not None and handler.event.name == name:
                    _handle(run, where, place_id, inner, handler, caught)
                    return True
        inner = place_id if where == "activity" else inner
    return False


def _handle(
    run: Run, where: str, place_id: str, inner: str | None, handler: Element, caught: Environment
) -> None:
    """Go the way of a handler. Before that of an error, what it leaves behind is compensated (13.5.5)."""
    is_error = handler.event is not None and handler.event.kind is EventKind.ERROR
    if where == "activity" and is_error:
        end_by_error(run, place_id, handler, caught)
    elif where == "activity":
        fire_boundary_event(run, place_id, handler, caught)
    elif is_error:
        handle_error(run, place_id, inner, handler, caught)
    else:
        start_event_sub_process(run, place_id, handler, caught)


def _handlers_of_activity(run: Run, activity_id: str, kind: EventKind) -> list[Element]:
    activity = run.activities[activity_id]
    elements = run.process_of(activity["scope"]).elements
    events = [elements[event_id] for event_id in run.element_of(activity).boundary_events]
    return [event for event in events if event.event is not None and event.event.kind is kind]


def _handlers_in_scope(run: Run, scope_id: str, kind: EventKind) -> list[Element]:
    """Collect the starts of the event sub-processes drawn in a scope that handle errors, or escalations."""
    scope, process = run.scopes[scope_id], run.process_of(scope_id)
    container = process if scope["element"] is None else process.elements[scope["element"]]
    starts = [
        process.elements[process.elements[sub_process_id].starts[0]]
        for sub_process_id in container.event_sub_processes
    ]
    return [start for start in starts if start.event is not None and start.event.kind is kind]
