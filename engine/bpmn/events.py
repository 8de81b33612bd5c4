"""Event definitions: what an event throws or waits for, with its timer, key and payload.

Source: BPMN 2.0.2, clauses 10.5.5 (event definitions) and 13.5 (events).
"""

import re

from engine.bpmn.declarations import Declarations
from engine.bpmn.expression_fields import read_assignments, read_expression
from engine.bpmn.expressions import ExpressionError, compile_expression, constant
from engine.bpmn.findings import Findings
from engine.bpmn.iso8601 import parse_cycle, parse_duration, parse_moment
from engine.bpmn.model import Assignment, EventDefinition, EventKind, Expression, Timer, TimerKind
from engine.bpmn.vocabulary import EVENT_DEFINITIONS
from engine.bpmn.xml_source import ZUJIAN, Node, child_text, children, local_reference, zujian
from kernel.language import Text

_KINDS = {
    "messageEventDefinition": EventKind.MESSAGE,
    "timerEventDefinition": EventKind.TIMER,
    "signalEventDefinition": EventKind.SIGNAL,
    "errorEventDefinition": EventKind.ERROR,
    "escalationEventDefinition": EventKind.ESCALATION,
    "linkEventDefinition": EventKind.LINK,
    "conditionalEventDefinition": EventKind.CONDITIONAL,
    "terminateEventDefinition": EventKind.TERMINATE,
    "compensateEventDefinition": EventKind.COMPENSATE,
    "cancelEventDefinition": EventKind.CANCEL,
}
# What may be caught without saying which (BPMN 2.0.2, 10.5.5).
_MAY_CATCH_ALL = frozenset({EventKind.ERROR, EventKind.ESCALATION})
_CATCHING = ("startEvent", "boundaryEvent")
_WITH_PAYLOAD = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION})
# A time with a slip of the pen would pass as a variable: P5X, R3/P1X, -P1D.
_LIKE_A_TIME = re.compile(r"P\d|PT\d|R\d")
_PARSERS = {
    TimerKind.DATE: parse_moment,
    TimerKind.DURATION: parse_duration,
    TimerKind.CYCLE: parse_cycle,
}


def read_event(node: Node, declarations: Declarations, findings: Findings) -> EventDefinition | None:
    """Read the event definitions of an event element; None for a none event."""
    drawn = list(children(node, *EVENT_DEFINITIONS))
    read = [_read_definition(node, definition, declarations, findings) for definition in drawn]
    _check_unused(node, {definition.kind for definition in read}, findings)
    if len(read) < 2:
        return read[0] if read else None
    is_parallel = node.get("parallelMultiple") == "true"
    return EventDefinition(
        EventKind.PARALLEL_MULTIPLE if is_parallel else EventKind.MULTIPLE, parts=tuple(read)
    )


def _read_definition(
    node: Node, definition: Node, declarations: Declarations, findings: Findings
) -> EventDefinition:
    """Read one event definition of an event element."""
    kind = _KINDS[definition.tag.rpartition("}")[2]]
    if kind is EventKind.TIMER:
        return EventDefinition(kind, timer=_read_timer(node, definition, findings))
    if kind in {EventKind.TERMINATE, EventKind.CANCEL}:
        return EventDefinition(kind)
    if kind is EventKind.LINK:
        return EventDefinition(kind, (definition.get("name") or "").strip() or None)
    if kind is EventKind.CONDITIONAL:
        return EventDefinition(kind, condition=_read_condition(node, definition, findings))
    if kind is EventKind.COMPENSATE:
        waits = definition.get("waitForCompletion", "true") == "true"
        return EventDefinition(kind, activity=local_reference(definition.get("activityRef")), waits=waits)
    reference = definition.get(f"{kind.value}Ref")
    name = declarations.look_up(kind.value, reference)
    catches_all = kind in _MAY_CATCH_ALL and reference is None and node.tag.endswith(_CATCHING)
    if name is None and not catches_all:
        _refuse_reference(node, kind.value, reference, findings)
    if kind is not EventKind.MESSAGE:
        return EventDefinition(kind, name, payload=_read_payload(node, findings))
    key, own = zujian(node, "correlationKey"), zujian(definition, "correlationKey")
    if key is not None and own is not None:
        findings.refuse(
            node.get("id"),
            "element.twice",
            Text(
                zh="事件和消息定义都有关联键。", en="Both the event and its message have a correlation key."
            ),
            Text(zh="只保留一个。", en="Keep one of them."),
        )
    return _message(node, name, key or own, findings)


