"""Returns out of, within and past the blocks that hold work."""

from engine.runtime.commands import ReturnTo
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    escalation,
    event,
    event_sub_process,
    exclusive,
    extensions,
    inclusive,
    instances,
    loop,
    net,
    node,
    output,
    parallel,
    signal,
    sub_process,
    user,
    xml,
)
from tests.unit.engine.instance import Instance


def ask(extension: str = "", inside: str = "", **attributes: str) -> str:
    """Draw a user task from which every return is allowed."""
    return user(extension, inside, zujian_actions="return", **attributes)


def targets(instance: Instance, element: str) -> list[str]:
    """Name the elements to which an open task may be returned, nearest first."""
    assert instance.state is not None
    found = return_targets(instance.net, instance.state, instance.activity(element))
    return [target.element_id for target in found]


def returned(instance: Instance, element: str, to: str) -> Instance:
    """Return an open task."""
    return instance.send(ReturnTo(instance.activity(element), to))


def test_one_of_several_signatories_returns_for_all() -> None:
    compiled = diagram("start -> a -> sign -> end", a=ask(), sign=ask("", instances(count="3")))
    instance = Instance(compiled).complete("a").complete("sign")

    returned(instance, "sign", "a")

    assert instance.work == ["a"]
    assert instance.complete("a").work == ["sign", "sign", "sign"]


def test_those_who_sign_in_turn_begin_anew() -> None:
    compiled = diagram(
        "start -> a -> sign -> b -> end",
        a=ask(),
        b=ask(),
        sign=ask("", instances(count="2", sequential=True)),
    )
    instance = Instance(compiled).complete("a").complete("sign").complete("sign")

    assert targets(instance, "b") == ["sign", "a"]
    returned(instance, "b", "sign").complete("sign")

    assert instance.work == ["sign"]
    assert targets(instance, "sign") == ["a"]


def test_a_repeated_task_begins_its_rounds_anew() -> None:
    compiled = diagram("start -> a -> b -> end", a=ask("", loop(most=2)), b=ask())
    instance = Instance(compiled).complete("a").complete("a")

    returned(instance, "b", "a")

    assert instance.complete("a").complete("a").work == ["b"]


def test_a_return_within_one_instance_leaves_the_other_instances_alone() -> None:
    inner = sub_process(
        "start_i -> a -> b -> end_i", instances(over="people", item="person"), a=ask(), b=ask()
    )
    instance = Instance(diagram("start -> each -> end", each=inner), people=["ann", "bob"])
    instance.complete("a", 0).complete("a").complete("b", 1)

    returned(instance, "b", "a")

    assert instance.work == ["a"]
    assert instance.complete("a").complete("b").end is not None


def test_a_return_out_of_nested_sub_processes_ends_them() -> None:
    inner = sub_process("start_i -> b -> end_i", b=ask())
    outer = sub_process("start_o -> inner -> end_o", inner=inner)
    instance = Instance(diagram("start -> a -> outer -> c -> end", a=ask(), outer=outer, c=ask())).complete(
        "a"
    )

    returned(instance, "b", "a")

    assert instance.work == ["a"]
    assert instance.state is not None
    assert len(instance.state["scopes"]) == 1
    assert targets(instance.complete("a").complete("b"), "c") == ["a"]


def test_a_return_out_of_a_called_process_ends_it() -> None:
    call = node("callActivity", extensions(output("seen", "answer")), calledElement="q")
    called = xml("start -> b -> c -> end", key="q", b=ask(output("answer", "answer")), c=ask())
    instance = Instance(net(xml("start -> a -> call -> end", a=ask(), call=call), called)).complete("a")
    instance.complete("b", answer=1)

    assert targets(instance, "c") == ["b", "a"]
    returned(instance, "c", "a")

    assert instance.work == ["a"]
    assert instance.complete("a").complete("b", answer=2).complete("c").variables == {"seen": 2}


def test_what_a_boundary_event_started_is_withdrawn_with_its_visit() -> None:
    compiled = diagram(
        """start -> first -> a -> b -> end
        also -> note -> end_n""",
        first=ask(),
        a=ask(),
        b=ask(),
        note=ask(),
        also=boundary("a", signal("s"), interrupting=False),
    )
    instance = Instance(compiled).complete("first").signal("s").complete("a")
    assert instance.work == ["b", "note"]
    assert targets(instance, "note") == ["a", "first"]

    returned(instance, "b", "a")

    assert instance.work == ["a"]
    assert instance.signal("s").work == ["a", "note"]


