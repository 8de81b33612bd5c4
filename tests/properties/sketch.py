"""A drawing: plain data that knows nothing of the engine."""

from dataclasses import dataclass, field


@dataclass
class Drawing:
    """Nodes with their kinds, flows between them, and what stands inside which sub-process.

    Kinds: start, end, task, choice (a task whose answer decides at the gateway ``<name>_g`` behind it), xor,
    and, or, sub, race (event-based gateway), catch (signal), until (condition), link and its target, up
    (escalation); on the border of a ``host`` boundary and beside (signals, interrupting or not), ended and
    raised (escalations, the same); in a sub-process handler and helper (event sub-processes, the same) with
    their trigger. ``flows`` are (source, target, number of the answer or None).

    ``branches`` of a join may not be open when it fires, except what runs ``aside`` of them. A task
    ``speaks`` the condition that an until waits for; ``codes`` are those of escalations.

    ``objects`` are data objects with the scope that each is drawn in. A task or choice ``fills`` objects by
    associations, those ``by_output`` from fields of another name; what it ``needs`` must not be empty; its
    form ``shows`` an object as it is. A sub-process ``carries`` an object in it to one outside.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str, int | None]] = field(default_factory=list)
    parent: dict[str, str] = field(default_factory=dict)
    host: dict[str, str] = field(default_factory=dict)
    branches: dict[str, set[str]] = field(default_factory=dict)
    writes: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    speaks: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    aside: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)
    fills: dict[str, list[str]] = field(default_factory=dict)
    by_output: set[str] = field(default_factory=set)
    needs: dict[str, list[str]] = field(default_factory=dict)
    shows: dict[str, str] = field(default_factory=dict)
    carries: dict[str, tuple[str, str]] = field(default_factory=dict)
    scope: str = ""

    def add(self, kind: str) -> str:
        """Add a node to the scope being drawn and return its name."""
        name = f"{kind}_{len(self.kinds)}"
        self.kinds[name] = kind
        self.parent[name] = self.scope
        return name

    def connect(self, source: str, target: str, answer: int | None = None) -> None:
        """Draw a flow."""
        self.flows.append((source, target, answer))

    def outgoing(self, name: str) -> list[tuple[str, str, int | None]]:
        """Flows that leave a node."""
        return [flow for flow in self.flows if flow[0] == name]

    def incoming(self, name: str) -> list[tuple[str, str, int | None]]:
        """Flows that enter a node."""
        return [flow for flow in self.flows if flow[1] == name]

    def inside(self, name: str) -> set[str]:
        """Nodes of a sub-process and of those in it."""
        direct = {child for child, parent in self.parent.items() if parent == name}
        return direct.union(*(self.inside(child) for child in direct))

    def visible(self, name: str) -> list[str]:
        """Data objects that a node can reach: those of the scopes around it."""
        found: list[str] = []
        while name:
            name = self.parent[name]
            found += [each for each, scope in self.objects.items() if scope == name]
        return found

    def answers(self, name: str) -> int:
        """How many ways a choice has."""
        return len(self.outgoing(f"{name}_g"))

    def takes_several(self, name: str) -> bool:
        """Whether the answer of a choice is a list of ways and not one of them."""
        return self.kinds[f"{name}_g"] == "or"


def choice(drawing: Drawing, gateway_kind: str = "xor") -> str:
    """Add a choice with its gateway."""
    name = drawing.add("choice")
    gateway = f"{name}_g"
    drawing.kinds[gateway] = gateway_kind
    drawing.parent[gateway] = drawing.scope
    drawing.connect(name, gateway)
    return name
