"""Moving a running instance to another version of its net.

Every token stays where it is drawn: its element must be in the new net, perhaps under another name, as
the same kind of element in the same scope. Timers keep the instant at which they are due, messages and
signals go on being waited for, variables and results stay. What the new version listens to in addition
is armed, what it no longer listens to is dropped. Whatever does not fit is a reason to stay, and then
nothing changes.

BPMN 2.0.2 says nothing of versions. Whether the instance can still end in the new net is explored by
``engine.verification.continuation``.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.bpmn.model import Element, ElementKind, Net, Process
from engine.runtime.effects import Effect
from engine.runtime.errors import Incident
from engine.runtime.homes import CannotMigrate, Homes, Reason, Renamings, is_same_event
from engine.runtime.run import Run
from engine.runtime.state import Activity, Done, Inside, Line, Scope, State, Stretch, Variables, draft_of
from engine.runtime.stretches import closed
from engine.runtime.waits import arm, drop


def migrate(
    old: Net, new: Net, state: State, mapping: Renamings, now: datetime
) -> tuple[State, list[Effect]]:
    """Return the state in the new net and what is waited for in addition or no longer.

    Open user tasks and jobs go on under their activity ids; no effect speaks of them.

    Raises:
        CannotMigrate: it does not fit; the given state is unchanged.
    """
    move = _Move(old, new, state, mapping)
    move.check()
    if move.reasons:
        raise CannotMigrate(tuple(move.reasons))
    run = Run(new, move.moved(), now)
    try:
        move.listen_anew(run)
    except Incident as incident:
        raise CannotMigrate((Reason(incident.rule, incident.element_id, incident.message),)) from incident
    return run.state, run.effects


class _Move(Homes):
    """One instance on its way to its new home."""

    def moved(self) -> State:
        """Return the state with every element under its new name."""
        draft = draft_of(self.state)
        for key, scope in draft["scopes"].items():
            moved: Scope = scope.copy()
            variables = self._variables(scope["process"], scope["element"], scope.get("variables", {}))
            moved.pop("variables", None)
            if variables or scope["element"] is None:
                moved["variables"] = variables
            if scope["element"] is not None:
                moved["element"] = self.name(scope["process"], scope["element"])
            if "done" in scope:
                moved["done"] = self._done(scope["process"], scope["done"])
            draft["scopes"][key] = moved
        for activity_id, activity in draft["activities"].items():
            process = self.process_of(activity["scope"])
            visit: Activity = {**activity, "element": self.name(process, activity["element"])}
            if "done" in activity:
                visit["done"] = self._done(process, activity["done"])
            draft["activities"][activity_id] = visit
        if "way_back" in draft:
            self._close_way_back(draft)
        return draft

    def _done(self, process: str, done: Sequence[Done]) -> list[Done]:
        found: list[Done] = []
        for each in done:
            renamed: Done = {**each, "element": self.name(process, each["element"])}
            if "inside" in each:
                renamed["inside"] = self._inside(each["inside"])
            found.append(renamed)
        return found

    def _inside(self, inside: Inside) -> Inside:
        name = None if inside["element"] is None else self.name(inside["process"], inside["element"])
        moved: Inside = {**inside, "element": name, "done": self._done(inside["process"], inside["done"])}
        variables = self._variables(inside["process"], inside["element"], inside.get("variables", {}))
        moved.pop("variables", None)
        if variables or inside["element"] is None:
            moved["variables"] = variables
        return moved

    def _variables(self, process: str, element: str | None, variables: Variables) -> Variables:
        """Return what a process or sub-process holds, with the data objects that are new, still empty."""
        objects = self.data_objects(process, element)
        if element is None:
            return {**objects, **variables}
        return {name: variables.get(name) for name in objects}

    def _close_way_back(self, draft: State) -> None:
        """Keep of each line where its token is: nobody is returned along a way that is not drawn any more."""
        way = draft["way_back"]
        if not self.new.keeps_lines:
            del draft["way_back"]
            for activity_id, activity in draft["activities"].items():
                draft["activities"][activity_id] = without_line(activity)
            return
        way["lines"] = {key: self._closed(draft, line) for key, line in way["lines"].items()}
        if "first" in way:
            way["first"] = self.name(draft["process"], way["first"])

    def _closed(self, draft: State, line: Line) -> Line:
        newest = line["stretches"][-1]
        is_open = str(newest["since"]) in draft["activities"]
        if not is_open or len(line["stretches"]) == 1:
            return {**line, "stretches": closed(line["stretches"], draft["next_id"])}
        visit: Stretch = {
            "since": newest["since"],
            "element": draft["activities"][str(newest["since"])]["element"],
        }
        return {**line, "stretches": [*closed(line["stretches"], draft["next_id"]), visit]}

    def listen_anew(self, run: Run) -> None:
        """Keep, drop and add waits, so that the instance listens to what the new version draws."""
        for wait_id, wait in self.state["waits"].items():
            heir = self.heir(wait)
            if heir is None:
                drop(run, wait_id)
                continue
            is_renamed = wait["kind"] in ("message", "signal") and wait.get("name") != _event_name(heir)
            if is_renamed and "part" not in wait:
                drop(run, wait_id)
                arm(run, wait["role"], heir, wait["scope"], wait.get("activity"))
            else:
                run.waits[wait_id] = {**wait, "element": heir.id}
        for activity_id in list(run.activities):
            if not run.activities[activity_id].keys() & {"instance_of", "added_to"}:
                self._listen_at(run, activity_id)
        for scope_id in list(run.scopes):
            self._listen_in(run, scope_id)

    def _listen_at(self, run: Run, activity_id: str) -> None:
        """Arm the boundary events, and the events behind a gateway, that only the new version draws."""
        activity = run.activities[activity_id]
        element, process = run.element_of(activity), run.process_of(activity["scope"])
        for event_id in element.boundary_events:
            if not self._is_known(process, element.id, event_id):
                arm(run, "boundary", process.elements[event_id], activity["scope"], activity_id)
        if element.kind is ElementKind.EVENT_BASED_GATEWAY:
            for flow in element.outgoing:
                if not self._is_known(process, element.id, flow.target):
                    arm(run, "gateway", process.elements[flow.target], activity["scope"], activity_id)

    def _listen_in(self, run: Run, scope_id: str) -> None:
        """Arm the event sub-processes that only the new version draws, unless one interrupted the scope."""
        process, scope = run.process_of(scope_id), run.scopes[scope_id]
        running = [run.element_of(each) for each in run.activities.values() if each["scope"] == scope_id]
        if any(each.triggered_by_event and _start_of(process, each).interrupting for each in running):
            return
        container = process if scope["element"] is None else process.elements[scope["element"]]
        for sub_process_id in container.event_sub_processes:
            start = _start_of(process, process.elements[sub_process_id])
            if not self._is_known(process, scope["element"], start.id):
                arm(run, "event_sub_process", start, scope_id)

    def _is_known(self, process: Process, host: str | None, event_id: str) -> bool:
        """Tell whether the old version listens for the same event at the same place.

        Then a timer that is not waited for has fired, and is not armed again. An event that was drawn at
        another place, or was another one, is new here whatever its name.
        """
        after = process.elements[event_id]
        return any(
            self.name(process.key, before.id) == event_id and is_same_event(before, after)
            for before in self._old_events(process.key, host)
        )

    def _old_events(self, process: str, host: str | None) -> Iterator[Element]:
        """Return what the old version listens for at an activity or in a scope of the new one."""
        old = self.old.processes[process]
        places = [each for each in old.elements.values() if self.name(process, each.id) == host]
        for place in places:
            yield from (old.elements[event_id] for event_id in place.boundary_events)
            yield from (old.elements[flow.target] for flow in place.outgoing)
        for container in [old] if host is None else places:
            for sub_process_id in container.event_sub_processes:
                yield _start_of(old, old.elements[sub_process_id])


def without_line(activity: Activity) -> Activity:
    """Return the record of a visit in an instance that does not remember its way."""
    result: Activity = activity.copy()
    result.pop("line", None)
    return result


def _event_name(element: Element) -> str:
    return "" if element.event is None else element.event.name or ""


def _start_of(process: Process, sub_process: Element) -> Element:
    return process.elements[sub_process.starts[0]]