def test_a_way_through_an_interrupting_event_leads_back_to_before_its_host() -> None:
    compiled = diagram(
        """start -> a -> host -> end
        late -> b -> end_b""",
        a=ask(),
        host=ask(),
        b=ask(),
        late=boundary("host", signal("s")),
    )
    instance = Instance(compiled).complete("a").signal("s")

    assert targets(instance, "b") == ["a"]
    assert returned(instance, "b", "a").complete("a").work == ["host"]


def test_an_event_sub_process_beside_stays_when_the_others_are_returned() -> None:
    beside = event_sub_process(
        "start_e -> note -> end_e",
        start_e=node("startEvent", signal("s"), isInterrupting="false"),
        note=ask(),
    )
    compiled = diagram("start -> a -> b -> end", a=ask(), b=ask(), beside=beside)
    instance = Instance(compiled).complete("a").signal("s")

    assert targets(instance, "note") == []
    assert returned(instance, "b", "a").work == ["a", "note"]


def test_an_event_sub_process_inside_is_returned_to_before_its_sub_process() -> None:
    handler = event_sub_process(
        "start_e -> mend -> end_e", start_e=node("startEvent", signal("s")), mend=ask()
    )
    inner = sub_process("start_i -> b -> end_i", b=ask(), handler=handler)
    instance = Instance(diagram("start -> a -> inner -> end", a=ask(), inner=inner)).complete("a").signal("s")

    assert targets(instance, "mend") == ["a"]
    assert returned(instance, "mend", "a").complete("a").work == ["b"]


def test_an_inclusive_block_is_withdrawn_as_a_whole() -> None:
    compiled = diagram(
        """start -> a -> split -[one: x > 0]-> b -> join -> c -> end
        split -[two: x > 1]-> d -> join
        split -> e -> join""",
        a=ask(output("x", "answer")),
        b=ask(),
        c=ask(),
        d=ask(),
        e=ask(),
        split=inclusive(default="split__e"),
        join=inclusive(),
    )
    instance = Instance(compiled, x=0).complete("a", answer=2).complete("b")

    returned(instance, "d", "a")

    assert instance.work == ["a"]
    assert instance.complete("a", answer=1).complete("b").work == ["c"]


def test_a_drawn_loop_leads_back_to_its_last_round_only() -> None:
    compiled = diagram(
        """start -> merge -> a -> b -> again -> c -> end
        again -[more: x]-> merge""",
        merge=exclusive(),
        a=ask(),
        b=ask(output("x", "answer")),
        c=ask(),
        again=exclusive(default="again__c"),
    )
    instance = Instance(compiled).complete("a").complete("b", answer=True).complete("a")

    assert targets(instance, "b") == ["a"]
    assert targets(instance.complete("b", answer=False), "c") == ["b", "a"]
    assert returned(instance, "c", "b").variables == {"x": True}


def test_who_threw_an_escalation_is_not_returned_to_before_it_inside_the_scope() -> None:
    inner = sub_process(
        "start_i -> b -> up -> c -> end_i",
        b=ask(),
        c=ask(),
        up=event("intermediateThrowEvent", escalation("up")),
    )
    compiled = diagram(
        """start -> a -> inner -> end
        heard -> d -> end_d""",
        a=ask(),
        d=ask(),
        inner=inner,
        heard=boundary("inner", escalation("up"), interrupting=False),
    )
    instance = Instance(compiled).complete("a").complete("b")

    assert targets(instance, "c") == ["a"]
    assert returned(instance, "c", "a").work == ["a"]


def test_who_threw_a_signal_that_was_heard_here_is_not_returned_to_before_it() -> None:
    compiled = diagram(
        """start -> first -> split -> a -> throw -> b -> join -> end
        split -> hear -> c -> join""",
        first=ask(),
        a=ask(),
        b=ask(),
        c=ask(),
        split=parallel(),
        join=parallel(),
        throw=event("intermediateThrowEvent", signal("s")),
        hear=event("intermediateCatchEvent", signal("s")),
    )
    instance = Instance(compiled).complete("first").complete("a")

    assert instance.work == ["b", "c"]
    assert targets(instance, "b") == []
