"""Activities that run by themselves: handlers, messages, calls, instances.

Source: BPMN 2.0.2, clauses 13.3.3 (tasks), 13.3.4 (call activities), 13.3.7 (loops).
"""

from engine.bpmn.findings import Findings
from engine.bpmn.model import Element, ElementKind, Process
from kernel.language import Text


def check_activities(process: Process, findings: Findings) -> None:
    """Check that each automatic activity says what it does."""
    for element in process.elements.values():
        if element.kind is ElementKind.SERVICE_TASK and element.topic is None:
            _refuse_without_handler(
                element, "服务任务没有处理器", "The service task has no handler", findings
            )
        elif element.kind is ElementKind.BUSINESS_RULE_TASK:
            _check_decision(element, process, findings)
        elif element.kind is ElementKind.SEND_TASK:
            _check_send_task(element, findings)
        elif element.kind in {ElementKind.TASK, ElementKind.MANUAL_TASK}:
            _warn_of_passing(element, findings)
        elif element.kind is ElementKind.SCRIPT_TASK and not element.script:
            findings.warn(
                element.id,
                "script.empty",
                Text(zh="脚本任务没有赋值。", en="The script task assigns nothing."),
                Text(
                    zh="每行写一个赋值，或删除该任务。",
                    en="Write one assignment per line or remove the task.",
                ),
            )
        _check_instances(element, findings)
        _check_call_names_a_process(element, findings)


def _refuse_without_handler(element: Element, zh: str, en: str, findings: Findings) -> None:
    findings.refuse(
        element.id,
        "service.handler-missing",
        Text(zh=f"{zh}。", en=f"{en}."),
        Text(zh="在属性面板中选择处理器。", en="Choose the handler in the properties panel."),
    )


def _check_decision(element: Element, process: Process, findings: Findings) -> None:
    called = element.called_decision
    if called is None:
        findings.refuse(
            element.id,
            "decision.missing",
            Text(zh="业务规则任务没有指定决策。", en="The business rule task names no decision."),
            Text(zh="填写 calledDecisionId。", en="Fill in calledDecisionId."),
        )
    elif called not in process.decisions:
        findings.refuse(
            element.id,
            "decision.unknown",
            Text(zh=f"没有决策 {called}。", en=f"There is no decision {called}."),
            Text(
                zh="把决策文件放入 decisions/ 一并部署。",
                en="Deploy its file in decisions/ with the diagram.",
            ),
        )


def _check_send_task(element: Element, findings: Findings) -> None:
    if element.topic is None and element.event is None:
        _refuse_without_handler(
            element,
            "发送任务既没有处理器也没有消息",
            "The send task has neither handler nor message",
            findings,
        )


def _warn_of_passing(element: Element, findings: Findings) -> None:
    """Abstract and manual tasks are conceptual only (13.3.3): the engine cannot know when they are done."""
    findings.warn(
        element.id,
        "task.passes-at-once",
        Text(
            zh="引擎不等待此类任务，立即继续。",
            en="The engine does not wait for a task of this kind; it goes on at once.",
        ),
        Text(zh="需要有人办理时使用用户任务。", en="Use a user task where a person has to work."),
    )


def _check_instances(element: Element, findings: Findings) -> None:
    """What the instances of an activity yield is collected; each alone would overwrite the others."""
    loop = element.loop
    if loop is None:
        return
    writes = bool(element.outputs or element.result_variable)
    if writes and loop.result_variable is None and loop.completion_condition is None:
        findings.refuse(
            element.id,
            "loop.results-lost",
            Text(
                zh="多实例的每个结果只属于该实例，需要汇总才能到达流程。",
                en="What an instance yields belongs to it alone; only collected it reaches the process.",
            ),
            Text(
                zh="填写 loopDataOutputRef 与 outputDataItem。",
                en="Fill in loopDataOutputRef and outputDataItem.",
            ),
        )
    if element.kind is ElementKind.SCRIPT_TASK:
        findings.refuse(
            element.id,
            "loop.script",
            Text(zh="脚本任务不能是多实例。", en="A script task cannot have several instances."),
            Text(zh="用表达式函数汇总列表。", en="Work on the list with the expression functions."),
        )


def _check_call_names_a_process(element: Element, findings: Findings) -> None:
    if element.kind is ElementKind.CALL_ACTIVITY and not element.called_process:
        findings.refuse(
            element.id,
            "call.process-missing",
            Text(zh="调用活动没有指定流程。", en="The call activity names no process."),
            Text(zh="填写被调用流程的标识。", en="Fill in the key of the called process."),
        )
