"""Random diagrams: nested blocks that are sound by construction, and free graphs that are not.

A drawing is plain data that knows nothing of the engine. ``token_game`` plays it and
``write`` turns it into BPMN.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.unit.engine.diagram import (
    boundary,
    exclusive,
    node,
    output,
    parallel,
    signal,
    sub_process,
    user,
    xml,
)


@dataclass
class Drawing:
    """Nodes with their kinds, flows between them, and what stands inside which sub-process.

    Kinds: start, end, task, choice (a task whose answer decides at the gateway ``<name>_g`` behind it), xor,
    and, sub, boundary. ``flows`` are (source, target, number of the answer or None).
    """

    kinds: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str, int | None]] = field(default_factory=list)
    parent: dict[str, str] = field(default_factory=dict)
    host: dict[str, str] = field(default_factory=dict)
    branches: dict[str, set[str]] = field(default_factory=dict)
    writes: dict[str, str] = field(default_factory=dict)
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
        return direct.union(*(self.inside(child) for child in direct if self.kinds[child] == "sub"))

    def answers(self, name: str) -> int:
        """How many ways a choice has."""
        return len(self.outgoing(f"{name}_g"))


def choice(drawing: Drawing) -> str:
    """Add a choice with its gateway."""
    name = drawing.add("choice")
    gateway = f"{name}_g"
    drawing.kinds[gateway] = "xor"
    drawing.parent[gateway] = drawing.scope
    drawing.connect(name, gateway)
    return name


@st.composite
def blocks(draw: st.DrawFn, depth: int = 3, joins_in_loops: bool = True) -> Drawing:
    """Draw nested blocks between a start and an end."""
    drawing = Drawing()
    first, last = drawing.add("start"), drawing.add("end")
    begin, finish = _block(draw, drawing, depth, joins_in_loops)
    drawing.connect(first, begin)
    drawing.connect(finish, last)
    return drawing


def _block(
    draw: st.DrawFn, drawing: Drawing, depth: int, joins: bool, in_loop: bool = False
) -> tuple[str, str]:
    """Add a block with one way in and one way out, and return first and last node."""
    shapes = ["task", "sequence", "alternatives", "rework", "sub", "guarded"]
    if joins or not in_loop:
        shapes += ["together", "together"]
    shape = draw(st.sampled_from(shapes if depth else ["task"]))

    def inner(loops: bool = in_loop) -> tuple[str, str]:
        return _block(draw, drawing, depth - 1, joins, loops)

    if shape == "sequence":
        (a, b), (c, d) = inner(), inner()
        drawing.connect(b, c)
        return a, d
    if shape == "alternatives":
        return _alternatives(drawing, [inner() for _ in range(draw(st.integers(2, 3)))])
    if shape == "together":
        return _together(drawing, lambda: [inner() for _ in range(draw(st.integers(2, 3)))])
    if shape == "rework":
        return _rework(drawing, inner(True))
    if shape == "sub":
        return _sub(drawing, inner)
    if shape == "guarded":
        return _guarded(drawing, inner)
    task = drawing.add("task")
    return task, task


def _alternatives(drawing: Drawing, ways: list[tuple[str, str]]) -> tuple[str, str]:
    split, merge = choice(drawing), drawing.add("xor")
    for answer, (begin, finish) in enumerate(ways):
        drawing.connect(f"{split}_g", begin, answer)
        drawing.connect(finish, merge)
    return split, merge


def _together(drawing: Drawing, draw_ways: Callable[[], list[tuple[str, str]]]) -> tuple[str, str]:
    split, join = drawing.add("and"), drawing.add("and")
    before = set(drawing.kinds)
    for begin, finish in draw_ways():
        drawing.connect(split, begin)
        drawing.connect(finish, join)
    drawing.branches[join] = set(drawing.kinds) - before
    return split, join


def _rework(drawing: Drawing, body: tuple[str, str]) -> tuple[str, str]:
    merge, again, after = drawing.add("xor"), choice(drawing), drawing.add("task")
    drawing.connect(merge, body[0])
    drawing.connect(body[1], again)
    drawing.connect(f"{again}_g", merge, 0)
    drawing.connect(f"{again}_g", after, 1)
    return merge, after


def _sub(drawing: Drawing, draw_body: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    name = drawing.add("sub")
    outer, drawing.scope = drawing.scope, name
    first, last = drawing.add("start"), drawing.add("end")
    begin, finish = draw_body()
    drawing.connect(first, begin)
    drawing.connect(finish, last)
    drawing.scope = outer
    return name, name


def _guarded(drawing: Drawing, draw_body: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    name, _ = _sub(drawing, draw_body)
    event, aside, merge = drawing.add("boundary"), drawing.add("task"), drawing.add("xor")
    drawing.host[event] = name
    drawing.connect(event, aside)
    drawing.connect(name, merge)
    drawing.connect(aside, merge)
    return name, merge


@st.composite
def graphs(draw: st.DrawFn) -> Drawing:
    """Draw a chain of nodes with flows to anywhere: joins that starve, tokens that multiply."""
    drawing = Drawing()
    first, last = drawing.add("start"), drawing.add("end")
    entries, exits = [], []
    for _ in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(["task", "choice", "and", "and"]))
        name = choice(drawing) if kind == "choice" else drawing.add(kind)
        entries.append(name)
        exits.append(f"{name}_g" if kind == "choice" else name)
    for source, target in zip([first, *exits], [*entries, last], strict=True):
        drawing.connect(source, target, 0 if source.endswith("_g") else None)
    for exit_ in exits:
        if not exit_.startswith("task"):
            for target in draw(st.lists(st.sampled_from([*entries, last]), max_size=2, unique=True)):
                answer = len(drawing.outgoing(exit_)) if exit_.endswith("_g") else None
                drawing.connect(exit_, target, answer)
    for name in entries:
        if drawing.kinds[name] == "task":
            drawing.writes[name] = draw(st.sampled_from(["x", "y", "z"]))
    return drawing


def write(drawing: Drawing) -> bytes:
    """Write a drawing as BPMN."""
    flows: dict[str, list[str]] = defaultdict(list)
    for number, (source, target, answer) in enumerate(drawing.flows):
        chooser = source.removesuffix("_g")
        is_decided = answer is not None and drawing.answers(chooser) > 1
        condition = f": {chooser}_answer == {answer}" if is_decided else ""
        flows[drawing.parent[source]].append(f"{source} -[f{number}{condition}]-> {target}")
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    # Inner scopes first: a sub-process is written with all that it contains.
    for name in sorted(drawing.kinds, key=lambda each: -_depth(drawing, each)):
        inner = ("\n".join(flows[name]), nodes[name])
        nodes[drawing.parent[name]][name] = _written(drawing, name, inner)
    return xml("\n".join(flows[""]), **nodes[""])


def _depth(drawing: Drawing, name: str) -> int:
    depth = 0
    while drawing.parent[name]:
        name, depth = drawing.parent[name], depth + 1
    return depth


def _written(drawing: Drawing, name: str, inner: tuple[str, dict[str, str]]) -> str:
    kind = drawing.kinds[name]
    if kind == "choice":
        return user(output(f"{name}_answer", "answer"))
    if kind == "task":
        return user(output(drawing.writes[name], "1") if name in drawing.writes else "")
    if kind == "sub":
        return sub_process(inner[0], **inner[1])
    if kind == "boundary":
        return boundary(drawing.host[name], signal(name))
    plain = {"start": node("startEvent"), "end": node("endEvent"), "xor": exclusive(), "and": parallel()}
    return plain[kind]
