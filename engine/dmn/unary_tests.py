"""The cells of a decision table: FEEL's unary tests of the common kind.

Understood are ``-``, literals, ``< 5``, ``[1..5]``, ``]1..5[``, ``"a", "b"``, ``not(…)``, ``null`` and the
names of variables as end points. Everything else is refused, never read as something else.

A value of another type than the cell is an error here, where FEEL says null and so,
quietly, no: a decision that did not look at its input is none.

Source: DMN 1.3, clause 10.3 (FEEL), grammar rules 7 to 18; 10.3.2.13 (unary tests).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from engine.bpmn.expressions import ExpressionError, is_variable_name
from engine.bpmn.model import JsonValue, Variables
from engine.dmn.model import UnaryTests
from kernel.language import Text

LONGEST_CELL = 2_000
_FORMS = Text(
    zh='写 -、"文本"、数字、true、null、date("2026-01-01")、< 5、[1..5]、"甲","乙"、not(…) 或变量名。',
    en='Write -, "text", a number, true, null, date("2026-01-01"), < 5, [1..5], "a","b", not(…) or a name.',
)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\["\\nt])*")
  | (?P<range>\.\.)
  | (?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?![\w]))
  | (?P<name>[^\W\d]\w*)
  | (?P<sign><=|>=|!=|<|>|=|\(|\)|\[|\]|,|-)
)""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t"}


class _Token(NamedTuple):
    kind: str
    text: str


# An end point: its value for these variables.
class _Point(NamedTuple):
    constant: Any
    name: str | None = None

    def value(self, variables: Variables) -> Any:
        if self.name is None:
            return self.constant
        if self.name not in variables:
            raise ExpressionError(Text(zh=f"没有变量 {self.name}。", en=f"There is no variable {self.name}."))
        return variables[self.name]


def compile_unary_tests(text: str) -> UnaryTests:
    """Compile a cell.

    Raises:
        ExpressionError: it is not understood; carries the reason and a cure.
    """
    if text.strip() in {"", "-"}:
        return lambda _value, _variables: True
    return _Cell(text).read()


def _not_understood(text: str) -> ExpressionError:
    return ExpressionError(
        Text(zh=f"单元格“{text}”无法理解。", en=f'The cell "{text}" is not understood.'), _FORMS
    )


class _Cell:
    """Reads one cell from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_CELL:
            raise _not_understood(text[:40] + "…")
        self.text = text
        self.tokens = list(self._tokens())
        self.position = 0

    def _tokens(self) -> Iterator[_Token]:
        rest, position = self.text.rstrip(), 0
        while position < len(rest):
            match = _TOKEN.match(rest, position)
            if match is None or match.lastgroup is None:
                raise _not_understood(self.text)
            yield _Token(match.lastgroup, match[match.lastgroup])
            position = match.end()

    def read(self) -> UnaryTests:
        """Read ``not(tests)`` or ``tests``, to the end of the cell."""
        is_negated = [token.text for token in self.tokens[:2]] == ["not", "("]
        if is_negated:
            self.position = 2
        tests = [self._test()]
        while self._takes(","):
            tests.append(self._test())
        if is_negated:
            self._expect(")")
        if self.position < len(self.tokens):
            raise _not_understood(self.text)
        if is_negated:
            return lambda value, variables: not _passes_one(tests, value, variables)
        if len(tests) == 1:
            return tests[0]
        return lambda value, variables: _passes_one(tests, value, variables)

    def _test(self) -> UnaryTests:
        token = self._next()
        if token.text in _COMPARISONS and token.kind == "sign":
            return _comparison(token.text, self._point(self._next()))
        if token.text in {"[", "(", "]"} and token.kind == "sign":
            return self._interval(opens=token.text)
        point = self._point(token)
        return lambda value, variables: _equal(value, point.value(variables))

    def _interval(self, opens: str) -> UnaryTests:
        """Read ``[a..b]``; a bracket turned outwards, or a round one, leaves the end point out."""
        low = self._point(self._next())
        self._expect("..")
        high = self._point(self._next())
        closes = self._next()
        if closes.kind != "sign" or closes.text not in {"]", ")", "["}:
            raise _not_understood(self.text)
        above = _comparison(">=" if opens == "[" else ">", low)
        below = _comparison("<=" if closes.text == "]" else "<", high)
        return lambda value, variables: above(value, variables) and below(value, variables)

    def _point(self, token: _Token) -> _Point:
        if token.kind == "text":
            return _Point(re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), token.text[1:-1]))
        if token.kind == "number":
            return _Point(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "name" and token.text in _LITERALS:
            return _Point(_LITERALS[token.text])
        if token.kind == "name" and token.text == "date" and self._takes("("):
            return self._date()
        if token.kind == "name" and is_variable_name(token.text):
            return _Point(None, token.text)
        raise _not_understood(self.text)

    def _date(self) -> _Point:
        written = self._next()
        self._expect(")")
        moment = _moment(written.text[1:-1]) if written.kind == "text" else None
        if moment is None:
            raise _not_understood(self.text)
        return _Point(moment)

    def _next(self) -> _Token:
        if self.position >= len(self.tokens):
            raise _not_understood(self.text)
        self.position += 1
        return self.tokens[self.position - 1]

    def _takes(self, text: str) -> bool:
        is_there = self.position < len(self.tokens) and self.tokens[self.position].text == text
        self.position += is_there
        return is_there

    def _expect(self, text: str) -> None:
        if self._next().text != text:
            raise _not_understood(self.text)


def _passes_one(tests: Sequence[UnaryTests], value: JsonValue, variables: Variables) -> bool:
    """Ask every test, so that a value of the wrong type for a later one does not pass unnoticed."""
    answers = [test(value, variables) for test in tests]
    return any(answers)


_LITERALS = {"true": True, "false": False, "null": None}
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "=", "!="})


