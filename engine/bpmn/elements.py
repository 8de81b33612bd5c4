"""Reading one flow node: everything that was drawn or written on it, in one Element."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
from engine.bpmn.model import Assignment, Element, ElementKind, EventDefinition, Expression, Flow, Lane
from engine.bpmn.reviewing import read_actions, read_return_to
from engine.bpmn.scripts import compile_script
from engine.bpmn.vocabulary import TRANSACTION
from engine.bpmn.xml_source import Node, child_text, english_label, label, local_reference, words, zujian
from kernel.language import Text

# Some of the fields of an element, by their names.
Fields = dict[str, Any]


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


@dataclass(frozen=True, slots=True)
class _Reading:
    """One flow node while it is read: its XML, what stands around it, and where its faults are noted."""

    id: str
    node: Node
    kind: ElementKind
    operator: Operator | None
    lane: Lane | None
    around: Surroundings
    findings: Findings

    def expression(self, name: str) -> Expression | None:
        return read_expression(self.id, name, zujian(self.node, name), self.findings)

    def says(self, name: str) -> bool:
        return self.node.get(name) == "true"


def read_element(
    node: Node, parent: str | None, lane: Lane | None, around: Surroundings, findings: Findings
) -> Element:
    """Read one flow node. What cannot be read is noted and left out."""
    element_id, tag = node.get("id") or "", node.tag.rpartition("}")[2]
    is_transaction = tag == TRANSACTION
    kind = ElementKind.SUB_PROCESS if is_transaction else ElementKind(tag)
    one = _Reading(element_id, node, kind, read_operator(node, findings), lane, around, findings)
    return Element(
        id=element_id,
        kind=kind,
        process=around.process,
        parent=parent,
        name=label(node),
        name_en=english_label(node),
        clauses=words(zujian(node, "clauses")),
        lane=lane.id if lane else None,
        is_transaction=is_transaction,
        **_flows(one),
        **_work_and_data(one),
        **_event(one),
        **_compensation(one),
        **_content(one),
    )


def _flows(one: _Reading) -> Fields:
    outgoing = one.around.outgoing.get(one.id, ())
    default = one.node.get("default")
    default_flow = next((flow for flow in outgoing if flow.id == default), None)
    if default is not None and default_flow is None:
        one.findings.refuse(
            one.id,
            "flow.default-unknown",
            Text(
                zh=f"默认流 {default} 不从此元素出发。", en=f"The default flow {default} does not leave it."
            ),
            Text(zh="重新选择默认流。", en="Choose the default flow anew."),
        )
    return {
        "incoming": one.around.incoming.get(one.id, ()),
        "outgoing": outgoing,
        "default_flow": default_flow,
    }


def _work_and_data(one: _Reading) -> Fields:
    """Read who or what works on it, and the data that come and go."""
    outputs = read_outputs(one.node, one.findings)
    automatic = _automatic_work(one)
    given = {each.variable for each in (*outputs, *automatic["script"])}
    if automatic["result_variable"] is not None:
        given.add(automatic["result_variable"])
    return {**automatic, **_human_work(one), **_data(one, outputs, frozenset(given))}


def _automatic_work(one: _Reading) -> Fields:
    operator = one.operator
    return {
        "topic": operator.topic if operator else None,
        "parameters": operator.parameters if operator else (),
        "result_variable": operator.result_variable if operator else None,
        "script": _read_script(one.node, one.kind, one.findings),
        "called_decision": read_called_decision(one.node),
    }


def _human_work(one: _Reading) -> Fields:
    """Read who works on it and what they may do; role, unit and region are its own or those of its lane."""
    node, lane, findings = one.node, one.lane, one.findings
    return {
        "role": zujian(node, "role") or (lane.role if lane else None),
        "unit": one.expression("unit") or (lane.unit if lane else None),
        "region": one.expression("region") or (lane.region if lane else None),
        "form": read_form(node, findings),
        "prefill": one.expression("prefill"),
        "deadline": zujian(node, "deadline"),
        "differs_from": words(zujian(node, "differsFrom")),
        "withdraw": zujian(node, "withdraw") == "true",
        "stand_in": zujian(node, "standIn"),
        "actions": read_actions(node, findings),
        "return_to": read_return_to(node, findings),
        "agreeing": read_agreeing(node),
        "approval": read_approval(node, one.kind, findings),
        "no_return": zujian(node, "noReturn") == "true",
    }


def _data(one: _Reading, outputs: tuple[Assignment, ...], given: frozenset[str]) -> Fields:
    """Read what crosses its border, and who is told; ``given`` are the variables that it writes anyhow."""
    node, references, findings = one.node, one.around.data_references, one.findings
    return {
        "inputs": read_inputs(node, findings),
        "outputs": outputs + read_data_outputs(node, references, given, findings),
        "data_inputs": read_data_inputs(node, references, findings),
        "data_objects": read_data_objects(node, findings),
        "listeners": read_listeners(node, findings),
        "result": zujian(node, "result"),
    }


def _event(one: _Reading) -> Fields:
    """Read what it throws or waits for, and which events wait at its border."""
    node = one.node
    interrupts = (node.get(name, "true") == "true" for name in ("cancelActivity", "isInterrupting"))
    return {
        "event": _read_event(node, one.kind, one.operator, one.around.declarations, one.findings),
        "attached_to": node.get("attachedToRef"),
        "interrupting": all(interrupts),
        "boundary_events": one.around.boundary_events.get(one.id, ()),
        "instantiates": one.says("instantiate"),
    }


def _compensation(one: _Reading) -> Fields:
    return {
        "compensated_by": one.around.compensation.boundary_events.get(one.id),
        "handler": one.around.compensation.handlers.get(one.id),
        "is_for_compensation": one.says("isForCompensation"),
    }


def _content(one: _Reading) -> Fields:
    """Read how often it is done, and what it contains or calls."""
    return {
        "loop": read_multi_instance(one.node, one.findings),
        "repeat": read_standard_loop(one.node, one.findings),
        "called_process": local_reference(one.node.get("calledElement")),
        "triggered_by_event": one.says("triggeredByEvent"),
        "starts": one.around.starts.get(one.id, ()),
        "event_sub_processes": one.around.event_sub_processes.get(one.id, ()),
    }


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
