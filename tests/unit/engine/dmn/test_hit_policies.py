"""What each hit policy makes of the rules that match."""

import pytest

from engine.bpmn.expressions import ExpressionError
from engine.dmn.deciding import UndecidedError
from tests.unit.engine.dmn.table import outcome, table

OVERLAPPING = ("< 10 => 'low'", "< 5 => 'tiny'", "< 100 => 'some'")


def sizes(policy: str, **more: object) -> str:
    return table("n => level", *OVERLAPPING, hitPolicy=policy, **more)  # type: ignore[arg-type]


def test_unique_gives_the_one_match() -> None:
    assert outcome(sizes("UNIQUE"), n=50) == {"level": "some", "hits": [{"level": "some"}]}


def test_unique_is_the_default() -> None:
    with pytest.raises(UndecidedError, match="promises one match"):
        outcome(table("n => level", *OVERLAPPING), n=3)


def test_unique_with_two_matches_is_no_decision() -> None:
    with pytest.raises(UndecidedError, match="rules 1、3 match") as caught:
        outcome(sizes("UNIQUE"), n=7)

    assert caught.value.rule == "decision.not-unique"


def test_first_gives_the_first_in_the_order_of_the_table() -> None:
    assert outcome(sizes("FIRST"), n=3)["level"] == "low"
    assert outcome(sizes("FIRST"), n=50)["level"] == "some"


def test_any_gives_what_all_agree_on() -> None:
    same = table("n => level", "< 10 => 'x'", "< 5 => 'x'", "> 2 => 'y'", hitPolicy="ANY")

    assert outcome(same, n=1) == {"level": "x", "hits": [{"level": "x"}]}
    with pytest.raises(UndecidedError, match="different outputs") as caught:
        outcome(same, n=3)
    assert caught.value.rule == "decision.any-differs"


def test_priority_gives_the_most_important_output() -> None:
    ranked = sizes("PRIORITY", values={"level": "'tiny','low','some'"})

    assert outcome(ranked, n=3) == {"level": "tiny", "hits": [{"level": "tiny"}]}
    assert outcome(ranked, n=7)["level"] == "low"


def test_priority_looks_at_the_outputs_from_the_left() -> None:
    ranked = table(
        "n => a | b",
        "< 9 => 1 | 'x'",
        "< 9 => 2 | 'y'",
        "< 9 => 1 | 'y'",
        hitPolicy="PRIORITY",
        values={"a": "1, 2", "b": "'y', 'x'"},
    )

    assert outcome(ranked, n=3)["hits"] == [{"a": 1, "b": "y"}]


def test_rule_order_gives_all_in_the_order_of_the_table() -> None:
    assert outcome(sizes("RULE ORDER"), n=3) == {
        "level": ["low", "tiny", "some"],
        "hits": [{"level": "low"}, {"level": "tiny"}, {"level": "some"}],
    }


def test_output_order_gives_all_the_most_important_first() -> None:
    ranked = sizes("OUTPUT ORDER", values={"level": "'tiny','some','low'"})

    assert outcome(ranked, n=3)["level"] == ["tiny", "some", "low"]


def test_collect_gives_all() -> None:
    assert outcome(sizes("COLLECT"), n=7)["level"] == ["low", "some"]
    assert outcome(sizes("COLLECT"), n=700) == {"level": [], "hits": []}


@pytest.mark.parametrize(
    ("aggregation", "of_three", "of_none"),
    [("SUM", 9, None), ("MIN", 2, None), ("MAX", 4, None), ("COUNT", 3, 0)],
)
def test_collect_aggregates(aggregation: str, of_three: int, of_none: int | None) -> None:
    points = table(
        "n => level", "< 9 => 2", "< 8 => 3", "< 7 => 4", hitPolicy="COLLECT", aggregation=aggregation
    )

    assert outcome(points, n=1)["level"] == of_three
    assert outcome(points, n=9) == {"level": of_none, "hits": []}


def test_only_numbers_are_added() -> None:
    words = table("n => level", "< 9 => true", hitPolicy="COLLECT", aggregation="SUM")

    with pytest.raises(ExpressionError, match="not numbers"):
        outcome(words, n=1)


def test_without_a_match_the_default_is_given_or_nothing() -> None:
    assert outcome(sizes("UNIQUE"), n=700) == {"level": None, "hits": []}
    assert outcome(sizes("FIRST", defaults={"level": "'huge'"}), n=700) == {"level": "huge", "hits": []}


def test_a_rule_matches_when_every_cell_does() -> None:
    two = table("n | kind => level", '< 10 | "a" => 1', '< 10 | "b" => 2', "- | - => 3", hitPolicy="FIRST")

    assert [outcome(two, n=n, kind=k)["level"] for n, k in ((1, "a"), (1, "b"), (11, "a"), (1, "c"))] == [
        1,
        2,
        3,
        3,
    ]


def test_outputs_may_be_computed() -> None:
    computed = table("n => level | twice", "- => n * 2 | max(n, 3)")

    assert outcome(computed, n=2)["hits"] == [{"level": 4, "twice": 3}]


def test_an_empty_output_is_nothing() -> None:
    assert outcome(table("n => level", "- => "), n=1)["level"] is None


def test_an_input_outside_its_allowed_values_is_no_decision() -> None:
    limited = table("kind => level", "- => 1", allowed={"kind": '"a","b"'})

    assert outcome(limited, kind="a")["level"] == 1
    with pytest.raises(UndecidedError, match="does not allow 'c'") as caught:
        outcome(limited, kind="c")
    assert caught.value.rule == "decision.input-not-allowed"


def test_an_output_outside_its_allowed_values_is_no_decision() -> None:
    limited = table("n => level", "- => n", values={"level": "1, 2"})

    assert outcome(limited, n=1)["level"] == 1
    with pytest.raises(UndecidedError, match="a value not allowed") as caught:
        outcome(limited, n=3)
    assert caught.value.rule == "decision.output-not-allowed"


def test_a_decision_reads_those_that_it_requires() -> None:
    requires = '<informationRequirement><requiredDecision href="#base"/></informationRequirement>'
    first = table("n => points", "< 5 => 1", ">= 5 => 2", name="base")
    second = table("base => level", "1 => 'few'", "2 => 'many'", inside=requires)

    assert outcome(second, first, n=7)["level"] == "many"


def test_several_outputs_of_a_required_decision_are_an_object() -> None:
    requires = '<informationRequirement><requiredDecision href="#base"/></informationRequirement>'
    first = table("n => a | b", "- => n | 'x'", name="base").replace(
        "<decisionTable", '<variable name="found"/><decisionTable'
    )
    second = table("found['a'] => level", "> 1 => found['b']", inside=requires)

    assert outcome(second, first, n=7)["level"] == "x"


def test_a_single_expression_is_a_decision() -> None:
    expression = "<literalExpression><text>n * 2</text></literalExpression>"
    literal = f'<decision id="level" name="level">{expression}</decision>'

    assert outcome(literal, n=4) == {"level": 8}
