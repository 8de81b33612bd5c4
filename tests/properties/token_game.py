"""An independent token game: what BPMN says about a drawing, played with counters.

It shares no line with the runtime and knows no scopes, ids or records: a marking
counts tokens on flows, in tasks and in running sub-processes.
"""

from collections import Counter

from tests.properties.drawings import Drawing


class TokenGame:
    """One play. ``open`` are the tasks that hold tokens."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.on_flows: Counter[int] = Counter()
        self.in_nodes: Counter[str] = Counter()
        self.answers: dict[str, int] = {}
        self.fired: list[str] = []
        self._leave(
            next(name for name in drawing.kinds if name.startswith("start") and not drawing.parent[name])
        )
        self._play()

    def _start_of(self, scope: str) -> str:
        drawing = self.drawing
        starts = (name for name, kind in drawing.kinds.items() if kind == "start")
        return next(name for name in starts if drawing.parent[name] == scope)

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
    def interruptible(self) -> list[str]:
        """Boundary events that could happen now."""
        return [event for event, host in self.drawing.host.items() if self.in_nodes[host]]

    def complete(self, name: str, answer: int | None = None) -> None:
        """Finish a task."""
        self.in_nodes[name] -= 1
        if answer is not None:
            self.answers[name] = answer
        self._leave(name)
        self._play()

    def interrupt(self, event: str) -> None:
        """Let a boundary event happen: every token in its host is gone."""
        host = self.drawing.host[event]
        gone = self.drawing.inside(host) | {host}
        for name in gone:
            self.in_nodes[name] = 0
        for number, (source, _, _) in enumerate(self.drawing.flows):
            if source in gone - {host}:
                self.on_flows[number] = 0
        self._leave(event)
        self._play()

    def _leave(self, name: str) -> None:
        for number, (source, _, _) in enumerate(self.drawing.flows):
            if source == name:
                self.on_flows[number] += 1

    def _play(self) -> None:
        """Fire whatever can fire, in no particular order, until nothing can."""
        steps = 0
        while self._fire_one():
            steps += 1
            if steps > 2_000:
                raise EndlessPlay

    def _fire_one(self) -> bool:
        for number, count in list(self.on_flows.items()):
            if count and self._arrive(number, self.drawing.flows[number][1]):
                return True
        for name, kind in self.drawing.kinds.items():
            if kind == "sub" and self.in_nodes[name] and self._is_empty(name):
                self.in_nodes[name] -= 1
                self._leave(name)
                return True
        return False

    def _is_empty(self, sub: str) -> bool:
        inside = self.drawing.inside(sub)
        flows = (number for number, (source, _, _) in enumerate(self.drawing.flows) if source in inside)
        return not any(self.in_nodes[name] for name in inside) and not any(
            self.on_flows[flow] for flow in flows
        )

    def _arrive(self, number: int, name: str) -> bool:
        kind = self.drawing.kinds[name]
        if kind == "and":
            incoming = [n for n, (_, target, _) in enumerate(self.drawing.flows) if target == name]
            if not all(self.on_flows[each] for each in incoming):
                return False
            for each in incoming:
                self.on_flows[each] -= 1
            self.fired.append(name)
            self._leave(name)
            return True
        self.on_flows[number] -= 1
        if kind in {"task", "choice", "sub"}:
            self.in_nodes[name] += 1
            if kind == "sub":
                self._leave(self._start_of(name))
        elif kind == "xor":
            self._decide(name)
        return True

    def _decide(self, name: str) -> None:
        ways = [n for n, (source, _, _) in enumerate(self.drawing.flows) if source == name]
        wanted = self.answers.get(name.removesuffix("_g"))
        chosen = ways[0] if len(ways) == 1 else next(n for n in ways if self.drawing.flows[n][2] == wanted)
        self.on_flows[chosen] += 1


class EndlessPlay(Exception):
    """The drawing loops without a task."""
