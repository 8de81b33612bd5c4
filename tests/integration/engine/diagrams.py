"""Small diagrams and forms for the engine's tests, written shortly."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:zujian="urn:zujian:bpmn:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="urn:zujian:tests">'
)


def diagram(key: str, *nodes: str, declarations: str = "", attributes: str = "") -> bytes:
    """Return a diagram of one process; ``nodes`` are made by the functions below."""
    flows = "".join(_flow_element(node) for node in nodes if node.startswith("flow:"))
    elements = "".join(node for node in nodes if not node.startswith("flow:"))
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{_HEAD}{declarations}'
        f'<bpmn:process id={quoteattr(key)} name="测试流程" zujian:nameEn="Test process" isExecutable="true" '
        f'zujian:startRoles="releasing_unit provider" {attributes}>'
        f"{elements}{flows}</bpmn:process></bpmn:definitions>"
    )
    return text.encode()


def flow(source: str, target: str, condition: str | None = None) -> str:
    """Return a sequence flow, with a condition or without."""
    return f"flow:{source}:{target}:{condition or ''}"


def chain(*names: str) -> tuple[str, ...]:
    """Return the flows from each element to the next."""
    return tuple(flow(source, target) for source, target in pairwise(names))


def start(name: str = "begin", event: str = "", extensions: str = "") -> str:
    """Return a start event."""
    return node("startEvent", name, event, extensions=extensions)


def end(name: str = "done", result: str = "finished", event: str = "") -> str:
    """Return an end event with a result."""
    return node("endEvent", name, event, attributes=f'zujian:result="{result}"')


def user_task(
    name: str,
    role: str = "reviewer",
    form: str = "",
    attributes: str = "",
    outputs: str = "",
    body: str = "",
) -> str:
    """Return a user task; ``outputs`` such as ``decision=outcome``."""
    extensions = _outputs(outputs)
    if form:
        extensions += (
            "<spiffworkflow:properties><spiffworkflow:property "
            f'name="formJsonSchemaFilename" value="{form}"/></spiffworkflow:properties>'
        )
    return node("userTask", name, body, f'zujian:role="{role}" {attributes}', extensions)


def service_task(name: str, topic: str, parameters: str = "", outputs: str = "") -> str:
    """Return a service task; ``parameters`` such as ``stage='creation'``."""
    given = "".join(
        f'<spiffworkflow:parameter id="{key}" type="any" value={quoteattr(value)}/>'
        for key, _, value in (pair.partition("=") for pair in parameters.split(";") if pair)
    )
    extensions = (
        f'<spiffworkflow:serviceTaskOperator id="{topic}">'
        f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
        "</spiffworkflow:serviceTaskOperator>"
    )
    return node("serviceTask", name, extensions=extensions + _outputs(outputs))


def boundary(name: str, attached_to: str, event: str, interrupting: bool = True) -> str:
    """Return a boundary event."""
    attributes = f'attachedToRef="{attached_to}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, event, attributes=attributes)


def node(kind: str, name: str, inner: str = "", attributes: str = "", extensions: str = "") -> str:
    """Return any element with a Chinese and an English name."""
    wrapped = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return (
        f'<bpmn:{kind} id="{name}" name="{name}（中）" zujian:nameEn="{name}" '
        f'zujian:clauses="9.1a" {attributes}>'
        f"{wrapped}{inner}</bpmn:{kind}>"
    )


def timer(duration: str) -> str:
    """Return the definition of a duration timer."""
    return (
        '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">'
        f"{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def listener(topic: str, parameters: str = "", when: str = "") -> str:
    """Return a listener; ``parameters`` such as ``event='X'``."""
    given = "".join(
        f"<zujian:parameter name={quoteattr(key)} value={quoteattr(value)}/>"
        for key, _, value in (pair.partition("=") for pair in parameters.split(";") if pair)
    )
    condition = f" when={quoteattr(when)}" if when else ""
    return f"<zujian:listener topic={quoteattr(topic)}{condition}>{given}</zujian:listener>"


def review_form() -> dict[str, Any]:
    """Return a form with an outcome, and an opinion that is mandatory unless one agrees."""
    return {
        "type": "object",
        "title": "审查",
        "x-en": {"title": "Review"},
        "properties": {
            "outcome": {
                "type": "string",
                "title": "结论",
                "x-en": {"title": "Decision"},
                "enum": ["agree", "return"],
                "x-widget": "outcome",
                "x-labels": {
                    "agree": {"zh-CN": "同意", "en": "Agree"},
                    "return": {"zh-CN": "退回", "en": "Return"},
                },
            },
            "opinion": {
                "type": "string",
                "title": "意见",
                "x-en": {"title": "Opinion"},
                "maxLength": 500,
                "x-widget": "textarea",
            },
            "score": {"type": "integer", "title": "评分", "x-en": {"title": "Score"}, "minimum": 0},
            "paper": {"type": "string", "title": "附件", "x-en": {"title": "Paper"}, "x-widget": "file"},
        },
        "required": ["outcome"],
        "if": {"properties": {"outcome": {"const": "return"}}},
        "then": {"required": ["opinion"], "properties": {"opinion": {"minLength": 1}}},
        "additionalProperties": False,
    }


def files(key: str, bpmn: bytes, **forms: dict[str, Any]) -> dict[str, bytes]:
    """Return the files of a definition; ``review=...`` becomes ``forms/review.json``."""
    named = {
        f"forms/{name}.json": json.dumps(form, ensure_ascii=False).encode() for name, form in forms.items()
    }
    return {f"{key}.bpmn": bpmn, **named}


def _outputs(outputs: str) -> str:
    pairs = (pair.partition("=") for pair in outputs.split(";") if pair)
    return "".join(
        f"<zujian:output variable={quoteattr(variable)} expression={quoteattr(expression)}/>"
        for variable, _, expression in pairs
    )


def _flow_element(text: str) -> str:
    _, source, target, condition = text.split(":", 3)
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )
