"""Events: what may stand where, and what each needs to be found.

Source: BPMN 2.0.2, clauses 10.5.3 to 10.5.6.
"""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process, TimerKind
from engine.bpmn.vocabulary import ACTIVITIES
from kernel.language import Text

_CATCHES = frozenset({ElementKind.CATCH_EVENT, ElementKind.BOUNDARY_EVENT, ElementKind.RECEIVE_TASK})


def check_events(process: Process, findings: Findings) -> None:
    """Check boundary events, catch events and the keys by which messages are found."""
    for element in process.elements.values():
        if element.kind is ElementKind.BOUNDARY_EVENT:
            _check_boundary(element, process, findings)
        elif element.kind is ElementKind.CATCH_EVENT:
            _check_catch(element, findings)
        _check_message(element, process, findings)


def _check_boundary(event: Element, process: Process, findings: Findings) -> None:
    host = process.elements.get(event.attached_to or "")
    if host is None or host.kind not in ACTIVITIES or host.parent != event.parent or host.triggered_by_event:
        findings.refuse(
            event.id,
            "boundary.attached-to-nothing",
            Text(zh="边界事件没有附着在活动上。", en="The boundary event is not attached to an activity."),
            Text(zh="把它拖到一个活动的边上。", en="Drag it onto the border of an activity."),
        )
    if event.event is None:
        findings.refuse(
            event.id,
            "boundary.catches-nothing",
            Text(zh="边界事件没有事件定义。", en="The boundary event has no event definition."),
            Text(
                zh="选择定时、消息、信号、升级或错误。",
                en="Make it a timer, message, signal, escalation or error event.",
            ),
        )
    elif event.event.kind is EventKind.ERROR and not event.interrupting:
        findings.refuse(
            event.id,
            "error.non-interrupting",
            Text(zh="错误边界事件总是中断。", en="An error boundary event always interrupts."),
            Text(zh="设为中断。", en="Make it interrupting."),
        )
    elif event.interrupting and _is_cycle(event):
        _refuse_cycle(event, findings)


def _check_catch(event: Element, findings: Findings) -> None:
    if event.event is None:
        findings.refuse(
            event.id,
            "catch.nothing",
            Text(zh="中间捕获事件没有事件定义。", en="The catch event has no event definition."),
            Text(zh="选择定时、消息或信号。", en="Make it a timer, message or signal event."),
        )
    elif _is_cycle(event):
        _refuse_cycle(event, findings)


def _is_cycle(event: Element) -> bool:
    timer = event.event.timer if event.event else None
    return timer is not None and timer.kind is TimerKind.CYCLE


def _refuse_cycle(event: Element, findings: Findings) -> None:
    findings.refuse(
        event.id,
        "timer.cycle-interrupting",
        Text(
            zh="此处的定时器只触发一次，不能用循环时间。", en="The timer fires once here, so not in a cycle."
        ),
        Text(zh="改用时长或日期。", en="Use a duration or a date."),
    )


def _check_message(element: Element, process: Process, findings: Findings) -> None:
    """A message that is waited for is found by name and key; one that starts a process by name."""
    is_start_inside = element.kind is ElementKind.START_EVENT and element.parent is not None
    if element.kind is ElementKind.RECEIVE_TASK and element.event is None:
        findings.refuse(
            element.id,
            "event.message-missing",
            Text(zh="接收任务没有引用消息。", en="The receive task refers to no message."),
            Text(zh="选择或新建消息。", en="Choose or create the message."),
        )
    if element.event is None or element.event.kind is not EventKind.MESSAGE:
        return
    if (element.kind in _CATCHES or is_start_inside) and element.event.correlation_key is None:
        findings.refuse(
            element.id,
            "message.key-missing",
            Text(
                zh="等待消息需要关联键，否则无法知道消息属于哪个实例。",
                en="Waiting for a message takes a correlation key, or any instance could get it.",
            ),
            Text(
                zh="填写关联键，例如 versionId。", en="Fill in the correlation key, such as an id variable."
            ),
        )
