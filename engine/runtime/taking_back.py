"""Taking back: whoever completed a user task reopens it while nobody has acted on it.

Stricter than a return: all that came from the completion are open user tasks nobody has worked on, and
tokens waiting at joins; no job, message, signal, timer or listener lies in between. The state becomes
what it was before the completion, timers of the task included.
"""

from dataclasses import replace
from datetime import datetime

from engine.bpmn.model import Net
from engine.runtime.effects import TakenBack, TimerArmed
from engine.runtime.errors import NoWayBack
from engine.runtime.following import Place, followed_by, followers, others_read
from engine.runtime.returning import reopen, withdraw
from engine.runtime.run import Run
from engine.runtime.state import State, Wait
from engine.runtime.stretches import way_of


def can_take_back(net: Net, state: State, visit: str) -> bool:
    """Say whether a completed visit to a user task may be taken back."""
    return _place(net, state, visit) is not None


def _place(net: Net, state: State, visit: str) -> Place | None:
    """Find the visit, if it may be taken back."""
    if "way_back" not in state or state["status"] != "running":
        return None
    for line_id, line in state["way_back"]["lines"].items():
        for index, stretch in enumerate(line["stretches"]):
            if str(stretch["since"]) == visit and "completed" in stretch and "element" in stretch:
                elements = net.processes[state["scopes"][line["scope"]]["process"]].elements
                place = Place(line_id, index)
                allowed = "takeBack" in elements[stretch["element"]].actions
                return place if allowed and _is_untouched(state, place) else None
    return None


def _is_untouched(state: State, place: Place) -> bool:
    """Say whether nothing but opening user tasks came from a visit after it was completed."""
    lines = state["way_back"]["lines"]
    later = followers(lines, place)
    # What an event started beside the visit, before it was completed, is firm from its beginning.
    followed = followed_by(lines, place)
    if any(each.get("firm") for each in followed) or any("completed" in each for each in followed[1:]):
        return False
    here = {place.line, *later}
    for activity in state["activities"].values():
        is_open_work = activity.get("work") == "user" or "loop" in activity or "child" in activity
        if activity.get("line") in here and not is_open_work:
            return False
    return not others_read(state, place)


def take_back(run: Run, visit: str) -> None:
    """Withdraw what came from a completed visit and open its task as it was before.

    Raises:
        NoWayBack: others have acted on it, or the element does not allow it.
    """
    place = _place(run.net, run.state, visit)
    if place is None:
        raise NoWayBack(f"visit {visit}")
    line = way_of(run)["lines"][place.line]
    stretch = line["stretches"][place.index]
    element_id, scope_id = stretch["element"], line["scope"]
    run.effects.append(TakenBack(visit, element_id, run.scopes[scope_id]["process"]))
    withdraw(run, place)
    reopen(run, place, scope_id, element_id)
    _keep_times(
        run, str(way_of(run)["lines"][place.line]["stretches"][-1]["since"]), stretch.get("timers", [])
    )


def _keep_times(run: Run, activity_id: str, timers: list[Wait]) -> None:
    """Let the timers of the reopened task come due when they would have: taking back gains no time."""
    due = {each["element"]: each for each in timers}
    for wait_id, wait in run.waits.items():
        if wait.get("activity") == activity_id and wait["element"] in due:
            run.waits[wait_id] = {**due[wait["element"]], "activity": activity_id}
    for index, effect in enumerate(run.effects):
        if isinstance(effect, TimerArmed) and run.waits[effect.wait_id].get("activity") == activity_id:
            moment = datetime.fromisoformat(run.waits[effect.wait_id]["due"])
            run.effects[index] = replace(effect, due_at=moment)
