"""Compensation and transactions: what undoes what, from where it is asked for, and how one leaves.

Source: BPMN 2.0.2, clauses 10.3.5 (transactions), 10.5.5 (compensation and cancel
events), 10.7 and 13.5.5 (compensation).
"""

from collections.abc import Mapping

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from engine.bpmn.vocabulary import ACTIVITIES
from kernel.language import Text

_THROWS = frozenset({ElementKind.THROW_EVENT, ElementKind.END_EVENT})


def check_compensation(process: Process, findings: Findings) -> None:
    """Check handlers, throws and starts of compensation, and the cancelling of transactions."""
    used = {element.handler for element in process.elements.values()}
    for element in process.elements.values():
        kind = None if element.event is None else element.event.kind
        if element.is_for_compensation:
            _check_handler(element, used, findings)
        if kind is EventKind.COMPENSATE:
            if element.kind is ElementKind.BOUNDARY_EVENT:
                _check_boundary(element, process, findings)
            elif element.kind is ElementKind.START_EVENT:
                _check_start(element, process, findings)
            elif element.kind in _THROWS:
                _check_throw(element, process, findings)
        elif kind is EventKind.CANCEL:
            _check_cancel(element, process, findings)


def check_no_way_back(processes: Mapping[str, Process], findings: Findings) -> None:
    """Refuse compensation where tasks are returned or taken back: what is withdrawn could be undone again."""
    for process in processes.values():
        for element in process.elements.values():
            if element.event is not None and element.event.kind is EventKind.COMPENSATE:
                findings.refuse(
                    element.id,
                    "compensation.way-back",
                    Text(
                        zh="有任务允许退回或取回时，不能使用补偿。",
                        en="Where a task may be returned or taken back, nothing is compensated.",
                    ),
                    Text(
                        zh="删除任务的退回与取回，或删除补偿。",
                        en="Take return and takeBack from the tasks, or remove the compensation.",
                    ),
                )


def _check_handler(handler: Element, used: set[str | None], findings: Findings) -> None:
    """A handler stands outside the normal flow: only the association leads to it (10.7)."""
    is_connected = handler.incoming or handler.outgoing or handler.boundary_events or handler.compensated_by
    if is_connected or handler.triggered_by_event:
        findings.refuse(
            handler.id,
            "compensation.handler-connected",
            Text(
                zh="补偿活动不能有顺序流或边界事件，也不能是事件子流程。",
                en="A compensation activity has no sequence flows or boundary events and is no event"
                " sub-process.",
            ),
            Text(zh="删除这些连接，只保留关联。", en="Remove them; only the association leads to it."),
        )
    if handler.id not in used:
        findings.refuse(
            handler.id,
            "compensation.handler-unused",
            Text(zh="没有补偿事件关联到此补偿活动。", en="No compensation event leads to this activity."),
            Text(
                zh="从补偿边界事件画一条关联到它，或取消补偿标记。",
                en="Draw an association to it from a compensation boundary event, or unmark it.",
            ),
        )


def _check_boundary(event: Element, process: Process, findings: Findings) -> None:
    """A compensation boundary event leads to one handler and to nothing else (10.5.3)."""
    host = process.elements.get(event.attached_to or "")
    wanted = event.event.activity if event.event is not None else None
    handler = process.elements.get(event.handler or "")
    is_handler = handler is not None and handler.is_for_compensation and handler.parent == event.parent
    if not is_handler or event.outgoing or wanted not in {None, event.attached_to}:
        findings.refuse(
            event.id,
            "compensation.handler-missing",
            Text(
                zh="补偿边界事件需要且只需要一条关联，指向同一层的补偿活动，且没有顺序流。",
                en="A compensation boundary event has no sequence flow and exactly one association, with a"
                " compensation activity of its scope.",
            ),
            Text(
                zh="从该事件画关联到标为补偿的活动。",
                en="Draw the association from the event to an activity marked for compensation.",
            ),
        )
    if host is None:
        return
    has_own = any(is_undone_by(process.elements[each], process) for each in host.event_sub_processes)
    if host.compensated_by != event.id or has_own:
        findings.refuse(
            event.id,
            "compensation.twofold",
            Text(zh="活动有不止一种补偿。", en="The activity is compensated in more than one way."),
            Text(
                zh="保留一个补偿边界事件或补偿事件子流程。",
                en="Keep one compensation boundary event or event sub-process.",
            ),
        )


def is_undone_by(event_sub_process: Element, process: Process) -> bool:
    """Say whether this event sub-process compensates the sub-process around it."""
    starts = (process.elements[start].event for start in event_sub_process.starts)
    return event_sub_process.triggered_by_event and any(
        event is not None and event.kind is EventKind.COMPENSATE for event in starts
    )


