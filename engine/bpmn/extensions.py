"""Our dialect on a flow node: operators, forms, outputs, listeners.

Handlers and forms are written in SpiffWorkflow's own extension vocabulary, so that
the diagrams load there as they are; ``zujian:`` stands where it has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.expression_fields import check_variable, read_assignments, read_expression
from engine.bpmn.findings import Findings
from engine.bpmn.model import Assignment, Listener
from engine.bpmn.vocabulary import FORM_PROPERTY
from engine.bpmn.xml_source import SPIFFWORKFLOW, ZUJIAN, Node, children
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Operator:
    """The service task operator: which handler runs, with what, and where its result goes."""

    topic: str
    parameters: tuple[Assignment, ...]
    result_variable: str | None


def extension_elements(node: Node, tag: str, namespace: str = ZUJIAN) -> Iterator[Node]:
    """Give the extension elements of this name on a flow node."""
    for holder in children(node, "extensionElements"):
        yield from children(holder, tag, namespace=namespace)


def read_operator(node: Node, findings: Findings) -> Operator | None:
    """Read ``spiffworkflow:serviceTaskOperator``; None when there is none."""
    operator = next(extension_elements(node, "serviceTaskOperator", SPIFFWORKFLOW), None)
    if operator is None:
        return None
    element_id, topic = node.get("id"), (operator.get("id") or "").strip()
    if not topic:
        findings.refuse(
            element_id,
            "service.topic-missing",
            Text(zh="处理器没有主题。", en="The handler has no topic."),
            Text(zh="在属性面板中选择处理器。", en="Choose the handler in the properties panel."),
        )
    parameters = [
        parameter
        for holder in children(operator, "parameters", namespace=SPIFFWORKFLOW)
        for parameter in children(holder, "parameter", namespace=SPIFFWORKFLOW)
    ]
    result_variable = operator.get("resultVariable") or None
    if result_variable is not None:
        check_variable(element_id, result_variable, findings)
    return Operator(
        topic=topic,
        parameters=read_assignments(element_id, parameters, "id", "value", findings, sets_variables=False),
        result_variable=result_variable,
    )


def read_form(node: Node, findings: Findings) -> str | None:
    """Read the file name of the form of a user task; None when it has none."""
    form = None
    for holder in extension_elements(node, "properties", SPIFFWORKFLOW):
        for entry in children(holder, "property", namespace=SPIFFWORKFLOW):
            if entry.get("name") == FORM_PROPERTY and form is None:
                form = entry.get("value")
                continue
            findings.refuse(
                node.get("id"),
                "extension.property",
                Text(
                    zh=f"不支持扩展属性 {entry.get('name')}。",
                    en=f"Property {entry.get('name')} is not executed.",
                ),
                Text(zh=f"只支持 {FORM_PROPERTY}。", en=f"Only {FORM_PROPERTY} is."),
            )
    return form


def read_called_decision(node: Node) -> str | None:
    """Read the id of the decision that a business rule task evaluates; None when it names none."""
    called = next(extension_elements(node, "calledDecisionId", SPIFFWORKFLOW), None)
    return None if called is None else (called.text or "").strip() or None


def read_outputs(node: Node, findings: Findings) -> tuple[Assignment, ...]:
    """Read the ``zujian:output`` elements: what of the element's own result reaches the process."""
    return read_assignments(
        node.get("id"),
        extension_elements(node, "output"),
        "variable",
        "expression",
        findings,
        sets_variables=True,
    )


def read_inputs(node: Node, findings: Findings) -> tuple[Assignment, ...]:
    """Read the ``zujian:input`` elements: the only variables that a called process gets."""
    return read_assignments(
        node.get("id"),
        extension_elements(node, "input"),
        "variable",
        "expression",
        findings,
        sets_variables=True,
    )


def read_listeners(node: Node, findings: Findings) -> tuple[Listener, ...]:
    """Read the ``zujian:listener`` elements, in document order."""
    found: list[Listener] = []
    for listener in extension_elements(node, "listener"):
        topic = (listener.get("topic") or "").strip()
        if not topic:
            findings.refuse(
                node.get("id"),
                "listener.topic-missing",
                Text(zh="监听器没有主题。", en="The listener has no topic."),
                Text(zh="填写 topic。", en="Fill in its topic."),
            )
        parameters = children(listener, "parameter", namespace=ZUJIAN)
        found.append(
            Listener(
                topic=topic,
                when=read_expression(node.get("id"), f"{topic} when", listener.get("when"), findings),
                parameters=read_assignments(
                    node.get("id"), parameters, "name", "value", findings, sets_variables=False
                ),
            )
        )
    return tuple(found)
