"""What counts as a difference between two versions, and what does not."""

from __future__ import annotations

from webapp.modeler.differences import ElementChange, FieldChange, compare_diagrams, compare_files
from webapp.modeler.skeleton import new_definition

KEY = "small-review"
DIAGRAM = new_definition(KEY, "小型审查", "Small review")[f"{KEY}.bpmn"]


def changed(old: str, new: str) -> bytes:
    text = DIAGRAM.decode()
    assert old in text
    return text.replace(old, new).encode()


def test_the_same_diagram_has_no_differences() -> None:
    assert compare_diagrams(DIAGRAM, DIAGRAM) == []


def test_moving_an_element_is_no_difference() -> None:
    assert compare_diagrams(DIAGRAM, changed('x="340"', 'x="400"')) == []


def test_a_changed_attribute_is_told_with_both_values() -> None:
    after = changed('id="do_work" name="办理"', 'id="do_work" name="审查" zujian:deadline="5WD"')

    (change,) = compare_diagrams(DIAGRAM, after)

    assert change == ElementChange(
        "do_work",
        "审查",
        "Do the work",
        "changed",
        "userTask",
        (FieldChange("deadline", "", "5WD"), FieldChange("name", "办理", "审查")),
    )


def test_a_change_inside_the_extension_elements_belongs_to_their_element() -> None:
    (change,) = compare_diagrams(DIAGRAM, changed('value="work.json"', 'value="review.json"'))

    assert change.element_id == "do_work"
    assert change.fields == (
        FieldChange("property[formJsonSchemaFilename].value", "work.json", "review.json"),
    )


def test_a_condition_is_a_property_of_its_flow() -> None:
    flow = '<bpmn:sequenceFlow id="do_work_to_finished" sourceRef="do_work" targetRef="finished"/>'
    condition = "<bpmn:conditionExpression>outcome == 'agree'</bpmn:conditionExpression>"
    after = changed(flow, flow.replace("/>", f">{condition}</bpmn:sequenceFlow>"))

    (change,) = compare_diagrams(DIAGRAM, after)

    assert change.fields == (FieldChange("conditionExpression", "", "outcome == 'agree'"),)


def test_added_and_removed_elements_are_told_apart() -> None:
    after = changed('id="finished"', 'id="done"')

    kinds = {change.element_id: change.kind for change in compare_diagrams(DIAGRAM, after)}

    assert kinds == {"done": "added", "finished": "removed"}


def test_forms_are_compared_as_files() -> None:
    before = {f"{KEY}.bpmn": DIAGRAM, "forms/a.json": b"{}", "forms/b.json": b"{}"}
    after = {f"{KEY}.bpmn": DIAGRAM, "forms/b.json": b'{"type": "object"}', "forms/c.json": b"{}"}

    kinds = [(change.name, change.kind) for change in compare_files(before, after)]

    assert kinds == [("forms/a.json", "removed"), ("forms/b.json", "changed"), ("forms/c.json", "added")]


def test_entities_of_an_untrusted_diagram_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x id="x">&a;</x>'

    assert all("root:" not in str(change) for change in compare_diagrams(DIAGRAM, bomb))
