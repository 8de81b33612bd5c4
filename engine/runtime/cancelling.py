"""Interrupting: an activity or a whole scope ends without completing.

Source: BPMN 2.0.2, clauses 13.3.2 (an interrupted activity is terminated, with all
that runs in it) and 13.5.6 (terminate end event).
"""

from collections import deque

from engine.bpmn.model import Element
from engine.runtime.effects import JobDropped, UserTaskClosed
from engine.runtime.lines import end_line, end_lines_of_scope
from engine.runtime.records import put_back
from engine.runtime.run import Run
from engine.runtime.state import Activity
from engine.runtime.waits import drop_waits_of_activity, drop_waits_of_scope


def cancel_activity(run: Run, activity_id: str) -> None:
    """End a visit with everything inside it: instances, child scope, open work, waits."""
    activity = run.activities[activity_id]
    put_back(run, activity_id)
    cancel_inside(run, activity_id)
    element = run.element_of(activity)
    if _has_history(activity, element):
        run.cancelled(activity_id, element)
    del run.activities[activity_id]
    if "instance_of" in activity:
        end_line(run, activity.get("line"))


def _has_history(activity: Activity, element: Element) -> bool:
    """Say whether this is a visit; of a frame around instances or rounds, those are the visits.

    An event sub-process that waits until something is undone has not begun yet.
    """
    is_aside = "undo" in activity and activity["undo"].keys() & {"aside", "error"}
    is_undoing = "again" in activity or is_aside or ("undo" in activity and element.triggered_by_event)
    return not ("loop" in activity or "rounds" in activity or is_undoing)


def cancel_inside(run: Run, activity_id: str) -> None:
    """End everything inside a visit, and leave the visit itself with nothing to wait for."""
    activity = run.activities[activity_id].copy()
    if "loop" in activity or "rounds" in activity:
        cancel_instances(run, activity_id)
    if "child" in activity:
        cancel_content(run, activity["child"])
        del run.scopes[activity["child"]]
        del activity["child"]
    for signature_id in activity.get("signatures", ()):
        cancel_activity(run, signature_id)
    work = activity.get("work") or activity.get("held")
    if work == "user":
        run.effects.append(UserTaskClosed(activity_id, completed=False))
    elif work == "job":
        run.effects.append(JobDropped(activity_id))
    activity.pop("work", None)
    drop_waits_of_activity(run, activity_id)
    run.activities[activity_id] = activity


def cancel_instances(run: Run, body_id: str) -> None:
    """End the instances of a multi-instance activity that are still open."""
    open_instances = [key for key, each in run.activities.items() if each.get("instance_of") == body_id]
    for activity_id in open_instances:
        cancel_activity(run, activity_id)


def cancel_content(run: Run, scope_id: str) -> None:
    """End everything in a scope: activities, tokens on flows and at joins, event sub-process waits."""
    inside = [
        key
        for key, each in run.activities.items()
        if each["scope"] == scope_id and "instance_of" not in each and "added_to" not in each
    ]
    for activity_id in inside:
        cancel_activity(run, activity_id)
    drop_waits_of_scope(run, scope_id)
    run.scopes[scope_id] = {**run.scopes[scope_id], "tokens": 0, "joins": {}}
    run.arrivals = deque(arrival for arrival in run.arrivals if arrival.scope != scope_id)
    end_lines_of_scope(run, scope_id)