def _comparison(sign: str, point: _Point) -> UnaryTests:
    if sign == "=":
        return lambda value, variables: _equal(value, point.value(variables))
    if sign == "!=":
        return lambda value, variables: not _equal(value, point.value(variables))

    def compare(value: JsonValue, variables: Variables) -> bool:
        limit = point.value(variables)
        if value is None or limit is None:
            return False
        ours, limit = _alike(value, limit)
        if isinstance(ours, bool):
            raise _other_type(value, limit)
        is_less, is_equal = ours < limit, ours == limit
        answers = {"<": is_less, "<=": is_less or is_equal, ">": not (is_less or is_equal), ">=": not is_less}
        return bool(answers[sign])

    return compare


def _equal(value: JsonValue, point: Any) -> bool:
    if value is None or point is None:
        return value is None and point is None
    ours, theirs = _alike(value, point)
    return bool(ours == theirs)


def _alike(value: Any, point: Any) -> tuple[Any, Any]:
    """Return both as values of one type.

    Raises:
        ExpressionError: they are of different types.
    """
    if isinstance(point, datetime) and isinstance(value, str):
        moment = _moment(value)
        if moment is not None:
            return moment, point
    for kinds in ((bool,), (int, float), (str,), (list,), (dict,)):
        if isinstance(value, kinds) and isinstance(point, kinds):
            # True is a number to Python and none to FEEL.
            if kinds == (int, float) and isinstance(value, bool) != isinstance(point, bool):
                break
            return value, point
    raise _other_type(value, point)


def _other_type(value: Any, point: Any) -> ExpressionError:
    return ExpressionError(
        Text(
            zh=f"输入值 {value!r} 与单元格中的 {point!r} 类型不同。",
            en=f"The input {value!r} is of another type than {point!r} in the cell.",
        ),
        Text(
            zh="让输入表达式给出单元格所用类型的值。",
            en="Let the input give values of the type in the cells.",
        ),
    )


def _moment(text: str) -> datetime | None:
    """Read an ISO 8601 day; FEEL's ``date`` knows no time of day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day of the calendar has no zone