def _check_start(start: Element, process: Process, findings: Findings) -> None:
    """Only what has completed is compensated as a whole: a sub-process, never the process itself (10.7)."""
    event_sub_process = process.elements.get(start.parent or "")
    is_inside = event_sub_process is not None and event_sub_process.triggered_by_event
    outer = process.elements.get(event_sub_process.parent or "") if event_sub_process else None
    if is_inside and outer is not None and not outer.triggered_by_event and start.interrupting:
        others = [each for each in outer.event_sub_processes if is_undone_by(process.elements[each], process)]
        if others[0] == start.parent:
            return
    findings.refuse(
        start.id,
        "compensation.start",
        Text(
            zh="补偿开始事件只用于子流程内唯一的补偿事件子流程，且总是中断。",
            en="A compensation start stands in the one compensation event sub-process of a sub-process, and"
            " always interrupts.",
        ),
        Text(
            zh="放进需要补偿的子流程内的事件子流程。",
            en="Put it into an event sub-process inside the sub-process that it undoes.",
        ),
    )


def _check_throw(throw: Element, process: Process, findings: Findings) -> None:
    """What is to be compensated is visible: of this scope, or of the one that is being handled (10.5.5)."""
    undone = undone_by(throw, process)
    wanted = throw.event.activity if throw.event is not None else None
    if wanted is not None and not undone:
        other = process.elements.get(wanted)
        if other is None or other.kind not in ACTIVITIES or other.parent != scope_of_throw(throw, process):
            findings.refuse(
                throw.id,
                "compensation.not-visible",
                Text(
                    zh=f"“{wanted}”不是本层可补偿的活动。",
                    en=f'"{wanted}" is no activity of this scope.',
                ),
                Text(
                    zh="引用同一层的活动，或不填以补偿本层全部活动。",
                    en="Refer to an activity of the same scope, or to none to compensate all of it.",
                ),
            )
            return
    if not undone:
        findings.warn(
            throw.id,
            "compensation.nothing",
            Text(zh="没有可以补偿的活动。", en="There is nothing that could be compensated."),
            Text(
                zh="给活动加补偿边界事件和补偿活动。",
                en="Give an activity a compensation boundary event and a handler.",
            ),
        )


def scope_of_throw(throw: Element, process: Process) -> str | None:
    """Return the sub-process whose activities a throw compensates; None means the process.

    An event sub-process handles something on behalf of the scope around it.
    """
    parent = throw.parent
    while parent is not None and process.elements[parent].triggered_by_event:
        parent = process.elements[parent].parent
    return parent


def undone_by(throw: Element, process: Process) -> list[Element]:
    """List the activities that a throw may compensate: with a handler, or with content that has some."""
    wanted = throw.event.activity if throw.event is not None else None
    scope = scope_of_throw(throw, process)
    return [
        element
        for element in process.elements.values()
        if element.kind in ACTIVITIES
        and wanted in {None, element.id}
        and not element.is_for_compensation
        and scope_of_throw(element, process) == scope
        and _may_be_undone(element, process)
    ]


def _may_be_undone(element: Element, process: Process) -> bool:
    if element.compensated_by is not None or element.kind is ElementKind.CALL_ACTIVITY:
        return True
    inside = [each for each in process.elements.values() if each.parent == element.id]
    return any(
        _may_be_undone(each, process) or (each.triggered_by_event and is_undone_by(each, process))
        for each in inside
    )


def _check_cancel(event: Element, process: Process, findings: Findings) -> None:
    """A transaction is cancelled by an end event inside it, and left by the cancel event on it (10.3.5)."""
    if event.kind is ElementKind.BOUNDARY_EVENT:
        host = process.elements.get(event.attached_to or "")
        others = () if host is None else host.boundary_events
        first = next((each for each in others if process.elements[each].is_cancel_event), None)
        if host is None or not host.is_transaction or not event.interrupting or first != event.id:
            findings.refuse(
                event.id,
                "transaction.cancel-boundary",
                Text(
                    zh="取消边界事件只用于事务，每个事务一个，且总是中断。",
                    en="A cancel boundary event stands on a transaction, once, and always interrupts.",
                ),
                Text(zh="附着在事务子流程上。", en="Attach it to a transaction."),
            )
        return
    outer = process.elements.get(event.parent or "")
    if outer is None or not outer.is_transaction:
        findings.refuse(
            event.id,
            "transaction.cancel-outside",
            Text(
                zh="取消结束事件只能直接位于事务中。",
                en="A cancel end event stands directly in a transaction.",
            ),
            Text(
                zh="放进事务子流程，或改用错误结束事件。", en="Put it into a transaction, or throw an error."
            ),
        )
    elif not any(process.elements[each].is_cancel_event for each in outer.boundary_events):
        findings.refuse(
            event.id,
            "transaction.cancel-not-caught",
            Text(zh="事务没有取消边界事件。", en="The transaction has no cancel boundary event."),
            Text(zh="给事务加一个取消边界事件。", en="Attach a cancel boundary event to the transaction."),
        )
