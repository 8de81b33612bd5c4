"""Compensation: what asks for it. How it is carried out stands in ``undoing``.

An activity with ``undo`` carries it out: a compensation throw event; a completed
sub-process that is opened once more so that its content can be undone; or an activity
that an error or cancel event ends, and whose completed content is undone before the
event goes on.

Source: BPMN 2.0.2, clauses 10.3.5 (transactions), 10.7 and 13.5.5 (compensation).
"""

from engine.bpmn.model import Element, EventDefinition
from engine.runtime.cancelling import cancel_content, cancel_inside
from engine.runtime.catching import fire_boundary_event
from engine.runtime.records import content_of, home_of, take
from engine.runtime.run import Run
from engine.runtime.scopes import end_instance, start_event_sub_process
from engine.runtime.state import Done, Undoing, root_scope
from engine.runtime.tokens import change_count, leave, pass_through
from engine.runtime.variables import Environment


def throw_compensation(run: Run, scope_id: str, element: Element, event: EventDefinition) -> None:
    """Undoing one activity or all of the scope, before the token goes on or beside it (13.5.5)."""
    home = home_of(run, scope_id)
    undo: Undoing = {"scope": home, "todo": take(run, home, event.activity)}
    if not event.waits:
        undo["aside"] = True
        change_count(run, scope_id, 1)
    thrower = run.new_activity({"scope": scope_id, "element": element.id, "undo": undo})
    run.due_undos.append(thrower)
    if event.waits:
        run.entered(thrower, element)
    else:
        pass_through(run, scope_id, element, {})
        leave(run, scope_id, element)


def end_by_error(run: Run, activity_id: str, event: Element, caught: Environment) -> None:
    """Leave an activity by its error event, undoing before what has completed in it.

    That is the default where no event sub-process in it handles the error (13.5.5). A
    transaction is left as it is: an error is a hazard to it (10.3.5).
    """
    _end_by_event(run, activity_id, event, caught, content_of(run, activity_id, hazard=True))


def cancel_transaction(run: Run, scope_id: str) -> None:
    """End a transaction from within: undo what has completed in it, leave by its cancel event (10.3.5)."""
    activity_id = run.scopes[scope_id]["owner"] or ""
    activity_id = run.activities[activity_id].get("instance_of", activity_id)
    elements = run.process_of(scope_id).elements
    host = run.element_of(run.activities[activity_id])
    event = next(elements[each] for each in host.boundary_events if elements[each].is_cancel_event)
    _end_by_event(run, activity_id, event, {}, content_of(run, activity_id))


def _end_by_event(run: Run, activity_id: str, event: Element, caught: Environment, todo: list[Done]) -> None:
    if not todo:
        fire_boundary_event(run, activity_id, event, caught)
        return
    cancel_inside(run, activity_id)
    activity = run.activities[activity_id].copy()
    activity["undo"] = {
        "scope": activity["scope"],
        "todo": todo,
        "event": event.id,
        "result": dict(caught),
    }
    run.activities[activity_id] = activity
    run.due_undos.append(activity_id)


def handle_error(run: Run, scope_id: str, inner: str | None, start: Element, caught: Environment) -> None:
    """Start the event sub-process for an error, undoing before what completed in what threw it."""
    todo = [] if inner is None else content_of(run, inner, hazard=True)
    if todo:
        undo: Undoing = {"scope": scope_id, "todo": todo, "event": start.id, "result": dict(caught)}
        _undo_instead(run, scope_id, start.parent or "", undo)
    else:
        start_event_sub_process(run, scope_id, start, caught)


def end_by_uncaught_error(run: Run, inner: str | None, code: str) -> None:
    """End the instance with an error, undoing before what completed in the activity that threw it."""
    root_id, _ = root_scope(run.state)
    todo = [] if inner is None else content_of(run, inner, hazard=True)
    if inner is not None and todo:
        element_id = run.activities[inner]["element"]
        _undo_instead(run, root_id, element_id, {"scope": root_id, "todo": todo, "error": code})
    else:
        cancel_content(run, root_id)
        end_instance(run, error=code)


def _undo_instead(run: Run, scope_id: str, element_id: str, undo: Undoing) -> None:
    """End everything in a scope and undo something there."""
    cancel_content(run, scope_id)
    change_count(run, scope_id, 1)
    run.due_undos.append(run.new_activity({"scope": scope_id, "element": element_id, "undo": undo}))
