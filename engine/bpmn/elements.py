"""Reading one flow node: everything that was drawn or written on it, in one Element."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.approvals import read_agreeing, read_approval
from engine.bpmn.compensation import Compensation
from engine.bpmn.data_objects import read_data_inputs, read_data_objects, read_data_outputs
from engine.bpmn.declarations import Declarations
from engine.bpmn.events import read_event, read_task_message
from engine.bpmn.expression_fields import read_expression
from engine.bpmn.expressions import ExpressionError
from engine.bpmn.extensions import (
    Operator,
    read_called_decision,
    read_form,
    read_inputs,
    read_listeners,
    read_operator,
    read_outputs,
)
from engine.bpmn.findings import Findings
from engine.bpmn.loops import read_multi_instance, read_standard_loop
from engine.bpmn.model import Assignment, Element, ElementKind, EventDefinition, Flow, Lane
from engine.bpmn.reviewing import read_actions, read_return_to
from engine.bpmn.scripts import compile_script
from engine.bpmn.vocabulary import TRANSACTION
from engine.bpmn.xml_source import Node, child_text, english_label, label, local_reference, words, zujian
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an element needs to know of the diagram around it."""

    process: str
    declarations: Declarations
    outgoing: Mapping[str, tuple[Flow, ...]]
    incoming: Mapping[str, tuple[str, ...]]
    boundary_events: Mapping[str, tuple[str, ...]]
    lanes: Mapping[str, Lane]
    data_references: Mapping[str, str]
    starts: Mapping[str, tuple[str, ...]]
    event_sub_processes: Mapping[str, tuple[str, ...]]
    compensation: Compensation


def read_element(
    node: Node, parent: str | None, lane: Lane | None, around: Surroundings, findings: Findings
) -> Element:
    """Read one flow node. What cannot be read is noted and left out."""
    element_id = node.get("id") or ""
    tag = node.tag.rpartition("}")[2]
    is_transaction = tag == TRANSACTION
    kind = ElementKind.SUB_PROCESS if is_transaction else ElementKind(tag)
    operator = read_operator(node, findings)
    outgoing = around.outgoing.get(element_id, ())
    default = node.get("default")
    if default is not None and all(flow.id != default for flow in outgoing):
        findings.refuse(
            element_id,
            "flow.default-unknown",
            Text(
                zh=f"默认流 {default} 不从此元素出发。", en=f"The default flow {default} does not leave it."
            ),
            Text(zh="重新选择默认流。", en="Choose the default flow anew."),
        )
    outputs, script = read_outputs(node, findings), _read_script(node, kind, findings)
    given = {each.variable for each in (*outputs, *script)}
    if operator is not None and operator.result_variable is not None:
        given.add(operator.result_variable)
    return Element(
        id=element_id,
        kind=kind,
        process=around.process,
        parent=parent,
        name=label(node),
        name_en=english_label(node),
        clauses=words(zujian(node, "clauses")),
        lane=lane.id if lane else None,
        incoming=around.incoming.get(element_id, ()),
        outgoing=outgoing,
        default_flow=next((flow for flow in outgoing if flow.id == default), None),
        role=zujian(node, "role") or (lane.role if lane else None),
        unit=read_expression(element_id, "unit", zujian(node, "unit"), findings)
        or (lane.unit if lane else None),
        region=read_expression(element_id, "region", zujian(node, "region"), findings)
        or (lane.region if lane else None),
        form=read_form(node, findings),
        prefill=read_expression(element_id, "prefill", zujian(node, "prefill"), findings),
        deadline=zujian(node, "deadline"),
        differs_from=words(zujian(node, "differsFrom")),
        withdraw=zujian(node, "withdraw") == "true",
        stand_in=zujian(node, "standIn"),
        actions=read_actions(node, findings),
        return_to=read_return_to(node, findings),
        agreeing=read_agreeing(node),
        approval=read_approval(node, kind, findings),
        no_return=zujian(node, "noReturn") == "true",
        topic=operator.topic if operator else None,
        parameters=operator.parameters if operator else (),
        result_variable=operator.result_variable if operator else None,
        script=script,
        called_decision=read_called_decision(node),
        inputs=read_inputs(node, findings),
        outputs=outputs + read_data_outputs(node, around.data_references, frozenset(given), findings),
        data_inputs=read_data_inputs(node, around.data_references, findings),
        data_objects=read_data_objects(node, findings),
        listeners=read_listeners(node, findings),
        result=zujian(node, "result"),
        event=_read_event(node, kind, operator, around.declarations, findings),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") == "true"
        and node.get("isInterrupting", "true") == "true",
        boundary_events=around.boundary_events.get(element_id, ()),
        instantiates=node.get("instantiate") == "true",
        compensated_by=around.compensation.boundary_events.get(element_id),
        handler=around.compensation.handlers.get(element_id),
        is_for_compensation=node.get("isForCompensation") == "true",
        loop=read_multi_instance(node, findings),
        repeat=read_standard_loop(node, findings),
        called_process=local_reference(node.get("calledElement")),
        is_transaction=is_transaction,
        triggered_by_event=node.get("triggeredByEvent") == "true",
        starts=around.starts.get(element_id, ()),
        event_sub_processes=around.event_sub_processes.get(element_id, ()),
    )


def _read_event(
    node: Node, kind: ElementKind, operator: Operator | None, declarations: Declarations, findings: Findings
) -> EventDefinition | None:
    """Read what the element throws or waits for. A send task with a handler throws nothing itself."""
    if kind is ElementKind.SEND_TASK and operator is not None and node.get("messageRef") is not None:
        findings.refuse(
            node.get("id"),
            "send.twofold",
            Text(zh="发送任务同时有处理器和消息。", en="The send task has both a handler and a message."),
            Text(zh="保留其中之一。", en="Keep one of the two."),
        )
    if kind is ElementKind.RECEIVE_TASK or (kind is ElementKind.SEND_TASK and operator is None):
        return read_task_message(node, declarations, findings)
    return read_event(node, declarations, findings)


def _read_script(node: Node, kind: ElementKind, findings: Findings) -> tuple[Assignment, ...]:
    if kind is not ElementKind.SCRIPT_TASK:
        return ()
    try:
        return compile_script(child_text(node, "script") or "")
    except ExpressionError as error:
        findings.refuse_expression(node.get("id"), "script", error)
        return ()
