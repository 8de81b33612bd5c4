"""Gateways: conditions where decisions are made, and what may follow an event gateway.

Source: BPMN 2.0.2, clauses 13.4.1 (parallel), 13.4.2 (exclusive), 13.4.3 (inclusive),
13.4.4 and 10.6.6 (event-based).
"""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from kernel.language import Text


def check_gateways(process: Process, findings: Findings) -> None:
    """Check each gateway by its kind."""
    for element in process.elements.values():
        if element.kind in {ElementKind.EXCLUSIVE_GATEWAY, ElementKind.INCLUSIVE_GATEWAY}:
            _check_decision(element, findings)
        elif element.kind is ElementKind.EVENT_BASED_GATEWAY:
            _check_event_based(element, process, findings)


def _check_decision(gateway: Element, findings: Findings) -> None:
    if len(gateway.outgoing) < 2:
        return
    for flow in gateway.outgoing:
        if flow.condition is None and flow is not gateway.default_flow:
            findings.refuse(
                flow.id,
                "gateway.condition-missing",
                Text(
                    zh="排他（包容）网关的这条顺序流没有条件，也不是默认流。",
                    en="This flow of a deciding gateway has no condition and is not the default.",
                ),
                Text(zh="填写条件，或设为默认流。", en="Fill in a condition or make it the default flow."),
            )
    if gateway.default_flow is None:
        findings.warn(
            gateway.id,
            "gateway.no-default",
            Text(
                zh="没有默认流：若条件都不成立，实例会成为异常事件。",
                en="There is no default flow: if no condition holds, an incident is raised.",
            ),
            Text(zh="把一条顺序流设为默认流。", en="Make one of the flows the default."),
        )


def _check_event_based(gateway: Element, process: Process, findings: Findings) -> None:
    targets = [process.elements[flow.target] for flow in gateway.outgoing]
    if len(targets) < 2:
        findings.refuse(
            gateway.id,
            "event-gateway.too-few",
            Text(zh="事件网关至少等待两个事件。", en="An event-based gateway waits for two events at least."),
            Text(zh="添加一个事件，或直接使用捕获事件。", en="Add an event, or use a catch event alone."),
        )
    for target in targets:
        if not _is_possible_target(target):
            _refuse_target(
                target,
                "只能是消息、定时、信号捕获事件或接收任务",
                "must be a catch event or receive task",
                findings,
            )
        elif len(target.incoming) != 1:
            _refuse_target(target, "不能有其他进入的顺序流", "must have no other incoming flow", findings)
        elif target.boundary_events or target.loop or target.repeat:
            _refuse_target(
                target,
                "不能有边界事件、循环或多实例",
                "must have no boundary events, loop or instances",
                findings,
            )
    _check_one_way_of_receiving(gateway, targets, findings)


def _is_possible_target(target: Element) -> bool:
    return target.kind is ElementKind.RECEIVE_TASK or (
        target.kind is ElementKind.CATCH_EVENT
        and target.event is not None
        and target.event.kind not in {EventKind.LINK, EventKind.PARALLEL_MULTIPLE}
    )


def _refuse_target(target: Element, zh: str, en: str, findings: Findings) -> None:
    findings.refuse(
        target.id,
        "event-gateway.target",
        Text(zh=f"事件网关之后的元素{zh}。", en=f"What follows an event-based gateway {en}."),
        Text(zh="改接一个中间捕获事件。", en="Connect the gateway to an intermediate catch event."),
    )


def _check_one_way_of_receiving(gateway: Element, targets: list[Element], findings: Findings) -> None:
    """Message events and receive tasks do not stand behind the same gateway (10.6.6)."""
    has_receive_task = any(target.kind is ElementKind.RECEIVE_TASK for target in targets)
    has_message_event = any(
        target.kind is ElementKind.CATCH_EVENT
        and target.event
        and any(each.kind is EventKind.MESSAGE for each in target.event.definitions)
        for target in targets
    )
    if has_receive_task and has_message_event:
        findings.refuse(
            gateway.id,
            "event-gateway.mixed",
            Text(
                zh="事件网关之后不能同时有消息事件和接收任务。",
                en="Message events and receive tasks cannot follow the same event-based gateway.",
            ),
            Text(zh="统一使用消息捕获事件。", en="Use message catch events only."),
        )
