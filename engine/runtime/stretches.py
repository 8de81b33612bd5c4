"""Stretches: what a line remembers of its way, between one user task and the next.

Every function does nothing for instances that do not remember their way (``run.line`` is None).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.bpmn.model import Element, ElementKind
from engine.runtime.run import Run
from engine.runtime.state import Stretch, Undo, Variables, WayBack


def way_of(run: Run) -> WayBack:
    """Return the way back of an instance that remembers its way."""
    return run.state["way_back"]


def begin_turn(run: Run, activity_id: str | None) -> None:
    """Note on whose behalf a command acts: on the line of an activity that completes, or on others'."""
    way = run.state.get("way_back")
    if way is None:
        return
    activity = run.activities.get(activity_id or "")
    line = None if activity is None else activity.get("line")
    if line is None:
        way.pop("turn", None)
    elif way.get("turn", ("", 0))[0] != line:
        way["turn"] = [line, run.state["next_id"]]


def enter_user_task(run: Run, activity_id: str, element: Element) -> None:
    """Begin a stretch at a visit to a user task; an earlier visit of the line to it is closed."""
    if run.line is None or element.kind is not ElementKind.USER_TASK:
        return
    way = way_of(run)
    line = way["lines"][run.line]
    stretches = list(line["stretches"])
    number, last = int(activity_id), stretches[-1]
    is_alone = len(way["lines"]) == 1
    nobody_came = is_alone and way.get("alone") == last["since"] > way.get("outsider", 0)
    nobody_acted = way.get("turn", ("", 0))[0] == run.line and way["turn"][1] <= last["since"]
    if nobody_came or nobody_acted:
        # Who else got a number since the stretch began came from it: all that was done since is its own.
        older = [pair for pair in last.get("done", ()) if pair[1] < last["since"]]
        stretches[-1] = {**last, "done": joined([*older, [last["since"] - 1, number - 1]])}
    if is_alone:
        way["alone"] = number
    stretches.append({"since": number, "element": element.id})
    way["lines"][run.line] = {**line, "stretches": visited_once(run, stretches)}


def visited_once(run: Run, stretches: Sequence[Stretch]) -> list[Stretch]:
    """Close each visit to an element that was visited again: its stretch becomes part of the one before."""
    found = [stretches[0]]
    for index, stretch in enumerate(stretches[1:], start=2):
        element = stretch.get("element")
        if element is not None and any(each.get("element") == element for each in stretches[index:]):
            found[-1] = merged(run, found[-1], stretch)
        else:
            found.append(stretch)
    return found


def merged(run: Run, stretch: Stretch, later: Stretch) -> Stretch:
    """Return a stretch with a later one as a closed part of it: to undo it undoes both."""
    result: Stretch = stretch.copy()
    undo = _both(run, later.get("undo", {}), stretch.get("undo", {}))
    if undo:
        result["undo"] = undo
    done = joined([*stretch.get("done", ()), *later.get("done", ())])
    if done:
        result["done"] = done
    if later.get("firm") or "completed" in later:
        result["firm"] = True
    reads = {*stretch.get("reads", ()), *later.get("reads", ())}
    if reads:
        result["reads"] = sorted(reads)
    return result


def _both(run: Run, later: Undo, earlier: Undo) -> Undo:
    """Put two undos together: the value before the earlier write is the one to restore."""
    frames = [each for each in {**later, **earlier} if each in run.scopes or each in run.activities]
    return {each: {**later.get(each, {}), **earlier.get(each, {})} for each in frames}


def joined(pairs: Sequence[list[int]]) -> list[list[int]]:
    """Write pairs that meet as one."""
    found: list[list[int]] = []
    for after, upto in sorted(pairs):
        if found and after <= found[-1][1]:
            found[-1] = [found[-1][0], max(found[-1][1], upto)]
        else:
            found.append([after, upto])
    return found


def update(run: Run, stretch: Stretch) -> None:
    """Replace the newest stretch of the moving token's line."""
    lines = way_of(run)["lines"]
    line = lines[run.line or ""]
    lines[run.line or ""] = {**line, "stretches": [*line["stretches"][:-1], stretch]}


def newest(run: Run) -> Stretch:
    """Return the newest stretch of the moving token's line."""
    return way_of(run)["lines"][run.line or ""]["stretches"][-1]


def note_done(run: Run, number: str) -> None:
    """Note that a visit was completed or that something that was waited for came."""
    if run.line is None:
        return
    stretch = newest(run)
    done = joined([*stretch.get("done", ()), [int(number) - 1, int(number)]])
    if int(number) == stretch["since"]:
        update(run, {**stretch, "done": done})
    else:
        update(run, {**stretch, "done": done, "firm": True})


