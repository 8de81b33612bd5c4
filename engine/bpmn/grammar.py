"""The first look at a diagram: does it say only what the vocabulary knows?

Everything else in this room may then read what it understands without wondering
what stands beside it.
"""

from engine.bpmn import vocabulary
from engine.bpmn.findings import Findings
from engine.bpmn.vocabulary import Attributes
from engine.bpmn.xml_source import (
    BPMN,
    DIAGRAM_NAMESPACES,
    SPIFFWORKFLOW,
    ZUJIAN,
    Node,
    attributes_of,
    children,
    split_name,
)
from kernel.language import Text

_REMOVE = Text(
    zh="删除它，或改用手册列出的元素。", en="Remove it, or use an element that the reference lists."
)


def check_grammar(root: Node, findings: Findings) -> None:
    """Note every element and attribute of the file that is not in the vocabulary."""
    _check_expression_language(root, "expressionLanguage", findings)
    for child in root:
        namespace, tag = split_name(str(child.tag))
        if namespace in DIAGRAM_NAMESPACES:
            continue
        if namespace != BPMN or tag not in vocabulary.ROOT_ELEMENTS:
            _refuse_element(child, findings)
        elif tag == "process":
            _check_container(child, vocabulary.PROCESS, findings)


def _check_container(node: Node, attributes: Attributes, findings: Findings) -> None:
    """Check a process or sub-process and everything in it."""
    check_attributes(node, attributes, findings)
    _check_extensions(node, findings)
    own_parts = {"incoming", "outgoing", "multiInstanceLoopCharacteristics"}
    for child in node:
        namespace, tag = split_name(str(child.tag))
        if namespace != BPMN:
            _refuse_element(child, findings)
        elif tag in vocabulary.FLOW_NODES:
            _check_flow_node(child, tag, findings)
        elif tag == "sequenceFlow":
            check_attributes(child, vocabulary.SEQUENCE_FLOW, findings)
            _check_parts(child, frozenset({"conditionExpression"}), findings)
        elif tag == "laneSet":
            _check_lanes(child, findings)
        elif tag not in vocabulary.CONTAINER_PARTS and not (
            tag in own_parts and _local(node) == "subProcess"
        ):
            _refuse_element(child, findings)


def _check_flow_node(node: Node, tag: str, findings: Findings) -> None:
    if tag == "subProcess":
        _check_container(node, vocabulary.FLOW_NODES[tag], findings)
        _check_loop(node, findings)
        return
    check_attributes(node, vocabulary.FLOW_NODES[tag], findings)
    _check_extensions(node, findings)
    parts = {"incoming", "outgoing"}
    parts |= vocabulary.EVENT_DEFINITIONS_OF.get(tag, frozenset())
    if tag in vocabulary.ACTIVITIES:
        parts.add("multiInstanceLoopCharacteristics")
    if tag == "scriptTask":
        parts.add("script")
    _check_parts(node, frozenset(parts), findings)
    _check_loop(node, findings)
    for definition in children(node, *vocabulary.EVENT_DEFINITIONS):
        check_attributes(definition, vocabulary.EVENT_DEFINITIONS[_local(definition)], findings)
        timer_parts = frozenset({"timeDate", "timeDuration", "timeCycle"})
        _check_parts(
            definition, timer_parts if _local(definition) == "timerEventDefinition" else frozenset(), findings
        )


def _check_loop(node: Node, findings: Findings) -> None:
    for loop in children(node, "multiInstanceLoopCharacteristics"):
        check_attributes(loop, vocabulary.MULTI_INSTANCE, findings)
        _check_parts(loop, vocabulary.MULTI_INSTANCE_PARTS, findings)


def _check_lanes(lane_set: Node, findings: Findings) -> None:
    for lane in lane_set:
        if _local(lane) == "lane":
            check_attributes(lane, {"id": None, "name": None}, findings)
            _check_parts(lane, frozenset({"flowNodeRef", "childLaneSet"}), findings)
            for nested in children(lane, "childLaneSet"):
                _check_lanes(nested, findings)
        elif _local(lane) not in vocabulary.ALWAYS_ALLOWED_PARTS:
            _refuse_element(lane, findings)


