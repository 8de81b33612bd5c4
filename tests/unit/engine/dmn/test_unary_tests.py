"""The cells of a decision table."""

import contextlib
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.expressions import ExpressionError
from engine.dmn.unary_tests import compile_unary_tests


def passes(cell: str, value: object, **variables: object) -> bool:
    return compile_unary_tests(cell)(value, variables)


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        ("5", [5, 5.0], [4]),
        ("-1.5", [-1.5], [1.5]),
        (".5", [0.5], [5]),
        ("< 5", [4, -1, 4.9], [5, 6]),
        ("<= 5", [5, 4], [5.1]),
        ("> 5", [6], [5, 4]),
        (">= 5", [5, 6], [4]),
        ("= 5", [5], [6]),
        ("!= 5", [6], [5]),
        ("[1..5]", [1, 3, 5], [0, 6]),
        ("(1..5)", [2, 4], [1, 5]),
        ("]1..5[", [2, 4], [1, 5]),
        ("[1..5)", [1, 4], [5]),
        ("(1..5]", [5], [1]),
        ("[-2..-1]", [-2, -1], [0]),
        ('"a"', ["a"], ["b", ""]),
        ('"a", "b"', ["a", "b"], ["c"]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(< 5)", [5], [4]),
        ("1, [5..7], > 10", [1, 6, 11], [2, 8, 10]),
        ("true", [True], [False]),
        ("false", [False], [True]),
        ('"b" , "a"', ["a"], ["x"]),
        ('< "b"', ["a"], ["b"]),
        (r'"say \"hi\""', ['say "hi"'], ["say hi"]),
        (r'"a\nb"', ["a\nb"], ["a\\nb"]),
        ('date("2026-01-31")', ["2026-01-31"], ["2026-02-01"]),
        ('< date("2026-02-01")', ["2026-01-31"], ["2026-02-01", "2026-10-01"]),
        ('[date("2026-01-01")..date("2026-12-31")]', ["2026-06-30"], ["2025-12-31"]),
    ],
)
def test_a_cell_passes_what_it_says(cell: str, inside: list[object], outside: list[object]) -> None:
    assert [passes(cell, value) for value in inside] == [True] * len(inside)
    assert [passes(cell, value) for value in outside] == [False] * len(outside)


@pytest.mark.parametrize("cell", ["-", "", "  "])
@pytest.mark.parametrize("value", [None, 5, "a", [], {}])
def test_an_empty_cell_passes_everything(cell: str, value: object) -> None:
    assert passes(cell, value)


def test_null_is_only_what_null_says() -> None:
    assert passes("null", None)
    assert not passes("null", 0)
    assert passes("not(null)", 0)
    assert not passes("5", None)
    assert not passes("< 5", None)
    assert not passes("[1..5]", None)
    assert not passes("< limit", 4, limit=None)


def test_a_name_is_the_variable() -> None:
    assert passes("< limit", 4, limit=5)
    assert passes("[low..high]", 4, low=4, high=4)
    assert not passes("other", "a", other="b")
    with pytest.raises(ExpressionError, match="no variable limit"):
        passes("< limit", 4)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("5", "5"),
        ('"5"', 5),
        ("true", "true"),
        ("true", 1),
        ("1", True),
        ("< 5", "4"),
        ("< true", False),
        ('"a"', ["a"]),
        ('date("2026-01-31")', "tomorrow"),
        ('date("2026-01-31")', 5),
        # Even where another test of the cell passes: what was not understood was not looked at.
        ('5, "a"', 5),
    ],
)
def test_a_value_of_another_type_is_an_error_and_no_silent_no(cell: str, value: object) -> None:
    with pytest.raises(ExpressionError, match="another type"):
        passes(cell, value)


@pytest.mark.parametrize(
    "cell",
    [
        "<",
        "[1..5",
        "[1,5]",
        "[1..5}",
        "5 6",
        "not(5",
        "5,",
        ", 5",
        '"a',
        "1 .. 5",
        "f(1)",
        "a.b",
        "? > 5",
        "5a",
        "date(5)",
        'date("2026-13-01")',
        'date("2026-01-01"',
        "and",
        "not(not(5))",
        "@x",
        "5" * 2_001,
    ],
)
def test_what_is_not_understood_is_refused(cell: str) -> None:
    with pytest.raises(ExpressionError, match="not understood"):
        compile_unary_tests(cell)


_SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}


@given(st.sampled_from(sorted(_SIGNS)), st.integers(-9, 9), st.integers(-9, 9))
def test_comparisons_agree_with_arithmetic(sign: str, limit: int, value: int) -> None:
    assert passes(f"{sign} {limit}", value) == _SIGNS[sign](value, limit)


@given(
    st.sampled_from("[(]"), st.integers(-9, 9), st.integers(-9, 9), st.sampled_from("])["), st.integers(-9, 9)
)
def test_intervals_agree_with_arithmetic(opens: str, low: int, high: int, closes: str, value: int) -> None:
    is_above = value >= low if opens == "[" else value > low
    is_below = value <= high if closes == "]" else value < high

    assert passes(f"{opens}{low}..{high}{closes}", value) == (is_above and is_below)


@given(st.text(max_size=30))
def test_nothing_but_its_own_error_comes_out(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        compile_unary_tests(text)("a", {})
