"""Business rule tasks: a decision table decides in the middle of a process."""

import pytest

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from engine.bpmn.problems import DefinitionRefused
from engine.runtime.errors import Incident
from tests.unit.engine.diagram import exclusive, extensions, node, output, user, xml
from tests.unit.engine.dmn.table import definitions, table
from tests.unit.engine.instance import Instance

CALLED = "<spiffworkflow:calledDecisionId>{}</spiffworkflow:calledDecisionId>"
FLOWS = """
    start -> rate -> way
    way -[high: level == 'high']-> ask -> end
    way -[low]-> end_low
"""


def rule_task(decision: str = "level") -> str:
    return node("businessRuleTask", extensions(CALLED.format(decision) + output("level", "level")))


def rating(*decisions: str, **nodes: str) -> Net:
    diagram = xml(FLOWS, **({"rate": rule_task(), "way": exclusive(default="low"), "ask": user()} | nodes))
    return compile_process_files({"p.bpmn": diagram, "decisions/level.dmn": definitions(*decisions)})


LEVEL = table("amount => level", "< 100 => 'low'", ">= 100 => 'high'")


def test_the_decision_is_made_at_once_and_reaches_the_process_by_its_outputs() -> None:
    high, low = Instance(rating(LEVEL), amount=500), Instance(rating(LEVEL), amount=5)

    assert high.work == ["ask"]
    assert high.variables == {"amount": 500, "level": "high"}
    assert low.end is not None


def test_a_file_of_decisions_may_lie_beside_the_diagram() -> None:
    diagram = xml("start -> rate -> ask -> end", rate=rule_task(), ask=user())
    net = compile_process_files({"p.bpmn": diagram, "level.dmn": definitions(LEVEL)})

    assert Instance(net, amount=5).variables["level"] == "low"


def test_a_decision_that_requires_an_absent_one_is_refused() -> None:
    needs = '<informationRequirement><requiredDecision href="#risk"/></informationRequirement>'

    with pytest.raises(DefinitionRefused, match=r"\bdmn\.requires-unknown"):
        rating(table("amount => level", "- => 'low'", inside=needs))


def test_it_is_made_anew_in_every_round_of_several_instances() -> None:
    each = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>amounts</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>levels</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="i" name="amount"/><bpmn:outputDataItem id="o" name="level"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    task = rule_task().replace("</bpmn:extensionElements>", f"</bpmn:extensionElements>{each}")
    diagram = xml("start -> rate -> ask -> end", rate=task, ask=user())
    net = compile_process_files({"p.bpmn": diagram, "decisions/level.dmn": definitions(LEVEL)})

    assert Instance(net, amounts=[5, 500, 50]).variables["levels"] == ["low", "high", "low"]


@pytest.mark.parametrize(
    ("rows", "amount", "rule"),
    [
        (("< 100 => 'low'", "< 10 => 'high'"), 5, "decision.not-unique"),
        (("< 100 => 'low'",), "much", "expression.no-value"),
        (("- => missing",), 5, "expression.no-value"),
    ],
)
def test_what_a_table_cannot_decide_is_an_incident(rows: tuple[str, ...], amount: object, rule: str) -> None:
    with pytest.raises(Incident) as caught:
        Instance(rating(table("amount => level", *rows)), amount=amount)

    assert (caught.value.rule, caught.value.element_id) == (rule, "rate")


@pytest.mark.parametrize(
    ("task", "rule"),
    [
        (node("businessRuleTask"), "decision.missing"),
        (node("businessRuleTask", extensions(CALLED.format(" "))), "decision.missing"),
        (node("businessRuleTask", extensions(CALLED.format("other"))), "decision.unknown"),
    ],
)
def test_a_task_without_its_decision_is_refused(task: str, rule: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        rating(LEVEL, rate=task)

    assert [(each.element_id, each.rule) for each in refused.value.problems] == [("rate", rule)]


def test_two_decisions_of_one_id_are_refused() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        rating(LEVEL, LEVEL)

    assert [each.rule for each in refused.value.problems] == ["dmn.twice"]


def test_each_process_decides_with_the_tables_of_its_own_version() -> None:
    given = extensions('<zujian:input variable="amount" expression="amount"/>')
    call = node("callActivity", given, calledElement="q")
    caller = xml("start -> rate -> inner -> ask -> end", rate=rule_task(), inner=call, ask=user())
    called = xml("start -> rate -> ask -> end", key="q", rate=rule_task(), ask=user())
    files = {
        "p.bpmn": caller,
        "q.bpmn": called,
        "p/decisions/a.dmn": definitions(table("amount => level", "- => 'of p'")),
        "q/decisions/a.dmn": definitions(table("amount => level", "- => 'of q'")),
    }
    net = compile_process_files(files)

    instance = Instance(net, amount=1)

    assert instance.variables["level"] == "of p"
    assert [scope["variables"].get("level") for scope in instance._state["scopes"].values()] == [
        "of p",
        "of q",
    ]
