"""Errors and compensation: what fails is undone by its content, what interrupts leaves the rest."""

from engine.runtime.effects import ElementCancelled
from tests.unit.engine.compensating import A_AND_B, INNER, throw
from tests.unit.engine.diagram import (
    boundary,
    compensation,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    instances,
    output,
    parallel,
    service,
    sub_process,
    timer,
    undoing,
    undone,
    user,
)
from tests.unit.engine.instance import Instance


def test_what_ends_with_an_error_nobody_catches_is_no_visit_while_it_is_undone() -> None:
    sub = sub_process("start_s -> a -> b -> end_s", end_s=event("endEvent", error("E")), **INNER)
    instance = Instance(diagram("start -> sub -> end", sub=sub)).complete("a").complete("b")

    instance.cancel()

    assert [each.element_id for each in instance.last if isinstance(each, ElementCancelled)] == ["no_a"]


def test_an_error_that_leaves_a_sub_process_undoes_its_content_first() -> None:
    net_ = diagram(
        "start -> sub -> end\nfailed -> c -> end2",
        sub=sub_process("start_s -> a -> b -> end_s", **{**INNER, "b": service("f")}),
        failed=boundary("sub", error("E"), extension=output("why", "why")),
        c=user(),
    )
    instance = Instance(net_).complete("a").fail("b", "E", why="full")
    assert instance.work == ["no_a"]
    assert instance.waits == []

    assert instance.complete("no_a").work == ["c"]
    assert instance.variables == {"why": "full"}
    assert instance.cancelled == ["b", "sub"]


def test_an_error_through_several_scopes_undoes_the_innermost_too() -> None:
    inner = sub_process("start_i -> a -> b -> end_i", **{**INNER, "b": service("f")})
    mend = event_sub_process("start_m -> x -> end_m", start_m=event("startEvent", error()), x=user())
    net_ = diagram(
        "start -> outer -> end", outer=sub_process("start_o -> inner -> end_o", inner=inner, mend=mend)
    )
    instance = Instance(net_).complete("a").fail("b", "E")
    assert instance.work == ["no_a"]

    assert instance.complete("no_a").work == ["x"]
    assert instance.complete("x").end is not None


def test_an_error_that_nobody_catches_undoes_before_it_ends_the_instance() -> None:
    sub = sub_process("start_s -> a -> b -> end_s", end_s=event("endEvent", error("E")), **INNER)
    instance = Instance(diagram("start -> sub -> end", sub=sub)).complete("a").complete("b")
    assert instance.work == ["no_a"]
    assert instance.end is None

    end = instance.complete("no_a").end
    assert end is not None
    assert end.error == "E"


def test_an_error_of_a_handler_is_not_caught_by_what_has_completed() -> None:
    job = service("f").replace("<bpmn:serviceTask", '<bpmn:serviceTask isForCompensation="true"')
    net_ = diagram(
        "start -> outer -> end\nlost -> d -> end3",
        outer=sub_process(
            "start_o -> sub -> t -> end_o\nfailed -> c -> end2",
            sub=sub_process("start_s -> a -> end_s", a=user(), undo_a=undone("a", "no_a"), no_a=job),
            failed=boundary("sub", error("E")),
            c=user(),
            t=throw(),
        ),
        lost=boundary("outer", error("E")),
        d=user(),
    )
    instance = Instance(net_).complete("a").fail("no_a", "E")

    assert instance.work == ["d"]


def test_an_error_of_a_handler_is_not_handled_in_what_has_completed() -> None:
    job = service("f").replace("<bpmn:serviceTask", '<bpmn:serviceTask isForCompensation="true"')
    mend = event_sub_process("start_m -> x -> end_m", start_m=event("startEvent", error()), x=user())
    inside = {"a": user(), "undo_a": undone("a", "no_a"), "no_a": job, "mend": mend}
    sub = sub_process("start_s -> a -> end_s", **inside)
    nodes = {
        "outer": sub_process("start_o -> sub -> t -> end_o", sub=sub, t=throw()),
        "lost": boundary("outer", error()),
    }
    net_ = diagram("start -> outer -> end\nlost -> d -> end3", d=user(), **nodes)

    assert Instance(net_).complete("a").fail("no_a", "E").work == ["d"]


def test_what_is_interrupted_is_not_undone() -> None:
    net_ = diagram(
        "start -> sub -> m\nlate -> m -> t -> c -> end",
        sub=sub_process("start_s -> a -> b -> end_s", **INNER),
        late=boundary("sub", timer("P1D")),
        m=exclusive(),
        t=throw(),
        c=user(),
    )

    assert Instance(net_).complete("a").fire("late").work == ["c"]


