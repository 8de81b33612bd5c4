"""The expression language: Python's syntax, a small part of its meaning, none of its reach.

An expression is parsed by Python's own parser, every node of the tree is looked up
in a table of what we understand, and what remains becomes a chain of closures.
There is no ``eval``, no attribute access, no loop and no way to define anything:
the language is total, and ``ExpressionError`` is all it can raise.

Two foreign ways of writing are met in the wild: ``= amount > 10`` (FEEL) and
``${amount > 10}`` (JUEL). They are understood where they mean the same as here and
refused where they would mean something else, never read as something else.
"""

import ast

from engine.bpmn.expression_operations import ExpressionError
from engine.bpmn.expression_reader import Evaluate, Reader, is_variable_name
from engine.bpmn.model import Expression, JsonValue, Variables
from kernel.language import Text

__all__ = ["ExpressionError", "compile_expression", "constant", "is_variable_name"]

LONGEST_TEXT = 2_000
MOST_NODES = 300

# What Python raises when values do not fit an operation. Anything else is a bug of ours.
_MISFITS = (ArithmeticError, LookupError, TypeError, ValueError, RecursionError)


def compile_expression(text: str) -> Expression:
    """Compile the text of an expression, in our own or in a foreign way of writing.

    Raises:
        ExpressionError: it is not understood; carries the reason and a cure.
    """
    body, is_foreign = _strip_foreign_marks(text.strip())
    if not body:
        raise ExpressionError(
            Text(zh="表达式为空。", en="The expression is empty."),
            Text(zh="写出表达式，或删除这一项。", en="Write the expression or remove the entry."),
        )
    reader = Reader(is_foreign)
    evaluate = reader.read(_parse(body))
    return Expression(text, _guarded(text, evaluate), frozenset(reader.names))


def constant(value: JsonValue) -> Expression:
    """Return the expression that always gives this value."""
    return Expression(repr(value), lambda _variables: value, frozenset())


def _strip_foreign_marks(text: str) -> tuple[str, bool]:
    """Separate the expression from the marks of another language around it."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(
            Text(zh=f"表达式超过 {LONGEST_TEXT} 个字符。", en=f"Longer than {LONGEST_TEXT} characters."),
            Text(zh="拆成脚本任务中的几步赋值。", en="Split it into several assignments of a script task."),
        )
    if text.startswith("=") and not text.startswith("=="):
        return text[1:].strip(), True
    body, is_foreign = text, False
    if text.startswith(("${", "#{")) and text.endswith("}"):
        body, is_foreign = text[2:-1].strip(), True
    if "${" in body or "#{" in body:
        raise ExpressionError(
            Text(zh="不支持文字与 ${…} 混写。", en="Text mixed with ${…} is not supported."),
            Text(zh="写成一个表达式，例如 'a' + b。", en="Write one expression, such as 'a' + b."),
        )
    return body, is_foreign


def _parse(body: str) -> ast.expr:
    try:
        tree = ast.parse(body, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or type(error).__name__
        raise ExpressionError(
            Text(zh=f"语法不正确（{reason}）。", en=f"The syntax is not understood ({reason})."),
            Text(
                zh="比较用 == 和 !=，逻辑用 and、or、not，取值用 a['b']。",
                en="Compare with == and !=, combine with and, or, not, look up with a['b'].",
            ),
        ) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise ExpressionError(
            Text(zh="表达式过于复杂。", en="The expression is too complex."),
            Text(zh="拆成脚本任务中的几步赋值。", en="Split it into several assignments of a script task."),
        )
    return tree


def _guarded(text: str, evaluate: Evaluate) -> Evaluate:
    """Let nothing but ExpressionError out, and name the expression in it."""

    def run(variables: Variables) -> JsonValue:
        try:
            return evaluate(variables)
        except ExpressionError as error:
            raise ExpressionError(
                Text(zh=f"表达式 {text}：{error.message.zh}", en=f"Expression {text}: {error.message.en}"),
                error.cure,
            ) from None
        except _MISFITS as error:
            raise ExpressionError(
                Text(
                    zh=f"表达式 {text} 无法用于当前的变量值（{type(error).__name__}）。",
                    en=f"Expression {text} does not fit the values of its variables ({error}).",
                )
            ) from None

    return run
