"""Edges of reading a file: what stands for what, and which element a refusal names."""

import pytest

from engine.bpmn.expression_operations import LARGEST_INTEGER_BITS, ExpressionError, bounded_number
from engine.bpmn.problems import DefinitionRefused
from kernel.language import Text
from tests.unit.engine.bpmn.test_compiler import problems, refused
from tests.unit.engine.diagram import (
    diagram,
    event,
    event_sub_process,
    instances,
    net,
    node,
    signal,
    sub_process,
    timer,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.runtime.test_data_objects import data_object, writes

PLAIN = "start -> a -> end"


def test_one_process_with_a_way_back_lets_all_that_run_with_it_remember() -> None:
    calls = xml("start -> a -> call -> end", a=user(zujian_actions="return"), call=called("q"))

    assert net(calls, xml(PLAIN, key="q", a=user())).keeps_lines
    assert not net(xml(PLAIN, a=user())).keeps_lines


def called(process: str) -> str:
    """Write a call activity."""
    return node("callActivity", calledElement=process)


def test_a_process_that_is_not_marked_as_executable_is_named() -> None:
    file = xml(PLAIN, a=user()).replace(b'isExecutable="true"', b"")

    assert [(each.element_id, each.rule) for each in problems(file)] == [("p", "process.not-executable")]


def test_a_sub_process_keeps_the_name_of_its_result_for_itself() -> None:
    block = sub_process("start_in -> a -> end_in", a=user(), result=data_object("result"))

    assert ("result", "variable.reserved") in refused("start -> o -> end", o=block)


def test_a_result_that_is_kept_whole_is_not_taken_from_the_field_of_its_name() -> None:
    operator = (
        '<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="t" resultVariable="plan">'
        "<spiffworkflow:parameters/></spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"
    )
    task = node("serviceTask", operator + writes("plan"))

    element = diagram(PLAIN, a=task, plan=data_object("plan")).processes["p"].elements["a"]

    assert (element.result_variable, element.outputs) == ("plan", ())


@pytest.mark.parametrize(("written", "waits"), [("", True), ("true", True), ("false", False)])
def test_a_throw_waits_for_what_it_undoes_unless_it_says_otherwise(written: str, waits: bool) -> None:
    attribute = f' waitForCompletion="{written}"' if written else ""
    throw = event("intermediateThrowEvent", f"<bpmn:compensateEventDefinition{attribute}/>")
    drawn = diagram("start -> a -> t -> end", a=user(), u=undone("a", "h"), h=undoing(), t=throw)

    definition = drawn.processes["p"].elements["t"].event

    assert definition is not None
    assert definition.waits is waits


def test_a_number_has_as_many_digits_as_can_be_kept_and_no_more() -> None:
    largest = 2**LARGEST_INTEGER_BITS - 1

    assert bounded_number(largest) == largest
    with pytest.raises(ExpressionError, match=r"too large|过大"):
        bounded_number(largest + 1)


def test_an_error_of_an_expression_says_in_the_log_what_is_wrong() -> None:
    said = Text(zh="不行", en="no")

    assert str(ExpressionError(said, said)) == str(said)


def test_documentation_may_stand_at_everything_that_is_drawn() -> None:
    said = "<bpmn:documentation>why</bpmn:documentation>"
    catch = event(
        "intermediateCatchEvent", timer("P1D").replace("<bpmn:timeDuration", f"{said}<bpmn:timeDuration")
    )
    file = xml("start -> a -> c -> end", a=user(inside=said), c=catch).replace(
        b'<bpmn:startEvent id="start">', b'<bpmn:startEvent id="start">' + said.encode()
    )

    assert net(file).processes["p"].elements["c"].event is not None


def test_what_an_extension_holds_is_looked_at_too() -> None:
    parameter = '<zujian:parameter name="x" value="1" colour="red"/>'
    inside = '<zujian:parameter name="x" value="1"><zujian:parameter name="y" value="1"/></zujian:parameter>'

    for wrong in (parameter, inside):
        told = f'<zujian:listener topic="t">{wrong}</zujian:listener>'
        assert refused(PLAIN, a=user(told)) == [("a", "extension.unknown")]


def test_what_is_wrong_inside_names_what_is_drawn_around_it() -> None:
    loop = instances(count="2").replace("isSequential", 'id="l" surprise="1" isSequential')
    task = user(inside=loop)

    assert refused(PLAIN, a=task) == [("a", "attribute.unknown")]


def test_what_is_not_executed_is_named_where_it_is_drawn() -> None:
    strange = node("surprise")
    block = sub_process("start_in -> a -> end_in", a=user(), odd=strange)
    root = xml(PLAIN, a=user()).replace(
        b"</bpmn:definitions>", b'<bpmn:surprise id="odd"/></bpmn:definitions>'
    )

    assert refused("start -> o -> end", o=block) == [("odd", "element.unsupported")]
    assert [(each.element_id, each.rule) for each in problems(root)] == [("odd", "element.unsupported")]


def test_a_process_tells_its_clauses_and_which_objects_hold_several_values() -> None:
    objects = {"one": data_object("one"), "many": data_object("many", collection=True)}
    drawn = xml(PLAIN, process_attributes='zujian:clauses="9.1a 6.1"', a=user(), **objects)

    process = net(drawn).processes["p"]

    assert process.clauses == ("9.1a", "6.1")
    assert process.collections == {"many"}


def test_a_refusal_lists_all_its_problems_in_one_line() -> None:
    with pytest.raises(DefinitionRefused) as raised:
        net(xml("start -> a -> end", a=node("surprise"), b=node("surprise")))

    said = [f"{each.element_id}: {each.rule}: {each.message.en}" for each in raised.value.problems]
    assert str(raised.value) == "; ".join(said)
    assert len(said) > 1


def test_without_a_lane_of_its_own_an_element_is_in_the_lane_around_it() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane_p" name="x" zujian:role="provider">'
        "<bpmn:flowNodeRef>o</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    block = sub_process("start_in -> a -> end_in", a=node("userTask"))
    elements = net(xml("start -> o -> end", lanes=lanes, o=block)).processes["p"].elements

    assert {name: each.lane for name, each in elements.items() if each.lane} == {
        "o": "lane_p",
        "start_in": "lane_p",
        "a": "lane_p",
        "end_in": "lane_p",
    }
    assert elements["a"].role == "provider"


def test_the_starts_of_a_process_are_what_begins_it_and_nothing_else() -> None:
    receive = {"messageRef": "message_m", "zujian_correlationKey": "x"}
    beside = event_sub_process("start_e -> b -> end_e", start_e=event("startEvent", signal("s")), b=user())
    process = diagram(PLAIN, a=user(), e=beside).processes["p"]
    instantiating = diagram("r -> end", r=node("receiveTask", messageRef="message_m", instantiate="true"))
    waiting = diagram("start -> r -> end", r=node("receiveTask", **receive))

    assert (process.starts, process.event_sub_processes) == (("start",), ("e",))
    assert instantiating.processes["p"].starts == ("r",)
    assert waiting.processes["p"].starts == ("start",)


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({}, ""),
        ({"zujian_actions": "return"}, "initiator previous any"),
        ({"zujian_actions": "return", "zujian_returnTo": "previous"}, "previous"),
        ({"zujian_actions": "takeBack"}, ""),
    ],
)
def test_a_task_that_may_be_returned_goes_where_it_says_or_anywhere(
    attributes: dict[str, str], allowed: str
) -> None:
    element = diagram(PLAIN, a=user(**attributes)).processes["p"].elements["a"]

    assert element.return_to == frozenset(allowed.split())
