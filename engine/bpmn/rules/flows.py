"""Sequence flows: between which elements, and with which conditions.

Source: BPMN 2.0.2, clauses 8.3.13 (sequence flows), 13.3.1 (conditional and default
flows of activities), 13.4 (gateways).
"""

from engine.bpmn.findings import Findings
from engine.bpmn.links import is_link_throw
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from engine.bpmn.vocabulary import ACTIVITIES
from kernel.language import Text

_NEVER_ENTERED = frozenset({ElementKind.START_EVENT, ElementKind.BOUNDARY_EVENT})
_MAY_DECIDE = ACTIVITIES | {ElementKind.EXCLUSIVE_GATEWAY, ElementKind.INCLUSIVE_GATEWAY}


def check_flows(process: Process, findings: Findings) -> None:
    """Check each element's incoming and outgoing flows."""
    for element in process.elements.values():
        if element.triggered_by_event:
            continue
        _check_ends_of_paths(element, findings)
        _check_conditions(element, findings)


def _check_ends_of_paths(element: Element, findings: Findings) -> None:
    """Begin and end explicitly: what is drawn without a flow is more often forgotten than meant."""
    if element.kind in _NEVER_ENTERED and element.incoming:
        findings.refuse(
            element.id,
            "flow.into-start",
            Text(
                zh="顺序流不能进入开始事件或边界事件。",
                en="No sequence flow enters a start or boundary event.",
            ),
            Text(zh="改连到其后的元素。", en="Connect it to the element behind."),
        )
    if element.kind is ElementKind.END_EVENT:
        if element.outgoing:
            findings.refuse(
                element.id,
                "flow.out-of-end",
                Text(zh="顺序流不能离开结束事件。", en="No sequence flow leaves an end event."),
                Text(zh="改用中间事件。", en="Use an intermediate event instead."),
            )
    elif not element.outgoing and not is_link_throw(element) and not is_beside_the_flow(element):
        findings.refuse(
            element.id,
            "flow.no-way-on",
            Text(zh="元素之后没有顺序流。", en="No sequence flow leads on from the element."),
            Text(zh="连接到下一个元素或结束事件。", en="Connect it to the next element or to an end event."),
        )


def is_beside_the_flow(element: Element) -> bool:
    """Say whether no token comes by: a compensation activity, and the event on which it is called."""
    if element.kind is ElementKind.BOUNDARY_EVENT:
        return element.event is not None and element.event.kind is EventKind.COMPENSATE
    return element.is_for_compensation


def _check_conditions(element: Element, findings: Findings) -> None:
    conditional = [flow for flow in element.outgoing if flow.condition is not None]
    if element.kind not in _MAY_DECIDE:
        for flow in conditional:
            findings.refuse(
                flow.id,
                "flow.condition-not-allowed",
                Text(
                    zh="并行网关、事件网关和事件之后的顺序流不能有条件。",
                    en="Flows from parallel and event-based gateways and from events have no condition.",
                ),
                Text(zh="在前面放一个排他网关。", en="Put an exclusive gateway before it."),
            )
        return
    default = element.default_flow
    if default is None:
        return
    if default.condition is not None:
        findings.refuse(
            default.id,
            "flow.default-with-condition",
            Text(zh="默认顺序流不能有条件。", en="The default flow has no condition."),
            Text(zh="删除条件或取消默认。", en="Remove the condition or the default mark."),
        )
    if not conditional and element.kind in ACTIVITIES:
        findings.refuse(
            element.id,
            "flow.default-without-conditions",
            Text(
                zh="有默认顺序流但没有带条件的顺序流。", en="There is a default flow but no conditional one."
            ),
            Text(zh="给其他顺序流加条件，或取消默认。", en="Give the others conditions or drop the default."),
        )
