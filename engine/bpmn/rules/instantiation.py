"""Receive tasks and event-based gateways at which a process begins.

Source: BPMN 2.0.2, clauses 10.3.3 (receive task: instantiate), 10.6.6 and 13.4.4
(instantiating event-based gateway), 13.2 (process instantiation).
"""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from kernel.language import Text


def check_instantiation(process: Process, findings: Findings) -> None:
    """Check that nothing comes before such an element and that a message begins the process."""
    for element in process.elements.values():
        if not element.instantiates:
            continue
        if element.incoming or element.parent is not None:
            _refuse(
                element,
                "只能是流程本身的起点，不能有进入的顺序流",
                "begins the process, so no flow enters it",
                findings,
            )
        elif element.kind is ElementKind.RECEIVE_TASK:
            if element.loop or element.repeat or element.boundary_events:
                _refuse(element, "不能循环，也不能有边界事件", "has no loop and no boundary events", findings)
        elif not all(_is_message(process.elements[flow.target]) for flow in element.outgoing):
            _refuse(
                element, "之后只能是消息事件或接收任务", "leads to message events or receive tasks", findings
            )


def _is_message(target: Element) -> bool:
    definitions = () if target.event is None else target.event.definitions
    return bool(definitions) and all(each.kind is EventKind.MESSAGE for each in definitions)


def _refuse(element: Element, zh: str, en: str, findings: Findings) -> None:
    findings.refuse(
        element.id,
        "start.instantiate",
        Text(zh=f"启动流程的元素{zh}。", en=f"An element that instantiates the process {en}."),
        Text(zh="改画，或设置 instantiate=false。", en="Draw it so, or set instantiate=false."),
    )
