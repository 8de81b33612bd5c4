"""A diagram as a drawing: shapes, edges and labels with their places, read from BPMN DI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
ZUJIAN = "{urn:zujian:bpmn:1}"

EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
TASKS = {
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "businessRuleTask",
    "callActivity",
}
FLOW_NODES = EVENTS | GATEWAYS | TASKS | {"subProcess"}

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class Box:
    """A rectangle on the page."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Tell whether the two share an area; touching is not overlapping."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def contains(self, other: Box) -> bool:
        """Tell whether the other lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def is_cut_by(self, segment: Segment) -> bool:
        """Tell whether a horizontal or vertical line runs through the inside."""
        (x0, y0), (x1, y1) = segment
        return (
            min(x0, x1) < self.x + self.width
            and self.x < max(x0, x1)
            and self.y < y0 < self.y + self.height
            and y0 == y1
        ) or (
            min(y0, y1) < self.y + self.height
            and self.y < max(y0, y1)
            and self.x < x0 < self.x + self.width
            and x0 == x1
        )


@dataclass(frozen=True)
class Edge:
    """A line of the drawing, from shape to shape."""

    element: str
    source: str
    target: str
    points: tuple[Point, ...]

    @property
    def segments(self) -> list[Segment]:
        """Return the straight parts."""
        return list(zip(self.points, self.points[1:], strict=False))


class Drawing:
    """One diagram file, with its elements by id and where they are drawn."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root: Any = etree.parse(path).getroot()
        self.elements: dict[str, Any] = {
            str(node.get("id")): node for node in self.root.iter(f"{BPMN}*") if node.get("id")
        }

    def kind(self, element: str) -> str:
        """Return the BPMN tag of an element."""
        return str(self.elements[element].tag.rpartition("}")[2])

    def nodes(self) -> Iterator[tuple[str, Any]]:
        """Yield every flow node with its id."""
        return ((id_, node) for id_, node in self.elements.items() if self.kind(id_) in FLOW_NODES)

    def flows(self) -> list[Any]:
        """Return the sequence flows."""
        return [node for id_, node in self.elements.items() if self.kind(id_) == "sequenceFlow"]

    @cached_property
    def shapes(self) -> dict[str, Box]:
        """Return where each element is drawn."""
        return {
            shape.get("bpmnElement"): _box(shape.find(f"{DC}Bounds"))
            for shape in self.root.iter(f"{BPMNDI}BPMNShape")
        }

    @cached_property
    def edges(self) -> dict[str, Edge]:
        """Return the lines, flows and associations."""
        return {edge.element: edge for edge in self._edges()}

    @cached_property
    def labels(self) -> dict[str, Box]:
        """Return where the labels outside of shapes are written."""
        return {
            holder.get("bpmnElement"): _box(bounds)
            for tag in ("BPMNShape", "BPMNEdge")
            for holder in self.root.iter(f"{BPMNDI}{tag}")
            for bounds in holder.iterfind(f"{BPMNDI}BPMNLabel/{DC}Bounds")
        }

    @cached_property
    def lanes(self) -> dict[str, list[str]]:
        """Return the elements of each lane."""
        return {
            lane.get("id"): [reference.text for reference in lane.iterfind(f"{BPMN}flowNodeRef")]
            for lane in self.root.iter(f"{BPMN}lane")
        }

    def _edges(self) -> Iterator[Edge]:
        for edge in self.root.iter(f"{BPMNDI}BPMNEdge"):
            element = edge.get("bpmnElement")
            node = self.elements[element]
            points = tuple((float(p.get("x")), float(p.get("y"))) for p in edge.iterfind(f"{DI}waypoint"))
            yield Edge(element, node.get("sourceRef"), node.get("targetRef"), points)


def crossings(first: Edge, second: Edge) -> list[Point]:
    """Return where two lines cross or lie on each other.

    Lines to one target may join, lines from one side of a gateway may share their first part.
    """
    if first.target == second.target or first.points[0] == second.points[0]:
        return []
    return [
        point
        for one in first.segments
        for other in second.segments
        if (point := _meeting(one, other)) is not None
    ]


def _meeting(one: Segment, other: Segment) -> Point | None:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    x_low, x_high = max(min(ax, bx), min(cx, dx)), min(max(ax, bx), max(cx, dx))
    y_low, y_high = max(min(ay, by), min(cy, dy)), min(max(ay, by), max(cy, dy))
    return (x_low, y_low) if x_low <= x_high and y_low <= y_high else None


def _box(bounds: Any) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))
