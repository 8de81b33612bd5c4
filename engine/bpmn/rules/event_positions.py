"""Events: what may stand where, and what each needs to be found.

Source: BPMN 2.0.2, clauses 10.5.3 to 10.5.6.
"""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process, TimerKind
from engine.bpmn.vocabulary import ACTIVITIES
from kernel.language import Text

# What is waited for; errors and escalations are looked for when they are thrown.
AWAITED = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})
_THROWN_TOGETHER = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION})
_THROWS = frozenset({ElementKind.THROW_EVENT, ElementKind.END_EVENT})
_CATCHES = frozenset({ElementKind.CATCH_EVENT, ElementKind.BOUNDARY_EVENT, ElementKind.RECEIVE_TASK})


def check_events(process: Process, findings: Findings) -> None:
    """Check boundary events, catch events and the keys by which messages are found."""
    for element in process.elements.values():
        if element.kind is ElementKind.BOUNDARY_EVENT:
            _check_boundary(element, process, findings)
        elif element.kind is ElementKind.CATCH_EVENT:
            _check_catch(element, findings)
        _check_message(element, process, findings)
        _check_parts(element, findings)


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
    definitions = event.event.definitions if event.event else ()
    return any(each.timer is not None and each.timer.kind is TimerKind.CYCLE for each in definitions)


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
    definitions = element.event.definitions if element.event else ()
    has_no_key = any(each.kind is EventKind.MESSAGE and each.correlation_key is None for each in definitions)
    is_waited_for = element.kind in _CATCHES and element.id not in process.starts
    if (is_waited_for or is_start_inside) and has_no_key:
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


def _check_parts(element: Element, findings: Findings) -> None:
    """Of several definitions, each has to be one that can be waited for, or thrown, beside the others."""
    parts = element.event.parts if element.event else ()
    possible = _THROWN_TOGETHER if element.kind in _THROWS else AWAITED
    if any(part.kind not in possible for part in parts):
        findings.refuse(
            element.id,
            "event.part",
            Text(
                zh="这种事件定义不能与其他定义放在同一个事件中。",
                en="An event definition of this kind cannot stand beside others in one event.",
            ),
            Text(zh="拆成多个事件。", en="Draw an event of its own for it."),
        )
    if len(set(parts)) < len(parts):
        findings.refuse(
            element.id,
            "event.part-twice",
            Text(zh="同一个事件定义出现两次。", en="One event definition is given twice."),
            Text(zh="删除其中之一。", en="Remove one of the two."),
        )
    is_parallel = element.event is not None and element.event.kind is EventKind.PARALLEL_MULTIPLE
    if is_parallel and _is_cycle(element):
        _refuse_cycle(element, findings)
