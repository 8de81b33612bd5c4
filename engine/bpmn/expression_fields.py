"""Reading the places of a diagram that hold expressions or assignments."""

from collections.abc import Iterable

from engine.bpmn.expressions import ExpressionError, compile_expression, is_variable_name
from engine.bpmn.findings import Findings
from engine.bpmn.model import Assignment, Expression
from engine.bpmn.xml_source import Node
from kernel.language import Text

# The engine sets these itself; a diagram that sets them would forge them.
RESERVED_VARIABLES = frozenset(
    {
        "initiatorId",
        "output",
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)


def read_expression(
    element_id: str | None, where: str, text: str | None, findings: Findings
) -> Expression | None:
    """Compile the text found at this place; None when there is none or it is refused."""
    if text is None:
        return None
    try:
        return compile_expression(text)
    except ExpressionError as error:
        findings.refuse_expression(element_id, where, error)
        return None


def read_assignments(
    element_id: str | None,
    nodes: Iterable[Node],
    name_attribute: str,
    value_attribute: str,
    findings: Findings,
    *,
    sets_variables: bool,
) -> tuple[Assignment, ...]:
    """Read children such as ``<zujian:output variable=".." expression=".."/>``.

    ``sets_variables`` says that the name becomes a variable of the process and so
    has to be one that an expression can read and the engine does not set itself.
    """
    found: list[Assignment] = []
    for node in nodes:
        name = (node.get(name_attribute) or "").strip()
        check_variable(element_id, name, findings, is_set=sets_variables)
        expression = read_expression(element_id, f"{name} =", node.get(value_attribute, ""), findings)
        if any(name == other.variable for other in found):
            findings.refuse(
                element_id,
                "variable.twice",
                Text(zh=f"{name} 出现两次。", en=f"{name} is given twice."),
                Text(zh="删除其中一项。", en="Remove one of the two."),
            )
        elif expression is not None:
            found.append(Assignment(name, expression))
    return tuple(found)


def check_variable(element_id: str | None, name: str, findings: Findings, *, is_set: bool = True) -> None:
    """Note a name that no expression can read, or that the engine keeps for itself.

    A parameter of a handler (``is_set`` false) is never read by an expression.
    """
    if not (is_variable_name(name) if is_set else name.isidentifier()):
        findings.refuse(
            element_id,
            "variable.name",
            Text(zh=f"“{name}”不能用作名称。", en=f'"{name}" cannot be used as a name.'),
            Text(
                zh="以字母开头，只用字母、数字和下划线。",
                en="Begin with a letter; use letters, digits, underscores.",
            ),
        )
    elif is_set and name in RESERVED_VARIABLES:
        refuse_reserved(element_id, name, findings)


def refuse_reserved(element_id: str | None, name: str, findings: Findings) -> None:
    """Note a variable that the engine keeps for itself."""
    findings.refuse(
        element_id,
        "variable.reserved",
        Text(zh=f"变量 {name} 由引擎设置。", en=f"The engine itself sets the variable {name}."),
        Text(zh="换一个变量名。", en="Choose another name."),
    )
