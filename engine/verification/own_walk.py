"""One random walk by our own runtime, told in terms that another engine understands."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from engine.bpmn.model import Element, ElementKind, EventDefinition, EventKind, Net, Process
from engine.runtime.advance import advance
from engine.runtime.commands import (
    Command,
    CompleteActivity,
    Start,
    ThrowError,
)
from engine.runtime.effects import Effect, ElementEntered
from engine.verification.comparable import THROWS, Limits
from engine.verification.exploration import happening

_A_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Move:
    """Something that may happen next: work is completed, or an event comes."""

    element_id: str
    is_event: bool


class OwnWalk:
    """An instance in our runtime."""

    def __init__(self, net: Net, process: Process, start_event: str, limits: Limits) -> None:
        self._net = net
        self._elements = process.elements
        self._limits = limits
        self._visits: Counter[str] = Counter()
        self._is_beyond = False
        self._state, effects = advance(net, None, Start(process.key, {}, start_event), _A_MOMENT)
        self._look_for_limits(effects)

    @property
    def is_ended(self) -> bool:
        """Whether the instance has ended."""
        return self._state["status"] == "ended"

    @property
    def is_beyond(self) -> bool:
        """Whether the walk has left what can be compared."""
        return self._is_beyond

    @property
    def reached(self) -> set[str]:
        """Elements that a token came to."""
        return set(self._visits)

    def open_work(self) -> list[str]:
        """Elements that wait for somebody or something, sorted; one entry per visit."""
        working = [each["element"] for each in self._state["activities"].values() if "work" in each]
        catching = [each["element"] for each in self._state["waits"].values() if each["role"] == "catch"]
        return sorted(working + catching)

    def moves(self) -> list[Move]:
        """All moves that both engines can make."""
        events = (
            wait["element"]
            for wait in self._state["waits"].values()
            if wait["role"] == "gateway"
            or (wait["role"] == "boundary" and self._elements[wait["element"]].interrupting)
        )
        errors = (
            event.id
            for activity in self._state["activities"].values()
            if "work" in activity
            for event in self._error_events(self._elements[activity["element"]])
        )
        return [Move(each, is_event=False) for each in self.open_work()] + [
            Move(each, is_event=True) for each in dict.fromkeys([*events, *errors])
        ]

    def make(self, move: Move) -> None:
        """Carry out a move.

        Raises:
            Incident: the instance cannot go on.
        """
        self._state, effects = advance(self._net, self._state, self._command(move), _A_MOMENT)
        self._look_for_limits(effects)

    def _error_events(self, host: Element) -> Iterable[Element]:
        events = (self._elements[event_id] for event_id in host.boundary_events)
        return (event for event in events if event.event is not None and event.event.kind is EventKind.ERROR)

    def _command(self, move: Move) -> Command:
        if not move.is_event:
            for activity_id, activity in self._state["activities"].items():
                if activity["element"] == move.element_id and "work" in activity:
                    return CompleteActivity(activity_id)
        for wait_id, wait in self._state["waits"].items():
            if wait["element"] == move.element_id:
                return happening(wait_id, wait["kind"])
        event = self._elements[move.element_id]
        host_id = next(
            activity_id
            for activity_id, activity in self._state["activities"].items()
            if activity["element"] == event.attached_to and "work" in activity
        )
        return ThrowError(host_id, (event.event and event.event.name) or "any")

    def _look_for_limits(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, ElementEntered):
                self._visits[effect.element_id] += 1
                self._is_beyond |= effect.element_id in self._limits.ends_at
                self._is_beyond |= self._begins_second_round(effect.element_id)

    def _begins_second_round(self, element_id: str) -> bool:
        """Say whether a loop with a parallel join is gone through again."""
        return self._visits[element_id] > 1 and any(
            self._visits[join] and element_id in loop for join, loop in self._limits.loops
        )


def as_seen_from_outside(net: Net) -> Net:
    """Return the net in which a called process is somebody else's work and an event of many parts is one."""
    processes = {}
    for key, process in net.processes.items():
        elements = {element_id: _from_outside(element) for element_id, element in process.elements.items()}
        processes[key] = replace(process, elements=elements)
    return Net(processes=processes)


def _from_outside(element: Element) -> Element:
    if element.kind is ElementKind.CALL_ACTIVITY:
        return replace(element, kind=ElementKind.USER_TASK)
    if element.event is not None and element.event.parts and element.kind not in THROWS:
        return replace(element, event=EventDefinition(EventKind.SIGNAL, f"parts of {element.id}"))
    return element
