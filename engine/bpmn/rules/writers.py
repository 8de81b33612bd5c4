"""No two branches that run at the same time write the same variable.

What a task yields belongs to that task and only mapped values reach the process.
If two open branches mapped to one variable, the slower would overwrite the faster:
a refusal could turn into an agreement. So it is refused before it can happen.
"""

from collections import defaultdict
from collections.abc import Iterator

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from engine.bpmn.rules.compensation import is_undone_by, undone_by
from engine.bpmn.rules.concurrency import AGAIN, concurrent_elements
from kernel.language import Text

# A variable is known by the scope that holds it and its name.
_Place = tuple[str, str]


def check_writers(process: Process, findings: Findings) -> None:
    """Refuse each element that may be active together with another (or itself) and write one variable."""
    writers: dict[_Place, list[Element]] = defaultdict(list)
    for element in process.elements.values():
        for place in written(element, process):
            writers[place].append(element)
    together = Together(process)
    for (_, variable), elements in writers.items():
        for index, element in enumerate(elements):
            others = (each for each in elements[index:] if together.may_be_active(element, each))
            other = next(others, None)
            if other is not None:
                _refuse(element, other, variable, findings)


def written(element: Element, process: Process) -> Iterator[_Place]:
    """Name the variables an element writes. Its instances, if several, write only what is collected."""
    if element.kind is ElementKind.END_EVENT and element.result is not None:
        yield _scope_of_result(element, process), "result"
    frame = _frame(element, process)
    if element.loop is not None:
        if element.loop.result_variable is not None:
            yield frame, element.loop.result_variable
        if element.approval is not None:
            yield frame, element.approval.variable
        return
    names = {assignment.variable for assignment in (*element.outputs, *element.script)}
    if element.result_variable is not None:
        names.add(element.result_variable)
    for name in names:
        yield frame, name


def _frame(element: Element, process: Process) -> str:
    """Find who holds the variables that an element writes: the process, or one instance of several."""
    parent = element.parent
    while parent is not None:
        if process.elements[parent].loop is not None:
            return parent
        parent = process.elements[parent].parent
    return process.key


def _scope_of_result(element: Element, process: Process) -> str:
    """Find the scope whose result an end event sets; an event sub-process acts for the scope around it."""
    parent = element.parent
    while parent is not None and process.elements[parent].triggered_by_event:
        parent = process.elements[parent].parent
    return parent or process.key


class Together:
    """Answers which elements of a process may be active at the same time, across its scopes."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._pairs: dict[str | None, set[tuple[str, str]]] = {}
        self._undone: dict[str, set[str]] = {}

    def may_be_active(self, a: Element, b: Element) -> bool:
        """Compare the two where their scopes part; inside a scope that runs twice all run together."""
        for outer_a, outer_b in zip(self._path(a), self._path(b), strict=False):
            if self._side_by_side(outer_a, outer_b, self._names(outer_a, a), self._names(outer_b, b)):
                return True
            if outer_a is not outer_b:
                return False
        return False

    def _path(self, element: Element) -> list[Element]:
        """List the element and the sub-processes around it, outermost first."""
        path = [element]
        while path[0].parent is not None:
            path.insert(0, self._process.elements[path[0].parent])
        return path

    def _names(self, outer: Element, inner: Element) -> set[str]:
        """Name the visits in which the inner element runs: of what is opened again, only what undoes runs."""
        path = self._path(inner)
        below = path[path.index(outer) + 1 :]
        is_undoing = any(each.is_for_compensation or is_undone_by(each, self._process) for each in below)
        return {outer.id, f"{outer.id}{AGAIN}"} if is_undoing else {outer.id}

    def _side_by_side(self, a: Element, b: Element, names_a: set[str], names_b: set[str]) -> bool:
        """Say whether two elements of one scope, or two visits to one element, may be active together."""
        for one, names, others in ((a, names_a, names_b), (b, names_b, names_a)):
            if one.triggered_by_event:
                # A non-interrupting event sub-process runs beside everything, and may be triggered again.
                return self._runs_beside(one) or not others.isdisjoint(self._undone_from(one))
            if any(not names.isdisjoint(self._undone_from(each)) for each in self._beside(one.parent)):
                return True
        if a.parent not in self._pairs:
            self._pairs[a.parent] = concurrent_elements(self._process, a.parent)
        return any((name, other) in self._pairs[a.parent] for name in names_a for other in names_b)

    def _beside(self, scope: str | None) -> list[Element]:
        """List the event sub-processes of a scope that do not interrupt it."""
        return [
            each
            for each in self._process.elements.values()
            if each.triggered_by_event and each.parent == scope and self._runs_beside(each)
        ]

    def _runs_beside(self, event_sub_process: Element) -> bool:
        starts = [self._process.elements[start] for start in event_sub_process.starts]
        return not all(start.interrupting for start in starts)

    def _undone_from(self, event_sub_process: Element) -> set[str]:
        """Collect what a compensation thrown in an event sub-process undoes, in the scope around it."""
        if event_sub_process.id not in self._undone:
            elements = self._process.elements
            undone = [
                each
                for throw in elements.values()
                if throw.event is not None and throw.event.kind is EventKind.COMPENSATE
                if throw.kind in {ElementKind.THROW_EVENT, ElementKind.END_EVENT}
                if event_sub_process in self._path(throw)
                for each in undone_by(throw, self._process)
                if each.parent == event_sub_process.parent
            ]
            self._undone[event_sub_process.id] = {
                f"{each.id}{AGAIN}"
                if each.compensated_by is None
                else elements[each.compensated_by].handler or ""
                for each in undone
            }
        return self._undone[event_sub_process.id]


def _refuse(element: Element, other: Element, variable: str, findings: Findings) -> None:
    twice = element is other
    findings.refuse(
        element.id,
        "variable.concurrent-writers",
        Text(
            zh=f"“{other.id}”可能同时写入变量 {variable}，后写的会覆盖先写的。"
            if not twice
            else f"此元素可能同时执行多次并写入变量 {variable}。",
            en=f'"{other.id}" may write the variable {variable} at the same time, and the later overwrites.'
            if not twice
            else f"This element may run several times at once and write the variable {variable}.",
        ),
        Text(
            zh="给每个分支不同的变量名，汇合之后再合并。",
            en="Give each branch a variable of its own and combine them after the join.",
        ),
    )
