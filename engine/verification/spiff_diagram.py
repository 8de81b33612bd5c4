"""A diagram rewritten so that only its tokens are left, for SpiffWorkflow's own parser to read.

The structure stays as drawn: scopes, flows, gateways, conditions, boundary events,
instances. What waits for the world becomes a user task, what passes at once becomes an
empty script, and every interrupting event a signal with a name of its own, so that
the walk can make it happen.
"""

from collections.abc import Sequence

from lxml import etree

from engine.bpmn.links import is_link
from engine.bpmn.model import Element, ElementKind, EventKind, Flow, Process, StandardLoop
from engine.bpmn.vocabulary import ACTIVITIES, GATEWAYS
from engine.bpmn.xml_source import BPMN, Node, children
from engine.verification.abstraction import INSTANCES
from engine.verification.comparable import error_caught_around

_PASSING = frozenset(
    {
        ElementKind.TASK,
        ElementKind.MANUAL_TASK,
        ElementKind.SCRIPT_TASK,
        ElementKind.BUSINESS_RULE_TASK,
        ElementKind.THROW_EVENT,
    }
)
_KEPT_PARTS = frozenset({"incoming", "outgoing"})
_LOOP_MARKERS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_DECORATION = ("extensionElements", "documentation", "laneSet", "textAnnotation", "association", "group")


def signal_of(event_id: str) -> str:
    """Return the name of the signal that stands for an event."""
    return f"event_{event_id}"


