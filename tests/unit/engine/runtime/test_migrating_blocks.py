"""Migration of what completed blocks keep to be undone, and of event sub-processes that go on listening."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.model import Net
from engine.runtime.commands import ReturnTo
from engine.runtime.effects import MessageAwaited, SignalAwaited, TimerDropped, WaitDropped
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import (
    boundary,
    compensation,
    diagram,
    event,
    event_sub_process,
    exclusive,
    instances,
    loop,
    message,
    net,
    node,
    output,
    parallel,
    signal,
    sub_process,
    timer,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_data_objects import data_object
from tests.unit.engine.runtime.test_migrating import moved, reasons, state_of


def block_to_undo(
    outer: str = "block", inner: str = "one", *, plan: bool = False, more: bool = False, handled: bool = True
) -> Net:
    """Return a process whose block has completed something to undo, and perhaps holds data objects."""
    inside = {inner: user(output("plan", "said") if plan else ""), "last": user()}
    if handled:
        inside |= {f"u_{inner}": undone(inner, f"no_{inner}"), f"no_{inner}": undoing()}
    if plan:
        inside["plan"] = data_object("plan")
    if more:
        inside["more"] = data_object("more")
    block = sub_process(f"start_in -> {inner} -> last -> end_in", **inside)
    undo = event("intermediateThrowEvent", compensation())
    return diagram(f"start -> {outer} -> two -> undo -> end", two=user(), undo=undo, **{outer: block})


def test_the_content_of_a_completed_block_is_undone_under_its_new_names() -> None:
    instance = Instance(block_to_undo()).complete("one").complete("last")

    moved(instance, block_to_undo("stage", "first"), block="stage", one="first")

    assert instance.complete("two").work == ["no_first"]
    assert instance.complete("no_first").end is not None


def test_the_data_objects_of_a_completed_block_go_along_and_new_ones_are_empty() -> None:
    instance = Instance(block_to_undo(plan=True)).complete("one", said="x").complete("last")
    old = state_of(instance)["scopes"]

    moved(instance, block_to_undo(plan=True, more=True))

    (record,) = state_of(instance)["scopes"][next(iter(old))]["done"]
    assert record["inside"]["variables"] == {"plan": "x", "more": None}
    assert instance.complete("two").work == ["no_one"]


def test_a_completed_block_forgets_a_data_object_that_stayed_empty_and_is_gone() -> None:
    instance = Instance(block_to_undo(plan=True)).complete("one", said=None).complete("last")

    moved(instance, block_to_undo())

    assert instance.complete("two").work == ["no_one"]


def test_a_completed_block_has_to_keep_the_place_of_what_it_holds() -> None:
    instance = Instance(block_to_undo(plan=True)).complete("one", said="x").complete("last")

    assert reasons(instance, block_to_undo()) == [("migrate.data-object", "block")]
    gone = reasons(instance, block_to_undo(plan=True), block="gone")
    assert gone[0] == ("migrate.element", "block")
    assert ("migrate.data-object", "block") in gone


def test_what_is_inside_a_completed_block_must_still_be_undone_there() -> None:
    instance = Instance(block_to_undo()).complete("one").complete("last")

    assert reasons(instance, block_to_undo(handled=False)) == [("migrate.handler", "one")]
    assert reasons(instance, block_to_undo(inner="first")) == [("migrate.element", "one")]


def listening(*, where: str = "in", event_id: str = "told") -> Net:
    """Return a process whose block, or itself, listens for a message beside its work."""
    begun = event("startEvent", message("m"), isInterrupting="false", zujian_correlationKey="'k'")
    beside = event_sub_process(f"{event_id} -> noted -> end_n", **{event_id: begun, "noted": user()})
    inside = {"one": user()} | ({"beside": beside} if where == "in" else {})
    block = sub_process("start_in -> one -> end_in", **inside)
    return diagram("start -> block -> end", block=block, **({"beside": beside} if where == "out" else {}))


@pytest.mark.parametrize("where", ["in", "out"])
def test_an_event_sub_process_goes_on_listening_under_its_new_name(where: str) -> None:
    instance = Instance(listening(where=where))

    moved(instance, listening(where=where, event_id="heard"), told="heard")

    assert instance.last == []
    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["heard"]


@pytest.mark.parametrize(("before", "after"), [("in", "out"), ("out", "in")])
def test_an_event_sub_process_at_another_place_is_a_new_one(before: str, after: str) -> None:
    instance = Instance(listening(where=before))

    moved(instance, listening(where=after))

    scopes = state_of(instance)["scopes"]
    waits = state_of(instance)["waits"].values()
    assert [type(each) for each in instance.last] == [WaitDropped, MessageAwaited]
    assert [scopes[wait["scope"]]["element"] for wait in waits] == [None if after == "out" else "block"]


@pytest.mark.parametrize(("where", "waits"), [("in", ["start_s"]), ("out", [])])
def test_where_an_event_interrupted_everything_nothing_new_is_listened_for(
    where: str, waits: list[str]
) -> None:
    def handled(**more: str) -> Net:
        late = event("startEvent", timer("P1D"))
        handler = event_sub_process("start_l -> two -> end_l", start_l=late, two=user())
        inside = {"one": user()} | ({"handler": handler} if where == "in" else {})
        block = sub_process("start_in -> one -> end_in", **inside)
        outside = {"handler": handler} if where == "out" else {}
        return diagram("start -> block -> end", block=block, **outside, **more)

    instance = Instance(handled()).fire("start_l")
    assert instance.work == ["two"]

    stop = event_sub_process("start_s -> end_s", start_s=event("startEvent", timer("P9D")))

    assert moved(instance, handled(stop=stop)).waits == waits


def test_where_a_token_waits_in_vain_something_new_may_still_come() -> None:
    def starving(**more: str) -> Net:
        flows = "start_in -> g\ng -[left: x]-> a -> j -> end_in\ng -[right]-> b -> j"
        nodes = {"g": exclusive("right"), "j": parallel(), "a": user(), "b": user()}
        block = sub_process(flows, **nodes, **more)
        return diagram(
            "start -> fork -> block -> end\nfork -> c -> end_c", fork=parallel(), block=block, c=user()
        )

    instance = Instance(starving(), x=True).complete("a")
    help_it = event_sub_process("start_h -> end_h", start_h=event("startEvent", timer("P1D")))

    assert moved(instance, starving(help_it=help_it)).waits == ["start_h"]


def calling(process: str) -> bytes:
    """Write a process that calls another one."""
    return xml("start -> call -> end", call=node("callActivity", calledElement=process))


def called(key: str) -> bytes:
    """Write a process of one task."""
    return xml("start -> one -> end", key=key, one=user())


def test_a_process_that_is_called_must_be_called_there_too() -> None:
    instance = Instance(net(calling("q"), called("q")))

    assert reasons(instance, net(calling("r"), called("r"))) == [("migrate.process", None)]
    assert reasons(instance, net(calling("r"), called("r"), called("q"))) == [("migrate.called", "call")]


def test_a_process_that_completed_and_may_be_undone_must_be_there_too() -> None:
    def main(called: str, *after: str) -> bytes:
        undo = event("intermediateThrowEvent", compensation())
        flows = " -> ".join(("start", "call", *after, "undo", "end"))
        call = node("callActivity", calledElement=called)
        return xml(flows, call=call, undo=undo, **dict.fromkeys(after, user()))

    def part(key: str) -> bytes:
        tasks = {"one": user(), "u": undone("one", "no_one"), "no_one": undoing()}
        return xml("start -> one -> end", key=key, **tasks)

    instance = Instance(net(main("q", "two"), part("q"))).complete("one")

    assert reasons(instance, net(main("r", "two"), part("r"))) == [("migrate.process", None)]
    moved(instance, net(main("r", "two"), part("q"), part("r")))
    assert instance.complete("two").work == ["no_one"]


def waiting(*behind: str, **events: str) -> Net:
    """Return a process whose event-based gateway waits for some of two events."""
    drawn = {
        "told": event("intermediateCatchEvent", message("m"), zujian_correlationKey="'k'"),
        "late": event("intermediateCatchEvent", timer("P1D")),
    }
    flows = "".join(f"g -> {each} -> end_{each}\n" for each in behind)
    nodes = {name: drawn[name] for name in behind} | events
    return diagram(f"start -> g\n{flows}", g=node("eventBasedGateway"), **nodes)


def test_what_a_gateway_waits_for_must_stand_behind_it_there_too() -> None:
    instance = Instance(waiting("told", "late"))

    moved(instance, waiting("told", "late"))
    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["told", "late"]
    assert instance.last == []

    elsewhere = (
        "start -> split\nsplit -[x: x == 1]-> late -> end1\nsplit -> g\ng -> told -> end2\ng -> other -> end3"
    )
    new = diagram(
        elsewhere,
        split=node("exclusiveGateway", default="split__g"),
        g=node("eventBasedGateway"),
        told=event("intermediateCatchEvent", message("m"), zujian_correlationKey="'k'"),
        late=event("intermediateCatchEvent", timer("P1D")),
        other=event("intermediateCatchEvent", timer("P2D")),
    )
    assert reasons(instance, new) == [("migrate.event", "late")]


def test_an_event_that_is_new_behind_a_gateway_is_waited_for() -> None:
    instance = moved(Instance(waiting("told", "late")), waiting("told", "late"))
    flows = "start -> g\ng -> told -> end1\ng -> late -> end2\ng -> alarm -> end3"
    new = diagram(
        flows,
        g=node("eventBasedGateway"),
        told=event("intermediateCatchEvent", message("m"), zujian_correlationKey="'k'"),
        late=event("intermediateCatchEvent", timer("P1D")),
        alarm=event("intermediateCatchEvent", signal("s")),
    )
    moved(instance, new)

    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["told", "late", "alarm"]
    assert instance.signal("s").end is not None


def test_a_boundary_event_at_another_activity_is_not_the_same_one() -> None:
    def late(host: str) -> Net:
        drawn = boundary(host, timer("P1D"))
        return diagram("start -> one -> two -> end\nlate -> end2", one=user(), two=user(), late=drawn)

    instance = moved(Instance(late("one")), late("two"))

    assert state_of(instance)["waits"] == {}
    assert instance.complete("one").work == ["two"]
    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["late"]


def test_a_boundary_event_that_comes_to_the_open_task_is_waited_for() -> None:
    def late(host: str) -> Net:
        drawn = boundary(host, timer("P1D"))
        return diagram("start -> one -> two -> end\nlate -> end2", one=user(), two=user(), late=drawn)

    instance = moved(Instance(late("two")), late("one"))

    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["late"]


def test_a_boundary_event_that_waits_for_something_else_is_a_new_one() -> None:
    def late(inside: str, **attributes: Any) -> Net:
        drawn = boundary("one", inside, **attributes)
        return diagram("start -> one -> end\nlate -> end2", one=user(), late=drawn)

    instance = moved(Instance(late(timer("P1D"))), late(message("m"), zujian_correlationKey="'k'"))

    assert [type(each) for each in instance.last] == [TimerDropped, MessageAwaited]


@pytest.mark.parametrize(
    "there",
    [
        user(inside=instances(count="2", sequential=True)),
        user(inside=instances(over="ways")),
        user(inside=instances(count="2", into="said", result="word")),
        user(inside=loop("x")),
        user(),
    ],
)
def test_what_repeats_in_another_way_is_no_home(there: str) -> None:
    instance = Instance(diagram("start -> one -> end", one=user(inside=instances(count="2"))))

    assert reasons(instance, diagram("start -> one -> end", one=there)) == [("migrate.loop", "one")]
    moved(instance, instance.net)


def test_a_round_of_a_loop_is_no_single_visit() -> None:
    once, again = (diagram("start -> one -> end", one=user(inside=each)) for each in ("", loop("x", most=3)))

    assert reasons(Instance(once), again) == [("migrate.loop", "one")]
    assert reasons(Instance(again, x=True), once) == [("migrate.loop", "one")]


def instances_to_undo(block: str, inner: str) -> Net:
    """Return a process whose block runs twice, one after the other, and is undone afterwards."""
    inside = {inner: user(), f"u_{inner}": undone(inner, f"no_{inner}"), f"no_{inner}": undoing()}
    flows = f"start_in -> {inner} -> end_in"
    drawn = sub_process(flows, instances(count="2", sequential=True), **inside)
    undo = event("intermediateThrowEvent", compensation())
    return diagram(f"start -> {block} -> two -> undo -> end", two=user(), undo=undo, **{block: drawn})


def test_what_finished_instances_did_is_undone_under_its_new_name() -> None:
    instance = Instance(instances_to_undo("block", "one")).complete("one")

    moved(instance, instances_to_undo("stage", "first"), block="stage", one="first")

    instance.complete("first").complete("two")
    assert instance.work == ["no_first"]
    assert instance.complete("no_first").complete("no_first").end is not None


def test_what_finished_instances_did_must_still_be_undone_there() -> None:
    instance = Instance(instances_to_undo("block", "one")).complete("one")

    assert ("migrate.element", "one") in reasons(instance, instances_to_undo("block", "first"))
    bare = sub_process("start_in -> one -> end_in", instances(count="2", sequential=True), one=user())
    undo = event("intermediateThrowEvent", compensation())
    new = diagram("start -> block -> two -> undo -> end", two=user(), undo=undo, block=bare)
    assert reasons(instance, new) == [("migrate.handler", "one")]


def catching(name: str, definition: str, **attributes: str) -> Net:
    """Return a process that waits for an event, and for an hour beside it."""
    drawn = event("intermediateCatchEvent", definition, **attributes)
    flows = f"start -> fork\nfork -> {name} -> end1\nfork -> hour -> end2"
    hour = event("intermediateCatchEvent", timer("PT1H"))
    return diagram(flows, fork=node("parallelGateway"), hour=hour, **{name: drawn})


def test_a_signal_of_another_name_is_waited_for_anew_and_everything_else_goes_on() -> None:
    instance = Instance(catching("told", signal("s")))

    moved(instance, catching("heard", signal("t")), told="heard")

    assert [type(each) for each in instance.last] == [WaitDropped, SignalAwaited]
    assert {wait["element"] for wait in state_of(instance)["waits"].values()} == {"heard", "hour"}


def test_an_element_of_another_name_goes_on_waiting_under_it() -> None:
    instance = Instance(catching("told", signal("s")))

    moved(instance, catching("heard", signal("s")), told="heard")

    assert instance.last == []
    assert instance.signal("s").last != []


def test_what_is_waited_for_together_is_not_waited_for_singly() -> None:
    both = message("m") + signal("s")
    instance = Instance(catching("told", both, zujian_correlationKey="'k'"))

    moved(instance, catching("told", both, zujian_correlationKey="'k'"))
    assert instance.last == []

    other = catching("told", message("m") + signal("other"), zujian_correlationKey="'k'")
    assert reasons(instance, other) == [("migrate.event", "told")]


def test_an_event_that_cannot_be_armed_keeps_the_instance_where_it_is() -> None:
    def late(*events: str, **drawn: str) -> Net:
        flows = "start -> one -> end\n" + "\n".join(f"{each} -> end_{each}" for each in events)
        return diagram(flows, one=user(), **drawn)

    told = boundary("one", message("m"), zujian_correlationKey="nobody")

    assert reasons(Instance(late(), nobody=None), late("told", told=told)) == [("message.key-empty", "told")]


def test_the_task_of_the_initiator_is_known_under_its_new_name() -> None:
    def two(name: str) -> Net:
        task = user(zujian_actions="return")
        return diagram(f"start -> {name} -> two -> end", two=task, **{name: task})

    instance = Instance(two("one")).complete("one")
    instance.send(ReturnTo(instance.activity("two"), "one"))
    moved(instance, two("begin"), one="begin")
    instance.complete("begin")

    targets = return_targets(instance.net, state_of(instance), instance.activity("two"))

    assert [(each.element_id, each.is_initiator) for each in targets] == [("begin", True)]
