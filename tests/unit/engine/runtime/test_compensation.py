"""Compensation: what is undone, in which order, seeing what, and never twice."""

import pytest

from engine.runtime.effects import ElementCancelled, ElementEntered, ListenerCalled
from engine.runtime.errors import Incident
from tests.unit.engine.compensating import A_AND_B, INNER, throw
from tests.unit.engine.diagram import (
    compensation,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    instances,
    listener,
    loop,
    net,
    node,
    output,
    parallel,
    script,
    service,
    sub_process,
    terminate,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.instance import Instance


def test_what_has_completed_is_undone_in_reverse_order_before_the_throw_goes_on() -> None:
    instance = Instance(diagram("start -> a -> b -> t -> c -> end", t=throw(), c=user(), **A_AND_B))

    instance.complete("a").complete("b")
    assert instance.work == ["no_b"]
    assert instance.complete("no_b").work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]

    assert instance.completed == ["start", "a", "b", "undo_b", "no_b", "undo_a", "no_a", "t"]


def test_a_throw_may_name_what_it_undoes() -> None:
    instance = Instance(diagram("start -> a -> b -> t -> c -> end", t=throw("a"), c=user(), **A_AND_B))

    instance.complete("a").complete("b")
    assert instance.work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]


def test_an_end_event_undoes_before_the_instance_ends() -> None:
    net_ = diagram("start -> a -> b -> end", end=event("endEvent", compensation()), **A_AND_B)
    instance = Instance(net_).complete("a").complete("b").complete("no_b")

    assert instance.end is None
    assert instance.complete("no_a").end is not None
    assert instance.completed[-1] == "end"


def test_only_what_has_completed_is_undone() -> None:
    net_ = diagram(
        "start -> s\ns -> a -> j\ns -> b -> j\ns -> w -> t -> j\nj -> end",
        s=parallel(),
        j=parallel(),
        w=user(),
        t=throw(),
        **A_AND_B,
    )
    instance = Instance(net_).complete("a").complete("w")
    assert instance.work == ["b", "no_a"]

    assert instance.complete("no_a").complete("b").end is not None


def test_nothing_is_undone_twice() -> None:
    net_ = diagram("start -> a -> b -> t -> t2 -> c -> end", t=throw("a"), t2=throw(), c=user(), **A_AND_B)
    instance = Instance(net_).complete("a").complete("b").complete("no_a")

    assert instance.work == ["no_b"]
    assert instance.complete("no_b").work == ["c"]


def test_two_throws_at_once_share_what_there_is_to_undo() -> None:
    net_ = diagram(
        "start -> a -> b -> s\ns -> t -> j\ns -> t2 -> j\nj -> end",
        s=parallel(),
        j=parallel(),
        t=throw(),
        t2=throw(),
        **A_AND_B,
    )
    instance = Instance(net_).complete("a").complete("b").complete("no_b").complete("no_a")

    assert instance.end is not None


def test_a_throw_with_nothing_to_undo_goes_on() -> None:
    assert Instance(diagram("start -> t -> a -> b -> end", t=throw(), **A_AND_B)).work == ["a"]


def test_a_throw_that_does_not_wait_goes_on_beside_the_undoing() -> None:
    net_ = diagram("start -> a -> b -> t -> c -> end", t=throw(waits=False), c=user(), **A_AND_B)
    instance = Instance(net_).complete("a").complete("b")

    assert instance.work == ["c", "no_b"]
    assert instance.completed == ["start", "a", "b", "t", "undo_b"]
    assert instance.complete("c").complete("no_b").end is None
    assert instance.complete("no_a").end is not None


def test_what_undoes_beside_the_way_is_no_visit_that_could_be_cancelled() -> None:
    net_ = diagram("start -> a -> b -> t -> c -> end", t=throw(waits=False), c=user(), **A_AND_B)

    assert sorted(Instance(net_).complete("a").complete("b").cancel().cancelled) == ["c", "no_b"]


def test_every_round_is_undone() -> None:
    net_ = diagram(
        "start -> m -> a -> g\ng -[again: more]-> m\ng -[on]-> t -> end",
        m=exclusive(),
        g=exclusive("on"),
        a=user(output("more", "more")),
        t=throw(),
        undo_a=undone("a", "no_a"),
        no_a=undoing(),
    )
    instance = Instance(net_).complete("a", more=True).complete("a", more=False)

    assert instance.complete("no_a").work == ["no_a"]
    assert instance.complete("no_a").end is not None


def test_a_handler_may_be_a_job_a_script_or_a_sub_process() -> None:
    handlers = {
        "h": service("take.back").replace("<bpmn:serviceTask", '<bpmn:serviceTask isForCompensation="true"'),
        "h2": script("n = n - 1").replace("<bpmn:scriptTask", '<bpmn:scriptTask isForCompensation="true"'),
        "h3": sub_process("start_h -> x -> end_h", x=user()).replace(
            "<bpmn:subProcess", '<bpmn:subProcess isForCompensation="true"', 1
        ),
    }
    net_ = diagram(
        "start -> a -> b -> c -> t -> end",
        a=user(),
        b=user(),
        c=user(),
        t=throw(),
        u1=undone("a", "h"),
        u2=undone("b", "h2"),
        u3=undone("c", "h3"),
        **handlers,
    )
    instance = Instance(net_, n=1).complete("a").complete("b").complete("c")
    assert instance.work == ["x"]

    instance.complete("x")
    assert instance.variables == {"n": 0}
    assert instance.work == ["h"]
    assert instance.complete("h").end is not None


