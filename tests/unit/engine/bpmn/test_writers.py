"""What writes one variable at the same time is refused, whatever writes it; who has one of their own may."""

from __future__ import annotations

import pytest

from tests.unit.engine.bpmn.test_compiler import problems, refused
from tests.unit.engine.diagram import (
    compensation,
    diagram,
    event,
    event_sub_process,
    instances,
    message,
    node,
    output,
    parallel,
    script,
    service,
    sub_process,
    undoing,
    undone,
    user,
    xml,
)

BESIDE = "start -> f\nf -> a -> end_a\nf -> b -> end_b"
RULE = "variable.concurrent-writers"


def said(result: str) -> str:
    """Draw an end event that says a result."""
    return node("endEvent", zujian_result=result)


@pytest.mark.parametrize(
    "writer",
    [
        user(output("x", "1")),
        script("x = 1"),
        service(result="x"),
        user("", instances(count="2", into="x", result="word")),
        user("", instances(count="2"), zujian_approval="all", zujian_decision="x"),
    ],
)
def test_a_second_writer_is_found_whatever_it_is(writer: str) -> None:
    assert refused(BESIDE, f=parallel(), a=writer, b=user(output("x", "2"))) == [("a", RULE)]
    assert diagram(BESIDE, f=parallel(), a=writer, b=user(output("y", "2"))).processes


def test_two_ends_of_one_scope_say_one_result_each_scope_its_own() -> None:
    ends = {"end_a": said("one"), "end_b": said("two")}
    (problem,) = problems(xml(BESIDE, f=parallel(), a=user(), b=user(), **ends))
    assert (problem.element_id, problem.rule) == ("end_a", RULE)
    assert "variable result" in problem.message.en

    blocks = {name: sub_process("start_i -> c -> end_i", c=user(), end_i=said(name)) for name in ("a", "b")}
    blocks["b"] = blocks["b"].replace('_i"', '_j"').replace('"c', '"d').replace("__c", "__d")
    assert diagram(BESIDE, f=parallel(), **blocks).processes


def test_what_an_end_says_is_the_variable_that_others_know_by_that_name() -> None:
    writer = user(output("result", "1"))

    assert refused(BESIDE, f=parallel(), a=user(), b=writer, end_a=said("one")) == [("b", RULE)]


def test_branches_inside_a_block_are_beside_each_other_and_not_beside_what_follows() -> None:
    tasks = {"f": parallel(), "a": user(output("x", "1"))}
    block = sub_process(BESIDE.replace("start", "start_i"), b=user(output("x", "2")), **tasks)
    alone = sub_process(BESIDE.replace("start", "start_i"), b=user(), **tasks)

    assert refused("start -> c -> end", c=block) == [("b", RULE)]
    assert diagram("start -> c -> d -> end", c=alone, d=user(output("x", "2"))).processes


def test_an_event_sub_process_says_the_result_of_the_scope_around_it() -> None:
    begun = event("startEvent", message("m"), isInterrupting="false", zujian_correlationKey="'k'")
    beside = event_sub_process("start_n -> end_n", start_n=begun, end_n=said("two"))

    assert ("end", RULE) in refused("start -> a -> end", a=user(), end=said("one"), beside=beside)


def test_what_instances_write_is_their_own() -> None:
    def block(task: str) -> str:
        inside = {task: user(output("x", "1"))}
        return sub_process(f"start_{task} -> {task} -> end_{task}", instances(count="2"), **inside)

    assert diagram(BESIDE, f=parallel(), a=block("c"), b=block("d")).processes
    nested = sub_process(
        "start_o -> i -> end_o",
        instances(count="2"),
        i=sub_process("start_c -> c -> end_c", c=user(output("x", "1"))),
    )
    assert diagram(BESIDE, f=parallel(), a=nested, b=user(output("x", "2"))).processes


def test_what_an_event_beside_undoes_writes_at_the_same_time_as_all_in_its_scope() -> None:
    begun = event("startEvent", message("m"), isInterrupting="false", zujian_correlationKey="'k'")
    thrown = event("intermediateThrowEvent", compensation())
    beside = event_sub_process("start_n -> t -> end_n", start_n=begun, t=thrown)
    tasks = {"undo_a": undone("a", "no_a"), "no_a": undoing(output("x", "0"))}
    flows = "start -> a -> b -> end"

    def block(**nodes: str) -> str:
        return sub_process("start_i -> c -> end_i", c=user(), **nodes)

    # The event may come again, so what it undoes may be undone twice at a time as well.
    twice = ("no_a", RULE)
    assert refused(flows, a=user(), b=user(output("x", "1")), beside=beside, **tasks) == [("b", RULE), twice]
    assert refused(flows, a=user(), b=user(output("y", "1")), beside=beside, **tasks) == [twice]
    inside = {"a": user(), "b": block(beside=beside), "d": user(output("x", "1"))}
    assert diagram("start -> a -> b -> d -> end", **inside, **tasks).processes


def undone_block(handler: str = "", depth: int = 1, **more: str) -> str:
    """Draw a block, or a block in a block, in which something is completed that may be undone."""
    inside = {"c": user(), "undo_c": undone("c", "no_c"), "no_c": handler or undoing(output("x", "0"))}
    block = sub_process("start_1 -> c -> end_1", **inside, **more)
    for level in range(2, depth + 1):
        block = sub_process(f"start_{level} -> inner -> end_{level}", inner=block)
    return block


@pytest.mark.parametrize("depth", [1, 2])
def test_what_a_completed_block_undoes_writes_beside_the_branches_next_to_the_throw(depth: int) -> None:
    flows = "start -> block -> f\nf -> undo -> end_a\nf -> b -> end_b"
    undo = event("intermediateThrowEvent", compensation())
    given = {"block": undone_block(depth=depth), "f": parallel(), "undo": undo}

    assert RULE in [rule for _, rule in refused(flows, b=user(output("x", "2")), **given)]
    assert diagram(flows, b=user(output("y", "2")), **given).processes


def test_a_handler_that_is_a_block_undoes_too() -> None:
    flows = "start -> block -> f\nf -> undo -> end_a\nf -> b -> end_b"
    undo = event("intermediateThrowEvent", compensation())
    inner = sub_process("start_h -> w -> end_h", w=user(output("x", "0")))
    handler = inner.replace('<bpmn:subProcess id="@"', '<bpmn:subProcess id="@" isForCompensation="true"')
    given = {"block": undone_block(handler), "f": parallel(), "undo": undo}

    assert RULE in [rule for _, rule in refused(flows, b=user(output("x", "2")), **given)]


def test_what_is_undone_within_a_block_writes_beside_what_runs_next_to_the_block() -> None:
    undo = event("endEvent", compensation())
    given = {"f": parallel(), "a": undone_block(end_1=undo)}

    assert RULE in [rule for _, rule in refused(BESIDE, b=user(output("x", "2")), **given)]


def test_the_words_tell_two_elements_from_one_that_runs_twice() -> None:
    (problem,) = problems(xml(BESIDE, f=parallel(), a=user(output("x", "1")), b=user(output("x", "2"))))
    assert problem.message.en.startswith('"b" may write the variable x at the same time')

    begun = event("startEvent", message("m"), isInterrupting="false", zujian_correlationKey="'k'")
    again = event_sub_process("start_n -> n -> end_n", start_n=begun, n=user(output("x", "1")))
    (problem,) = problems(xml("start -> a -> end", a=user(), again=again))
    assert problem.message.en.startswith("This element may run several times at once")
