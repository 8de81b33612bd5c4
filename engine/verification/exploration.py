"""Exploring what a net can do: breadth first over ``advance``, every decision both ways."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.bpmn.model import EventKind, Net, Process
from engine.runtime.advance import STEP_BUDGET, advance
from engine.runtime.commands import (
    Command,
    CompleteActivity,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    Start,
    ThrowError,
)
from engine.runtime.effects import Effect, ElementEntered
from engine.runtime.errors import Incident
from engine.runtime.state import State
from engine.verification.abstraction import CONDITION, Oracle, without_data
from engine.verification.shape import Shape, shape_of
from kernel.language import Text

# Enough for every diagram that a person can survey; some seconds at most.
MOST_STATES = 4_000
MOST_MOVES = 20_000
# Three tokens in one element show nothing that two do not.
MOST_VISITS = 2
# A command that asks for more decisions goes round and round without a wait.
MOST_DECISIONS = 40

INTERRUPTING_ROLES = frozenset({"boundary", "event_sub_process"})
CONDITIONS_ALONE = Incident(
    "instance.stuck",
    Text(
        zh="只等待条件成立，而没有任何步骤能改变它；到达时条件不成立则停住。",
        en="Only conditions are waited for, and nothing is left to change them: false now is false for ever.",
    ),
)
_A_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_NOT_A_WAY = frozenset({"flow.none-holds", "error.not-caught"})


@dataclass(frozen=True, slots=True)
class Step:
    """One move: what was done, which element it was done to, which variables decided."""

    action: str
    element_id: str
    decided_by: tuple[frozenset[str], ...] = ()


@dataclass(slots=True)
class Found:
    """A reached state: how it was first reached, and where it leads.

    ``is_explored`` is false where something that may follow was left out at the bound.
    """

    state: State
    came_from: Shape | None
    by: Step | None
    leads_to: set[Shape] = field(default_factory=set)
    is_explored: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether the instance has ended."""
        return self.state["status"] == "ended"


@dataclass(slots=True)
class Failure:
    """A move that the runtime refuses with an incident."""

    at: Shape | None
    by: Step
    incident: Incident