@pytest.mark.parametrize("several", ["", instances(count="2"), loop("loopCounter < 2")])
def test_what_a_handler_did_is_never_undone(several: str) -> None:
    inside = {"c": user(), "undo_c": undone("c", "no_c"), "no_c": undoing()}
    handler = sub_process("start_h -> c -> end_h", several, **inside)
    handler = handler.replace("<bpmn:subProcess", '<bpmn:subProcess isForCompensation="true"', 1)
    flows = "start -> a -> t -> b -> t2 -> end"
    tasks = {"a": user(), "b": user(), "undo_a": undone("a", "no_a"), "no_a": handler}
    instance = Instance(diagram(flows, t=throw(), t2=throw(), **tasks)).complete("a")

    while "c" in instance.work:
        instance.complete("c")

    assert instance.work == ["b"]
    assert instance.complete("b").end is not None


def test_a_handler_may_have_rounds_or_instances() -> None:
    net_ = diagram(
        "start -> a -> b -> t -> end",
        **{**A_AND_B, "no_a": undoing(inside=instances(count="2")), "no_b": undoing(inside=loop(most=2))},
        t=throw(),
    )
    instance = Instance(net_).complete("a").complete("b").complete("no_b").complete("no_b")

    assert instance.work == ["no_a", "no_a"]
    assert instance.complete("no_a").complete("no_a").end is not None


def test_a_completed_sub_process_is_undone_by_its_content() -> None:
    sub = sub_process("start_s -> a -> b -> end_s", **INNER)
    instance = Instance(diagram("start -> sub -> t -> end", sub=sub, t=throw("sub")))

    assert instance.complete("a").complete("b").work == ["no_a"]
    assert instance.complete("no_a").end is not None


def test_a_handler_of_a_sub_process_replaces_those_inside() -> None:
    net_ = diagram(
        "start -> sub -> t -> end",
        sub=sub_process("start_s -> a -> b -> end_s", **INNER),
        undo_s=undone("sub", "no_s"),
        no_s=undoing(),
        t=throw(),
    )

    instance = Instance(net_).complete("a").complete("b")

    assert instance.work == ["no_s"]
    assert instance.complete("no_s").end is not None


def test_a_compensation_event_sub_process_undoes_its_sub_process_and_may_ask_for_the_content() -> None:
    undo = event_sub_process(
        "start_u -> x -> t_u -> end_u", start_u=event("startEvent", compensation()), x=user(), t_u=throw()
    )
    net_ = diagram(
        "start -> sub -> t -> end",
        sub=sub_process("start_s -> a -> b -> end_s", undo=undo, **INNER),
        t=throw(),
    )
    instance = Instance(net_).complete("a").complete("b")
    assert instance.work == ["x"]

    assert instance.complete("x").work == ["no_a"]
    assert instance.complete("no_a").end is not None


def test_a_compensation_event_sub_process_need_not_undo_the_content() -> None:
    undo = event_sub_process("start_u -> x -> end_u", start_u=event("startEvent", compensation()), x=user())
    sub = sub_process("start_s -> a -> b -> end_s", undo=undo, **INNER)
    instance = Instance(diagram("start -> sub -> t -> end", sub=sub, t=throw()))

    assert instance.complete("a").complete("b").complete("x").end is not None
    assert instance.completed.count("sub") == 1


def test_an_event_sub_process_undoes_what_completed_in_the_scope_around_it() -> None:
    mend = event_sub_process(
        "start_m -> w -> t -> end_m", start_m=event("startEvent", error("E")), w=user(), t=throw()
    )
    net_ = diagram(
        "start -> sub -> end",
        sub=sub_process("start_s -> a -> b -> end_s", mend=mend, **{**INNER, "b": service("f")}),
    )
    instance = Instance(net_).complete("a").fail("b", "E")
    assert instance.work == ["w"]

    assert instance.complete("w").work == ["no_a"]
    assert instance.complete("no_a").end is not None


def test_handlers_of_instances_see_what_each_instance_saw() -> None:
    net_ = diagram(
        "start -> a -> t -> end",
        a=user(output("mark", "mark"), instances(over="people", item="person", into="marks", result="mark")),
        undo_a=undone("a", "no_a"),
        no_a=undoing(zujian_unit="person + str(loopCounter) + mark"),
        t=throw(),
    )
    instance = Instance(net_, people=["x", "y"]).complete("a", 1, mark="!").complete("a", mark="?")
    assert [task.unit for task in instance.opened] == ["x1?"]

    assert [task.unit for task in instance.complete("no_a").opened] == ["y2!"]
    assert instance.complete("no_a").end is not None


