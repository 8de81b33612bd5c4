"""Reading an expression: what each node of Python's syntax tree means to us.

``Reader`` has one short method per kind of node. A kind without a method is refused,
so that nothing enters the language by accident.
"""

import ast
import keyword
from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.expression_operations import (
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    ExpressionError,
    bounded_number,
    strictly_equal,
)
from engine.bpmn.model import JsonValue, Variables
from kernel.language import Text

Evaluate = Callable[[Variables], JsonValue]


def _refuse(node: ast.AST, cure: Text | None = None) -> ExpressionError:
    what = type(node).__name__
    return ExpressionError(Text(zh=f"不允许使用 {what}。", en=f"{what} is not part of the language."), cure)


_WRITE_KEY = Text(
    zh="用 a['b'] 或 get(a, 'b', 默认值) 取值。", en="Look up with a['b'] or get(a, 'b', default)."
)
_FOREIGN_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_TAKEN_NAMES = frozenset(FUNCTIONS) | frozenset(_FOREIGN_CONSTANTS) | {"True", "False", "None"}


def is_variable_name(name: str) -> bool:
    """Say whether an expression could read a variable of this name."""
    is_word = name.isidentifier() and not keyword.iskeyword(name)
    return is_word and not name.startswith("_") and name not in _TAKEN_NAMES


