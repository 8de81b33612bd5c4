"""The operators and functions of the expression language, each bounded in time and size.

The language is total: every operation either gives a JSON value in time linear in
its input or raises. Python's own operators are not enough for that: ``'a' * 10**9``
and ``round(1, -10**9)`` would stop the server.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from kernel.language import Text

LONGEST_SEQUENCE = 100_000
LARGEST_INTEGER_BITS = 1_024
LARGEST_ROUNDING = 15

Binary = Callable[[Any, Any], Any]


class ExpressionError(Exception):
    """The expression cannot be understood, or has no value for these variables."""

    def __init__(self, message: Text, cure: Text | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.cure = cure or Text(
            zh="请改写表达式，只使用参考手册列出的写法。",
            en="Rewrite the expression with the forms that the reference lists.",
        )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def bounded_number(value: Any) -> Any:
    """Return the value unless it is a number that JSON or patience cannot hold."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError(Text(zh="数值不是有限数。", en="The number is not finite."))
    if isinstance(value, int) and value.bit_length() > LARGEST_INTEGER_BITS:
        raise ExpressionError(Text(zh="整数过大。", en="The whole number is too large."))
    return value


def _add(left: Any, right: Any) -> Any:
    """Add numbers, or join two texts or two lists."""
    if _is_number(left) and _is_number(right):
        return bounded_number(left + right)
    if len(left) + len(right) > LONGEST_SEQUENCE:
        raise ExpressionError(Text(zh="文本或列表过长。", en="The text or list gets too long."))
    return left + right


def _numeric(operation: Binary) -> Binary:
    """Restrict an operator to numbers: on texts and lists Python gives it another meaning."""

    def apply(left: Any, right: Any) -> Any:
        if not (_is_number(left) and _is_number(right)):
            raise ExpressionError(Text(zh="此运算只用于数字。", en="This operation takes numbers only."))
        return bounded_number(operation(left, right))

    return apply


ARITHMETIC: Mapping[str, Binary] = {
    "Add": _add,
    "Sub": _numeric(operator.sub),
    "Mult": _numeric(operator.mul),
    "Div": _numeric(operator.truediv),
    "FloorDiv": _numeric(operator.floordiv),
    "Mod": _numeric(operator.mod),
}


def _same_kind(left: Any, right: Any) -> bool:
    """Say whether two values can be compared without converting one of them."""
    if left is None or right is None or (_is_number(left) and _is_number(right)):
        return isinstance(left, bool) == isinstance(right, bool) or left is None or right is None
    return type(left) is type(right)


def strictly_equal(left: Any, right: Any) -> Any:
    """Compare values of one kind; other languages would convert and Python would not."""
    if not _same_kind(left, right):
        raise ExpressionError(
            Text(zh="两侧的类型不同，无法比较是否相等。", en="The two sides are of different types."),
            Text(zh="先用 str() 或 int() 转换其中一侧。", en="Convert one side with str() or int() first."),
        )
    return left == right


COMPARISONS: Mapping[str, Binary] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": lambda member, container: member in container,
    "NotIn": lambda member, container: member not in container,
    "Is": lambda value, _none: value is None,
    "IsNot": lambda value, _none: value is not None,
}


def _text(value: Any) -> str:
    """Write a single value as text; a list or object written out would mean nothing to people."""
    if not isinstance(value, (str, int, float)):
        raise ExpressionError(
            Text(zh="str() 只接受文本、数字或布尔值。", en="str() takes texts and numbers.")
        )
    return str(value)


def _round(value: Any, digits: Any = None) -> Any:
    """Round to a few decimal places."""
    if digits is None:
        return round(value)
    if not isinstance(digits, int) or not 0 <= digits <= LARGEST_ROUNDING:
        raise ExpressionError(
            Text(zh="round() 的位数应为 0 到 15。", en="round() takes 0 to 15 decimal places.")
        )
    return round(value, digits)


def _sum(values: Any) -> Any:
    if not isinstance(values, list) or not all(map(_is_number, values)):
        raise ExpressionError(Text(zh="sum() 需要数字列表。", en="sum() takes a list of numbers."))
    return sum(values)


def _number_from(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        return bounded_number(convert(value))

    return apply


def _get(container: Any, key: Any, default: Any = None) -> Any:
    """Look up a key of an object or an index of a list; give the default when it is not there, or null.

    A field of a form that was left empty is null: whoever gives a default means that case, too.
    """
    if container is None:
        return default
    if isinstance(container, Mapping):
        found = container.get(key)
        return default if found is None else found
    if isinstance(container, list) and isinstance(key, int):
        found = container[key] if -len(container) <= key < len(container) else None
        return default if found is None else found
    raise ExpressionError(Text(zh="get() 需要对象或列表。", en="get() takes an object or a list."))


# Name of the function -> what it does, fewest and most arguments.
FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    "len": (len, 1, 1),
    "min": (min, 1, 20),
    "max": (max, 1, 20),
    "sum": (_sum, 1, 1),
    "any": (any, 1, 1),
    "all": (all, 1, 1),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
    "str": (_text, 1, 1),
    "int": (_number_from(int), 1, 1),
    "float": (_number_from(float), 1, 1),
    "bool": (bool, 1, 1),
    "get": (_get, 2, 3),
}
