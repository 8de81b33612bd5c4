"""The first look at a diagram: does it say only what the vocabulary knows?

Everything else in this room may then read what it understands without wondering
what stands beside it.
"""

from engine.bpmn import vocabulary
from engine.bpmn.findings import Findings
from engine.bpmn.xml_source import (
    BPMN,
    DIAGRAM_NAMESPACES,
    SPIFFWORKFLOW,
    ZUJIAN,
    Node,
    attributes_of,
    split_name,
)
from kernel.language import Text


def check_grammar(root: Node, findings: Findings) -> None:
    """Note every element and attribute of the file that is not in the vocabulary."""
    language = root.get("expressionLanguage")
    if language is not None and "python" not in language.lower():
        _refuse_value(root, "expressionLanguage", language, "python", findings)
    for child in root:
        namespace, tag = split_name(str(child.tag))
        if namespace in DIAGRAM_NAMESPACES:
            continue
        if namespace == BPMN and tag in vocabulary.ROOT_ELEMENTS:
            _check(child, findings)
        else:
            _refuse_element(child, findings)


def _check(node: Node, findings: Findings) -> None:
    """Check an element with everything in it."""
    tag = _local(node)
    if tag in vocabulary.DESCRIPTIVE:
        return
    _check_attributes(node, findings)
    _check_once(node, findings)
    allowed = vocabulary.PARTS.get(tag, frozenset())
    for child in node:
        namespace, name = split_name(str(child.tag))
        if namespace == BPMN and name == "extensionElements":
            _check_extensions(child, tag, findings)
        elif namespace == BPMN and (name in allowed or name == "documentation"):
            _check(child, findings)
        else:
            _refuse_element(child, findings)


def _check_once(node: Node, findings: Findings) -> None:
    """Refuse a second part of a kind of which there can be one."""
    found = [split_name(str(child.tag))[1] for child in node]
    for name in sorted(vocabulary.ONCE.intersection(found)):
        if found.count(name) > 1:
            findings.refuse(
                owner_id(node),
                "element.twice",
                Text(zh=f"{name} 出现多次。", en=f"{name} is given more than once."),
                Text(zh="只保留一个。", en="Keep one of them."),
            )


def _check_attributes(node: Node, findings: Findings) -> None:
    """Refuse attributes that are unknown here or have a value that we do not execute."""
    tag = _local(node)
    allowed = vocabulary.ATTRIBUTES.get(tag, {})
    own = vocabulary.OWN_ATTRIBUTES.get(tag, frozenset()) | {"nameEn", "clauses"}
    for qualified, value in attributes_of(node):
        namespace, name = split_name(qualified)
        if namespace == ZUJIAN and name in own:
            if name in vocabulary.OWN_BOOLEANS and value not in {"true", "false"}:
                _refuse_value(node, name, value, "true, false", findings)
        elif qualified not in allowed:
            findings.refuse(
                owner_id(node),
                "attribute.unknown",
                Text(zh=f"{tag} 不支持属性 {name}。", en=f"Attribute {name} of {tag} is not executed."),
                Text(zh="删除该属性。", en="Remove the attribute."),
            )
        else:
            values = allowed[qualified]
            if values is not None and value not in values:
                _refuse_value(node, name, value, ", ".join(sorted(values)), findings)


def _refuse_value(node: Node, name: str, value: str, known: str, findings: Findings) -> None:
    findings.refuse(
        owner_id(node),
        "attribute.value",
        Text(
            zh=f"属性 {name} 不支持取值 {value}。",
            en=f"Value {value} of attribute {name} is not executed.",
        ),
        Text(zh=f"可用的取值：{known}", en=f"Possible values: {known}"),
    )


def _check_extensions(holder: Node, tag: str, findings: Findings) -> None:
    """Refuse extension elements that are not known on this element, or say more than we understand."""
    known = {
        ZUJIAN: vocabulary.OWN_EXTENSIONS.get(tag, frozenset()),
        SPIFFWORKFLOW: vocabulary.SPIFFWORKFLOW_EXTENSIONS.get(tag, frozenset()),
    }
    _check_once(holder, findings)
    for extension in holder:
        namespace, name = split_name(str(extension.tag))
        if name in known.get(namespace, frozenset()):
            _check_extension(extension, namespace, findings)
        else:
            _refuse_extension(extension, name, tag, findings)


def _check_extension(node: Node, namespace: str, findings: Findings) -> None:
    name = _local(node)
    _check_once(node, findings)
    for attribute, _ in attributes_of(node):
        if attribute not in vocabulary.EXTENSION_ATTRIBUTES[name]:
            _refuse_extension(node, f"{name}@{attribute}", name, findings)
    for child in node:
        child_namespace, child_name = split_name(str(child.tag))
        is_known = child_name in vocabulary.EXTENSION_PARTS.get(name, frozenset())
        if child_namespace == namespace and is_known:
            _check_extension(child, namespace, findings)
        else:
            _refuse_extension(child, child_name, name, findings)


def _refuse_extension(node: Node, what: str, on: str, findings: Findings) -> None:
    findings.refuse(
        owner_id(node),
        "extension.unknown",
        Text(zh=f"{on} 不支持扩展 {what}。", en=f"Extension {what} of {on} is not executed."),
        Text(zh="删除该扩展。", en="Remove the extension."),
    )


def _refuse_element(node: Node, findings: Findings) -> None:
    parent = node.getparent()
    is_drawn = parent is None or _local(parent) in {
        "definitions",
        "process",
        "subProcess",
        vocabulary.TRANSACTION,
    }
    name = _local(node)
    findings.refuse(
        node.get("id") if is_drawn else owner_id(parent),
        "element.unsupported",
        Text(zh=f"平台不执行 {name}。", en=f"{name} is not executed."),
        Text(
            zh="删除它，或改用手册列出的元素。", en="Remove it, or use an element that the reference lists."
        ),
    )


def owner_id(node: Node | None) -> str | None:
    """Return the id of the flow node, flow, lane or process that this part belongs to."""
    while node is not None:
        if node.get("id") and _local(node) in _OWNERS:
            return node.get("id")
        node = node.getparent()
    return None


_OWNERS = frozenset(vocabulary.FLOW_NODES) | {"process", "sequenceFlow", "lane", *vocabulary.ROOT_ELEMENTS}


def _local(node: Node) -> str:
    return split_name(str(node.tag))[1]
