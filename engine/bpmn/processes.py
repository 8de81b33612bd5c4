"""Reading one process: its flow nodes, flows, lanes and sub-processes, tied together by id."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.compensation import Compensation, read_compensation
from engine.bpmn.data_objects import read_data_objects, read_references
from engine.bpmn.declarations import Declarations
from engine.bpmn.elements import Surroundings, read_element
from engine.bpmn.expression_fields import read_expression
from engine.bpmn.findings import Findings
from engine.bpmn.lanes import lane_by_element, read_lanes
from engine.bpmn.links import linked
from engine.bpmn.model import Element, Flow, Lane, Process
from engine.bpmn.upstream import with_upstream
from engine.bpmn.vocabulary import FLOW_NODES, TRANSACTION
from engine.bpmn.xml_source import (
    Node,
    child_text,
    children,
    english_label,
    label,
    local_reference,
    words,
    zujian,
)
from kernel.language import Text

_ByPlace = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A flow node as drawn: its XML and the sub-process around it."""

    node: Node
    parent: str | None

    @property
    def id(self) -> str:
        return self.node.get("id") or ""


def read_process(node: Node, file: str, declarations: Declarations, findings: Findings) -> Process:
    """Read a process with everything in it; what cannot be read is noted and left out."""
    key = node.get("id") or ""
    drawn = _unique(_flow_nodes(node, None), findings)
    flows = _in_listed_order(_read_flows(node, drawn, findings), drawn, findings)
    lanes = tuple(lane for container in _containers(node) for lane in read_lanes(container, findings))
    references = read_references(_containers(node), findings)
    associations = [
        (each.get("sourceRef") or "", each.get("targetRef") or "")
        for container in _containers(node)
        for each in children(container, "association")
    ]
    compensation = read_compensation((one.node for one in drawn.values()), associations)
    around = _surroundings(
        key, declarations, drawn, flows, lane_by_element(lanes, findings), references, compensation
    )
    elements: dict[str, Element] = {}
    for one in drawn.values():
        elements[one.id] = read_element(one.node, one.parent, _lane_of(one, drawn, around), around, findings)
    by_id = {flow.id: flow for flow in flows}
    data_objects = read_data_objects(node, findings)
    kept = (*data_objects, *(each for element in elements.values() for each in element.data_objects))
    return Process(
        key=key,
        name=label(node),
        name_en=english_label(node),
        clauses=words(zujian(node, "clauses")),
        exclusive=zujian(node, "exclusive") == "true",
        start_roles=words(zujian(node, "startRoles")),
        elements=with_upstream(linked(elements), by_id),
        flows=by_id,
        lanes=lanes,
        starts=around.starts.get(key, ()),
        event_sub_processes=around.event_sub_processes.get(key, ()),
        data_objects=data_objects,
        collections=frozenset(each.id for each in kept if each.is_collection),
        file=file,
    )


def _containers(node: Node) -> Iterator[Node]:
    yield node
    for nested in children(node, "subProcess", TRANSACTION):
        yield from _containers(nested)


def _flow_nodes(container: Node, parent: str | None) -> Iterator[_Drawn]:
    for node in children(container, *FLOW_NODES):
        yield _Drawn(node, parent)
        yield from _flow_nodes(node, node.get("id"))


def _unique(drawn: Iterable[_Drawn], findings: Findings) -> dict[str, _Drawn]:
    """Index the flow nodes by id, noting ids that are missing or used twice."""
    found: dict[str, _Drawn] = {}
    for one in drawn:
        if one.id and one.id not in found:
            found[one.id] = one
            continue
        findings.refuse(
            one.id or None,
            "id.duplicate" if one.id else "id.missing",
            Text(zh=f"编号“{one.id}”缺失或重复。", en=f'The id "{one.id}" is missing or used twice.'),
            Text(zh="给元素一个唯一的编号。", en="Give the element an id of its own."),
        )
    return found


