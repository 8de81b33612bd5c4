"""A tiny language for diagrams in tests: BPMN without the angle brackets.

``diagram("start -> ask -> end", ask=user())`` is a process in which ``start`` and ``end``
are recognised by their names; every other name is given as a keyword. A flow may
carry an id and a condition: ``decide -[again: round < 3]-> ask``.
"""

import re
from collections.abc import Mapping

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net

HEADER = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zujian="urn:zujian:bpmn:1" targetNamespace="urn:test">'
)
_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_FLOW = re.compile(r"\s+-(?:\[(?P<id>[\w.]*)(?::\s*(?P<condition>[^]]+))?\]-)?>\s+")


def node(tag: str, inside: str = "", **attributes: str) -> str:
    """Write a flow node with a placeholder for its id; ``zujian_x`` stands for ``zujian:x``."""
    written = "".join(
        f' {key.replace("zujian_", "zujian:")}="{escape(value)}"' for key, value in attributes.items()
    )
    return f'<bpmn:{tag} id="@"{written}>{inside}</bpmn:{tag}>'


def escape(text: str) -> str:
    """Escape text for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def extensions(inside: str) -> str:
    """Wrap extension elements."""
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def output(variable: str, expression: str) -> str:
    """Write one ``zujian:output``."""
    return f'<zujian:output variable="{variable}" expression="{escape(expression)}"/>'


def listener(topic: str, when: str | None = None, **parameters: str) -> str:
    """Write one ``zujian:listener``."""
    children = "".join(f'<zujian:parameter name="{k}" value="{escape(v)}"/>' for k, v in parameters.items())
    condition = "" if when is None else f' when="{escape(when)}"'
    return f'<zujian:listener topic="{topic}"{condition}>{children}</zujian:listener>'


def user(extension: str = "", inside: str = "", **attributes: str) -> str:
    """Write a user task of the role ``reviewer``."""
    attributes.setdefault("zujian_role", "reviewer")
    return node("userTask", extensions(extension) * bool(extension) + inside, **attributes)


def service(topic: str = "check", result: str | None = None, extension: str = "", **parameters: str) -> str:
    """Write a service task with its operator."""
    children = "".join(
        f'<spiffworkflow:parameter id="{k}" type="str" value="{escape(v)}"/>' for k, v in parameters.items()
    )
    result_variable = "" if result is None else f' resultVariable="{result}"'
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{topic}"{result_variable}>'
        f"<spiffworkflow:parameters>{children}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return node("serviceTask", extensions(operator + extension))


def script(text: str) -> str:
    """Write a script task."""
    return node("scriptTask", f"<bpmn:script>{escape(text)}</bpmn:script>")


def exclusive(default: str | None = None) -> str:
    """Write an exclusive gateway."""
    return node("exclusiveGateway") if default is None else node("exclusiveGateway", default=default)


def parallel() -> str:
    """Write a parallel gateway."""
    return node("parallelGateway")


def inclusive(default: str | None = None) -> str:
    """Write an inclusive gateway."""
    return node("inclusiveGateway") if default is None else node("inclusiveGateway", default=default)


def event(tag: str, definition: str = "", extension: str = "", **attributes: str) -> str:
    """Write an event; the definition is such as ``timer("PT1H")``."""
    return node(tag, extensions(extension) * bool(extension) + definition, **attributes)


def timer(time: str, part: str = "timeDuration") -> str:
    """Write a timer definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{part}>{time}</bpmn:{part}></bpmn:timerEventDefinition>"


def message(name: str) -> str:
    """Write a message definition; the declaration follows by itself."""
    return f'<bpmn:messageEventDefinition messageRef="message_{name}"/>'


def signal(name: str) -> str:
    """Write a signal definition."""
    return f'<bpmn:signalEventDefinition signalRef="signal_{name}"/>'


def error(code: str | None = None) -> str:
    """Write an error definition; without a code it catches all."""
    return (
        "<bpmn:errorEventDefinition/>"
        if code is None
        else f'<bpmn:errorEventDefinition errorRef="error_{code}"/>'
    )


def escalation(code: str | None = None) -> str:
    """Write an escalation definition; without a code it catches all."""
    reference = "" if code is None else f' escalationRef="escalation_{code}"'
    return f"<bpmn:escalationEventDefinition{reference}/>"


def link(name: str) -> str:
    """Write a link definition."""
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def condition(text: str) -> str:
    """Write a conditional definition."""
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def terminate() -> str:
    """Write a terminate definition."""
    return "<bpmn:terminateEventDefinition/>"


def boundary(host: str, definition: str, *, interrupting: bool = True, **attributes: str) -> str:
    """Write a boundary event on a host."""
    if not interrupting:
        attributes["cancelActivity"] = "false"
    extension = attributes.pop("extension", "")
    return event("boundaryEvent", definition, extension, attachedToRef=host, **attributes)


def compensation(activity: str | None = None, *, waits: bool = True) -> str:
    """Write a compensation definition."""
    reference = "" if activity is None else f' activityRef="{activity}"'
    return f'<bpmn:compensateEventDefinition{reference} waitForCompletion="{str(waits).lower()}"/>'


def cancel() -> str:
    """Write a cancel definition."""
    return "<bpmn:cancelEventDefinition/>"


def undone(host: str, handler: str) -> str:
    """Write a compensation boundary event on a host, with the association to its handler."""
    return boundary(host, compensation()) + f'<bpmn:association sourceRef="@" targetRef="{handler}"/>'


