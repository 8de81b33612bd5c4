"""What of a DMN file is refused, and that nothing is ignored."""

import pytest

from engine.bpmn.findings import Findings
from engine.dmn.reader import read_decisions
from tests.unit.engine.dmn.table import NAMESPACE, definitions, read, rules_broken, table

REQUIRES = '<informationRequirement><requiredDecision href="#{}"/></informationRequirement>'


def refused(content: bytes) -> list[str]:
    findings = Findings()
    assert list(read_decisions("a.dmn", content, findings)) == []
    return [problem.rule for problem in findings.problems]


def test_a_file_of_another_kind_is_refused() -> None:
    assert refused(b"<a/>") == ["dmn.not-dmn"]
    assert refused(b"<a") == ["xml.malformed"]
    assert refused(b'<definitions xmlns="https://www.omg.org/spec/DMN/20300101/MODEL/"/>') == ["dmn.not-dmn"]


def test_dmn_1_2_is_read_too() -> None:
    older = definitions(table("n => level", "- => 1")).replace(
        NAMESPACE.encode(), b"http://www.omg.org/spec/DMN/20180521/MODEL/"
    )

    assert [each.id for each in read_decisions("a.dmn", older, Findings())] == ["level"]


@pytest.mark.parametrize(
    "decision",
    [
        '<decision id="level"><invocation/></decision>',
        '<decision id="level"><knowledgeRequirement/></decision>',
        '<decision id="level" surprise="1"/>',
        '<decision id="level"><x:other xmlns:x="urn:x"/></decision>',
        "<businessKnowledgeModel/>",
        "<import/>",
        "<itemDefinition/>",
    ],
)
def test_what_is_not_executed_is_refused(decision: str) -> None:
    assert "dmn.unsupported" in rules_broken(decision)


def test_every_unsupported_part_is_named() -> None:
    broken = rules_broken('<decision id="a"><context/></decision><decision id="b"><list/></decision>')

    assert list(broken) == ["dmn.unsupported", "dmn.unsupported"]


def test_what_only_explains_is_left_aside() -> None:
    described = table("n => level", "- => 1", inside="<description>…</description><question>?</question>")

    decisions, broken = read(described, '<inputData id="i"/>', '<knowledgeSource id="k"/>')

    assert (list(decisions), broken) == (["level"], [])


@pytest.mark.parametrize(
    ("decision", "rule"),
    [
        (table("n => level", "- => 1", hitPolicy="MOST"), "dmn.attribute"),
        (table("n => level", "- => 1", hitPolicy="COLLECT", aggregation="AVG"), "dmn.attribute"),
        (table("n => level", "- => 1", aggregation="SUM"), "dmn.aggregation"),
        (table("n => a | b", "- => 1 | 2", hitPolicy="COLLECT", aggregation="SUM"), "dmn.aggregation"),
        (table("n => level", "- => 1", hitPolicy="PRIORITY"), "dmn.values-missing"),
        (table("n => level", "- => 1", hitPolicy="OUTPUT ORDER"), "dmn.values-missing"),
        (table("n => level", "- => 1", hitPolicy="COLLECT", defaults={"level": "1"}), "dmn.default-of-many"),
        (table("n => level", "- => 1", values={"level": "a, 2"}), "dmn.output-values"),
        (table("n => level", "- => 1 | 2"), "dmn.rule-size"),
        (table("n => level", "- | - => 1"), "dmn.rule-size"),
        (table("n => a | a", "- => 1 | 2"), "dmn.columns"),
        (table("n => level", *["- => 1"] * 1_001), "dmn.columns"),
        (table("n => hits", "- => 1"), "dmn.output-name"),
        (table("n => the level", "- => 1"), "dmn.output-name"),
        (table("n => level", "? => 1"), "expression.not-understood"),
        (table("n => level", "- => a.b"), "expression.not-understood"),
        (table("n.m => level", "- => 1"), "expression.not-understood"),
        (table("n => level", "- => 1", name="two words"), "dmn.name"),
        ('<decision id="level" name="x"/>', "dmn.no-logic"),
        (
            '<decision id="level"><literalExpression><text>a.b</text></literalExpression></decision>',
            "expression.not-understood",
        ),
        (table("n => level", "- => 1", inside=REQUIRES.format("absent")), "dmn.requires-unknown"),
        (table("n => level", "- => 1", inside=REQUIRES.format("level")), "dmn.circular"),
    ],
)
def test_a_table_that_cannot_be_executed_is_refused(decision: str, rule: str) -> None:
    assert rules_broken(decision) == [rule]


def test_a_circle_of_three_is_found() -> None:
    circle = [
        table("n => level", "- => 1", name=one, inside=REQUIRES.format(other))
        for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
    ]

    assert rules_broken(*circle) == ["dmn.circular"] * 3


def test_a_table_without_columns_is_refused() -> None:
    assert rules_broken('<decision id="level"><decisionTable/></decision>') == ["dmn.columns"]


def test_a_decision_knows_the_variables_it_reads() -> None:
    decisions, _ = read(table("n + m => level", "- => 1"))

    assert decisions["level"].names == {"n", "m"}
