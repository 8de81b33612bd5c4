"""Data objects: what a process or sub-process keeps, and the activities that read or write it.

A data object is a variable that lives as long as the scope it is drawn in. Its id is the
name that expressions use; its name is for people.

Source: BPMN 2.0.2, clauses 10.4.1 (data objects), 10.4.2 (data associations).
"""

from collections.abc import Iterator, Mapping

from engine.bpmn.expression_fields import check_variable, refuse_reserved
from engine.bpmn.expressions import compile_expression
from engine.bpmn.findings import Findings
from engine.bpmn.model import Assignment, DataObject, Element, Process
from engine.bpmn.xml_source import Node, child_text, children, label, local_reference
from kernel.language import Text


def read_data_objects(container: Node, findings: Findings) -> tuple[DataObject, ...]:
    """Read the data objects drawn in a process or sub-process, but not deeper."""
    found: list[DataObject] = []
    for node in children(container, "dataObject"):
        object_id = node.get("id") or ""
        check_variable(object_id or None, object_id, findings)
        found.append(DataObject(object_id, label(node), node.get("isCollection") == "true"))
    return tuple(found)


def read_references(containers: Iterator[Node], findings: Findings) -> dict[str, str]:
    """Map the references that are drawn to the data objects that they stand for."""
    return {
        node.get("id") or "": local_reference(node.get("dataObjectRef")) or ""
        for container in containers
        for node in children(container, "dataObjectReference")
        if _refers(node, findings)
    }


def _refers(node: Node, findings: Findings) -> bool:
    if node.get("dataObjectRef"):
        return True
    findings.refuse(
        node.get("id"),
        "data-object.unknown",
        Text(zh="数据对象引用没有指向数据对象。", en="The reference names no data object."),
        Text(zh="填写 dataObjectRef。", en="Fill in dataObjectRef."),
    )
    return False


def read_data_inputs(node: Node, references: Mapping[str, str], findings: Findings) -> tuple[str, ...]:
    """Read which data objects an activity needs (``dataInputAssociation``)."""
    return tuple(_ends(node, "dataInputAssociation", "sourceRef", references, findings))


def read_data_outputs(
    node: Node, references: Mapping[str, str], given: frozenset[str], findings: Findings
) -> tuple[Assignment, ...]:
    """Read which data objects an activity writes (``dataOutputAssociation``), except those already given.

    Such an object takes the field of its own name from what the activity yields.
    """
    names = _ends(node, "dataOutputAssociation", "targetRef", references, findings)
    return tuple(
        Assignment(name, compile_expression(f"output['{name}']")) for name in names if name not in given
    )


def _ends(node: Node, tag: str, end: str, references: Mapping[str, str], findings: Findings) -> Iterator[str]:
    for association in children(node, tag):
        name = references.get(local_reference(child_text(association, end)) or "")
        if name:
            yield name
            continue
        findings.refuse(
            node.get("id"),
            "data-object.unknown",
            Text(zh="数据关联没有连接到数据对象。", en="The data association does not reach a data object."),
            Text(zh="删除后重新连接。", en="Remove it and connect the two anew."),
        )


def check_data_objects(process: Process, findings: Findings) -> None:
    """Refuse data objects that an activity cannot reach, or whose name means two things."""
    places: dict[str, str | None] = {each.id: None for each in process.data_objects}
    for element in process.elements.values():
        places.update((each.id, element.id) for each in element.data_objects)
        if any(each.id == "result" for each in element.data_objects):
            # What an end event says about a sub-process is kept under that name.
            refuse_reserved("result", "result", findings)
    for element in process.elements.values():
        seen = {None, *_around(element, process)}
        written = {each.variable for each in element.outputs}
        unseen = {name for name in written if places.get(name) not in seen}
        # What is read through an association has to be a data object.
        unseen |= {name for name in element.data_inputs if places.get(name, name) not in seen}
        for name in sorted(unseen):
            _refuse_out_of_scope(element.id, name, findings)


def _around(element: Element, process: Process) -> Iterator[str]:
    parent = element.parent
    while parent is not None:
        yield parent
        parent = process.elements[parent].parent


def _refuse_out_of_scope(element_id: str, name: str, findings: Findings) -> None:
    findings.refuse(
        element_id,
        "data-object.out-of-scope",
        Text(zh=f"数据对象 {name} 在此处不可见。", en=f"The data object {name} cannot be seen from here."),
        Text(
            zh="把数据对象画到包含双方的一层，或换一个名称。",
            en="Draw it in a scope around both, or choose another name.",
        ),
    )