def test_an_interrupted_compensation_leaves_what_it_has_not_begun() -> None:
    mend = event_sub_process(
        "start_m -> w -> t2 -> end_m", start_m=event("startEvent", timer("P1D")), w=user(), t2=throw()
    )
    net_ = diagram("start -> a -> b -> t -> end", t=throw(), mend=mend, **A_AND_B)
    instance = Instance(net_).complete("a").complete("b").fire("start_m")
    assert instance.work == ["w"]
    assert instance.cancelled == ["t", "no_b"]

    assert instance.complete("w").work == ["no_a"]
    assert instance.complete("no_a").end is not None


NO_B = service("undo").replace("<bpmn:serviceTask", '<bpmn:serviceTask isForCompensation="true"')


def test_an_error_undoes_what_a_handler_that_failed_had_not_begun() -> None:
    inner = {**INNER, "b": user(), "undo_b": undone("b", "no_b"), "no_b": NO_B, "t": throw()}
    net_ = diagram(
        "start -> sub -> end\nfailed -> c -> end2",
        sub=sub_process("start_s -> a -> b -> t -> end_s", **inner),
        failed=boundary("sub", error("E")),
        c=user(),
    )
    instance = Instance(net_).complete("a").complete("b").fail("no_b", "E")

    assert instance.work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]


def test_what_failed_is_undone_by_its_content_and_not_as_if_it_had_completed() -> None:
    net_ = diagram(
        "start -> sub -> end\nfailed -> c -> end2",
        sub=sub_process("start_s -> a -> b -> end_s", **{**INNER, "b": service("f")}),
        failed=boundary("sub", error("E")),
        undo_s=undone("sub", "no_s"),
        no_s=undoing(),
        c=user(),
    )

    assert Instance(net_).complete("a").fail("b", "E").work == ["no_a"]


def test_what_failed_is_undone_without_the_event_sub_process_for_what_completed() -> None:
    undo = event_sub_process("start_u -> x -> end_u", start_u=event("startEvent", compensation()), x=user())
    net_ = diagram(
        "start -> sub -> end\nfailed -> c -> end2",
        sub=sub_process("start_s -> a -> b -> end_s", undo=undo, **{**INNER, "b": service("f")}),
        failed=boundary("sub", error("E")),
        c=user(),
    )

    assert Instance(net_).complete("a").fail("b", "E").work == ["no_a"]


def test_the_content_of_an_instance_that_failed_is_undone_with_its_own_data() -> None:
    sub = sub_process(
        "start_s -> a -> f -> end_s",
        instances(over="people", item="person", sequential=True),
        a=user(),
        f=service("f"),
        undo_a=undone("a", "no_a"),
        no_a=undoing(zujian_unit="person"),
    )
    net_ = diagram("start -> sub -> end\nfailed -> end2", sub=sub, failed=boundary("sub", error("E")))
    instance = Instance(net_, people=["x", "y"]).complete("a").complete("f").complete("a").fail("f", "E")

    assert [task.unit for task in instance.opened] == ["y"]
    assert [task.unit for task in instance.complete("no_a").opened] == ["x"]


def test_a_block_that_is_being_undone_when_that_is_interrupted_leaves_what_was_not_begun() -> None:
    mend = event_sub_process(
        "start_m -> w -> t2 -> end_m", start_m=event("startEvent", timer("P1D")), w=user(), t2=throw()
    )
    sub = sub_process("start_s -> a -> b -> end_s", **A_AND_B)
    net_ = diagram("start -> sub -> t -> end", t=throw(), mend=mend, sub=sub)
    instance = Instance(net_).complete("a").complete("b")
    assert instance.work == ["no_b"]

    assert instance.fire("start_m").complete("w").work == ["no_a"]
    assert instance.complete("no_a").end is not None


def test_what_instances_did_is_undone_once_when_what_is_around_them_fails() -> None:
    several = sub_process("start_i -> a -> b -> end_i", instances(count="2"), **INNER)
    flows = "start_o -> split -> several -> end_o\nsplit -> job -> end_j"
    outer = sub_process(flows, split=parallel(), several=several, job=service("f"))
    failed = boundary("outer", error("E"))
    net_ = diagram("start -> outer -> end\nfailed -> c -> end2", outer=outer, failed=failed, c=user())
    instance = Instance(net_).complete("a").fail("job", "E")

    assert instance.work == ["no_a"]
    assert instance.complete("no_a").work == ["c"]