class Reader:
    """Turns the nodes of one tree into closures and collects the names they read.

    ``is_foreign`` refuses what FEEL or JUEL would mean differently.
    """

    def __init__(self, is_foreign: bool) -> None:
        self.is_foreign = is_foreign
        self.names: set[str] = set()

    def read(self, node: ast.expr) -> Evaluate:
        """Compile a node with the method for its type; a type without one is refused."""
        method = _METHODS.get(type(node))
        if method is None:
            raise _refuse(node, _WRITE_KEY if isinstance(node, ast.Attribute) else None)
        return method(self, node)

    def _constant(self, node: ast.Constant) -> Evaluate:
        value = node.value
        if value is not None and not isinstance(value, (str, int, float)):
            raise _refuse(node)
        bounded_number(value)
        return lambda _variables: value

    def _name(self, node: ast.Name) -> Evaluate:
        name = node.id
        if self.is_foreign and name in _FOREIGN_CONSTANTS:
            value = _FOREIGN_CONSTANTS[name]
            return lambda _variables: value
        if not is_variable_name(name):
            raise ExpressionError(
                Text(zh=f"{name} 不能用作变量名。", en=f"{name} cannot be the name of a variable."),
                Text(
                    zh="逻辑值写作 True、False、None；变量名以字母开头。",
                    en="Write True, False, None; begin variables with a letter.",
                ),
            )
        self.names.add(name)

        def read(variables: Variables) -> JsonValue:
            try:
                return variables[name]
            except KeyError:
                raise ExpressionError(
                    Text(zh=f"没有变量 {name}。", en=f"There is no variable {name}."),
                    Text(
                        zh=f"先由前面的元素给 {name} 赋值，或用 get() 取可选的字段。",
                        en=f"Let an earlier element set {name}, or read an optional field with get().",
                    ),
                ) from None

        return read

    def _combination(self, node: ast.BoolOp) -> Evaluate:
        parts = [self._truth(value) for value in node.values]
        stops_at = isinstance(node.op, ast.Or)

        def combine(variables: Variables) -> JsonValue:
            value = None
            for part in parts:
                value = part(variables)
                if bool(value) is stops_at:
                    return value
            return value

        return combine

    def _truth(self, node: ast.expr) -> Evaluate:
        """Compile an operand of and, or, not. Elsewhere only booleans have a truth value."""
        evaluate = self.read(node)
        if not self.is_foreign:
            return evaluate

        def only_booleans(variables: Variables) -> JsonValue:
            value = evaluate(variables)
            if not isinstance(value, bool):
                raise ExpressionError(Text(zh="and、or、not 需要布尔值。", en="and, or, not take booleans."))
            return value

        return only_booleans

    def _unary(self, node: ast.UnaryOp) -> Evaluate:
        if isinstance(node.op, ast.Not):
            truth = self._truth(node.operand)
            return lambda variables: not truth(variables)
        operand = self.read(node.operand)
        if isinstance(node.op, ast.USub):
            return lambda variables: -operand(variables)
        raise _refuse(node.op)

    def _arithmetic(self, node: ast.BinOp) -> Evaluate:
        operation = ARITHMETIC.get(type(node.op).__name__)
        if operation is None:
            raise _refuse(node.op)
        left, right = self.read(node.left), self.read(node.right)
        return lambda variables: operation(left(variables), right(variables))

    def _comparison(self, node: ast.Compare) -> Evaluate:
        operands = [self.read(operand) for operand in (node.left, *node.comparators)]
        operations = [
            self._comparator(operator, right)
            for operator, right in zip(node.ops, node.comparators, strict=True)
        ]
        if len(operations) == 1:
            operation, (left, right) = operations[0], operands
            return lambda variables: operation(left(variables), right(variables))
        if self.is_foreign:
            raise _refuse(node, Text(zh="用 and 连接两个比较。", en="Join two comparisons with and."))

        def chain(variables: Variables) -> JsonValue:
            value = operands[0](variables)
            for operation, operand in zip(operations, operands[1:], strict=True):
                following = operand(variables)
                if not operation(value, following):
                    return False
                value = following
            return True

        return chain

    def _comparator(self, operator: ast.cmpop, right: ast.expr) -> Callable[[Any, Any], Any]:
        name = type(operator).__name__
        if name in {"Is", "IsNot"} and not (isinstance(right, ast.Constant) and right.value is None):
            raise _refuse(operator, Text(zh="比较值用 == 和 !=。", en="Compare values with == and !=."))
        if self.is_foreign:
            # FEEL's `in` may mean equality and Python's a part of a text: only a list written out is plain.
            if name in {"In", "NotIn"} and not isinstance(right, ast.List):
                raise _refuse(operator, Text(zh="in 之后写出列表。", en="Write out the list after in."))
            if name == "Eq":
                return strictly_equal
            if name == "NotEq":
                return lambda left, right: not strictly_equal(left, right)
        return COMPARISONS[name]

    def _lookup(self, node: ast.Subscript) -> Evaluate:
        container, key = self.read(node.value), _constant_key(node.slice)
        if self.is_foreign and not isinstance(key, str):
            raise _refuse(
                node,
                Text(
                    zh="序号在 FEEL 中从 1 开始；改用本语言的写法。",
                    en="FEEL counts from 1; write it plainly.",
                ),
            )
        return lambda variables: container(variables)[key]

    def _choice(self, node: ast.IfExp) -> Evaluate:
        test, then, otherwise = self._truth(node.test), self.read(node.body), self.read(node.orelse)
        return lambda variables: then(variables) if test(variables) else otherwise(variables)

    def _sequence(self, node: ast.List | ast.Tuple) -> Evaluate:
        items = [self.read(item) for item in node.elts]
        return lambda variables: [item(variables) for item in items]

    def _object(self, node: ast.Dict) -> Evaluate:
        entries: list[tuple[str, Evaluate]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            # {a: 1} means the key 'a' in FEEL and the value of a in Python, so keys are always quoted.
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                raise _refuse(node, Text(zh="对象的键写成带引号的文本。", en="Quote the keys of the object."))
            entries.append((key.value, self.read(value)))
        return lambda variables: {key: value(variables) for key, value in entries}

    def _call(self, node: ast.Call) -> Evaluate:
        name = node.func.id if isinstance(node.func, ast.Name) else None
        # FEEL rounds to even at another place than Python does.
        if name is None or name not in FUNCTIONS or node.keywords or (self.is_foreign and name == "round"):
            raise _refuse(
                node,
                Text(
                    zh="可用的函数：" + "、".join(FUNCTIONS), en="The functions are: " + ", ".join(FUNCTIONS)
                ),
            )
        function, fewest, most = FUNCTIONS[name]
        if not fewest <= len(node.args) <= most:
            raise ExpressionError(
                Text(zh=f"{name}() 的参数个数不对。", en=f"{name}() takes {fewest} to {most} arguments.")
            )
        arguments = [self.read(argument) for argument in node.args]
        return lambda variables: function(*[argument(variables) for argument in arguments])


def _constant_key(node: ast.expr) -> str | int:
    """Read the key of a subscript: a text or a whole number, written out."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    key = node.value if isinstance(node, ast.Constant) else None
    if isinstance(key, str) and sign == 1:
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return sign * key
    raise _refuse(
        node, Text(zh="方括号内写出文本或整数；可变的键用 get()。", en="Write out the key, or use get().")
    )


_METHODS: Mapping[type[ast.expr], Callable[[Reader, Any], Evaluate]] = {
    ast.Constant: Reader._constant,
    ast.Name: Reader._name,
    ast.BoolOp: Reader._combination,
    ast.UnaryOp: Reader._unary,
    ast.BinOp: Reader._arithmetic,
    ast.Compare: Reader._comparison,
    ast.Subscript: Reader._lookup,
    ast.IfExp: Reader._choice,
    ast.List: Reader._sequence,
    ast.Tuple: Reader._sequence,
    ast.Dict: Reader._object,
    ast.Call: Reader._call,
}
