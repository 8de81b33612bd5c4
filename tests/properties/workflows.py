"""Random diagrams for returns: every construct in which work may lie, nested in every other.

Sound by construction. Each task writes a variable of its own and reads, for its form, another that may
be written at any time, so that data which is out of place shows.
"""

from dataclasses import dataclass, field
from random import Random

from tests.unit.engine.diagram import (
    boundary,
    condition,
    error,
    escalation,
    event,
    event_sub_process,
    exclusive,
    extensions,
    inclusive,
    instances,
    link,
    loop,
    node,
    output,
    parallel,
    script,
    service,
    signal,
    sub_process,
    terminate,
    user,
    xml,
)

ACTIONS = "return takeBack"


@dataclass
class Container:
    """The nodes and flows of one process or sub-process while it is drawn."""

    flows: list[str] = field(default_factory=list)
    nodes: dict[str, str] = field(default_factory=dict)

    def connect(self, source: str, target: str, condition: str = "") -> None:
        """Draw a flow."""
        arrow = f"-[{source}_{target}: {condition}]->" if condition else "->"
        self.flows.append(f"{source} {arrow} {target}")

    @property
    def drawn(self) -> str:
        """All flows."""
        return "\n".join(self.flows)


class Drafter:
    """Draws one random diagram. ``writes`` is off where two tokens may be in one task."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.variables: list[str] = []
        self.files: list[bytes] = []
        self.writes = True

    def name(self, kind: str) -> str:
        """Return a fresh name."""
        self.count += 1
        return f"{kind}{self.count}"

    def task(self, into: Container, inside: str = "", reads: bool = True) -> str:
        """Add a user task."""
        name = self.name("task")
        own = f"w_{name}"
        written = output(own, "answer") if self.writes and not inside else ""
        self.variables.append(own)
        attributes = {"zujian_actions": ACTIONS}
        if reads and self.random.random() < 0.5:
            attributes["zujian_prefill"] = f"{{'seen': {self.random.choice(self.variables)}}}"
        into.nodes[name] = user(written, inside, **attributes)
        return name

    def block(self, into: Container, depth: int) -> tuple[str, str]:
        """Add a block with one way in and one way out."""
        shapes = ["task", "several", "in_turn", "again"]
        if depth:
            shapes += ["sequence"] * 3 + [
                "automatic", "alternatives", "together", "together", "some", "rework", "sub", "guarded",
                "beside", "event_sub", "calls", "each",
                "ends", "errs", "escalates", "hears", "watches", "links",
            ]  # fmt: skip
        shape = self.random.choice(shapes)
        drawn: tuple[str, str] = getattr(self, f"_{shape}")(into, depth)
        return drawn

    def _task(self, into: Container, _depth: int) -> tuple[str, str]:
        name = self.task(into)
        return name, name

    def _several(self, into: Container, _depth: int, sequential: bool = False) -> tuple[str, str]:
        name = self.task(into, instances(count="2", sequential=sequential))
        return name, name

    def _in_turn(self, into: Container, depth: int) -> tuple[str, str]:
        return self._several(into, depth, sequential=True)

    def _again(self, into: Container, _depth: int) -> tuple[str, str]:
        name = self.task(into, loop(most=2))
        return name, name

    def _sequence(self, into: Container, depth: int) -> tuple[str, str]:
        (a, b), (c, d) = self.block(into, depth - 1), self.block(into, depth - 1)
        into.connect(b, c)
        return a, d

    def _automatic(self, into: Container, _depth: int) -> tuple[str, str]:
        job = self.name("job")
        if not self.writes:
            into.nodes[job] = service("check")
            return job, job
        computed = self.name("script")
        read = self.random.choice([*self.variables, "w_none"])
        self.variables += [f"w_{job}", f"w_{computed}"]
        into.nodes[job] = service("check", extension=output(f"w_{job}", "answer"))
        into.nodes[computed] = script(f"w_{computed} = {read} + 1")
        into.connect(job, computed)
        return job, computed

    def _decision(self, into: Container) -> tuple[str, str]:
        task = self.task(into, reads=False)
        return task, f"w_{task} == 1" if self.writes else "w_none == 1"

    def _alternatives(self, into: Container, depth: int) -> tuple[str, str]:
        task, condition = self._decision(into)
        split, merge = self.name("xor"), self.name("xor")
        (a, b), (c, d) = self.block(into, depth - 1), self.block(into, depth - 1)
        into.nodes[split], into.nodes[merge] = exclusive(default=f"{split}__{c}"), exclusive()
        into.connect(task, split)
        into.connect(split, a, condition)
        into.connect(split, c)
        into.connect(b, merge)
        into.connect(d, merge)
        return task, merge

    def _together(self, into: Container, depth: int) -> tuple[str, str]:
        split, join = self.name("and"), self.name("and")
        into.nodes[split], into.nodes[join] = parallel(), parallel()
        for _ in range(self.random.choice([2, 3])):
            first, last = self.block(into, depth - 1)
            into.connect(split, first)
            into.connect(last, join)
        return split, join

    def _some(self, into: Container, depth: int) -> tuple[str, str]:
        task, condition = self._decision(into)
        split, join = self.name("or"), self.name("or")
        ways = [self.block(into, depth - 1) for _ in range(3)]
        into.nodes[split], into.nodes[join] = inclusive(default=f"{split}__{ways[2][0]}"), inclusive()
        into.connect(task, split)
        into.connect(split, ways[0][0], condition)
        into.connect(split, ways[1][0], f"{condition} or {condition.removesuffix('1')}2")
        into.connect(split, ways[2][0])
        for _, last in ways:
            into.connect(last, join)
        return task, join

    def _rework(self, into: Container, depth: int) -> tuple[str, str]:
        merge, gateway = self.name("xor"), self.name("xor")
        first, last = self.block(into, depth - 1)
        task, condition = self._decision(into)
        after = self.task(into)
        into.nodes[merge], into.nodes[gateway] = exclusive(), exclusive(default=f"{gateway}__{after}")
        into.connect(merge, first)
        into.connect(last, task)
        into.connect(task, gateway)
        into.connect(gateway, merge, condition)
        into.connect(gateway, after)
        return merge, after

    def _inner(self, depth: int) -> Container:
        inner = Container()
        first, last = self.block(inner, depth - 1)
        inner.connect(self.name("start"), first)
        inner.connect(last, self.name("end"))
        return inner

    def _sub(self, into: Container, depth: int) -> tuple[str, str]:
        name, inner = self.name("sub"), self._inner(depth)
        into.nodes[name] = sub_process(inner.drawn, **inner.nodes)
        return name, name

    def _each(self, into: Container, depth: int) -> tuple[str, str]:
        name, inner = self.name("each"), self._inner(depth)
        over = instances(count="2", sequential=self.random.random() < 0.5)
        into.nodes[name] = sub_process(inner.drawn, over, **inner.nodes)
        return name, name

    def _guarded(self, into: Container, depth: int) -> tuple[str, str]:
        host, _ = self.random.choice([self._sub, self._task, self._several])(into, depth)
        event, aside, merge = self.name("event"), self.task(into), self.name("xor")
        into.nodes[event], into.nodes[merge] = boundary(host, signal(event)), exclusive()
        into.connect(event, aside)
        into.connect(host, merge)
        into.connect(aside, merge)
        return host, merge

    def _beside(self, into: Container, depth: int) -> tuple[str, str]:
        host, _ = self.random.choice([self._sub, self._task, self._several])(into, depth)
        writes, self.writes = self.writes, False
        event, aside = self.name("event"), self.task(into)
        self.writes = writes
        into.nodes[event] = boundary(host, signal(event), interrupting=False)
        into.connect(event, aside)
        into.connect(aside, self.name("end"))
        return host, host

    def _event_sub(self, into: Container, depth: int) -> tuple[str, str]:
        name, inner = self.name("sub"), self._inner(depth)
        event, interrupting = self.name("start"), self.random.random() < 0.5
        writes, self.writes = self.writes, self.writes and interrupting
        handler = Container()
        first, last = self.block(handler, min(depth - 1, 1))
        self.writes = writes
        handler.nodes[event] = node("startEvent", signal(event), isInterrupting=str(interrupting).lower())
        handler.connect(event, first)
        handler.connect(last, self.name("end"))
        inner.nodes[self.name("handler")] = event_sub_process(handler.drawn, **handler.nodes)
        into.nodes[name] = sub_process(inner.drawn, **inner.nodes)
        return name, name

    def _calls(self, into: Container, depth: int) -> tuple[str, str]:
        name, key = self.name("call"), self.name("called")
        outer, self.variables = self.variables, []
        inner = self._inner(depth)
        self.files.append(xml(inner.drawn, key=key, **inner.nodes))
        given = "".join(f'<zujian:input variable="{each}" expression="0"/>' for each in self.variables)
        given += '<zujian:input variable="w_none" expression="0"/>'
        kept = output(f"w_{name}", self.variables[0]) if self.writes and self.variables else ""
        self.variables = [*outer, f"w_{name}"]
        into.nodes[name] = node("callActivity", extensions(given + kept), calledElement=key)
        return name, name

    def _wrapped(self, into: Container, inner: Container) -> str:
        name = self.name("sub")
        into.nodes[name] = sub_process(inner.drawn, **inner.nodes)
        return name

    def _ends(self, into: Container, depth: int) -> tuple[str, str]:
        inner, split = Container(), self.name("and")
        inner.nodes[split] = parallel()
        inner.connect(self.name("start"), split)
        for definition in ("", self.random.choice(["", terminate()])):
            first, last = self.block(inner, depth - 1)
            end = self.name("end")
            inner.nodes[end] = event("endEvent", definition)
            inner.connect(split, first)
            inner.connect(last, end)
        name = self._wrapped(into, inner)
        return name, name

    def _errs(self, into: Container, depth: int) -> tuple[str, str]:
        inner = Container()
        task, condition = self._decision(inner)
        split, fails, error_end = self.name("xor"), self.name("end"), self.name("boundary")
        first, last = self.block(inner, depth - 1)
        inner.nodes[split] = exclusive(default=f"{split}__{first}")
        inner.nodes[fails] = event("endEvent", error("late"))
        inner.connect(self.name("start"), task)
        inner.connect(task, split)
        inner.connect(split, fails, condition)
        inner.connect(split, first)
        inner.connect(last, self.name("end"))
        host, aside, merge = self._wrapped(into, inner), self.task(into), self.name("xor")
        into.nodes[error_end], into.nodes[merge] = boundary(host, error("late")), exclusive()
        into.connect(error_end, aside)
        into.connect(host, merge)
        into.connect(aside, merge)
        return host, merge

    def _escalates(self, into: Container, depth: int) -> tuple[str, str]:
        inner, throw, caught = Container(), self.name("throw"), self.name("boundary")
        (a, b), (c, d) = self.block(inner, depth - 1), self.block(inner, depth - 1)
        inner.nodes[throw] = event("intermediateThrowEvent", escalation("up"))
        inner.connect(self.name("start"), a)
        inner.connect(b, throw)
        inner.connect(throw, c)
        inner.connect(d, self.name("end"))
        host, interrupting = self._wrapped(into, inner), self.random.random() < 0.4
        into.nodes[caught] = boundary(host, escalation("up"), interrupting=interrupting)
        writes, self.writes = self.writes, self.writes and interrupting
        aside = self.task(into)
        self.writes = writes
        into.connect(caught, aside)
        if not interrupting:
            into.connect(aside, self.name("end"))
            return host, host
        merge = self.name("xor")
        into.nodes[merge] = exclusive()
        into.connect(host, merge)
        into.connect(aside, merge)
        return host, merge

    def _hears(self, into: Container, depth: int) -> tuple[str, str]:
        split, join, name = self.name("and"), self.name("and"), self.name("sound")
        into.nodes[split], into.nodes[join] = parallel(), parallel()
        for tag in ("intermediateThrowEvent", "intermediateCatchEvent"):
            (a, b), (c, d) = self.block(into, depth - 1), self.block(into, depth - 1)
            middle = self.name("event")
            into.nodes[middle] = event(tag, signal(name))
            into.connect(split, a)
            into.connect(b, middle)
            into.connect(middle, c)
            into.connect(d, join)
        return split, join

    def _watches(self, into: Container, depth: int) -> tuple[str, str]:
        split, join, caught = self.name("and"), self.name("and"), self.name("event")
        into.nodes[split], into.nodes[join] = parallel(), parallel()
        first, last = self.block(into, depth - 1)
        host = self.task(into)
        watched = self.random.choice([*self.variables, "w_none"])
        into.nodes[caught] = boundary(host, condition(f"{watched} == 1"), interrupting=False)
        writes, self.writes = self.writes, False
        aside = self.task(into)
        self.writes = writes
        into.connect(caught, aside)
        into.connect(aside, self.name("end"))
        into.connect(split, first)
        into.connect(last, join)
        into.connect(split, host)
        into.connect(host, join)
        return split, join

    def _links(self, into: Container, depth: int) -> tuple[str, str]:
        throw, catch, name = self.name("throw"), self.name("catch"), self.name("link")
        (a, b), (c, d) = self.block(into, depth - 1), self.block(into, depth - 1)
        into.nodes[throw] = event("intermediateThrowEvent", link(name))
        into.nodes[catch] = event("intermediateCatchEvent", link(name))
        into.connect(b, throw)
        into.connect(catch, c)
        return a, d


@dataclass
class Workflow:
    """A random diagram: its files, and the variables to start with."""

    files: list[bytes]
    variables: dict[str, int]


def draw_workflow(random: Random, depth: int = 3) -> Workflow:
    """Draw a diagram between a start and an end, with a task first."""
    drafter, root = Drafter(random), Container()
    begin = drafter.task(root, reads=False)
    first, last = drafter.block(root, depth)
    finish = drafter.task(root)
    root.connect("start", begin)
    root.connect(begin, first)
    root.connect(last, finish)
    root.connect(finish, "end")
    files = [xml(root.drawn, **root.nodes), *drafter.files]
    return Workflow(files, dict.fromkeys([*drafter.variables, "w_none"], 0))