def _read_flows(process: Node, drawn: dict[str, _Drawn], findings: Findings) -> list[Flow]:
    """Read the sequence flows, leaving out those without two ends in one scope."""
    flows: dict[str, Flow] = {}
    for container in _containers(process):
        for node in children(container, "sequenceFlow"):
            flow_id = node.get("id") or ""
            source, target = drawn.get(node.get("sourceRef") or ""), drawn.get(node.get("targetRef") or "")
            condition = read_expression(
                flow_id, "condition", child_text(node, "conditionExpression"), findings
            )
            if not flow_id or flow_id in flows or flow_id in drawn:
                _refuse_flow(
                    flow_id, "id.duplicate", "编号缺失或重复", "its id is missing or used twice", findings
                )
            elif source is None or target is None:
                _refuse_flow(
                    flow_id, "flow.dangling", "没有连接到元素", "it does not connect two elements", findings
                )
            elif source.parent != target.parent:
                _refuse_flow(
                    flow_id, "flow.crosses-border", "跨越子流程边界", "it crosses a sub-process", findings
                )
            else:
                flows[flow_id] = Flow(
                    flow_id, source.id, target.id, condition, label(node), english_label(node)
                )
    return list(flows.values())


def _in_listed_order(flows: list[Flow], drawn: dict[str, _Drawn], findings: Findings) -> list[Flow]:
    """Put the flows into the order in which their sources list them.

    The outgoing flows of an element are an ordered list, and the order decides where several
    conditions hold (BPMN 2.0.2, 8.3.8 and 13.4.2). Those that are not listed come last, as they stand.
    """
    by_id = {flow.id: flow for flow in flows}
    place: dict[str, int] = {}
    for one in drawn.values():
        for tag in ("incoming", "outgoing"):
            for reference in children(one.node, tag):
                flow_id = local_reference(reference.text) or ""
                flow = by_id.get(flow_id)
                if flow is not None and one.id != (flow.source if tag == "outgoing" else flow.target):
                    _refuse_flow(
                        flow_id, "flow.listed", f"不连接 {one.id}", f"{one.id} lists it as its own", findings
                    )
                elif tag == "outgoing":
                    place.setdefault(flow_id, len(place))
    return sorted(flows, key=lambda flow: place.get(flow.id, len(place)))


def _refuse_flow(flow_id: str, rule: str, zh: str, en: str, findings: Findings) -> None:
    findings.refuse(
        flow_id or None,
        rule,
        Text(zh=f"顺序流 {flow_id}：{zh}。", en=f"Sequence flow {flow_id}: {en}."),
        Text(
            zh="删除后重新连接同一层的两个元素。", en="Remove it and connect two elements of one scope anew."
        ),
    )


def _surroundings(
    key: str,
    declarations: Declarations,
    drawn: dict[str, _Drawn],
    flows: list[Flow],
    lanes: dict[str, Lane],
    references: dict[str, str],
    compensation: Compensation,
) -> Surroundings:
    """Index the diagram: flows by their ends, boundary events by host, starts by scope."""
    outgoing: dict[str, tuple[Flow, ...]] = defaultdict(tuple)
    incoming: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for flow in flows:
        outgoing[flow.source] += (flow,)
        incoming[flow.target] += (flow.id,)
    starting = [one for one in drawn.values() if one.id not in compensation.events]
    boundary_events, starts, event_sub_processes = _starting(key, starting, outgoing)
    return Surroundings(
        key,
        declarations,
        outgoing,
        incoming,
        boundary_events,
        lanes,
        references,
        starts,
        event_sub_processes,
        compensation,
    )


def _starting(
    key: str, drawn: Iterable[_Drawn], outgoing: Mapping[str, tuple[Flow, ...]]
) -> tuple[_ByPlace, _ByPlace, _ByPlace]:
    """Return boundary events by host, and by scope where it starts and its event sub-processes."""
    boundary_events: _ByPlace = defaultdict(tuple)
    starts: _ByPlace = defaultdict(tuple)
    event_sub_processes: _ByPlace = defaultdict(tuple)
    for one in drawn:
        tag = one.node.tag.rpartition("}")[2]
        if tag == "boundaryEvent":
            boundary_events[one.node.get("attachedToRef") or ""] += (one.id,)
        elif tag == "startEvent":
            starts[one.parent or key] += (one.id,)
        elif one.node.get("instantiate") == "true":
            # A process that begins at an event-based gateway begins with one of the events behind it.
            is_task = tag == "receiveTask"
            starts[one.parent or key] += (one.id,) if is_task else tuple(f.target for f in outgoing[one.id])
        elif one.node.get("triggeredByEvent") == "true":
            event_sub_processes[one.parent or key] += (one.id,)
    return boundary_events, starts, event_sub_processes


def _lane_of(one: _Drawn, drawn: dict[str, _Drawn], around: Surroundings) -> Lane | None:
    """Find the lane of an element: its own, or that of the sub-process around it."""
    while one.id not in around.lanes and one.parent is not None:
        one = drawn[one.parent]
    return around.lanes.get(one.id)
