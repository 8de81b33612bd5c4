"""The edges of the expression language: the last value that is allowed, the first that is not, and why."""

from typing import Any

import pytest

from engine.bpmn.expression_operations import LARGEST_INTEGER_BITS, LARGEST_ROUNDING, LONGEST_SEQUENCE
from engine.bpmn.expressions import LONGEST_TEXT, MOST_NODES, ExpressionError, compile_expression, constant

VARIABLES: dict[str, Any] = {
    "one": 1,
    "half": 2.5,
    "yes": True,
    "no": False,
    "word": "abc",
    "none": None,
    "some": [10, 20, 30],
    "mixed": [1, "a"],
    "thing": {"a": 1},
    "form": {"opinion": None, "reason": None, "note": "kept", "count": 0},
    "long": "x" * (LONGEST_SEQUENCE - 1),
    "big": 2 ** (LARGEST_INTEGER_BITS - 1),
}


def value(text: str) -> Any:
    return compile_expression(text).evaluate(VARIABLES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("get(some, 0)", 10),
        ("get(some, 2)", 30),
        ("get(some, 3, 'x')", "x"),
        ("get(some, -3)", 10),
        ("get(some, -4, 'x')", "x"),
        ("get(thing, 'a')", 1),
        ("get(thing, 'b')", None),
        ("get(none, 'b', 'x')", "x"),
        ("get(form, 'opinion', 'x')", "x"),
        ("get(form, 'reason', get(form, 'note', ''))", "kept"),
        ("get([None], 0, 'x')", "x"),
        ("get(form, 'count', 1)", 0),
        ("round(half)", 2),
        ("round(half, 0)", 2.0),
        (f"round(half, {LARGEST_ROUNDING})", 2.5),
        ("sum(some)", 60),
        ("sum([])", 0),
        ("str(yes)", "True"),
        ("int('12') + float('0.5')", 12.5),
        ("long + 'x' == long + 'x'", True),
        ("len(long + 'x')", LONGEST_SEQUENCE),
        ("[1] + [2]", [1, 2]),
        ("one - half", -1.5),
        ("one < 2 < 1", False),
        ("2 > one > 0", True),
        ("one < 1 < 2", False),
        ("none is not None", False),
        ("one if no else word", "abc"),
        ("no or none", None),
        ("yes and word", "abc"),
        ("-half", -2.5),
        ("some[-1]", 30),
        ("bool(word)", True),
        ("min(some) + max(some)", 40),
        ("big == big", True),
        ("= one == 1", True),
        ("= one != 1", False),
        ("= word != 'x'", True),
        ("= none == one", False),
        ("= one == none", False),
        ("= none == none", True),
        ("= one == half", False),
        ("= yes == true", True),
        ("= one in [1, 2]", True),
        ("= one not in [1, 2]", False),
        ("#{one == 1}", True),
        ("= true and not false", True),
        ("=one==1", True),
    ],
)
def test_the_last_that_is_allowed(text: str, expected: Any) -> None:
    found = value(text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("get(some, 'a')", "get\\(\\) takes an object or a list"),
        ("get(word, 0)", "get\\(\\) takes an object or a list"),
        ("round(half, -1)", "0 to 15 decimal places"),
        (f"round(half, {LARGEST_ROUNDING + 1})", "0 to 15 decimal places"),
        ("round(half, 'a')", "0 to 15 decimal places"),
        ("sum(mixed)", "takes a list of numbers"),
        ("sum(word)", "takes a list of numbers"),
        ("sum(thing)", "takes a list of numbers"),
        ("str(some)", "takes texts and numbers"),
        ("one - word", "numbers only"),
        ("word - one", "numbers only"),
        ("word * 2", "numbers only"),
        ("some * 2", "numbers only"),
        ("long + 'xx'", "too long"),
        ("one + word", "does not fit"),
        ("word + one", "does not fit"),
        ("big + big", "too large"),
        ("int('9' * 5)", "numbers only"),
        ("1e308 * 10", "not finite"),
        ("one / 0", "does not fit"),
        ("some[3]", "does not fit"),
        ("missing", "no variable missing"),
        ("= one == word", "different types"),
        ("= yes == one", "different types"),
        ("= one == yes", "different types"),
        ("= word != one", "different types"),
        ("= thing == some", "different types"),
        ("= none and yes", "take booleans"),
        ("= one or yes", "take booleans"),
        ("= not one", "take booleans"),
    ],
)
def test_the_first_that_is_not(text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        value(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The expression is empty"),
        ("=", "The expression is empty"),
        ("${}", "The expression is empty"),
        ("x" * (LONGEST_TEXT + 1), "Longer than"),
        ("[" + "1," * MOST_NODES + "]", "too complex"),
        ("a ${b}", "Text mixed"),
        ("a #{b}", "Text mixed"),
        ("${a} + ${b}", "syntax|mixed"),
        ("${a", "mixed"),
        ("one +", "The syntax is not understood"),
        ("\x00", "The syntax is not understood"),
        ("yes is one", "Is is not part"),
        ("yes is not one", "IsNot is not part"),
        ("yes is yes", "Is is not part"),
        ("~one", "Invert is not part"),
        ("+one", "UAdd is not part"),
        ("one ** 2", "Pow is not part"),
        ("one @ 2", "MatMult is not part"),
        ("some[1:2]", "Slice is not part"),
        ("some[one]", "Name is not part"),
        ("some[True]", "Constant is not part"),
        ("some[-'a']", "Constant is not part|UnaryOp is not part"),
        ("some['a' + 'b']", "BinOp is not part"),
        ("thing.a", "Attribute is not part"),
        ("{one: 1}", "Dict is not part"),
        ("{1: 1}", "Dict is not part"),
        ("{**thing}", "Dict is not part"),
        ("unknown(1)", "Call is not part"),
        ("thing['a'](1)", "Call is not part"),
        ("len(some, key=1)", "Call is not part"),
        ("len()", "takes 1 to 1 arguments"),
        ("len(some, some)", "takes 1 to 1 arguments"),
        ("get(some)", "takes 2 to 3 arguments"),
        ("_hidden", "cannot be the name"),
        ("len", "cannot be the name"),
        ("true", "cannot be the name"),
        ("b'x'", "Constant is not part"),
        ("...", "Constant is not part"),
        ("9" * 400, "too large"),
        ("1e999", "not finite"),
        ("= some[1]", "Subscript is not part"),
        ("= word in word", "In is not part"),
        ("= word not in word", "NotIn is not part"),
        ("= 1 < one < 2", "Compare is not part"),
        ("= round(half)", "Call is not part"),
    ],
)
def test_what_is_refused_says_why(text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("thing.a", "Look up with"),
        ("[x for x in some]", "Rewrite the expression"),
        ("yes is one", "Compare values with =="),
        ("= word in word", "Write out the list"),
        ("= 1 < one < 2", "Join two comparisons"),
        ("{one: 1}", "Quote the keys"),
        ("some[one]", "Write out the key"),
        ("unknown(1)", "The functions are: len, min"),
        ("true", "Write True, False, None"),
        ("missing", "Let an earlier element set missing"),
        ("= some[1]", "FEEL counts from 1"),
        ("one == 1 +", "Compare with =="),
    ],
)
def test_what_is_refused_says_how_to_mend_it(text: str, cure: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(text)

    assert cure in caught.value.cure.en
    assert caught.value.cure.zh


def test_the_longest_text_and_the_most_nodes_are_still_understood() -> None:
    padded = "1" + " " * 10 + "+ 1"
    words = "'" + "x" * (LONGEST_TEXT - 2) + "'"
    most = "[" + ",".join("1" for _ in range(MOST_NODES - 2)) + "]"

    assert value(padded) == 2
    assert len(words) == LONGEST_TEXT
    assert value(words) == "x" * (LONGEST_TEXT - 2)
    assert len(value(most)) == MOST_NODES - 2
    with pytest.raises(ExpressionError, match="too complex"):
        value("[" + ",".join("1" for _ in range(MOST_NODES - 1)) + "]")


def test_an_error_names_its_expression_in_both_languages() -> None:
    with pytest.raises(ExpressionError) as unknown:
        value("missing + 1")
    with pytest.raises(ExpressionError) as misfit:
        value("some[9]")

    assert unknown.value.message.en.startswith("Expression missing + 1: ")
    assert "missing + 1" in unknown.value.message.zh
    assert "IndexError" in misfit.value.message.zh
    assert "some[9]" in misfit.value.message.en


def test_an_expression_knows_its_text_and_what_it_reads() -> None:
    expression = compile_expression(" ${one + get(thing, 'a') > 1 and true} ")

    assert expression.text == " ${one + get(thing, 'a') > 1 and true} "
    assert expression.names == {"one", "thing"}


def test_a_constant_reads_nothing() -> None:
    expression = constant("x")

    assert (expression.text, expression.evaluate({}), expression.names) == ("'x'", "x", frozenset())