def note_completed(run: Run, activity_id: str, element: Element, written: Variables) -> None:
    """Note that the visit with which the newest stretch began is completed: it may now be returned to."""
    if run.line is None or element.kind is not ElementKind.USER_TASK:
        return
    way, stretch = way_of(run), newest(run)
    if stretch["since"] != int(activity_id):
        return
    if "first" not in way and element.process == run.state["process"]:
        way["first"] = element.id
    completed: Stretch = {**stretch, "completed": run.state["next_id"], "wrote": digest(written)}
    timers = [
        each for each in run.waits.values() if each.get("activity") == activity_id and each["kind"] == "timer"
    ]
    if timers and "takeBack" in element.actions:
        completed["timers"] = timers
    update(run, completed)


def digest(values: Variables) -> str:
    """Return a short text that differs when the values differ."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def note_written(run: Run, frame: str, before: Mapping[str, Any], values: Variables) -> None:
    """Note which values variables had before the stretch wrote them for the first time."""
    if run.line is None:
        return
    stretch = newest(run)
    undo = stretch.get("undo", {})
    known = undo.get(frame, {})
    fresh = {name: [before[name]] if name in before else [] for name in values if name not in known}
    if fresh:
        update(run, {**stretch, "undo": {**undo, frame: {**known, **fresh}}})


def note_firm(run: Run) -> None:
    """Note that something happened that nobody takes back: a job, a message, a call of a listener."""
    if run.line is not None and not newest(run).get("firm"):
        update(run, {**newest(run), "firm": True})


def note_reads(run: Run, element: Element) -> None:
    """Note what an element reads that another line may write meanwhile."""
    if run.line is None:
        return
    races = run.net.processes[element.process].races.get(element.id)
    if races:
        stretch = newest(run)
        update(run, {**stretch, "reads": sorted({*stretch.get("reads", ()), *races})})


def close_way_back(run: Run, below: str | None = None) -> None:
    """Let nobody return to what led to where the moving token is now, on the lines below the given one."""
    if run.line is None:
        return
    lines = way_of(run)["lines"]
    line_id: str | None = run.line
    upto = run.state["next_id"]
    while line_id is not None and line_id != below:
        line = lines[line_id]
        stretches = line["stretches"]
        kept = closed(stretches, upto) if below is None else _joined_up(run, stretches, upto)
        lines[line_id] = {**line, "stretches": kept}
        line_id, upto = line["parent"], line["stretches"][0]["since"]


def closed(stretches: Sequence[Stretch], upto: int) -> list[Stretch]:
    """Keep of the stretches before a number only what they read: nobody will undo them."""
    reads = {name for each in stretches if each["since"] < upto for name in each.get("reads", ())}
    beginning: Stretch = {"since": stretches[0]["since"]}
    if reads:
        beginning["reads"] = sorted(reads)
    return [beginning, *(each for each in stretches if each["since"] > upto)]


def _joined_up(run: Run, stretches: Sequence[Stretch], upto: int) -> list[Stretch]:
    """Make one of the stretches before a number: only a return to before the line undoes them."""
    before, *more = [each for each in stretches if each["since"] < upto]
    for stretch in more:
        before = merged(run, before, stretch)
    return [before, *(each for each in stretches if each["since"] > upto)]


def value_of(run: Run, frame: str, name: str) -> list[Any]:
    """Return the value of a variable in the process or instance that holds it, as ``Undo`` keeps it."""
    if frame in run.activities:
        variables = run.activities[frame]["locals"]
    elif name == "result" and run.scopes[frame]["element"] is not None:
        scope = run.scopes[frame]
        return [scope["result"]] if "result" in scope else []
    else:
        variables = run.scopes[frame]["variables"]
    return [variables[name]] if name in variables else []


def restore(run: Run, values: Undo) -> None:
    """Give variables the values that were kept; what held them may be gone and needs none."""
    for frame, kept in values.items():
        if frame in run.activities:
            instance = run.activities[frame]
            run.activities[frame] = {**instance, "locals": _restored(instance["locals"], kept)}
        elif frame in run.scopes:
            scope = run.scopes[frame].copy()
            if "variables" in scope:
                scope["variables"] = _restored(scope["variables"], kept)
            if scope["element"] is not None and "result" in kept:
                # What an end event said about a sub-process is no variable.
                scope.pop("result", None)
                if kept["result"]:
                    scope["result"] = kept["result"][0]
            run.scopes[frame] = scope


def _restored(variables: Variables, kept: Mapping[str, list[Any]]) -> Variables:
    """Return variables with the values that were kept, without those that there were none of."""
    others = {name: value for name, value in variables.items() if name not in kept}
    return {**others, **{name: value[0] for name, value in kept.items() if value}}
