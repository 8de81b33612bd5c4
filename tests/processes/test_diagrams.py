"""Every shipped diagram as a file and as a drawing: valid, complete, bilingual, and good to look at."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from domain.people.permissions import ROLES
from tests.processes.drawing import BPMN, EVENTS, GATEWAYS, TASKS, ZUJIAN, Drawing, crossings
from tests.processes.story import PROCESSES, shipped_net

KEYS = sorted(path.name for path in PROCESSES.iterdir() if path.is_dir())
SHIPPED = {
    "component-creation",
    "component-listing",
    "component-onboarding",
    "component-publishing",
    "onboarding-api-unhosted",
}
CLAUSE = re.compile(r"^\d+(\.\d+)*([a-z]\d?)?$")


@pytest.fixture(params=KEYS)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """Each shipped diagram."""
    return Drawing(PROCESSES / request.param / f"{request.param}.bpmn")


def test_the_main_job_is_shipped() -> None:
    assert set(KEYS) >= SHIPPED
    assert all((PROCESSES / key / "README.md").is_file() for key in KEYS)


def test_every_diagram_compiles_without_a_warning() -> None:
    net = shipped_net()

    assert set(net.processes) == set(KEYS)
    assert net.warnings == ()


def test_every_diagram_is_valid_by_the_schema_of_bpmn(drawing: Drawing) -> None:
    BpmnValidator().validate(drawing.root)


@pytest.mark.parametrize("key", KEYS)
def test_spiffworkflow_reads_every_diagram(key: str) -> None:
    parser = SpiffBpmnParser()
    parser.add_dmn_files([str(path) for path in PROCESSES.glob("*/decisions/*.dmn")])
    parser.add_bpmn_files([str(path) for path in PROCESSES.glob("*/*.bpmn")])

    spec = parser.get_spec(key)

    elements = {
        id_ for id_, element in shipped_net().processes[key].elements.items() if element.parent is None
    }
    assert elements <= set(spec.task_specs)


def test_ids_are_words_that_no_tool_keeps_for_itself(drawing: Drawing) -> None:
    for element, _node in drawing.nodes():
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", element), element
        assert element.lower() not in {"start", "end", "root"}


def test_every_element_and_flow_is_drawn(drawing: Drawing) -> None:
    for element, _node in drawing.nodes():
        assert element in drawing.shapes
    for flow in drawing.flows():
        edge = drawing.edges[flow.get("id")]
        assert (edge.source, edge.target) == (flow.get("sourceRef"), flow.get("targetRef"))


def test_names_are_in_both_languages(drawing: Drawing) -> None:
    for element, node in drawing.elements.items():
        name, english = node.get("name"), node.get(f"{ZUJIAN}nameEn")
        kind = drawing.kind(element)
        if kind in {"message", "signal", "error", "inputDataItem", "outputDataItem"}:
            continue
        if kind in TASKS | EVENTS | {"subProcess", "lane", "process"}:
            assert name, f"{element} has no name"
        if kind in GATEWAYS and len(node.findall(f"{BPMN}outgoing")) > 1:
            assert name, f"{element} asks no question"
        assert bool(name) == bool(english) or kind == "textAnnotation", element
        assert not re.search(r"[一-鿿]", english or ""), f"{element}: {english}"


def test_every_way_out_of_a_gateway_says_when_it_is_taken(drawing: Drawing) -> None:
    for flow in drawing.flows():
        source = drawing.elements[flow.get("sourceRef")]
        ways_out = source.findall(f"{BPMN}outgoing")
        if drawing.kind(flow.get("sourceRef")) in GATEWAYS and len(ways_out) > 1:
            assert flow.get("name"), flow.get("id")


def test_every_task_and_event_serves_a_clause(drawing: Drawing) -> None:
    for element, node in drawing.nodes():
        if drawing.kind(element) not in GATEWAYS:
            clauses = (node.get(f"{ZUJIAN}clauses") or "").split()
            assert clauses, f"{element} serves no clause"
            assert all(CLAUSE.match(clause) for clause in clauses), clauses


def test_what_one_process_throws_another_can_catch() -> None:
    """A name is a message everywhere or a signal everywhere: the two never meet."""
    kinds: dict[str, set[str]] = {}
    for key in KEYS:
        for node in Drawing(PROCESSES / key / f"{key}.bpmn").root:
            kind = node.tag.removeprefix(BPMN) if isinstance(node.tag, str) else ""
            if kind in {"message", "signal"}:
                kinds.setdefault(node.get("name"), set()).add(kind)

    assert {"change.finished", "change.failed", "component.created"} <= set(kinds)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def test_every_user_task_has_a_known_role(drawing: Drawing) -> None:
    elements = shipped_net().processes[drawing.path.stem].elements
    for element, _node in drawing.nodes():
        if drawing.kind(element) == "userTask":
            assert elements[element].role in ROLES, element


def test_stand_ins_are_marked_on_the_diagram(drawing: Drawing) -> None:
    for element, node in drawing.nodes():
        if not node.get(f"{ZUJIAN}standIn"):
            continue
        shape = next(s for s in drawing.root.iter() if s.get("bpmnElement") == element)
        colours = [value for name, value in shape.attrib.items() if name.endswith("background-color")]
        assert colours == ["#fef3c7"]
        notes = [edge.target for edge in drawing.edges.values() if edge.source == element]
        texts = [drawing.elements[note].findtext(f"{BPMN}text") for note in notes]
        assert any(text and text.startswith("暂代P") for text in texts), element


def test_lines_run_straight_and_never_cross(drawing: Drawing) -> None:
    edges = list(drawing.edges.values())
    for edge in edges:
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in edge.segments), edge.element
    for one, other in combinations(edges, 2):
        assert not crossings(one, other), (one.element, other.element)


def test_lines_keep_clear_of_every_shape(drawing: Drawing) -> None:
    solid = {
        element: box
        for element, box in drawing.shapes.items()
        if drawing.kind(element) not in {"lane", "subProcess"}
    }
    for edge in drawing.edges.values():
        for element, box in solid.items():
            host = drawing.elements[edge.source].get("attachedToRef")
            if element not in {edge.source, edge.target, host}:
                assert not any(box.is_cut_by(part) for part in edge.segments), (edge.element, element)


def test_lines_begin_and_end_at_the_border_of_their_shapes(drawing: Drawing) -> None:
    for edge in drawing.edges.values():
        for element, (x, y) in ((edge.source, edge.points[0]), (edge.target, edge.points[-1])):
            box = drawing.shapes[element]
            on_side = x in (box.x, box.x + box.width) and box.y <= y <= box.y + box.height
            on_top = y in (box.y, box.y + box.height) and box.x <= x <= box.x + box.width
            assert on_side or on_top, (edge.element, element)


def test_shapes_and_labels_never_overlap(drawing: Drawing) -> None:
    places = {
        element: box
        for element, box in drawing.shapes.items()
        if drawing.kind(element) not in {"lane", "subProcess", "boundaryEvent"}
    }
    places |= {f"label of {element}": box for element, box in drawing.labels.items()}
    for (one, first), (other, second) in combinations(places.items(), 2):
        assert not first.overlaps(second), (one, other)


def test_labels_keep_clear_of_every_line(drawing: Drawing) -> None:
    for element, label in drawing.labels.items():
        for edge in drawing.edges.values():
            assert not any(label.is_cut_by(part) for part in edge.segments), (element, edge.element)


def test_names_fit_their_shapes(drawing: Drawing) -> None:
    for element, node in drawing.nodes():
        if drawing.kind(element) in TASKS:
            # Nine characters a line beside the border, four lines under the icon.
            assert drawing.shapes[element].width >= 120
            assert len(node.get("name")) <= 4 * 9, node.get("name")
        elif node.get("name") and drawing.kind(element) != "subProcess":
            assert element in drawing.labels, element


def test_lanes_hold_their_elements_and_every_element_has_one(drawing: Drawing) -> None:
    held = [element for elements in drawing.lanes.values() for element in elements]
    assert len(held) == len(set(held))
    for lane, elements in drawing.lanes.items():
        for element in elements:
            assert drawing.shapes[lane].contains(drawing.shapes[element]), (lane, element)
    for element, node in drawing.nodes():
        if node.getparent().tag == f"{BPMN}process":
            assert element in held, element


def test_lanes_follow_each_other_without_a_gap(drawing: Drawing) -> None:
    boxes = [drawing.shapes[lane] for lane in drawing.lanes]
    for upper, lower in pairwise(boxes):
        assert (upper.x, upper.width, upper.y + upper.height) == (lower.x, lower.width, lower.y)


def test_the_reading_direction_is_left_to_right(drawing: Drawing) -> None:
    starts = [drawing.shapes[e].x for e, _ in drawing.nodes() if drawing.kind(e) == "startEvent"]
    ends = [drawing.shapes[e].x for e, _ in drawing.nodes() if drawing.kind(e) == "endEvent"]

    assert min(starts) < min(ends)
    assert max(starts) < max(ends)


def test_readmes_name_every_topic_of_their_diagram(drawing: Drawing) -> None:
    readme = Path(drawing.path.parent / "README.md").read_text(encoding="utf-8")
    elements = shipped_net().processes[drawing.path.stem].elements.values()
    topics = {element.topic for element in elements if element.topic}
    topics |= {listener.topic for element in elements for listener in element.listeners}

    assert not {topic for topic in topics if f"`{topic}`" not in readme}