def test_the_content_of_instances_is_undone_with_their_own_data() -> None:
    sub = sub_process(
        "start_s -> a -> end_s",
        instances(over="people", item="person", sequential=True),
        a=user(output("mark", "mark")),
        undo_a=undone("a", "no_a"),
        no_a=undoing(output("mark", "'gone'"), zujian_unit="person + mark"),
    )
    instance = Instance(diagram("start -> sub -> t -> end", sub=sub, t=throw()), people=["x", "y"])
    instance.complete("a", mark="1").complete("a", mark="2")
    assert [task.unit for task in instance.opened] == ["y2"]

    assert [task.unit for task in instance.complete("no_a").opened] == ["x1"]
    assert "mark" not in instance.complete("no_a").variables
    assert instance.end is not None


def test_instances_are_not_undone_while_others_are_still_open() -> None:
    net_ = diagram(
        "start -> s\ns -> a -> j\ns -> w -> t -> j\nj -> t2 -> end",
        s=parallel(),
        j=parallel(),
        w=user(),
        a=user(inside=instances(count="2")),
        t=throw("a"),
        t2=throw(),
        undo_a=undone("a", "no_a"),
        no_a=undoing(),
    )
    instance = Instance(net_).complete("a").complete("w")
    assert instance.work == ["a"]

    instance.complete("a")
    assert instance.complete("no_a").complete("no_a").end is not None


def test_what_a_called_process_did_is_undone_with_its_own_variables() -> None:
    called = xml(
        "start -> a -> b -> end",
        key="q",
        a=user(output("n", "n + 1")),
        b=user(),
        undo_a=undone("a", "no_a"),
        no_a=undoing(zujian_unit="n"),
    )
    call = node(
        "callActivity",
        '<bpmn:extensionElements><zujian:input variable="n" expression="5"/></bpmn:extensionElements>',
        calledElement="q",
    )
    instance = Instance(net(xml("start -> call -> t -> end", call=call, t=throw()), called), n=0)

    instance.complete("a").complete("b")
    assert [task.unit for task in instance.opened] == ["6"]
    assert instance.variables == {"n": 0}
    assert instance.complete("no_a").end is not None


def test_a_terminated_scope_has_completed_and_can_be_undone() -> None:
    sub = sub_process(
        "start_s -> s\ns -> a -> end_s\ns -> b -> end_t",
        s=parallel(),
        end_s=event("endEvent", terminate()),
        **INNER,
    )
    instance = Instance(diagram("start -> sub -> t -> end", sub=sub, t=throw())).complete("a")

    assert instance.work == ["no_a"]


def test_a_loop_that_leaves_more_to_undo_than_anybody_could_is_an_incident() -> None:
    count = script("n = n + 1").replace("</bpmn:scriptTask>", loop("n < 2000") + "</bpmn:scriptTask>")
    with pytest.raises(Incident) as raised:
        Instance(
            diagram(
                "start -> count -> t -> end", count=count, t=throw(), u=undone("count", "x"), x=undoing()
            ),
            n=0,
        )

    assert raised.value.rule == "guard.too-many-to-undo"


def test_only_the_compensation_event_sub_process_undoes_its_sub_process() -> None:
    other = event_sub_process("start_o -> x -> end_o", start_o=event("startEvent", error("E")), x=user())
    sub = sub_process("start_s -> a -> b -> end_s", other=other, **INNER)
    instance = Instance(diagram("start -> sub -> t -> end", sub=sub, t=throw()))

    assert instance.complete("a").complete("b").work == ["no_a"]


def test_what_cannot_be_undone_leaves_no_record() -> None:
    sub = sub_process("start_s -> a -> end_s", a=user())
    instance = Instance(diagram("start -> sub -> b -> end", sub=sub, b=user())).complete("a")

    assert [scope.get("done", []) for scope in instance._state["scopes"].values()] == [[]]


def test_a_listener_hears_that_everything_was_undone() -> None:
    heard = event("intermediateThrowEvent", compensation(), listener("told"))
    instance = Instance(diagram("start -> a -> b -> t -> end", t=heard, **A_AND_B))

    instance.complete("a").complete("b").complete("no_b")
    assert instance.happened(ListenerCalled) == []
    assert len(instance.complete("no_a").happened(ListenerCalled)) == 1


def test_what_an_event_sub_process_waits_for_to_be_undone_is_no_visit_of_it() -> None:
    mend = event_sub_process("start_m -> x -> end_m", start_m=event("startEvent", error()), x=user())
    sub = sub_process("start_s -> a -> b -> end_s", **{**INNER, "b": service("f")})
    instance = Instance(diagram("start -> sub -> end", sub=sub, mend=mend)).complete("a").fail("b", "E")
    assert instance.work == ["no_a"]

    instance.cancel()

    entered = {each.activity_id for each in instance.history if isinstance(each, ElementEntered)}
    cancelled = [each for each in instance.last if isinstance(each, ElementCancelled)]
    assert [each.element_id for each in cancelled] == ["no_a"]
    assert all(each.activity_id in entered for each in cancelled)