class Exploration:
    """All states that can be reached from one start event, or from a given state, up to a bound.

    ``is_complete`` is false when the bound was hit: then nothing is known about what
    lies beyond it, and no conclusion may be drawn from its absence. ``is_calm`` leaves out what may
    happen to an activity or a scope from outside: boundary events and event sub-processes.
    """

    def __init__(
        self,
        net: Net,
        process: Process,
        start_event: str,
        begin_at: State | None = None,
        *,
        is_calm: bool = False,
    ) -> None:
        self._oracle = Oracle()
        self._net = without_data(net, self._oracle.decide)
        self._error_codes = _error_codes(net)
        self.net = net
        self.process = process
        self.start_event = start_event
        self.found: dict[Shape, Found] = {}
        self.failures: list[Failure] = []
        self.entered: set[tuple[str, str]] = set()
        self.crowded: dict[str, Shape] = {}
        self.is_complete = True
        self._is_calm = is_calm
        self._moves_made = 0
        self._waiting: deque[Shape] = deque()
        self._explore(begin_at)

    def way_to(self, shape: Shape | None) -> tuple[Step, ...]:
        """Return the shortest way from the start to a state."""
        steps: list[Step] = []
        while shape is not None:
            found = self.found[shape]
            if found.by is not None:
                steps.insert(0, found.by)
            shape = found.came_from
        return tuple(steps)

    def _explore(self, begin_at: State | None) -> None:
        if begin_at is None:
            self._try(None, None, Start(self.process.key, {}, self.start_event), "start", self.start_event)
        else:
            self._reach(None, begin_at, [], None)
        while self._waiting:
            if self._moves_made > MOST_MOVES:
                self.is_complete = False
                return
            shape = self._waiting.popleft()
            found = self.found[shape]
            found.is_explored = True
            for command, action, element_id in self._moves(found.state):
                self._try(shape, found.state, command, action, element_id)

    def _moves(self, state: State) -> Iterator[tuple[Command, str, str]]:
        """List what can happen next; of several visits to one element in one situation, one is enough."""
        for activity_id, activity in state["activities"].items():
            if "work" not in activity:
                continue
            yield CompleteActivity(activity_id), "complete", activity["element"]
            if activity["work"] == "job":
                for code in self._error_codes:
                    yield ThrowError(activity_id, code), f"error {code}", activity["element"]
        for wait_id, wait in state["waits"].items():
            if self._is_calm and wait["role"] in INTERRUPTING_ROLES:
                continue
            yield happening(wait_id, wait["kind"]), wait["kind"], wait["element"]

    def _try(
        self, at: Shape | None, state: State | None, command: Command, action: str, element_id: str
    ) -> None:
        """Carry out one move in every way in which its decisions can go."""
        scripts: list[tuple[bool, ...]] = [()]
        while scripts:
            self._oracle.begin(scripts.pop())
            self._moves_made += 1
            try:
                reached, effects = advance(self._net, state, command, _A_MOMENT)
            except Incident as incident:
                if incident.rule not in _NOT_A_WAY:
                    self.failures.append(Failure(at, self._step(action, element_id), incident))
            else:
                self._reach(at, reached, effects, self._step(action, element_id))
            scripts += self._further_answers()

    def _further_answers(self) -> list[tuple[bool, ...]]:
        """Give the answers still to try; of a command that goes on asking, some and then one for ever."""
        untried = self._oracle.untried()
        few = [script for script in untried if len(script) <= MOST_DECISIONS]
        if len(few) == len(untried):
            return few
        self.is_complete = False
        if len(self._oracle.script) == MOST_DECISIONS:
            few.append(self._oracle.script + self._oracle.script[-1:] * STEP_BUDGET)
        return few

    def _step(self, action: str, element_id: str) -> Step:
        return Step(action, element_id, tuple(names for _, names in self._oracle.asked if names))

    def _reach(self, at: Shape | None, state: State, effects: list[Effect], step: Step | None) -> None:
        self.entered.update(
            (each.scope_process, each.element_id) for each in effects if isinstance(each, ElementEntered)
        )
        shape = shape_of(state)
        if shape not in self.found:
            if len(self.found) >= MOST_STATES:
                self.is_complete = False
                if at is not None:
                    self.found[at].is_explored = False
                return
            self.found[shape] = Found(state, at, step)
            crowd = _crowded_elements(state)
            for element_id in crowd:
                self.crowded.setdefault(element_id, shape)
            if max(crowd.values(), default=0) > MOST_VISITS:
                self.is_complete = False
            elif state["status"] == "running":
                self._waiting.append(shape)
            if step is not None and _waits_for_conditions_alone(state):
                self.failures.append(Failure(at, step, CONDITIONS_ALONE))
        if at is not None:
            self.found[at].leads_to.add(shape)


def _waits_for_conditions_alone(state: State) -> bool:
    """Say whether nothing is left that could make a condition true which was false when it was reached."""
    waits = state["waits"].values()
    names = [wait.get("name", "") for wait in waits if wait["kind"] == "signal"]
    is_alone = 0 < len(waits) == len(names) and all(name.startswith(CONDITION) for name in names)
    return is_alone and not any("work" in each for each in state["activities"].values())


def happening(wait_id: str, kind: str) -> Command:
    """Return the command by which what is waited for comes."""
    if kind == "timer":
        return FireTimer(wait_id)
    return DeliverMessage(wait_id) if kind == "message" else DeliverSignal(wait_id)


def _crowded_elements(state: State) -> Counter[str]:
    """Count elements of one scope that hold several tokens, and flows on which several wait."""
    visits = Counter(
        (each["scope"], each["element"])
        for each in state["activities"].values()
        # What undoes, and who signs in addition, is no token that goes on from here.
        if not each.keys() & {"instance_of", "undoes", "added_to"}
    )
    crowd = Counter({element: count for (_, element), count in visits.items() if count > 1})
    for scope in state["scopes"].values():
        crowd.update({flow: count for flow, count in scope["joins"].items() if count > 1})
    return crowd


def _error_codes(net: Net) -> tuple[str, ...]:
    """Collect the error codes that a diagram catches; "any" stands for all that it does not name."""
    codes = {
        element.event.name or "any"
        for process in net.processes.values()
        for element in process.elements.values()
        if element.event is not None and element.event.kind is EventKind.ERROR
    }
    return tuple(sorted(codes))
