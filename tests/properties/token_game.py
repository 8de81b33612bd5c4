"""An independent token game: what BPMN says about a drawing, played with counters.

It shares no line with the runtime and knows no scopes, ids or records: a marking
counts tokens on flows, in tasks and in running sub-processes.
"""

from collections import Counter
from collections.abc import Iterator

from tests.properties.sketch import Drawing

Answer = int | list[int] | None

_RESTING = frozenset({"task", "choice", "sub", "race", "catch"})


class TokenGame:
    """One play. ``open`` are the tasks that hold tokens, ``possible`` the events that could happen."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.on_flows: Counter[int] = Counter()
        self.in_nodes: Counter[str] = Counter()
        self.answers: dict[str, Answer] = {}
        self.said: set[str] = set()
        self.taken_over: set[str] = set()
        self.fired: list[str] = []
        self._leave(
            next(name for name in drawing.kinds if name.startswith("start") and not drawing.parent[name])
        )
        self._play()

    def _start_of(self, scope: str) -> str:
        drawing = self.drawing
        starts = (name for name, kind in drawing.kinds.items() if kind == "start")
        return next(name for name in starts if drawing.parent[name] == scope)

    # What can be seen.

    @property
    def open(self) -> list[str]:
        """Tasks and choices that wait, one entry per token."""
        return sorted(
            name for name in self.in_nodes.elements() if self.drawing.kinds[name] in {"task", "choice"}
        )

    @property
    def is_ended(self) -> bool:
        """Whether no token is left."""
        return not +self.on_flows and not +self.in_nodes

    @property
    def possible(self) -> list[str]:
        """Events that could happen now."""
        return [name for name, kind in self.drawing.kinds.items() if self._may_happen(name, kind)]

    def _may_happen(self, name: str, kind: str) -> bool:
        if kind in {"boundary", "beside"}:
            return self.in_nodes[self.drawing.host[name]] > 0
        if kind == "catch":
            return self.in_nodes[name] > 0 or self._race_before(name) is not None
        if kind == "trigger":
            scope = self.drawing.parent[self.drawing.parent[name]]
            return self.in_nodes[scope] > 0 and scope not in self.taken_over
        return False

    def _race_before(self, name: str) -> str | None:
        """The event-based gateway that waits for this event now."""
        races = (source for source, _, _ in self.drawing.incoming(name))
        return next((each for each in races if each.startswith("race") and self.in_nodes[each]), None)

    # What can be done.

    def complete(self, name: str, answer: Answer = None) -> None:
        """Finish a task."""
        self.in_nodes[name] -= 1
        if answer is not None:
            self.answers[name] = answer
        if name in self.drawing.speaks:
            self._say(self.drawing.speaks[name])
        self._leave(name)
        self._play()

    def happen(self, event: str) -> None:
        """Let an event happen."""
        kind = self.drawing.kinds[event]
        if kind == "boundary":
            self._clear(self.drawing.host[event], with_itself=True)
        elif kind == "catch":
            self.in_nodes[self._race_before(event) or event] -= 1
        elif kind == "trigger":
            self._trigger(self.drawing.parent[event])
        self._leave(event)
        self._play()

    def _say(self, listener: str) -> None:
        self.said.add(listener)
        while self.in_nodes[listener]:
            self.in_nodes[listener] -= 1
            self._leave(listener)

    def _trigger(self, handler: str) -> None:
        """An interrupting event sub-process takes over from all that runs in its scope."""
        if self.drawing.kinds[handler] == "handler":
            scope = self.drawing.parent[handler]
            self._clear(scope, with_itself=False)
            self.taken_over.add(scope)

    def _clear(self, host: str, with_itself: bool) -> None:
        """Take away every token inside a sub-process, and the one that it is itself."""
        inside = self.drawing.inside(host)
        for name in inside | ({host} if with_itself else set()):
            self.in_nodes[name] = 0
        for number, (source, _, _) in enumerate(self.drawing.flows):
            if source in inside:
                self.on_flows[number] = 0

    # How tokens move.

    def _leave(self, name: str) -> None:
        for number, (source, _, _) in enumerate(self.drawing.flows):
            if source == name:
                self.on_flows[number] += 1

    def _play(self) -> None:
        """Fire whatever can fire, in no particular order, until nothing can; inclusive joins come last."""
        steps = 0
        while self._fire_one() or self._fire_inclusive_join():
            steps += 1
            if steps > 2_000:
                raise EndlessPlay

    def _fire_one(self) -> bool:
        for number, count in list(self.on_flows.items()):
            if count and self._arrive(number, self.drawing.flows[number][1]):
                return True
        for name, kind in self.drawing.kinds.items():
            if kind == "sub" and self.in_nodes[name] and self._is_empty(name):
                self._finish(name)
                return True
        return False

    def _finish(self, sub: str) -> None:
        """Let the token of a sub-process go on in which none is left."""
        self.in_nodes[sub] -= 1
        self._leave(sub)

    def _is_empty(self, sub: str) -> bool:
        inside = self.drawing.inside(sub)
        flows = (number for number, (source, _, _) in enumerate(self.drawing.flows) if source in inside)
        return not any(self.in_nodes[name] for name in inside) and not any(
            self.on_flows[flow] for flow in flows
        )

    def _arrive(self, number: int, name: str) -> bool:
        kind = self.drawing.kinds[name]
        if kind == "and":
            return self._join(name, self._flows_into(name))
        if kind == "or" and len(self._flows_into(name)) > 1:
            return False
        self.on_flows[number] -= 1
        if kind in _RESTING:
            self._rest(name)
        elif kind == "until" and name not in self.said:
            self.in_nodes[name] += 1
        elif kind == "up":
            self._escalate(name)
        elif name in self.drawing.links:
            self._leave(self.drawing.links[name])
        else:
            self._go_on(name)
        return True

    def _rest(self, name: str) -> None:
        """Let a token stay in a node; in a sub-process another begins."""
        self.in_nodes[name] += 1
        if self.drawing.kinds[name] == "sub":
            self.taken_over.discard(name)
            self._leave(self._start_of(name))

    def _flows_into(self, name: str) -> list[int]:
        return [number for number, (_, target, _) in enumerate(self.drawing.flows) if target == name]

    def _join(self, name: str, flows: list[int]) -> bool:
        """Take one token of each of these flows, if there are."""
        if not all(self.on_flows[each] for each in flows):
            return False
        for each in flows:
            self.on_flows[each] -= 1
        self.fired.append(name)
        self._go_on(name)
        return True

    def _go_on(self, name: str) -> None:
        """Leave a gateway along the flows that were answered, or along all."""
        answer = self.answers.get(name.removesuffix("_g"))
        ways = [n for n, (source, _, _) in enumerate(self.drawing.flows) if source == name]
        if len(ways) > 1 and answer is not None and name.endswith("_g"):
            wanted = answer if isinstance(answer, list) else [answer]
            ways = [number for number in ways if self.drawing.flows[number][2] in wanted]
        for number in ways:
            self.on_flows[number] += 1

    def _escalate(self, name: str) -> None:
        """Find the nearest sub-process around whose border catches the code, or go on."""
        event = next(self._catches(name), None)
        if event is None or self.drawing.kinds[event] == "raised":
            self._leave(name)
        if event is not None:
            if self.drawing.kinds[event] == "ended":
                self._clear(self.drawing.host[event], with_itself=True)
            self._leave(event)

    def _catches(self, name: str) -> Iterator[str]:
        scope = self.drawing.parent[name]
        while scope:
            for event, host in self.drawing.host.items():
                if host == scope and self.drawing.codes.get(event) in {self.drawing.codes[name], "any"}:
                    yield event
            scope = self.drawing.parent[scope]

    # Inclusive joins.

    def _fire_inclusive_join(self) -> bool:
        """Let a join fire to which nothing more can come."""
        for name, kind in self.drawing.kinds.items():
            flows = self._flows_into(name)
            filled = [flow for flow in flows if self.on_flows[flow]]
            if kind == "or" and len(flows) > 1 and filled and self._is_all_there(name, filled):
                return self._join(name, filled)
        return False

    def _is_all_there(self, join: str, filled: list[int]) -> bool:
        """In a block nothing may be left between split and join; elsewhere, on the way to an empty flow."""
        flows = self._flows_into(join)
        if join in self.drawing.branches:
            inside = self.drawing.branches[join] - self.drawing.aside
            return not any(self.in_nodes[name] for name in inside) and not any(
                count and number not in flows and self.drawing.flows[number][0] in inside
                for number, count in self.on_flows.items()
            )
        return not self._ahead(join, filled) & {flow for flow in flows if flow not in filled}

    def _ahead(self, join: str, filled: list[int]) -> set[int]:
        """Let tokens multiply along all ways but through this join, until no flow is new."""
        flows = self.drawing.flows
        marked = {number for number, count in self.on_flows.items() if count}
        live = {name for name, count in self.in_nodes.items() if count}
        while True:
            for name in {flows[number][1] for number in marked} - live - {join}:
                into = self._flows_into(name)
                if self.drawing.kinds[name] == "and" and not marked.issuperset(into):
                    continue
                if self.drawing.kinds[name] == "or" and len(into) > 1 and self._encloses(name, join, filled):
                    continue
                live.add(name)
            grown = marked | {number for number, (source, _, _) in enumerate(flows) if source in live}
            if grown == marked:
                return marked
            marked = grown

    def _encloses(self, outer: str, join: str, filled: list[int]) -> bool:
        """Whether another join waits for this one, and leads to it anew while this does not lead to that."""
        held = {flow for flow in self._flows_into(outer) if self.on_flows[flow]}
        from_join = self._paths(join, outer) & set(self._flows_into(outer))
        return bool(from_join - held) and not from_join & held and self._paths(outer, join).issuperset(filled)

    def _paths(self, source: str, target: str) -> set[int]:
        """Flows on the paths that leave a node, as far as the target."""
        found: set[int] = set()
        waiting = [source]
        while waiting:
            name = waiting.pop()
            for number, flow in enumerate(self.drawing.flows):
                if flow[0] == name and number not in found:
                    found.add(number)
                    waiting += [flow[1]] if flow[1] != target else []
        return found


class EndlessPlay(Exception):
    """The drawing loops without a task."""
