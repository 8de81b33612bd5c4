"""Random diagrams that undo, and a reading of the history that knows nothing of the engine's records.

A ``Plan`` is drawn as nested blocks; ``Replay`` reads what happened, visit by visit, and says which
handler may begin next.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from engine.runtime.effects import Effect, ElementCancelled, ElementCompleted, ElementEntered
from tests.unit.engine.diagram import (
    boundary,
    cancel,
    compensation,
    error,
    event,
    exclusive,
    node,
    output,
    parallel,
    signal,
    sub_process,
    transaction,
    undoing,
    undone,
    user,
    xml,
)

# A completed visit: the name, and what completed inside where that is undone instead.
Visit = tuple[str, list["Visit"] | None]


@dataclass
class Plan:
    """What was drawn: lines and nodes by scope, scopes and handlers by element, decisions and their ways."""

    flows: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    nodes: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    scope_of: dict[str, str] = field(default_factory=dict)
    handler_of: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)
    transactions: set[str] = field(default_factory=set)
    number: int = 0

    def add(self, scope: str, kind: str, written: str) -> str:
        """Add a node to a scope and return its name."""
        self.number += 1
        name = f"{kind}_{self.number}"
        self.nodes[scope][name] = written
        self.scope_of[name] = scope
        return name

    def undo(self, scope: str, name: str) -> None:
        """Give an element a handler."""
        handler = self.add(scope, "handler", undoing())
        self.handler_of[name] = handler
        self.nodes[scope][f"{name}_undo"] = undone(name, handler)

    def connect(self, scope: str, source: str, target: str, condition: str = "") -> None:
        """Draw a flow."""
        self.number += 1
        self.flows[scope].append(f"{source} -[f{self.number}{condition}]-> {target}")

    def write(self) -> bytes:
        """Write the process as BPMN."""
        return xml("\n".join(self.flows[""]), **self.nodes[""])


@st.composite
def plans(draw: st.DrawFn, depth: int = 3) -> Plan:
    """Draw nested blocks between a start and an end, the last of them a throw."""
    plan = Plan()
    first, last = _block(draw, plan, "", depth)
    throw = plan.add("", "throw", event("intermediateThrowEvent", compensation()))
    plan.connect("", "start", first)
    plan.connect("", last, throw)
    plan.connect("", throw, "end")
    return plan


def _block(draw: st.DrawFn, plan: Plan, scope: str, depth: int) -> tuple[str, str]:
    shapes = ["task", "task", "throw", "sequence", "sequence", "together", "again", "sub", "left"]
    shape = draw(st.sampled_from(shapes if depth else ["task", "task", "throw"]))
    if shape == "sequence":
        (a, b), (c, d) = (_block(draw, plan, scope, depth - 1) for _ in range(2))
        plan.connect(scope, b, c)
        return a, d
    if shape == "together":
        return _together(plan, scope, [_block(draw, plan, scope, depth - 1) for _ in range(2)])
    if shape == "again":
        return _again(plan, scope, _block(draw, plan, scope, depth - 1))
    if shape == "throw":
        throw = plan.add(scope, "throw", event("intermediateThrowEvent", compensation()))
        return throw, throw
    if shape in {"sub", "left"}:
        return _sub(draw, plan, scope, depth, is_left=shape == "left")
    task = plan.add(scope, "task", user())
    if draw(st.booleans()):
        plan.undo(scope, task)
    return task, task


def _together(plan: Plan, scope: str, ways: list[tuple[str, str]]) -> tuple[str, str]:
    split, join = plan.add(scope, "and", parallel()), plan.add(scope, "and", parallel())
    for first, last in ways:
        plan.connect(scope, split, first)
        plan.connect(scope, last, join)
    return split, join


def _decision(plan: Plan, scope: str) -> tuple[str, str]:
    """Add a task whose answer decides at the gateway behind it."""
    choice = plan.add(scope, "choice", "")
    plan.nodes[scope][choice] = user(output(f"{choice}_answer", "answer"))
    gateway = plan.add(scope, "xor", exclusive())
    plan.connect(scope, choice, gateway)
    return choice, gateway


def _again(plan: Plan, scope: str, body: tuple[str, str]) -> tuple[str, str]:
    merge, after = plan.add(scope, "xor", exclusive()), plan.add(scope, "xor", exclusive())
    choice, gateway = _decision(plan, scope)
    plan.connect(scope, merge, body[0])
    plan.connect(scope, body[1], choice)
    plan.connect(scope, gateway, merge, f": {choice}_answer")
    plan.connect(scope, gateway, after, f": not {choice}_answer")
    return merge, after


def _sub(draw: st.DrawFn, plan: Plan, scope: str, depth: int, *, is_left: bool) -> tuple[str, str]:
    """Add a sub-process; one that is left may be cancelled, fail or be interrupted."""
    way = draw(st.sampled_from(["cancel", "error", "interrupt"])) if is_left else None
    name = plan.add(scope, "sub", "")
    first, last = _block(draw, plan, name, depth - 1)
    plan.connect(name, f"start_{name}", first)
    if way in {"cancel", "error"}:
        choice, gateway = _decision(plan, name)
        definition = cancel() if way == "cancel" else error("E")
        out = plan.add(name, "out", event("endEvent", definition))
        plan.connect(name, last, choice)
        plan.connect(name, gateway, out, f": {choice}_answer")
        plan.connect(name, gateway, f"end_{name}", f": not {choice}_answer")
        plan.leaves[out] = name
    else:
        plan.connect(name, last, f"end_{name}")
    write = transaction if way == "cancel" else sub_process
    if way == "cancel":
        plan.transactions.add(name)
    plan.nodes[scope][name] = write("\n".join(plan.flows[name]), **plan.nodes[name])
    if draw(st.booleans()):
        plan.undo(scope, name)
    if way is None:
        return name, name
    caught = {"cancel": cancel(), "error": error("E"), "interrupt": signal(name)}[way]
    border = plan.add(scope, "border", boundary(name, caught))
    merge = plan.add(scope, "xor", node("exclusiveGateway"))
    plan.connect(scope, border, merge)
    plan.connect(scope, name, merge)
    return name, merge


class Replay:
    """Reads the history of one instance and objects to everything that undoing must not do."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._done: dict[str, list[Visit]] = defaultdict(list)
        self._active: set[str] = set()
        # What a throw still has to undo, the next first; what leaving a scope has to, in any order.
        self._queues: dict[str, list[str]] = {}
        self._pools: dict[str, list[str]] = {}

    def read(self, effects: Iterable[Effect]) -> None:
        """Read what one command brought about."""
        for effect in effects:
            if isinstance(effect, ElementEntered):
                self._entered(effect.element_id)
            elif isinstance(effect, ElementCompleted):
                self._completed(effect.element_id)
            elif isinstance(effect, ElementCancelled):
                self._cancelled(effect.element_id)

    def _entered(self, name: str) -> None:
        if name.startswith("sub"):
            self._active.add(name)
            assert not self._done[name]
        elif name.startswith("throw"):
            scope = self._plan.scope_of[name]
            self._queues[name] = self._handlers(self._done.pop(scope, []))
        elif name.startswith("handler"):
            self._begin(name)
        elif name in self._plan.leaves:
            scope = self._plan.leaves[name]
            is_hazard = scope not in self._plan.transactions
            assert scope not in self._pools
            self._pools[scope] = self._content(scope, is_hazard)

    def _begin(self, handler: str) -> None:
        for queue in self._queues.values():
            if queue[:1] == [handler]:
                queue.pop(0)
                return
        for pool in self._pools.values():
            if handler in pool:
                pool.remove(handler)
                return
        raise AssertionError(f"{handler} begins, and nothing asks for it")

    def _handlers(self, done: list[Visit]) -> list[str]:
        """List the handlers of completed visits, the last first."""
        found: list[str] = []
        for name, inside in reversed(done):
            found += [self._plan.handler_of[name]] if inside is None else self._handlers(inside)
        return found

    def _content(self, scope: str, is_hazard: bool) -> list[str]:
        """Collect what has to be undone when a scope is left in the midst."""
        found = self._handlers(self._done.pop(scope, []))
        for name, queue in self._queues.items():
            if self._plan.scope_of[name] == scope:
                found += queue
                queue.clear()
        for inner in sorted(self._active):
            if self._plan.scope_of[inner] == scope and not (is_hazard and inner in self._plan.transactions):
                found += self._pools.pop(inner, []) + self._content(inner, is_hazard)
        return found

    def _completed(self, name: str) -> None:
        if name.startswith("throw"):
            assert self._queues.pop(name) == [], f"{name} went on too early"
        elif name.startswith("border"):
            return
        elif name in self._plan.handler_of:
            self._done[self._plan.scope_of[name]].append((name, None))
        elif name.startswith("sub") and self._done[name]:
            self._done[self._plan.scope_of[name]].append((name, self._done[name]))
        if name.startswith("sub"):
            self._active.discard(name)
            self._done.pop(name, None)

    def _cancelled(self, name: str) -> None:
        if name.startswith("sub"):
            assert not self._pools.pop(name, []), f"{name} was left too early"
            self._active.discard(name)
            self._done.pop(name, None)
        self._queues.pop(name, None)
