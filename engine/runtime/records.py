"""Records of what has completed and can be compensated: kept, handed out once, saved from what ends.

Only activities with a compensation handler, or with such inside, leave a record.

Source: BPMN 2.0.2, clause 13.5.5 (compensation).
"""

from typing import cast

from engine.bpmn.model import Element, EventKind
from engine.runtime.errors import Incident
from engine.runtime.run import Run
from engine.runtime.state import Activity, Done, Inside
from kernel.language import Text

MOST_RECORDS = 1_000


def home_of(run: Run, scope_id: str) -> str:
    """Return the scope that keeps the records: an event sub-process acts for the scope around it."""
    while True:
        scope = run.scopes[scope_id]
        if scope["owner"] is None or scope["element"] is None:
            return scope_id
        if not run.process_of(scope_id).elements[scope["element"]].triggered_by_event:
            return scope_id
        scope_id = run.activities[scope["owner"]]["scope"]


def compensation_start(run: Run, inside: Inside) -> Element | None:
    """Return the start of the event sub-process that compensates a sub-process as a whole."""
    process = run.net.processes[inside["process"]]
    name = inside["element"]
    for each in () if name is None else process.elements[name].event_sub_processes:
        start = process.elements[process.elements[each].starts[0]]
        if start.event is not None and start.event.kind is EventKind.COMPENSATE:
            return start
    return None


def keep_content(run: Run, scope_id: str) -> None:
    """Hand over to the activity that runs a scope what the scope leaves to be compensated."""
    owner = run.scopes[scope_id]["owner"]
    inside = _inside(run, scope_id)
    if owner is not None and (inside["done"] or compensation_start(run, inside) is not None):
        run.activities[owner] = {**run.activities[owner], "inside": inside}


def _inside(run: Run, scope_id: str) -> Inside:
    scope = run.scopes[scope_id]
    inside: Inside = {
        "process": scope["process"],
        "element": scope["element"],
        "done": scope.get("done", []),
    }
    if "variables" in scope:
        inside["variables"] = scope["variables"]
    return inside


def remember(run: Run, activity_id: str, element: Element) -> None:
    """Record that an activity, or one instance of it, has completed. A handler itself is never undone."""
    activity = run.activities[activity_id]
    if (element.compensated_by is None and "inside" not in activity) or "undoes" in activity:
        return
    record: Done = {"element": element.id}
    if "locals" in activity:
        record["locals"] = activity["locals"]
    # A handler sees the activity from outside only; without one, its content is compensated.
    if element.compensated_by is None:
        record["inside"] = activity["inside"]
    if "instance_of" in activity:
        body = run.activities[activity["instance_of"]]
        run.activities[activity["instance_of"]] = {**body, "done": [*body.get("done", []), record]}
    else:
        keep(run, activity["scope"], [record])


def remember_instances(run: Run, body_id: str) -> None:
    """Record the instances of an activity now that all of it has completed."""
    body = run.activities[body_id]
    if "done" in body and "undoes" not in body:
        keep(run, body["scope"], body["done"])


def keep(run: Run, scope_id: str, records: list[Done]) -> None:
    """Add records to a scope.

    Raises:
        Incident: a loop has left more to undo than anybody could.
    """
    if not records:
        return
    home = home_of(run, scope_id)
    scope = run.scopes[home]
    done = [*scope.get("done", []), *records]
    if len(done) > MOST_RECORDS:
        raise Incident(
            "guard.too-many-to-undo",
            Text(
                zh=f"可补偿的已完成活动超过 {MOST_RECORDS} 个。",
                en=f"More than {MOST_RECORDS} completed activities could be compensated.",
            ),
            records[-1]["element"],
        )
    run.scopes[home] = {**scope, "done": done}


def take(run: Run, scope_id: str, element_id: str | None) -> list[Done]:
    """Take the records of one activity, or all, out of a scope: nothing is compensated twice."""
    scope = run.scopes[scope_id]
    done = scope.get("done", [])
    taken = [record for record in done if element_id in {None, record["element"]}]
    if taken:
        left = [record for record in done if record not in taken]
        run.scopes[scope_id] = {**scope, "done": left}
    return taken


def put_back(run: Run, activity_id: str) -> None:
    """Return what an interrupted compensation has not begun to undo, so that it can still be undone."""
    activity = run.activities[activity_id]
    if "again" in activity:
        keep(run, activity["scope"], content_of(run, activity_id))
    elif "undo" in activity:
        keep(run, activity["undo"]["scope"], activity["undo"]["todo"])


def content_of(run: Run, activity_id: str, *, hazard: bool = False) -> list[Done]:
    """Collect what has completed inside an activity that is being ended.

    With ``hazard`` an error ends it: then a transaction is left as it is (10.3.5).
    """
    activity = run.activities[activity_id]
    element = run.element_of(activity)
    if hazard and element.is_transaction:
        return []
    found = list(activity.get("done", []))
    for key, each in run.activities.items():
        if each.get("instance_of") == activity_id:
            found += content_of(run, key, hazard=hazard)
    if "child" in activity:
        found += _content_of_child(run, activity, activity["child"], hazard)
    return found


def _content_of_child(run: Run, activity: Activity, child: str, hazard: bool) -> list[Done]:
    inside = _inside(run, child)
    done = list(inside["done"])
    for key, each in run.activities.items():
        if each["scope"] == child and "instance_of" not in each:
            done += content_of(run, key, hazard=hazard)
        if "undo" in each and each["undo"]["scope"] == child:
            done += each["undo"]["todo"]
    if not done:
        return []
    record: Done = {"element": activity["element"], "failed": True}
    record["inside"] = cast(Inside, {**inside, "done": done})
    if "locals" in activity:
        record["locals"] = activity["locals"]
    return [record]