def rewrite(content: bytes, process: Process, start_event: str) -> bytes:
    """Rewrite a file that was compiled to this process, so that it begins at this start event."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(content, parser)
    drawn = next(children(root, "process"))
    for child in list(root):
        if child is not drawn:
            root.remove(child)
    for element in process.elements.values():
        if element.event is not None and element.kind in {
            ElementKind.BOUNDARY_EVENT,
            ElementKind.CATCH_EVENT,
        }:
            _declare_signal(root, element.id)
    thrown = (each for each in process.elements.values() if error_caught_around(each, process) is not None)
    for code in sorted({_error_of(end) or "" for end in thrown}):
        etree.SubElement(root, f"{{{BPMN}}}error", id=code, errorCode=code)
    _rewrite_scope(drawn, process, start_event)
    return etree.tostring(root)


def _declare_signal(root: Node, event_id: str) -> None:
    name = signal_of(event_id)
    etree.SubElement(root, f"{{{BPMN}}}signal", id=name, name=name)


def _rewrite_scope(container: Node, process: Process, start_event: str) -> None:
    for part in list(children(container, *_DECORATION)):
        container.remove(part)
    _put_in_order(container, process)
    for node in list(container):
        element = process.elements.get(node.get("id") or "")
        if element is None:
            continue
        is_other_start = element.id in process.starts and element.id != start_event
        is_compensating = element.is_for_compensation or element.handler is not None
        is_gateway_before = element.instantiates and element.kind is ElementKind.EVENT_BASED_GATEWAY
        if element.triggered_by_event or is_other_start or is_compensating or is_gateway_before:
            _remove_with_flows(container, node, element)
            continue
        if element.id == start_event:
            # Also where the process begins at a receive task or behind an event-based gateway.
            _become(node, "startEvent")
        else:
            _rewrite_element(node, element, process)
        if element.kind is ElementKind.SUB_PROCESS:
            _rewrite_scope(node, process, start_event)
        if element.link_target is not None:
            etree.SubElement(
                container,
                f"{{{BPMN}}}sequenceFlow",
                id=f"{element.id}.link",
                sourceRef=element.id,
                targetRef=element.link_target,
            )
        decides = any(flow.condition is not None for flow in element.outgoing)
        if (len(element.outgoing) > 1 or decides) and element.kind not in GATEWAYS:
            _split_explicitly(container, element)


def _put_in_order(container: Node, process: Process) -> None:
    """Write the flows in the order in which conditions are asked: SpiffWorkflow goes by their place."""
    place = {flow_id: index for index, flow_id in enumerate(process.flows)}
    flows = list(children(container, "sequenceFlow"))
    for flow in sorted(flows, key=lambda each: place.get(each.get("id") or "", 0)):
        container.append(flow)


def _remove_with_flows(container: Node, node: Node, element: Element) -> None:
    container.remove(node)
    for flow in list(children(container, "sequenceFlow")):
        if flow.get("sourceRef") == element.id:
            container.remove(flow)


def _rewrite_element(node: Node, element: Element, process: Process) -> None:
    kind, event = element.kind, element.event
    if kind is ElementKind.SUB_PROCESS:
        node.tag = f"{{{BPMN}}}subProcess"
        _keep_only(node, ("id",), None)
    elif kind in ACTIVITIES or kind in _PASSING or is_link(element):
        _become_task(node, element, process)
    elif kind is ElementKind.CATCH_EVENT:
        if _is_behind_event_gateway(element, process):
            _become_signal(node, element, "intermediateCatchEvent")
        else:
            _become(node, "userTask")
    elif kind is ElementKind.BOUNDARY_EVENT and _catches_error(element, process):
        _become_error(node, element)
    elif kind is ElementKind.BOUNDARY_EVENT:
        _become_signal(node, element, "boundaryEvent")
    elif error_caught_around(element, process) is not None:
        _become_error(node, element)
    elif kind is ElementKind.END_EVENT and event is not None and event.kind is EventKind.TERMINATE:
        _keep_only(node, ("id",), "terminateEventDefinition")
    else:
        # Start events, other end events and gateways: without definitions they only move tokens.
        _keep_only(node, ("id", "default"), None)
    if element.loop is not None:
        _write_instances(node, element)
    if element.repeat is not None:
        _write_loop(node, element.repeat)


def _become_task(node: Node, element: Element, process: Process) -> None:
    passes = (
        element.kind in _PASSING
        or is_link(element)
        or (element.kind is ElementKind.SEND_TASK and element.topic is None)
    )
    if element.kind is ElementKind.RECEIVE_TASK and _is_behind_event_gateway(element, process):
        _become_signal(node, element, "intermediateCatchEvent")
    elif passes:
        _become(node, "scriptTask")
        etree.SubElement(node, f"{{{BPMN}}}script").text = "pass"
    else:
        _become(node, "userTask")


def _is_behind_event_gateway(element: Element, process: Process) -> bool:
    sources = (process.elements[process.flows[flow].source] for flow in element.incoming)
    return any(source.kind is ElementKind.EVENT_BASED_GATEWAY for source in sources)


def _become(node: Node, tag: str) -> None:
    _keep_only(node, ("id",), None)
    node.tag = f"{{{BPMN}}}{tag}"


def _become_signal(node: Node, element: Element, tag: str) -> None:
    _keep_only(node, ("id", "attachedToRef", "cancelActivity"), None)
    node.tag = f"{{{BPMN}}}{tag}"
    etree.SubElement(node, f"{{{BPMN}}}signalEventDefinition", signalRef=signal_of(element.id))


def _catches_error(event: Element, process: Process) -> bool:
    return any(error_caught_around(each, process) is event for each in process.elements.values())


def _error_of(event: Element) -> str | None:
    code = None if event.event is None else event.event.name
    return None if code is None else f"error_{code}"


def _become_error(node: Node, event: Element) -> None:
    _keep_only(node, ("id", "attachedToRef"), None)
    reference = _error_of(event)
    attributes = {} if reference is None else {"errorRef": reference}
    etree.SubElement(node, f"{{{BPMN}}}errorEventDefinition", attributes)


def _keep_only(node: Node, attributes: object, part: str | None) -> None:
    """Leave an element with a few attributes and parts; a sub-process keeps all that is in it."""
    kept = set(attributes) if isinstance(attributes, tuple) else None
    for name in list(node.attrib):
        if str(name).startswith("{") or (kept is not None and name not in kept):
            del node.attrib[name]
    is_scope = node.tag == f"{{{BPMN}}}subProcess"
    for child in list(node):
        tag = str(child.tag).rpartition("}")[2]
        is_dropped = tag in _LOOP_MARKERS if is_scope else tag not in {*_KEPT_PARTS, part}
        if is_dropped:
            node.remove(child)


def _write_instances(node: Node, element: Element) -> None:
    loop = element.loop
    if loop is None:
        return
    written = etree.SubElement(
        node, f"{{{BPMN}}}multiInstanceLoopCharacteristics", isSequential=str(loop.sequential).lower()
    )
    etree.SubElement(written, f"{{{BPMN}}}loopCardinality").text = str(INSTANCES)
    if loop.completion_condition is not None:
        condition = etree.SubElement(written, f"{{{BPMN}}}completionCondition")
        condition.text = loop.completion_condition.text


def _write_loop(node: Node, loop: StandardLoop) -> None:
    """Write a loop as ``abstraction`` leaves it: only its condition decides."""
    tests_before = str(loop.tests_before).lower()
    written = etree.SubElement(node, f"{{{BPMN}}}standardLoopCharacteristics", testBefore=tests_before)
    etree.SubElement(written, f"{{{BPMN}}}loopCondition").text = loop.condition.text if loop.condition else ""


def _split_explicitly(container: Node, element: Element) -> None:
    """Put gateways behind an element with several or conditional flows, which SpiffWorkflow does not allow.

    A parallel gateway takes the flows without a condition, and one of them leads to an inclusive
    gateway that decides about the others.
    """
    default = element.default_flow
    decided = [flow for flow in element.outgoing if flow.condition is not None or flow == default]
    free = [flow for flow in element.outgoing if flow not in decided]
    source = element.id
    if free:
        source = _put_gateway(container, source, "split", "parallelGateway", free)
    if decided:
        choice = _put_gateway(container, source, "choice", "inclusiveGateway", decided)
        if default is not None:
            next(each for each in children(container, "inclusiveGateway") if each.get("id") == choice).set(
                "default", default.id
            )
        elif free:
            _end_aside(container, choice)


def _put_gateway(container: Node, source: str, name: str, tag: str, flows: Sequence[Flow]) -> str:
    """Add a gateway behind the source and let these flows leave it; return its id."""
    gateway, ids = f"{source}.{name}", {flow.id for flow in flows}
    etree.SubElement(container, f"{{{BPMN}}}{tag}", id=gateway)
    for flow in children(container, "sequenceFlow"):
        if flow.get("id") in ids:
            flow.set("sourceRef", gateway)
    _add_flow(container, source, gateway)
    return gateway


def _end_aside(container: Node, choice: str) -> None:
    """Where none of the conditions holds and other flows were taken, nothing more happens."""
    end = f"{choice}.none"
    etree.SubElement(container, f"{{{BPMN}}}endEvent", id=end)
    gateway = next(each for each in children(container, "inclusiveGateway") if each.get("id") == choice)
    gateway.set("default", _add_flow(container, choice, end))


def _add_flow(container: Node, source: str, target: str) -> str:
    flow_id = f"{target}.flow"
    etree.SubElement(container, f"{{{BPMN}}}sequenceFlow", id=flow_id, sourceRef=source, targetRef=target)
    return flow_id
