"""Calls between processes: the called one is there, can be called, and does not call back.

Source: BPMN 2.0.2, clause 13.3.4 (call activity): the called process is
instantiated by its none start event.
"""

from collections.abc import Mapping

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, Process
from kernel.language import Text


def check_calls(processes: Mapping[str, Process], findings: Findings) -> None:
    """Check every call activity of every process of the deployment."""
    for process in processes.values():
        for element in process.elements.values():
            if element.kind is ElementKind.CALL_ACTIVITY and element.called_process:
                _check_call(element, process, processes, findings)


def _check_call(
    element: Element, process: Process, processes: Mapping[str, Process], findings: Findings
) -> None:
    called = processes.get(element.called_process or "")
    if called is None:
        findings.refuse(
            element.id,
            "call.unknown-process",
            Text(
                zh=f"没有流程“{element.called_process}”。",
                en=f'There is no process "{element.called_process}".',
            ),
            Text(
                zh="先部署被调用的流程，或改正其标识。",
                en="Deploy the called process first, or correct its key.",
            ),
        )
        return
    none_starts = [start for start in called.starts if called.elements[start].event is None]
    if len(none_starts) > 1:
        findings.refuse(
            element.id,
            "call.several-none-starts",
            Text(zh="被调用的流程有多个空开始事件。", en="The called process has several none start events."),
            Text(zh="被调用的流程只保留一个空开始事件。", en="Keep one of them in the called process."),
        )
    if not none_starts:
        findings.refuse(
            element.id,
            "call.no-none-start",
            Text(zh="被调用的流程没有空开始事件。", en="The called process has no none start event."),
            Text(zh="给被调用的流程添加空开始事件。", en="Add a none start event to the called process."),
        )
    if process.key in _called_from(called, processes):
        findings.refuse(
            element.id,
            "call.circular",
            Text(zh="流程直接或间接调用自己。", en="The process calls itself, directly or through others."),
            Text(zh="用循环代替调用。", en="Draw a loop instead of a call."),
        )


def _called_from(process: Process, processes: Mapping[str, Process]) -> set[str]:
    """Collect the keys of this process and of all that it calls, directly or not."""
    found: set[str] = set()
    waiting = [process]
    while waiting:
        current = waiting.pop()
        if current.key not in found:
            found.add(current.key)
            keys = [element.called_process or "" for element in current.elements.values()]
            waiting += [processes[key] for key in keys if key in processes]
    return found