def _read_condition(node: Node, definition: Node, findings: Findings) -> Expression | None:
    text = child_text(definition, "condition")
    if text is None:
        findings.refuse(
            node.get("id"),
            "event.condition-missing",
            Text(zh="条件事件没有条件。", en="The conditional event has no condition."),
            Text(zh="填写条件，例如 amount > 1000。", en="Fill in a condition, such as amount > 1000."),
        )
    return read_expression(node.get("id"), "condition", text, findings)


def _check_unused(node: Node, kinds: set[EventKind], findings: Findings) -> None:
    """Refuse a key or payload on an event that sends nothing by key or carries nothing."""
    has_payload = bool(_read_payload(node, Findings()))
    is_useless = has_payload and not kinds & _WITH_PAYLOAD
    if is_useless or (EventKind.MESSAGE not in kinds and zujian(node, "correlationKey") is not None):
        findings.refuse(
            node.get("id"),
            "event.unused",
            Text(zh="此事件不使用关联键或载荷。", en="This event uses no correlation key or payload."),
            Text(zh="删除它们，或改为消息事件。", en="Remove them, or make it a message event."),
        )


def read_task_message(node: Node, declarations: Declarations, findings: Findings) -> EventDefinition | None:
    """Read the message of a send or receive task; None when it names none."""
    reference = node.get("messageRef")
    if reference is None:
        return None
    name = declarations.look_up("message", reference)
    if name is None:
        _refuse_reference(node, "message", reference, findings)
    return _message(node, name, zujian(node, "correlationKey"), findings)


def _message(node: Node, name: str | None, key: str | None, findings: Findings) -> EventDefinition:
    expression = read_expression(node.get("id"), "correlationKey", key, findings)
    return EventDefinition(
        EventKind.MESSAGE, name, correlation_key=expression, payload=_read_payload(node, findings)
    )


def _read_payload(node: Node, findings: Findings) -> tuple[Assignment, ...]:
    holders = [
        payload
        for extensions in children(node, "extensionElements")
        for payload in children(extensions, "payload", namespace=ZUJIAN)
    ]
    parameters = [node for holder in holders for node in children(holder, "parameter", namespace=ZUJIAN)]
    return read_assignments(node.get("id"), parameters, "name", "value", findings, sets_variables=False)


def _refuse_reference(node: Node, kind: str, reference: str | None, findings: Findings) -> None:
    findings.refuse(
        node.get("id"),
        f"event.{kind}-missing",
        Text(
            zh=f"没有引用已声明的 {kind}（{reference or '空'}）。",
            en=f"It refers to no declared {kind} ({reference or 'none given'}).",
        ),
        Text(
            zh=f"在属性面板中选择或新建 {kind}。", en=f"Choose or create the {kind} in the properties panel."
        ),
    )


def _read_timer(node: Node, definition: Node, findings: Findings) -> Timer | None:
    parts = [(kind, part) for kind in TimerKind for part in children(definition, kind.value)]
    if len(parts) != 1:
        findings.refuse(
            node.get("id"),
            "timer.time-missing",
            Text(zh="定时器需要且只需要一个时间。", en="A timer needs exactly one date, duration or cycle."),
            Text(zh="填写时间，例如 P5D。", en="Fill in a time, such as P5D."),
        )
        return None
    kind, part = parts[0]
    text = (part.text or "").strip()
    # SpiffWorkflow writes times as quoted texts, most others bare.
    bare = text[1:-1] if text[:1] in {"'", '"'} and text[-1:] == text[:1] else text
    try:
        _PARSERS[kind](bare)
    except (ValueError, OverflowError):
        return _dynamic_timer(node, kind, text, findings)
    return Timer(kind, constant(bare))


def _dynamic_timer(node: Node, kind: TimerKind, text: str, findings: Findings) -> Timer | None:
    """Read the time as an expression, unless it is a literal that we could not read."""
    try:
        expression = compile_expression(text)
    except ExpressionError:
        expression = None
    if expression is None or not expression.names or any(map(_LIKE_A_TIME.match, expression.names)):
        findings.refuse(
            node.get("id"),
            "timer.not-understood",
            Text(zh=f"不能理解时间“{text}”。", en=f'The time "{text}" is not understood.'),
            Text(
                zh="用 ISO 8601：P5D、2026-12-01T08:00:00+08:00、R3/PT1H；间隔不少于一分钟。",
                en="Use ISO 8601: P5D, 2026-12-01T08:00:00+08:00, R3/PT1H; repeat at most once a minute.",
            ),
        )
        return None
    return Timer(kind, expression)
