"""Lanes: which role works on the elements drawn in them (BPMN 2.0.2, clause 10.8)."""

from engine.bpmn.expression_fields import read_expression
from engine.bpmn.findings import Findings
from engine.bpmn.model import Expression, Lane
from engine.bpmn.xml_source import Node, children, english_label, label, zujian
from kernel.language import Text


def read_lanes(container: Node, findings: Findings) -> tuple[Lane, ...]:
    """Read the lanes of a process or sub-process, outer ones before those inside them."""
    lanes: list[Lane] = []
    for lane_set in children(container, "laneSet"):
        _read_lane_set(lane_set, None, None, None, lanes, findings)
    return tuple(lanes)


def lane_by_element(lanes: tuple[Lane, ...], findings: Findings) -> dict[str, Lane]:
    """Say in which lane each element stands: the innermost that lists it."""
    found: dict[str, Lane] = {}
    listed_by: dict[str, set[str]] = {}
    for lane in lanes:
        for element_id in lane.elements:
            found[element_id] = lane
            listed_by.setdefault(element_id, set()).add(lane.role or "")
    for element_id, roles in listed_by.items():
        if len(roles) > 1:
            findings.refuse(
                element_id,
                "lane.two-roles",
                Text(zh="元素同时属于角色不同的泳道。", en="The element stands in lanes of different roles."),
                Text(zh="把它放进一条泳道。", en="Put it into one lane."),
            )
    return found


def _read_lane_set(
    lane_set: Node,
    outer_role: str | None,
    outer_unit: Expression | None,
    outer_region: Expression | None,
    lanes: list[Lane],
    findings: Findings,
) -> None:
    """Read a set of lanes; an inner lane has what the outer one says unless it says otherwise."""
    for node in children(lane_set, "lane"):
        unit = read_expression(node.get("id"), "unit", zujian(node, "unit"), findings) or outer_unit
        region = read_expression(node.get("id"), "region", zujian(node, "region"), findings) or outer_region
        role = zujian(node, "role") or outer_role
        members = tuple((reference.text or "").strip() for reference in children(node, "flowNodeRef"))
        lanes.append(
            Lane(node.get("id") or "", label(node), english_label(node), role, unit, region, members)
        )
        for nested in children(node, "childLaneSet"):
            _read_lane_set(nested, role, unit, region, lanes, findings)
