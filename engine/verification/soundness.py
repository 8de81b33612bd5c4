"""Soundness: can every instance end, does it end properly, can every element be used?

The answers come from exploring the runtime itself, so they speak about what will be
executed and not about a model of it. Data is left out: every decision is tried both
ways. A violation that needs two decisions about the same variable may therefore be
impossible in practice; it is reported as a warning, all others as errors.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.model import Element, ElementKind, Net, Process
from engine.bpmn.problems import Problem, Severity
from engine.bpmn.upstream import next_of
from engine.verification.exploration import CONDITIONS_ALONE, Exploration, Failure, Step
from engine.verification.shape import Shape
from kernel.language import Text

ViolationKind = Literal["no-way-to-end", "incident", "several-tokens", "dead-element"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a diagram is unsound, with a shortest way to see it.

    ``trace`` lists the moves from the start, such as ``complete review``; it is empty for dead
    elements. ``is_certain`` is false when data that we do not look at could prevent it.
    """

    kind: ViolationKind
    element_id: str | None
    message: Text
    trace: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, slots=True)
class SoundnessReport:
    """All violations found. ``is_complete`` is false when the bound of the exploration was hit."""

    violations: tuple[Violation, ...]
    states: int
    is_complete: bool

    @property
    def is_sound(self) -> bool:
        """Whether every reachable state was seen and nothing is wrong with any of them."""
        return self.is_complete and not self.violations

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The violations as problems of the diagram."""
        return tuple(_problem(violation) for violation in self.violations)

    @property
    def summary(self) -> Text:
        """One sentence on what was looked at."""
        if self.is_complete:
            return Text(
                zh=f"已检查全部 {self.states} 个可达状态，发现 {len(self.violations)} 处问题。",
                en=f"All {self.states} reachable states were explored; {len(self.violations)} violations.",
            )
        return Text(
            zh=f"已检查 {self.states} 个状态后达到上限，其余状态未检查；发现 {len(self.violations)} 处问题。",
            en=f"{self.states} states were explored up to the bound and others exist;"
            f" {len(self.violations)} violations.",
        )


def verify_soundness(net: Net, process: str | None = None) -> SoundnessReport:
    """Explore a process, or all processes of the net, from each of its start events."""
    processes = list(net.processes.values()) if process is None else [net.processes[process]]
    violations: list[Violation] = []
    states, is_complete = 0, True
    for each in processes:
        explorations = [Exploration(net, each, start) for start in each.starts]
        for exploration in explorations:
            states += len(exploration.found)
            is_complete = is_complete and exploration.is_complete
            violations += violations_of(exploration)
        violations += _dead_elements(each, explorations)
    return SoundnessReport(tuple(_without_repetition(violations)), states, is_complete)


def violations_of(exploration: Exploration) -> list[Violation]:
    """Return what is wrong with the states that one exploration found; elements it did not reach are not."""
    return [*_incidents(exploration), *_states_without_end(exploration), *_crowds(exploration)]


def _without_repetition(violations: list[Violation]) -> list[Violation]:
    """Keep the first of each kind at each element."""
    return list({(each.kind, each.element_id): each for each in reversed(violations)}.values())[::-1]


def _incidents(exploration: Exploration) -> list[Violation]:
    """Moves that the runtime refuses: joins that starve, loops without a wait."""
    return [
        Violation(
            kind="incident",
            element_id=failure.incident.element_id or failure.by.element_id,
            message=failure.incident.message,
            trace=_written((*exploration.way_to(failure.at), failure.by)),
            is_certain=_is_certain((*exploration.way_to(failure.at), failure.by))
            and not _is_up_to_data(failure),
        )
        for failure in exploration.failures
    ]


def _is_up_to_data(failure: Failure) -> bool:
    """Say whether data may prevent it: a loop that decides in each round may end, a condition may hold."""
    is_loop = failure.incident.rule == "guard.endless" and bool(failure.by.decided_by)
    return is_loop or failure.incident is CONDITIONS_ALONE


def _states_without_end(exploration: Exploration) -> list[Violation]:
    """States from which no way leads to the end, nor to an incident that is reported and explains it.

    What lies beyond the bound is given the benefit of doubt.
    """
    before: dict[Shape, list[Shape]] = {}
    for shape, found in exploration.found.items():
        for following in found.leads_to:
            before.setdefault(following, []).append(shape)
    can_end = {shape for shape, found in exploration.found.items() if found.is_ended or not found.is_explored}
    can_end |= {failure.at for failure in exploration.failures if failure.at is not None}
    waiting = deque(can_end)
    while waiting:
        for shape in before.get(waiting.popleft(), []):
            if shape not in can_end:
                can_end.add(shape)
                waiting.append(shape)
    stuck = [shape for shape in exploration.found if shape not in can_end]
    # The first found is the one with the shortest way; where it is stuck, all that follow are.
    return [_no_way_to_end(exploration, shape) for shape in stuck[:1]]


def _no_way_to_end(exploration: Exploration, shape: Shape) -> Violation:
    steps = exploration.way_to(shape)
    state = exploration.found[shape].state
    where = sorted(
        {each["element"] for each in state["activities"].values()}
        | {flow for scope in state["scopes"].values() for flow in scope["joins"]}
    )
    return Violation(
        kind="no-way-to-end",
        element_id=steps[-1].element_id if steps else None,
        message=Text(
            zh=f"从这个状态无法到达结束；令牌在：{'、'.join(where)}。",
            en=f"No way leads to an end from here; tokens are at: {', '.join(where)}.",
        ),
        trace=_written(steps),
        is_certain=_is_certain(steps),
    )


def _crowds(exploration: Exploration) -> list[Violation]:
    """Elements that may hold two tokens: what follows them is done twice (proper completion)."""
    allowed = _may_run_twice(exploration)
    found: list[Violation] = []
    for element_id, shape in exploration.crowded.items():
        if element_id not in allowed:
            steps = exploration.way_to(shape)
            found.append(
                Violation(
                    kind="several-tokens",
                    element_id=element_id,
                    message=Text(
                        zh="同一元素可能同时有多个令牌，其后的步骤会重复执行。",
                        en="Several tokens may be here at once, so that what follows is done repeatedly.",
                    ),
                    trace=_written(steps),
                    is_certain=_is_certain(steps),
                )
            )
    return found


def _may_run_twice(exploration: Exploration) -> set[str]:
    """Collect what non-interrupting events start: it may run several times at once, and is meant to."""
    allowed: set[str] = set()
    for process in exploration.net.processes.values():
        waiting = [element.id for element in process.elements.values() if _begins_beside(element, process)]
        while waiting:
            element = process.elements[waiting.pop()]
            if element.id not in allowed:
                allowed.add(element.id)
                allowed.update(flow.id for flow in element.outgoing)
                waiting += next_of(element)
    return allowed


def _begins_beside(element: Element, process: Process) -> bool:
    if element.triggered_by_event:
        return not process.elements[element.starts[0]].interrupting
    return element.kind is ElementKind.BOUNDARY_EVENT and not element.interrupting


def _dead_elements(process: Process, explorations: list[Exploration]) -> list[Violation]:
    """Elements that no instance ever reaches; unknown when a bound was hit."""
    if not all(exploration.is_complete for exploration in explorations):
        return []
    entered = {
        element for exploration in explorations for key, element in exploration.entered if key == process.key
    }
    return [
        Violation(
            kind="dead-element",
            element_id=element.id,
            message=Text(zh="没有任何实例能到达此元素。", en="No instance can ever reach this element."),
            trace=(),
            is_certain=True,
        )
        for element in process.elements.values()
        if element.id not in entered
    ]


def _written(steps: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(f"{step.action} {step.element_id}" for step in steps)


def _is_certain(steps: tuple[Step, ...]) -> bool:
    """Say whether the decisions on the way are independent: no variable is asked about twice."""
    asked: set[str] = set()
    for step in steps:
        read = {name for names in step.decided_by for name in names}
        if read & asked:
            return False
        asked |= read
    return True


_CURES: dict[ViolationKind, Text] = {
    "no-way-to-end": Text(
        zh="检查汇合：并行汇合只能接并行分出的分支，排他分支用排他网关汇合。",
        en="Check the joins: parallel branches meet in a parallel gateway, alternatives in an exclusive one.",
    ),
    "incident": Text(
        zh="检查汇合：排他分支用排他网关汇合；循环中需要有等待的步骤。",
        en="Join alternatives by an exclusive gateway, and let something wait in every loop.",
    ),
    "several-tokens": Text(
        zh="在分支之后、此元素之前用并行网关汇合。",
        en="Join the parallel branches by a parallel gateway before this element.",
    ),
    "dead-element": Text(
        zh="修正通向它的路径，或删除它。", en="Mend the way that leads to it, or remove it."
    ),
}


def _problem(violation: Violation) -> Problem:
    severity: Severity = "error" if violation.is_certain else "warning"
    zh, en = violation.message.zh, violation.message.en
    if violation.trace:
        zh += f"（路径：{' → '.join(violation.trace)}）"
        en += f" (Way: {' → '.join(violation.trace)}.)"
    return Problem(
        violation.element_id,
        f"soundness.{violation.kind}",
        severity,
        Text(zh=zh, en=en),
        _CURES[violation.kind],
    )
