"""Decisions at their edges: where a problem is, single matches, limits, and that nothing broken is kept."""

import pytest

from engine.bpmn.findings import Findings
from engine.dmn import table_reader
from engine.dmn.deciding import UndecidedError
from engine.dmn.model import Table
from engine.dmn.reader import read_decisions
from engine.dmn.unary_tests import LONGEST_CELL
from kernel.language import Text
from tests.unit.engine.dmn.table import definitions, outcome, read, table

REQUIRES = '<informationRequirement><requiredDecision href="#{}"/></informationRequirement>'


def places(*decisions: str) -> list[tuple[str | None, str]]:
    """Return element and rule of every problem."""
    findings = Findings()
    list(read_decisions("a.dmn", definitions(*decisions), findings))
    return [(each.element_id, each.rule) for each in findings.problems]


def test_a_problem_is_named_with_its_decision() -> None:
    inside = table("n => level", "- => 1").replace("<decisionTable>", "<decisionTable><context/>")

    assert places(inside) == [("level", "dmn.unsupported")]
    assert places("<import/>") == [(None, "dmn.unsupported")]


def test_what_only_explains_hides_nothing_behind_it() -> None:
    assert places('<decision id="level"><description>…</description><context/></decision>') == [
        ("level", "dmn.unsupported")
    ]


@pytest.mark.parametrize(
    "broken",
    [
        table("n => hits", "- => 1"),
        table("n + => level", "- => 1"),
        table("n => level", "[1..5, => 1"),
        table("n => level", "(1..5( => 1"),
        table("n => level", "- => 1", hitPolicy="RANDOM"),
        table("n => a | b", "- => 1 | 2", hitPolicy="COLLECT", defaults={"b": "3"}),
        table("n => a | a", "- => 1 | 2"),
        table("n => level", "- => 'a'", values={"level": "'a' +"}),
    ],
)
def test_of_a_broken_table_nothing_is_kept(broken: str) -> None:
    decisions, rules = read(broken)

    assert decisions == {}
    assert len(rules) == 1


def test_as_many_rules_as_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reader, "MOST_RULES", 2)

    assert read(table("n => level", "1 => 1", "2 => 2"))[1] == []
    assert read(table("n => level", "1 => 1", "2 => 2", "3 => 3"))[1] == ["dmn.columns"]


def test_any_with_a_single_match_gives_it() -> None:
    assert outcome(table("n => level", "> 2 => 'y'", "< 1 => 'x'", hitPolicy="ANY"), n=3)["level"] == "y"


def test_a_table_sees_the_value_of_an_expression_that_it_requires() -> None:
    total = '<decision id="total"><literalExpression><text>a + b</text></literalExpression></decision>'
    level = table(
        "total => level", "> 10 => 'high'", "- => 'low'", inside=REQUIRES.format("total"), hitPolicy="FIRST"
    )

    assert outcome(level, total, a=6, b=5)["level"] == "high"
    assert outcome(level, total, a=5, b=5)["level"] == "low"


def test_a_decision_knows_what_it_reads() -> None:
    total = '<decision id="total"><literalExpression><text>a + b</text></literalExpression></decision>'
    decisions = read(total, table("n | m => level", "- | - => 1"))[0]

    assert {key: decision.names for key, decision in decisions.items()} == {
        "total": {"a", "b"},
        "level": {"n", "m"},
    }
    assert {decision.name for decision in decisions.values()} == {"total", "level"}


def test_a_decision_has_a_name_of_its_own_beside_its_id() -> None:
    named = '<decision id="t1" name="Total"><literalExpression><text>a</text></literalExpression></decision>'

    assert read(named)[0]["t1"].name == "Total"
    assert places('<decision id="1t"><literalExpression><text>a</text></literalExpression></decision>') == [
        ("1t", "dmn.name")
    ]


def test_decisions_that_require_each_other_in_a_circle_are_named_and_no_others() -> None:
    def requiring(name: str, other: str) -> str:
        return table("n => level", "- => 1", name=name, inside=REQUIRES.format(other))

    broken = read(requiring("a", "b"), requiring("b", "c"), requiring("c", "b"))[1]

    assert broken == ["dmn.circular", "dmn.circular"]


def test_every_output_of_a_ranked_table_needs_its_values() -> None:
    half = table("n => one | two", "- => 'x' | 'y'", values={"one": "'x','z'"}, hitPolicy="PRIORITY")

    assert read(half)[1] == ["dmn.values-missing"]


def test_an_input_is_called_by_its_label_or_else_by_its_expression() -> None:
    plain = table("n => level", "- => 1")

    for drawn, label in ((plain, "n"), (plain.replace("<input>", '<input label="Amount">'), "Amount")):
        logic = read(drawn)[0]["level"].logic
        assert isinstance(logic, Table)
        assert [each.label for each in logic.inputs] == [label]


def test_an_expression_that_is_not_understood_is_called_by_what_it_is() -> None:
    findings = Findings()
    literal = '<decision id="level"><literalExpression><text>a +</text></literalExpression></decision>'

    list(read_decisions("a.dmn", definitions(literal), findings))

    assert findings.problems[0].message.en.startswith("literalExpression: ")


def test_an_error_of_deciding_says_in_the_log_what_is_wrong() -> None:
    said = Text(zh="不行", en="no")

    error = UndecidedError("dmn.rule", said)

    assert (str(error), error.rule, error.message) == ("no", "dmn.rule", said)


def test_a_bracket_in_quotes_is_a_text() -> None:
    assert outcome(table("n => level", '"(" => 1', "- => 2", hitPolicy="FIRST"), n="(")["level"] == 1


def test_a_cell_is_as_long_as_can_be_read_and_no_longer() -> None:
    longest = "x" * (LONGEST_CELL - 2)

    assert outcome(table("n => level", f'"{longest}" => 1'), n=longest)["level"] == 1
    assert read(table("n => level", f'"{longest}x" => 1'))[1] == ["expression.not-understood"]
