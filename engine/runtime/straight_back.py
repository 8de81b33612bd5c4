"""Straight back: returned work that, done anew, changes nothing goes straight to the task that returned it.

Those who decided in between saw exactly what they would see again, so their decisions stand. Where the
redo wrote anything else, or a token beside has read what the return withdrew, they decide anew.
"""

from engine.bpmn.model import Element, ElementKind, Net
from engine.runtime.effects import CouldNotGoStraightBack, Spans, WentStraightBack
from engine.runtime.following import Place, followers, read_beside
from engine.runtime.run import Arrival, Run
from engine.runtime.state import State, StraightBack, Stretch, Undo
from engine.runtime.stretches import newest, restore, update, value_of, way_of


def may_go_straight(net: Net, state: State, place: Place) -> bool:
    """Say whether only one token follows from a visit, and it is in one user task on the visit's line.

    An event beside the visit that starts something would be part of it and has to happen anew.
    """
    line = state["way_back"]["lines"][place.line]
    elements = net.processes[state["scopes"][line["scope"]]["process"]].elements
    target = elements[line["stretches"][place.index]["element"]]
    starts_nothing = all(elements[each].interrupting for each in target.boundary_events)
    lines = state["way_back"]["lines"]
    visit = str(lines[place.line]["stretches"][-1]["since"])
    activities = state["activities"]
    instances = {each.get("line") for each in activities.values() if each.get("instance_of") == visit}
    is_alone = all(line_id in instances for line_id in followers(lines, place))
    return starts_nothing and visit in activities and is_alone


def plan_straight_back(run: Run, place: Place) -> StraightBack:
    """Note, before the return, what it takes to go straight back."""
    before, *between, last = way_of(run)["lines"][place.line]["stretches"][place.index :]
    values: Undo = {}
    for stretch in (before, *between):
        for frame, names in stretch.get("undo", {}).items():
            for name in names if frame in run.scopes or frame in run.activities else ():
                # What the returned task itself has written since is not restored.
                earlier = last.get("undo", {}).get(frame, {}).get(name)
                known = values.setdefault(frame, {})
                known[name] = value_of(run, frame, name) if earlier is None else earlier
    return {
        "to": last["element"],
        "wrote": before["wrote"],
        "before": before,
        "between": between,
        "values": values,
    }


def go_straight_back(run: Run, scope_id: str, element: Element) -> bool:
    """Send the token of work done anew where that was returned from; False when it leaves as drawn.

    What was asked for and cannot be is told: whoever returned the task will see it later than hoped.
    """
    if run.line is None or element.kind is not ElementKind.USER_TASK:
        return False
    stretch = newest(run).copy()
    plan = stretch.pop("straight", None)
    if plan is None or "completed" not in stretch:
        return False
    update(run, stretch)
    visit, process = str(stretch["since"]), run.scopes[scope_id]["process"]
    if not _changed_nothing(run, stretch, plan):
        run.effects.append(CouldNotGoStraightBack(visit, plan["to"], process))
        return False
    lines = way_of(run)["lines"]
    line = lines[run.line or ""]
    behind = _behind_visit(plan["before"])
    # What lay behind the earlier visit now lies behind the new one, on a stretch of its own.
    rest: Stretch = {**plan["before"], "since": plan["before"]["completed"], "done": behind}
    for field in ("element", "completed", "wrote"):
        del rest[field]  # type: ignore[misc]  # the three are fields that may be missing
    stretches = [*line["stretches"][:-1], stretch, rest, *plan["between"]]
    lines[run.line or ""] = {**line, "stretches": stretches}
    restore(run, plan["values"])
    counting = [*behind, *(pair for each in plan["between"] for pair in each.get("done", ()))]
    reinstated = Spans(tuple((after, upto) for after, upto in counting))
    run.effects.append(WentStraightBack(visit, plan["to"], process, reinstated))
    run.arrivals.append(Arrival(scope_id, plan["to"], "", run.line))
    return True


def _changed_nothing(run: Run, stretch: Stretch, plan: StraightBack) -> bool:
    """Say whether the redo wrote what the earlier visit did, and nobody beside saw what was in between."""
    place = Place(run.line or "", len(way_of(run)["lines"][run.line or ""]["stretches"]) - 1)
    if stretch["wrote"] != plan["wrote"] or followers(way_of(run)["lines"], place):
        return False
    names = {name for kept in plan["values"].values() for name in kept}
    return names.isdisjoint(read_beside(run.state, place))


def _behind_visit(stretch: Stretch) -> list[list[int]]:
    """Return what was done behind the visit with which a stretch began: the visit itself stays superseded."""
    completed = stretch["completed"] - 1
    return [[max(after, completed), upto] for after, upto in stretch.get("done", ()) if upto > completed]