def undoing(extension: str = "", inside: str = "", **attributes: str) -> str:
    """Write a user task that compensates."""
    return user(extension, inside, isForCompensation="true", **attributes)


def transaction(flows: str, inside: str = "", **nodes: str) -> str:
    """Write a transaction from its own little diagram."""
    return f'<bpmn:transaction id="@">{inside}{body(flows, nodes)}</bpmn:transaction>'


def sub_process(flows: str, inside: str = "", **nodes: str) -> str:
    """Write an embedded sub-process from its own little diagram."""
    return f'<bpmn:subProcess id="@">{inside}{body(flows, nodes)}</bpmn:subProcess>'


def event_sub_process(flows: str, **nodes: str) -> str:
    """Write an event sub-process."""
    return f'<bpmn:subProcess id="@" triggeredByEvent="true">{body(flows, nodes)}</bpmn:subProcess>'


def instances(
    *,
    sequential: bool = False,
    count: str | None = None,
    over: str | None = None,
    item: str | None = None,
    into: str | None = None,
    result: str | None = None,
    until: str | None = None,
) -> str:
    """Write multi-instance characteristics."""
    parts = [
        ("loopCardinality", count),
        ("loopDataInputRef", over),
        ("loopDataOutputRef", into),
    ]
    written = "".join(f"<bpmn:{tag}>{text}</bpmn:{tag}>" for tag, text in parts if text is not None)
    written += f'<bpmn:inputDataItem id="{item}" name="{item}"/>' if item else ""
    written += f'<bpmn:outputDataItem id="{result}" name="{result}"/>' if result else ""
    written += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{written}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def loop(condition: str | None = None, *, before: bool = False, most: int | None = None) -> str:
    """Write standard loop characteristics."""
    inside = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    maximum = "" if most is None else f' loopMaximum="{most}"'
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(before).lower()}"{maximum}>{inside}'
        "</bpmn:standardLoopCharacteristics>"
    )


def data_object(name: str, *, collection: bool = False) -> str:
    """Write a data object with the reference that is drawn."""
    kind = ' isCollection="true"' if collection else ""
    return (
        f'<bpmn:dataObject id="{name}" name="{name} for people"{kind}/>'
        f'<bpmn:dataObjectReference id="{name}_drawn" dataObjectRef="{name}">'
        '<bpmn:dataState name="checked"/></bpmn:dataObjectReference>'
    )


def writes(name: str) -> str:
    """Write the association of an activity to a data object."""
    end = f"<bpmn:targetRef>{name}_drawn</bpmn:targetRef>"
    return f"<bpmn:dataOutputAssociation>{end}</bpmn:dataOutputAssociation>"


def reads(name: str) -> str:
    """Write the association from a data object, with the placeholder that modelers make for its end."""
    return (
        '<bpmn:property id="end" name="placeholder"/><bpmn:dataInputAssociation>'
        f"<bpmn:sourceRef>{name}_drawn</bpmn:sourceRef><bpmn:targetRef>end</bpmn:targetRef>"
        "</bpmn:dataInputAssociation>"
    )


def body(flows: str, nodes: Mapping[str, str]) -> str:
    """Write the nodes and sequence flows of one scope."""
    known = dict(nodes)
    written: list[str] = []
    for line in filter(None, map(str.strip, flows.splitlines())):
        names = _FLOW.split(line)
        sources, flow_ids, conditions, targets = names[0:-3:3], names[1::3], names[2::3], names[3::3]
        for name in (names[0], *targets):
            if name not in known:
                known[name] = _by_name(name)
        for source, flow_id, condition, target in zip(sources, flow_ids, conditions, targets, strict=True):
            inside = (
                f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
                if condition
                else ""
            )
            written.append(
                f'<bpmn:sequenceFlow id="{flow_id or f"{source}__{target}"}" sourceRef="{source}"'
                f' targetRef="{target}">{inside}</bpmn:sequenceFlow>'
            )
    named = (
        text.replace('id="@"', f'id="{name}"', 1).replace('sourceRef="@"', f'sourceRef="{name}"')
        for name, text in known.items()
    )
    return "".join(named) + "".join(written)


def _by_name(name: str) -> str:
    if name.startswith("start"):
        return node("startEvent")
    if name.startswith("end"):
        return node("endEvent")
    raise KeyError(f"{name} is drawn nowhere")


def xml(flows: str, key: str = "p", process_attributes: str = "", lanes: str = "", **nodes: str) -> bytes:
    """Write the whole file; messages, signals and errors that are referred to are declared."""
    content = lanes + body(flows, nodes)
    declared = "".join(
        f'<bpmn:{kind} id="{kind}_{name}" {_CODES.get(kind, "name")}="{name}"/>'
        for kind, name in sorted(set(re.findall(r'Ref="(message|signal|error|escalation)_(\w+)"', content)))
    )
    process = f'<bpmn:process id="{key}" isExecutable="true" {process_attributes}>{content}</bpmn:process>'
    return f"{HEADER}{declared}{process}</bpmn:definitions>".encode()


def net(*files: bytes) -> Net:
    """Compile files."""
    return compile_process_files({f"{number}.bpmn": content for number, content in enumerate(files)})


def diagram(flows: str, **nodes: str) -> Net:
    """Compile one process with the key ``p``."""
    return net(xml(flows, **nodes))
