"""Returns: an open user task goes back to an earlier one, and what followed from that is withdrawn.

Exactly what followed: tokens that run beside it stay where they are. So the rest of the run is itself a
run of the diagram as drawn, and nobody's approval is skipped: docs/explanation/returns.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bpmn.model import Element, Net
from engine.runtime.activities import enter
from engine.runtime.cancelling import cancel_activity
from engine.runtime.commands import ReturnTo
from engine.runtime.effects import Spans, TokensReturned
from engine.runtime.errors import NoLongerWaiting, NoWayBack
from engine.runtime.following import Place, followed_by, followers, others_read, past
from engine.runtime.run import Run
from engine.runtime.state import State, Stretch, Undo
from engine.runtime.straight_back import may_go_straight, plan_straight_back
from engine.runtime.stretches import newest, restore, update, way_of
from engine.runtime.tokens import change_count


@dataclass(frozen=True, slots=True)
class Target:
    """An earlier user task to which an open one may be returned.

    ``is_previous`` and ``is_initiator`` say which of them those words mean; ``straight_back`` whether
    its token may afterwards go straight back.
    """

    visit: str
    element_id: str
    scope_process: str
    is_previous: bool = False
    is_initiator: bool = False
    straight_back: bool = False


def return_targets(net: Net, state: State, activity_id: str) -> tuple[Target, ...]:
    """Return where an open user task may be returned to, nearest first, as its element allows."""
    return tuple(target for target, _ in _targets(net, state, activity_id))


def _targets(net: Net, state: State, activity_id: str) -> list[tuple[Target, Place]]:
    activity = state["activities"].get(activity_id)
    if (
        activity is None
        or activity.get("work") != "user"
        or "line" not in activity
        or "way_back" not in state
    ):
        return []
    process = net.processes[state["scopes"][activity["scope"]]["process"]]
    element = process.elements[activity["element"]]
    way = state["way_back"]
    found: list[tuple[Target, Place]] = []
    known = {(process.key, element.id)}
    for place in past(way["lines"], activity["line"]):
        line = way["lines"][place.line]
        stretch = line["stretches"][place.index]
        key = (state["scopes"][line["scope"]]["process"], stretch["element"])
        if key in known or "completed" not in stretch:
            continue
        known.add(key)
        target = Target(
            visit=str(stretch["since"]),
            element_id=stretch["element"],
            scope_process=key[0],
            is_previous=len(known) == 2,
            is_initiator=key == (state["process"], way.get("first")),
            straight_back=may_go_straight(net, state, place),
        )
        if _is_allowed(element, target) and not others_read(state, place):
            found.append((target, place))
    return found


def _is_allowed(element: Element, target: Target) -> bool:
    allowed = element.return_to
    return (
        "any" in allowed
        or ("previous" in allowed and target.is_previous)
        or ("initiator" in allowed and target.is_initiator)
    )


def return_to(run: Run, command: ReturnTo) -> None:
    """Withdraw what followed from an earlier visit and let its token do the work anew.

    Raises:
        NoLongerWaiting: the user task is not open.
        NoWayBack: it may not be returned there.
    """
    activity = run.activities.get(command.activity_id)
    if activity is None or activity.get("work") != "user":
        raise NoLongerWaiting(f"activity {command.activity_id}")
    target, place = _chosen(run, command)
    line = way_of(run)["lines"][place.line]
    run.effects.append(
        TokensReturned(
            from_activity=command.activity_id,
            from_element=activity["element"],
            element_id=target.element_id,
            scope_process=target.scope_process,
            superseded=spans(followed_by(way_of(run)["lines"], place)),
        )
    )
    plan = plan_straight_back(run, place) if command.straight_back else None
    withdraw(run, place)
    reopen(run, place, line["scope"], target.element_id)
    if plan is not None:
        run.line = place.line
        update(run, {**newest(run), "straight": plan})


def _chosen(run: Run, command: ReturnTo) -> tuple[Target, Place]:
    for target, place in _targets(run.net, run.state, command.activity_id):
        is_meant = {"previous": target.is_previous, "initiator": target.is_initiator}
        if is_meant.get(command.to, target.element_id == command.to):
            if command.straight_back and not target.straight_back:
                raise NoWayBack(f"{command.to} (straight back)")
            return target, place
    raise NoWayBack(command.to)


def spans(stretches: Sequence[Stretch]) -> Spans:
    """Return what was done in some stretches."""
    return Spans(tuple(sorted((after, upto) for each in stretches for after, upto in each.get("done", ()))))


def withdraw(run: Run, place: Place) -> None:
    """Take away every token that followed from a visit, and what they wrote; keep one to put down anew."""
    lines = way_of(run)["lines"]
    scope_id = lines[place.line]["scope"]
    change_count(run, scope_id, 1)
    for line_id in [place.line, *followers(lines, place)]:
        _withdraw_token(run, line_id)
    undone: Undo = {}
    for stretch in followed_by(lines, place):
        for frame, values in stretch.get("undo", {}).items():
            undone[frame] = {**values, **undone.get(frame, {})}
    restore(run, undone)
    for line_id in followers(lines, place):
        del lines[line_id]
    line = lines[place.line]
    lines[place.line] = {
        "scope": scope_id,
        "parent": line["parent"],
        "stretches": line["stretches"][: place.index],
    }


def _withdraw_token(run: Run, line_id: str) -> None:
    """Take the token of a line out of the activity it is in, or from the join it waits at."""
    line = way_of(run)["lines"].get(line_id)
    if line is None:
        # It ran inside of what was withdrawn before.
        return
    if "at" in line:
        scope = run.scopes[line["scope"]]
        left = {**scope["joins"], line["at"]: scope["joins"][line["at"]] - 1}
        joins = {flow: count for flow, count in left.items() if count}
        run.scopes[line["scope"]] = {**scope, "joins": joins}
        change_count(run, line["scope"], -1)
    on_line = [key for key, each in run.activities.items() if each.get("line") == line_id]
    # Added signatures go with what they were added to; they have no token of their own.
    here = [key for key in on_line if "added_to" not in run.activities[key]]
    for activity_id in here:
        scope_id = run.activities[activity_id]["scope"]
        cancel_activity(run, activity_id)
        change_count(run, scope_id, -1)


def reopen(run: Run, place: Place, scope_id: str, element_id: str) -> None:
    """Let the token of a line visit a user task anew."""
    run.line = place.line
    enter(run, scope_id, run.process_of(scope_id).elements[element_id], "")
