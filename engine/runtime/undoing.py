"""Undoing what has completed, one activity after the other, the last first.

Each is undone by its handler, or, a sub-process without one, by opening it once more:
for its own compensation event sub-process, or to undo what had completed in it.

Source: BPMN 2.0.2, clause 13.5.5 (compensation).
"""

from engine.runtime.activities import start_work
from engine.runtime.cancelling import cancel_content
from engine.runtime.catching import fire_boundary_event
from engine.runtime.records import compensation_start
from engine.runtime.run import Run
from engine.runtime.scopes import end_instance, start_event_sub_process
from engine.runtime.state import Activity, Done, Inside, Scope, Undoing
from engine.runtime.tokens import change_count, leave, pass_through
from engine.runtime.variables import call_listeners


def go_on_undoing(run: Run, activity_id: str) -> None:
    """Undoing the next completed activity, or do what comes after the last."""
    activity = run.activities[activity_id]
    undo = activity.get("undo")
    if undo is not None and undo["todo"]:
        record = undo["todo"][-1]
        left: Undoing = {**undo, "todo": undo["todo"][:-1]}
        run.activities[activity_id] = {**activity, "undo": left}
        _undo(run, activity_id, undo["scope"], record)
    elif "again" in activity:
        _close_again(run, activity_id, activity)
    elif undo is not None:
        _finish(run, activity_id, activity, undo)


def _undo(run: Run, undoer: str, scope_id: str, record: Done) -> None:
    """Begin to undo one activity: by its handler, or else by opening it again."""
    element = run.process_of(scope_id).elements[record["element"]]
    activity: Activity = {"scope": scope_id, "element": element.id, "undoes": undoer}
    if "locals" in record:
        activity["locals"] = record["locals"]
    change_count(run, scope_id, 1)
    if element.compensated_by is None or "failed" in record:
        activity["again"] = True
        _open_again(run, run.new_activity(activity), record["inside"], "failed" in record)
        return
    elements = run.process_of(scope_id).elements
    event = elements[element.compensated_by]
    pass_through(run, scope_id, event, {})
    handler = elements[event.handler or ""]
    activity["element"] = handler.id
    start_work(run, run.new_activity(activity), handler)


def _open_again(run: Run, activity_id: str, inside: Inside, failed: bool) -> None:
    """Open a sub-process once more: for its compensation event sub-process, or to undo its content."""
    # History has the visit that completed; this is not another one.
    scope: Scope = {
        "process": inside["process"],
        "element": inside["element"],
        "owner": activity_id,
        "tokens": 0,
        "joins": {},
    }
    if "variables" in inside:
        scope["variables"] = inside["variables"]
    scope_id = run.new_id()
    activity = run.activities[activity_id].copy()
    activity["child"] = scope_id
    start = None if failed else compensation_start(run, inside)
    if start is None:
        activity["undo"] = {"scope": scope_id, "todo": inside["done"]}
        run.due_undos.append(activity_id)
    else:
        scope["done"] = inside["done"]
    run.activities[activity_id] = activity
    run.scopes[scope_id] = scope
    if start is not None:
        start_event_sub_process(run, scope_id, start, {})


def _close_again(run: Run, activity_id: str, activity: Activity) -> None:
    cancel_content(run, activity["child"])
    del run.scopes[activity["child"]]
    del run.activities[activity_id]
    change_count(run, activity["scope"], -1)
    run.due_undos.append(activity["undoes"])


def _finish(run: Run, activity_id: str, activity: Activity, undo: Undoing) -> None:
    """Go on after everything has been undone."""
    scope_id = activity["scope"]
    elements = run.process_of(scope_id).elements
    event = elements.get(undo.get("event", ""))
    if event is not None and event.attached_to is not None:
        fire_boundary_event(run, activity_id, event, undo["result"])
        return
    del run.activities[activity_id]
    if event is not None:
        # It interrupts its scope, so nobody counts the token that stood for the undoing.
        start_event_sub_process(run, scope_id, event, undo["result"])
    elif "error" in undo:
        end_instance(run, error=undo["error"])
    elif "aside" in undo:
        change_count(run, scope_id, -1)
    else:
        element = elements[activity["element"]]
        run.completed(activity_id, element)
        call_listeners(run, scope_id, element, {})
        leave(run, scope_id, element)
