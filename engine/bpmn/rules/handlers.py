"""Handlers of errors and escalations: at one place, each code has one.

Source: BPMN 2.0.2, clause 10.5.6 (handling events): the handler is the one that is
drawn for the code, or the one for all codes. Which of two it is, BPMN does not say.
"""

from collections.abc import Iterable, Iterator

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, EventDefinition, EventKind, Process
from kernel.language import Text

_KINDS = frozenset({EventKind.ERROR, EventKind.ESCALATION})


def check_handlers(process: Process, findings: Findings) -> None:
    """Refuse the second handler of a code on one activity, or in one scope."""
    elements = process.elements
    containers = [process.event_sub_processes]
    for element in elements.values():
        _check_place((elements[event] for event in element.boundary_events), findings)
        containers.append(element.event_sub_processes)
    for event_sub_processes in containers:
        _check_place(
            (elements[start] for each in event_sub_processes for start in elements[each].starts), findings
        )


def _check_place(handlers: Iterable[Element], findings: Findings) -> None:
    seen: set[EventDefinition] = set()
    for handler in handlers:
        for handled in _handled(handler):
            if handled in seen:
                findings.refuse(
                    handler.id,
                    "event.handled-twice",
                    Text(
                        zh="此处已有处理同一错误或升级的事件。",
                        en="Another event at this place handles the same error or escalation.",
                    ),
                    Text(zh="保留其中之一，或区分代码。", en="Keep one of them, or tell their codes apart."),
                )
            seen.add(handled)


def _handled(handler: Element) -> Iterator[EventDefinition]:
    if handler.event is not None and handler.event.kind in _KINDS:
        yield EventDefinition(handler.event.kind, handler.event.name)
