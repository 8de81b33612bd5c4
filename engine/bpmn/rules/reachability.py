"""Every element can be reached from a start event, and from every element an end can be reached."""

from collections.abc import Iterable

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, Process
from engine.bpmn.rules.flows import is_beside_the_flow
from engine.bpmn.upstream import next_of
from kernel.language import Text


def check_reachability(process: Process, findings: Findings) -> None:
    """Refuse elements that no token can ever reach, and ways that never lead to an end."""
    elements = process.elements
    reachable = _closure(
        [each.id for each in elements.values() if each.kind is ElementKind.START_EVENT or each.instantiates],
        {element.id: next_of(element) + _undone_by(element) for element in elements.values()},
    )
    before: dict[str, list[str]] = {element_id: [] for element_id in elements}
    for element in elements.values():
        for following in next_of(element):
            if following in before:
                before[following].append(element.id)
    ends = [element.id for element in elements.values() if element.kind is ElementKind.END_EVENT]
    can_end = _closure(ends, before)
    for element in elements.values():
        if element.triggered_by_event:
            continue
        if element.id not in reachable:
            findings.refuse(
                element.id,
                "element.unreachable",
                Text(zh="没有路径通向此元素。", en="No path leads to this element."),
                Text(
                    zh="从前面的元素连一条顺序流，或删除它。",
                    en="Connect it to what comes before, or remove it.",
                ),
            )
        elif element.id not in can_end and not is_beside_the_flow(element):
            findings.refuse(
                element.id,
                "element.no-end",
                Text(zh="从此元素无法到达结束事件。", en="No path leads from this element to an end event."),
                Text(zh="给循环加一个出口。", en="Give the loop a way out."),
            )


def _undone_by(element: Element) -> list[str]:
    return [each for each in (element.compensated_by, element.handler) if each is not None]


def _closure(begin: Iterable[str], following: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(begin)
    while waiting:
        element_id = waiting.pop()
        if element_id not in seen:
            seen.add(element_id)
            waiting += following.get(element_id, [])
    return seen
