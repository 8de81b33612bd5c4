"""Where a process and its sub-processes begin.

Source: BPMN 2.0.2, clauses 10.5.2 (start events), 10.3.5 (sub-processes),
13.5.4 (event sub-processes).
"""

from collections.abc import Iterable

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process, TimerKind
from kernel.language import Text


def check_scopes(process: Process, findings: Findings) -> None:
    """Check the start events of the process and of each sub-process, and that each scope can end."""
    _check_process_starts(process, findings)
    _check_ends(process.key, None, process, findings)
    for element in process.elements.values():
        if element.kind is not ElementKind.SUB_PROCESS:
            continue
        _check_ends(element.id, element.id, process, findings)
        starts = [process.elements[start] for start in element.starts]
        if element.triggered_by_event:
            _check_event_sub_process(element, starts, findings)
        else:
            _check_embedded(element, starts, findings)


def _check_process_starts(process: Process, findings: Findings) -> None:
    starts = [process.elements[start] for start in process.starts]
    if not starts:
        findings.refuse(
            process.key,
            "start.missing",
            Text(zh="流程没有开始事件。", en="The process has no start event."),
            Text(zh="添加一个开始事件。", en="Add a start event."),
        )
    for start in starts:
        _check_process_start(start, findings)


def _check_process_start(start: Element, findings: Findings) -> None:
    _check_kind_at_top(start, findings)
    _check_needs_no_instance(start, findings)
    if start.event is not None and start.event.kind is EventKind.PARALLEL_MULTIPLE:
        findings.refuse(
            start.id,
            "start.parallel-multiple",
            Text(
                zh="启动流程的事件不能并行多重：没有实例时无法收集事件。",
                en="A process does not start on several events together: nothing gathers them before it.",
            ),
            Text(zh="先由一个事件启动，再等待其余事件。", en="Start on one of them and wait for the others."),
        )
    if not start.interrupting:
        findings.refuse(
            start.id,
            "start.non-interrupting",
            Text(
                zh="只有事件子流程的开始事件可以不中断。",
                en="Only event sub-processes start without interrupting.",
            ),
            Text(zh="删除 isInterrupting 属性。", en="Remove the attribute isInterrupting."),
        )


def _check_kind_at_top(start: Element, findings: Findings) -> None:
    event = start.event
    if event is not None and event.kind in {EventKind.ERROR, EventKind.ESCALATION}:
        findings.refuse(
            start.id,
            "start.error-at-top",
            Text(zh="错误或升级事件不能启动流程。", en="An error or escalation cannot start a process."),
            Text(zh="只在事件子流程中使用它。", en="Use it in an event sub-process."),
        )


def _check_needs_no_instance(start: Element, findings: Findings) -> None:
    """Refuse what could only be known of an instance that is there already."""
    definitions = () if start.event is None else start.event.definitions
    if any(each.correlation_key is not None for each in definitions):
        findings.refuse(
            start.id,
            "event.unused",
            Text(
                zh="启动流程的消息不使用关联键：此时还没有实例。",
                en="A message that starts a process is found by its name: its key would be ignored.",
            ),
            Text(zh="删除关联键。", en="Remove the correlation key."),
        )
    if any(each.timer is not None and each.timer.moment.names for each in definitions):
        findings.refuse(
            start.id,
            "start.timer-variable",
            Text(
                zh="启动流程的定时器不能引用变量：此时还没有实例。",
                en="A timer that starts a process cannot read variables: there is no instance yet.",
            ),
            Text(zh="直接写出时间，例如 R/P1D。", en="Write the time out, such as R/P1D."),
        )


def _check_ends(scope_id: str, parent: str | None, process: Process, findings: Findings) -> None:
    inside = (element for element in process.elements.values() if element.parent == parent)
    if not any(element.kind is ElementKind.END_EVENT for element in inside):
        findings.refuse(
            scope_id,
            "end.missing",
            Text(zh="没有结束事件。", en="There is no end event."),
            Text(zh="让每条路径通向一个结束事件。", en="Let every path lead to an end event."),
        )


def _check_embedded(element: Element, starts: Iterable[Element], findings: Findings) -> None:
    kinds = [start.event for start in starts]
    if kinds != [None]:
        findings.refuse(
            element.id,
            "sub-process.start",
            Text(
                zh="子流程需要且只需要一个空开始事件。",
                en="A sub-process needs exactly one none start event.",
            ),
            Text(zh="保留一个空开始事件。", en="Keep one none start event in it."),
        )


def _check_event_sub_process(element: Element, starts: list[Element], findings: Findings) -> None:
    """An event sub-process has one typed start and is drawn without flows (10.3.5)."""
    if len(starts) != 1 or starts[0].event is None:
        findings.refuse(
            element.id,
            "event-sub-process.start",
            Text(
                zh="事件子流程需要且只需要一个带事件定义的开始事件。",
                en="An event sub-process needs exactly one start event, with an event definition.",
            ),
            Text(
                zh="给开始事件选择消息、定时、信号、升级或错误。",
                en="Make it a message, timer, signal, escalation or error start.",
            ),
        )
        return
    is_repeated = element.loop is not None or element.repeat is not None
    if element.incoming or element.outgoing or element.boundary_events or is_repeated:
        findings.refuse(
            element.id,
            "event-sub-process.connected",
            Text(
                zh="事件子流程不能有顺序流、边界事件、循环或多实例。",
                en="An event sub-process has no flows, boundary events, loop or instances.",
            ),
            Text(zh="删除这些连接。", en="Remove them."),
        )
    _check_event_sub_process_start(starts[0], findings)


def _check_event_sub_process_start(start: Element, findings: Findings) -> None:
    event = start.event
    if event is None:
        return
    if event.kind is EventKind.ERROR and not start.interrupting:
        findings.refuse(
            start.id,
            "error.non-interrupting",
            Text(zh="错误事件总是中断。", en="An error always interrupts."),
            Text(zh="删除 isInterrupting=false。", en="Remove isInterrupting=false."),
        )
    is_cycle = any(
        each.timer is not None and each.timer.kind is TimerKind.CYCLE for each in event.definitions
    )
    if is_cycle and start.interrupting:
        findings.refuse(
            start.id,
            "timer.cycle-interrupting",
            Text(
                zh="中断的事件只能触发一次，不能用循环时间。",
                en="What interrupts fires once, so not in a cycle.",
            ),
            Text(
                zh="改用时长或日期，或设为不中断。", en="Use a duration or date, or make it non-interrupting."
            ),
        )
