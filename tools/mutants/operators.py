"""What a mutant changes: one node of the syntax tree of one function."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# A change takes a copy of the node and gives what stands in its place; several where several make sense.
Change = tuple[str, ast.AST]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# Wording is for people to judge: the texts of messages are left alone.
_WORDING = frozenset({"Text", "ValueError"})


# From a function to a node in it: names of fields, with the index where the field is a list.
Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change in one function: where it is and what it says.

    ``lines`` are the first and last line of the statement around it, without the statements inside that one.
    """

    file: str
    function: str
    line: int
    change: str
    source: str
    path: Path
    lines: tuple[int, int]

    @property
    def key(self) -> str:
        """Return what names the mutant as long as the line stays as it is, wherever it moves."""
        return f"{self.file}::{self.function} | {self.source} | {self.change}"

    def tree(self, text: str) -> ast.Module:
        """Return the syntax tree of the file with the change in it."""
        tree = ast.parse(text)
        function = next(each for name, each in _functions(tree) if name == self.function)
        node = _at(function, self.path)
        replacement = next(new for change, new in _changes(node) if change == self.change)
        _put(function, self.path, ast.copy_location(replacement, node))
        return ast.fix_missing_locations(tree)


def mutants_of(file: str, text: str) -> Iterator[Mutant]:
    """Give every mutant of a file, in the order of its lines."""
    lines = text.splitlines()
    for name, function in _functions(ast.parse(text)):
        for path in _mutable_paths(function):
            node = _at(function, path)
            line = node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)
            for change, _ in _changes(node):
                around = _lines_around(function, path)
                yield Mutant(file, name, line, change, lines[line - 1].strip(), path, around)


def _lines_around(function: ast.FunctionDef, path: Path) -> tuple[int, int]:
    """Return the lines of the innermost statement around a node; only a test that runs one can notice."""
    node: ast.AST = function
    around: ast.stmt = function
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
        around = node if isinstance(node, ast.stmt) else around
    inside = getattr(around, "body", None)
    last = inside[0].lineno - 1 if inside and isinstance(inside[0], ast.stmt) else around.end_lineno
    return around.lineno, max(around.lineno, last or 0)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Give functions of the module and methods of its classes, with their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    yield f"{node.name}.{each.name}", each


def _mutable_paths(function: ast.FunctionDef) -> Iterator[Path]:
    """Walk the body of a function, but not docstrings, annotations and wording."""

    def walk(node: ast.AST, path: Path) -> Iterator[Path]:
        yield path
        for field, value in ast.iter_fields(node):
            if field in {"annotation", "returns", "decorator_list", "type_comment", "ctx", "format_spec"}:
                continue
            if isinstance(value, ast.AST):
                yield from enter(value, (*path, (field, None)))
            elif isinstance(value, list):
                for index, each in enumerate(value):
                    if isinstance(each, ast.AST):
                        yield from enter(each, (*path, (field, index)))

    def enter(node: ast.AST, path: Path) -> Iterator[Path]:
        if _is_wording(node) or _is_docstring(node):
            return
        yield from walk(node, path)

    for index, statement in enumerate(function.body):
        yield from enter(statement, (("body", index),))


def _is_wording(node: ast.AST) -> bool:
    """Texts for people, and ``strict=`` of zip, which only asserts what is true anyway.

    What is Chinese, or several words, is such a text wherever it stands.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " " in node.value.strip() or any(character > "\u2e7f" for character in node.value)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _WORDING
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.keyword) and node.arg == "strict")


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _at(node: ast.AST, path: Path) -> ast.AST:
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def _put(function: ast.FunctionDef, path: Path, replacement: ast.AST) -> None:
    *way, (field, index) = path
    parent = _at(function, tuple(way))
    if index is None:
        setattr(parent, field, replacement)
    else:
        getattr(parent, field)[index] = replacement


def _changes(node: ast.AST) -> Iterator[Change]:
    for change in _BY_KIND.get(type(node), ()):
        yield from change(copy.deepcopy(node))


def _compare(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.Compare)  # noqa: S101 - tells the type checker
    for index, operator in enumerate(node.ops):
        other = copy.deepcopy(node)
        other.ops[index] = _COMPARISONS[type(operator)]()
        yield f"{type(operator).__name__} -> {type(other.ops[index]).__name__}", other


def _boolean(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.BoolOp)  # noqa: S101
    is_and = isinstance(node.op, ast.And)
    node.op = ast.Or() if is_and else ast.And()
    yield ("and -> or" if is_and else "or -> and"), node


def _negation(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.UnaryOp)  # noqa: S101
    if isinstance(node.op, ast.Not | ast.USub):
        yield f"without {type(node.op).__name__}", node.operand


def _condition(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.If | ast.IfExp | ast.While)  # noqa: S101
    node.test = ast.UnaryOp(ast.Not(), node.test)
    yield "condition negated", node


def _arithmetic(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.BinOp | ast.AugAssign)  # noqa: S101
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        change = f"{type(node.op).__name__} -> {other.__name__}"
        node.op = other()
        yield change, node


def _constant(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.Constant)  # noqa: S101
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield f"{value} -> {value + 1}", ast.Constant(value + 1)
    elif isinstance(value, str) and value:
        yield f"{value!r} -> {'x' + value!r}", ast.Constant("x" + value)


def _return(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.Return)  # noqa: S101
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "return None", ast.Return(ast.Constant(None))


def _statement(node: ast.AST) -> Iterator[Change]:
    """Leave out a call, an assignment to an item or attribute, or a refusal."""
    if isinstance(node, ast.Assign) and not any(
        isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets
    ):
        return
    yield "left out", ast.Pass()


def _leaving_a_loop(node: ast.AST) -> Iterator[Change]:
    is_break = isinstance(node, ast.Break)
    yield ("break -> continue", ast.Continue()) if is_break else ("continue -> break", ast.Break())


def _filter(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.comprehension)  # noqa: S101
    for index in range(len(node.ifs)):
        other = copy.deepcopy(node)
        del other.ifs[index]
        yield "without filter", other


def _call(node: ast.AST) -> Iterator[Change]:
    assert isinstance(node, ast.Call)  # noqa: S101
    swapped = {"any": "all", "all": "any", "min": "max", "max": "min"}
    if isinstance(node.func, ast.Name) and node.func.id in swapped:
        change = f"{node.func.id} -> {swapped[node.func.id]}"
        node.func = ast.Name(swapped[node.func.id], ast.Load())
        yield change, node


_BY_KIND: dict[type[ast.AST], tuple[Callable[[ast.AST], Iterator[Change]], ...]] = {
    ast.Compare: (_compare,),
    ast.BoolOp: (_boolean,),
    ast.UnaryOp: (_negation,),
    ast.If: (_condition,),
    ast.IfExp: (_condition,),
    ast.While: (_condition,),
    ast.BinOp: (_arithmetic,),
    ast.AugAssign: (_arithmetic, _statement),
    ast.Constant: (_constant,),
    ast.Return: (_return,),
    ast.Expr: (_statement,),
    ast.Assign: (_statement,),
    ast.Raise: (_statement,),
    ast.Delete: (_statement,),
    ast.Break: (_leaving_a_loop,),
    ast.Continue: (_leaving_a_loop,),
    ast.comprehension: (_filter,),
    ast.Call: (_call,),
}