def _check_parts(node: Node, allowed: frozenset[str], findings: Findings) -> None:
    """Refuse children that would change what the element does."""
    for child in node:
        namespace, tag = split_name(str(child.tag))
        if namespace != BPMN or tag not in allowed | vocabulary.ALWAYS_ALLOWED_PARTS:
            _refuse_element(child, findings, owner=node)
        elif tag not in {
            *vocabulary.EVENT_DEFINITIONS,
            "multiInstanceLoopCharacteristics",
            "extensionElements",
        }:
            _check_expression_language(child, "language", findings)


def _check_expression_language(part: Node, attribute: str, findings: Findings) -> None:
    language = part.get(attribute)
    if language is not None and "python" not in language.lower():
        findings.refuse(
            owner_id(part),
            "expression.language",
            Text(zh=f"不支持表达式语言 {language}。", en=f"Expression language {language} is not supported."),
            Text(
                zh="删除该属性并用平台的表达式书写。",
                en="Remove the attribute and use our expressions.",
            ),
        )


def check_attributes(node: Node, allowed: Attributes, findings: Findings) -> None:
    """Refuse attributes that are unknown here or have a value that we do not execute."""
    own = vocabulary.OWN_ATTRIBUTES.get(_local(node), frozenset()) | {"nameEn", "clauses"}
    for qualified, value in attributes_of(node):
        namespace, name = split_name(qualified)
        if namespace == ZUJIAN and name in own:
            continue
        if qualified not in allowed:
            findings.refuse(
                owner_id(node),
                "attribute.unknown",
                Text(
                    zh=f"{_local(node)} 不支持属性 {name}。",
                    en=f"Attribute {name} of {_local(node)} is not executed.",
                ),
                Text(zh="删除该属性。", en="Remove the attribute."),
            )
            continue
        values = allowed[qualified]
        if values is not None and value not in values:
            known = ", ".join(sorted(values))
            findings.refuse(
                owner_id(node),
                "attribute.value",
                Text(
                    zh=f"属性 {name} 不支持取值 {value}。",
                    en=f"Value {value} of attribute {name} is not executed.",
                ),
                Text(zh=f"可用的取值：{known}", en=f"Possible values: {known}"),
            )


def _check_extensions(node: Node, findings: Findings) -> None:
    """Refuse extension elements that are not ours or not known on this element."""
    tag = _local(node)
    for holder in children(node, "extensionElements"):
        for extension in holder:
            namespace, name = split_name(str(extension.tag))
            is_own = namespace == ZUJIAN and name in vocabulary.OWN_EXTENSIONS.get(tag, frozenset())
            is_spiff = namespace == SPIFFWORKFLOW and name in vocabulary.SPIFFWORKFLOW_EXTENSIONS.get(
                tag, frozenset()
            )
            if not is_own and not is_spiff:
                findings.refuse(
                    owner_id(node),
                    "extension.unknown",
                    Text(zh=f"{tag} 不支持扩展 {name}。", en=f"Extension {name} of {tag} is not executed."),
                    Text(zh="删除该扩展元素。", en="Remove the extension element."),
                )


def _refuse_element(node: Node, findings: Findings, owner: Node | None = None) -> None:
    name = _local(node)
    on = f" ({_local(owner)})" if owner is not None else ""
    findings.refuse(
        node.get("id") if owner is None else owner_id(owner),
        "element.unsupported",
        Text(zh=f"平台不执行 {name}{on}。", en=f"{name}{on} is not executed."),
        _REMOVE,
    )


def owner_id(node: Node | None) -> str | None:
    """Return the id of the flow node, flow or lane that this part belongs to."""
    parts = {*vocabulary.EVENT_DEFINITIONS, "multiInstanceLoopCharacteristics", "extensionElements"}
    while node is not None:
        if node.get("id") and _local(node) not in parts:
            return node.get("id")
        node = node.getparent()
    return None


def _local(node: Node) -> str:
    return split_name(str(node.tag))[1]
