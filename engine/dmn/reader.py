"""Reading ``.dmn`` files: decision tables and literal expressions, or every reason why not.

Source: DMN 1.3 and 1.2 (same content, another namespace), clauses 6.3 (metamodel), 8.3, 12.2 (XML).
"""

from collections.abc import Iterator, Mapping

from engine.bpmn.expressions import ExpressionError, compile_expression, is_variable_name
from engine.bpmn.findings import Findings
from engine.bpmn.model import Expression
from engine.bpmn.xml_source import Node, attributes_of, read_xml, split_name
from engine.dmn.model import Decision, Table
from engine.dmn.table_reader import read_table
from kernel.language import Text

DECISION_SUFFIX = ".dmn"
NAMESPACES = frozenset(
    {"https://www.omg.org/spec/DMN/20191111/MODEL/", "http://www.omg.org/spec/DMN/20180521/MODEL/"}
)
_DRAWING = ("https://www.omg.org/spec/DMN/", "http://www.omg.org/spec/DMN/")

# Everything that may stand in a file, with its attributes; the rest is refused, as in diagrams.
_NAMED = frozenset({"id", "name", "label"})
_TYPED = _NAMED | {"typeRef"}
_ELEMENTS: Mapping[str, frozenset[str]] = {
    "definitions": _NAMED
    | {"namespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
    "decision": _NAMED,
    "variable": _TYPED,
    "informationRequirement": frozenset({"id"}),
    "requiredDecision": frozenset({"href"}),
    "requiredInput": frozenset({"href"}),
    "decisionTable": frozenset(
        {"id", "label", "hitPolicy", "aggregation", "preferredOrientation", "outputLabel", "typeRef"}
    ),
    "input": _NAMED,
    "inputExpression": _TYPED | {"expressionLanguage"},
    "inputValues": frozenset({"id", "expressionLanguage"}),
    "output": _TYPED,
    "outputValues": frozenset({"id", "expressionLanguage"}),
    "defaultOutputEntry": _TYPED | {"expressionLanguage"},
    "annotation": frozenset({"name"}),
    "rule": _NAMED,
    "inputEntry": frozenset({"id", "label", "expressionLanguage"}),
    "outputEntry": _TYPED | {"expressionLanguage"},
    "annotationEntry": frozenset(),
    "literalExpression": _TYPED | {"expressionLanguage"},
    "text": frozenset(),
}
# These explain and do nothing (DMN 1.3, 6.2: knowledge sources and inputs as drawn; 5.3.3 artifacts).
_DESCRIPTIVE = frozenset(
    {
        "description",
        "question",
        "allowedAnswers",
        "inputData",
        "knowledgeSource",
        "authorityRequirement",
        "textAnnotation",
        "association",
        "extensionElements",
        "DMNDI",
    }
)


def read_decisions(name: str, content: bytes, findings: Findings) -> Iterator[Decision]:
    """Read the decisions of one file; what cannot be executed as it stands is noted and left out."""
    root = read_xml(name, content, findings)
    if root is None:
        return
    namespace, tag = split_name(str(root.tag))
    if tag != "definitions" or namespace not in NAMESPACES:
        findings.refuse(
            None,
            "dmn.not-dmn",
            Text(zh=f"文件 {name} 不是 DMN 1.3。", en=f"File {name} is not DMN 1.3."),
            Text(zh="用支持 DMN 1.3 的建模器保存。", en="Save it with a modeler that knows DMN 1.3."),
        )
        return
    if not _is_known(root, namespace, findings):
        return
    for node in root.iterchildren(f"{{{namespace}}}decision"):
        decision = _read_decision(node, namespace, findings)
        if decision is not None:
            yield decision


def _is_known(node: Node, namespace: str, findings: Findings) -> bool:
    """Refuse elements and attributes that we do not execute; tell whether there were none."""
    tag = split_name(str(node.tag))[1]
    unknown = [f"{tag}@{name}" for name, _ in attributes_of(node) if name not in _ELEMENTS[tag]]
    inside = []
    for child in node:
        child_namespace, child_tag = split_name(str(child.tag))
        is_drawing = child_namespace != namespace and child_namespace.startswith(_DRAWING)
        if is_drawing or child_tag in _DESCRIPTIVE:
            continue
        if child_namespace == namespace and child_tag in _ELEMENTS:
            inside.append(child)
        else:
            unknown.append(child_tag)
    for what in unknown:
        findings.refuse(
            _decision_of(node),
            "dmn.unsupported",
            Text(zh=f"平台不执行决策中的 {what}。", en=f"{what} in a decision is not executed."),
            Text(zh="改用决策表或单个表达式。", en="Use a decision table or a single expression."),
        )
    # Every part is looked at, so that its author hears of all at once.
    known_inside = [_is_known(child, namespace, findings) for child in inside]
    return all(known_inside) and not unknown


def _decision_of(node: Node | None) -> str | None:
    while node is not None and split_name(str(node.tag))[1] != "decision":
        node = node.getparent()
    return None if node is None else node.get("id")


def _read_decision(node: Node, namespace: str, findings: Findings) -> Decision | None:
    decision_id, name = node.get("id") or "", node.get("name") or node.get("id") or ""
    variable_node = node.find(f"{{{namespace}}}variable")
    variable = (variable_node.get("name") if variable_node is not None else None) or decision_id
    if not decision_id or not is_variable_name(variable):
        findings.refuse(
            decision_id or None,
            "dmn.name",
            Text(zh=f"决策“{name}”缺少可用的编号或变量名。", en=f"“{name}” lacks an id or a variable name."),
            Text(
                zh="编号和变量名以字母开头，只用字母、数字和下划线。",
                en="Begin with a letter; use letters, digits, underscores.",
            ),
        )
        return None
    logic = _read_logic(decision_id, name, node, namespace, findings)
    requirements = f"{{{namespace}}}informationRequirement/{{{namespace}}}requiredDecision"
    required = tuple(
        required_id
        for requirement in node.iterfind(requirements)
        if (required_id := (requirement.get("href") or "").rpartition("#")[2])
    )
    return None if logic is None else Decision(decision_id, name, variable, logic, required)


def _read_logic(
    decision_id: str, name: str, node: Node, namespace: str, findings: Findings
) -> Table | Expression | None:
    table = node.find(f"{{{namespace}}}decisionTable")
    if table is not None:
        return read_table(decision_id, table, namespace, findings)
    literal = node.find(f"{{{namespace}}}literalExpression")
    if literal is not None:
        return _read_literal(decision_id, literal, namespace, findings)
    findings.refuse(
        decision_id,
        "dmn.no-logic",
        Text(zh=f"决策“{name}”没有决策表。", en=f"“{name}” has no decision table."),
        Text(zh="加入决策表或表达式。", en="Add a decision table or an expression."),
    )
    return None


def _read_literal(decision_id: str, node: Node, namespace: str, findings: Findings) -> Expression | None:
    text = (node.findtext(f"{{{namespace}}}text") or "").strip()
    try:
        return compile_expression(f"= {text}")
    except ExpressionError as error:
        findings.refuse_expression(decision_id, "literalExpression", error)
        return None


def check_requirements(decisions: Mapping[str, Decision], findings: Findings) -> None:
    """Refuse decisions that require one that is absent, or themselves in a circle."""
    for decision in decisions.values():
        for required in decision.requires:
            if required not in decisions:
                findings.refuse(
                    decision.id,
                    "dmn.requires-unknown",
                    Text(
                        zh=f"决策“{decision.name}”依赖的决策 {required} 不存在。",
                        en=f"“{decision.name}” requires {required}, which is absent.",
                    ),
                    Text(
                        zh="把它加入同一流程的决策文件。", en="Add it to the decision files of the process."
                    ),
                )
        if _requires(decision.id, decision.id, decisions, set()):
            findings.refuse(
                decision.id,
                "dmn.circular",
                Text(zh=f"决策“{decision.name}”循环依赖自身。", en=f"“{decision.name}” requires itself."),
                Text(zh="删除其中一个依赖。", en="Remove one of the requirements."),
            )


def _requires(start: str, wanted: str, decisions: Mapping[str, Decision], seen: set[str]) -> bool:
    for required in decisions[start].requires if start in decisions else ():
        if required == wanted:
            return True
        if required not in seen and _requires(required, wanted, decisions, seen | {required}):
            return True
    return False
