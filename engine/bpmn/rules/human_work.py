"""User tasks: somebody can do them, in time, and not the one who must not."""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, Process
from kernel.calendar import MalformedDeadline, parse_duration
from kernel.language import Text

_DONE_BY_PERSONS = frozenset({ElementKind.USER_TASK, ElementKind.START_EVENT})


def check_human_work(process: Process, findings: Findings) -> None:
    """Check role, deadline and separation of duties of each user task."""
    for element in process.elements.values():
        if element.kind is not ElementKind.USER_TASK:
            continue
        if not element.role:
            findings.refuse(
                element.id,
                "user-task.role-missing",
                Text(zh="没有角色可以办理此任务。", en="No role can do this task."),
                Text(zh="给泳道或任务指定角色。", en="Give the lane or the task a role."),
            )
        _check_deadline(element, findings)
        _check_separation(element, process, findings)


def _check_deadline(element: Element, findings: Findings) -> None:
    if element.deadline is None:
        return
    try:
        parse_duration(element.deadline)
    except MalformedDeadline:
        findings.refuse(
            element.id,
            "user-task.deadline",
            Text(
                zh=f"不能理解时限“{element.deadline}”。",
                en=f'Deadline "{element.deadline}" is not understood.',
            ),
            Text(
                zh="工作日写作 5WD，自然日写作 30D 或 P30D。",
                en="Write 5WD for working days, 30D for natural days.",
            ),
        )


def _check_separation(element: Element, process: Process, findings: Findings) -> None:
    for other_id in element.differs_from:
        other = process.elements.get(other_id)
        if other is None or other.kind not in _DONE_BY_PERSONS or other_id == element.id:
            findings.refuse(
                element.id,
                "user-task.differs-from",
                Text(
                    zh=f"不相容的元素“{other_id}”不是本流程的用户任务或开始事件。",
                    en=f'"{other_id}" is not another user task or start event of this process.',
                ),
                Text(zh="填写用户任务或开始事件的编号。", en="Name user tasks or start events by their ids."),
            )
