"""Scripts: a few assignments, one per line, in the expression language."""

import ast
import textwrap

from engine.bpmn.expressions import ExpressionError, compile_expression, is_variable_name
from engine.bpmn.model import Assignment
from kernel.language import Text

LONGEST_SCRIPT = 10_000

_CURE = Text(zh="每行写一个赋值：变量 = 表达式。", en="Write one assignment per line: variable = expression.")


def compile_script(text: str) -> tuple[Assignment, ...]:
    """Compile ``name = expression`` lines; each line sees what the lines above it assigned.

    Raises:
        ExpressionError: something in it is not a plain assignment.
    """
    source = textwrap.dedent(text).strip()
    if len(source) > LONGEST_SCRIPT:
        raise ExpressionError(Text(zh="脚本过长。", en="The script is too long."), _CURE)
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or type(error).__name__
        message = Text(zh=f"脚本语法不正确（{reason}）。", en=f"The script is not understood ({reason}).")
        raise ExpressionError(message, _CURE) from None
    return tuple(_assignment(source, statement) for statement in statements)


def _assignment(source: str, statement: ast.stmt) -> Assignment:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if (
        not isinstance(statement, ast.Assign)
        or len(statement.targets) != 1
        or not isinstance(target, ast.Name)
    ):
        message = Text(zh="脚本只能是赋值。", en="A script consists of assignments only.")
        raise ExpressionError(message, _CURE)
    if not is_variable_name(target.id):
        message = Text(
            zh=f"{target.id} 不能用作变量名。", en=f"{target.id} cannot be the name of a variable."
        )
        raise ExpressionError(message, _CURE)
    expression = ast.get_source_segment(source, statement.value) or ""
    if "\n" in expression:
        expression = f"({expression})"  # It went over several lines inside brackets that are not its own.
    return Assignment(target.id, compile_expression(expression))
