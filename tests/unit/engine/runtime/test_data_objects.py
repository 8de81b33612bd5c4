"""Data objects: variables that live as long as the scope they are drawn in."""

import pytest

from engine.bpmn.model import DataObject
from engine.runtime.effects import UserTaskOpened
from engine.runtime.errors import Incident
from tests.unit.engine.bpmn.test_compiler import refused
from tests.unit.engine.diagram import (
    data_object,
    diagram,
    exclusive,
    extensions,
    instances,
    node,
    output,
    parallel,
    reads,
    script,
    sub_process,
    user,
    writes,
    xml,
)
from tests.unit.engine.diagram import net as compiled
from tests.unit.engine.instance import Instance


def test_an_object_is_known_with_its_name_for_people() -> None:
    process = diagram("start -> a -> end", a=user(), plan=data_object("plan")).processes["p"]

    assert process.data_objects == (DataObject("plan", "plan for people"),)


def test_an_activity_writes_the_object_by_the_field_of_its_name() -> None:
    net = diagram("start -> a -> b -> end", a=user(inside=writes("plan")), b=user(), plan=data_object("plan"))

    instance = Instance(net)
    assert instance.variables == {"plan": None}
    instance.complete("a", plan="x", other="y")

    assert instance.variables == {"plan": "x"}


def test_an_activity_that_does_not_yield_the_object_is_an_incident() -> None:
    net = diagram("start -> a -> b -> end", a=user(inside=writes("plan")), b=user(), plan=data_object("plan"))
    instance = Instance(net, plan="before")

    with pytest.raises(Incident) as caught:
        instance.complete("a", other="y")

    assert (caught.value.rule, caught.value.element_id) == ("expression.no-value", "a")


def test_an_output_or_assignment_of_that_name_goes_before_the_field() -> None:
    by_output = user(output("plan", "outcome + '!'"), inside=writes("plan"))
    by_script = script("plan = 'scripted'").replace(
        "</bpmn:scriptTask>", f"{writes('plan')}</bpmn:scriptTask>"
    )
    net = diagram("start -> a -> s -> b -> end", a=by_output, s=by_script, b=user(), plan=data_object("plan"))

    instance = Instance(net).complete("a", outcome="yes")

    assert instance.variables == {"plan": "scripted"}


def test_an_activity_does_not_begin_without_the_object_that_it_needs() -> None:
    net = diagram("start -> a -> b -> end", a=user(), b=user(inside=reads("plan")), plan=data_object("plan"))

    with pytest.raises(Incident) as caught:
        Instance(net).complete("a")

    assert (caught.value.rule, caught.value.element_id) == ("data-object.unavailable", "b")


def test_a_user_task_offers_what_it_reads() -> None:
    task = user(inside=reads("plan"), zujian_prefill="{'size': 3}")
    net = diagram("start -> b -> end", b=task, plan=data_object("plan"))

    opened = [each for each in Instance(net, plan="x").last if isinstance(each, UserTaskOpened)]

    assert [each.prefill for each in opened] == [{"plan": "x", "size": 3}]


def test_a_call_activity_hands_over_what_it_reads() -> None:
    call = node("callActivity", extensions(output("done", "answer")) + reads("plan"), calledElement="q")
    called = xml("start -> s -> ask -> end", key="q", s=script("answer = plan + '!'"), ask=user())
    net = compiled(
        xml("start -> call -> last -> end", call=call, last=user(), plan=data_object("plan")), called
    )

    instance = Instance(net, plan="x").complete("ask")

    assert instance.variables == {"plan": "x", "done": "x!"}


def test_an_object_of_a_sub_process_lives_as_long_as_the_sub_process() -> None:
    inner = sub_process(
        "start_i -> a -> b -> end_i",
        inside=data_object("note"),
        a=user(output("seen", "output['note']"), inside=writes("note")),
        b=user(inside=reads("note")),
    )
    flows = "start -> inner -> last -> way\nway -[again: more]-> inner\nway -[enough]-> end"
    last = user(output("more", "more"))
    net = diagram(flows, inner=inner, last=last, way=exclusive(default="enough"))
    instance = Instance(net)

    instance.complete("a", note="first")
    (opened,) = (each for each in instance.last if isinstance(each, UserTaskOpened))
    assert opened.prefill == {"note": "first"}
    assert instance.variables == {"seen": "first"}
    instance.complete("b").complete("last", more=True)

    assert instance.variables == {"seen": "first", "more": True}
    assert instance.state is not None
    scopes = instance.state["scopes"].values()
    assert [scope["variables"] for scope in scopes if scope["element"] == "inner"] == [{"note": None}]


def test_objects_of_the_instances_of_a_sub_process_are_kept_apart() -> None:
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        '<bpmn:loopDataOutputRef>notes</bpmn:loopDataOutputRef><bpmn:outputDataItem id="o" name="kept"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    inner = sub_process(
        "start_i -> a -> s -> end_i",
        inside=data_object("note") + several,
        a=user(inside=writes("note")),
        s=script("kept = note"),
    )
    instance = Instance(diagram("start -> inner -> last -> end", inner=inner, last=user()))

    for number in (1, 2):
        instance.complete("a", note=f"note {number}")

    assert instance.variables == {"notes": ["note 1", "note 2"]}


def test_a_collection_holds_a_list() -> None:
    net = diagram(
        "start -> a -> b -> end",
        a=user(inside=writes("plans")),
        b=user(),
        plans=data_object("plans", collection=True),
    )

    with pytest.raises(Incident) as caught:
        Instance(net).complete("a", plans="one")

    assert (caught.value.rule, caught.value.element_id) == ("data-object.no-list", "a")
    assert Instance(net).complete("a", plans=["one"]).variables == {"plans": ["one"]}


def test_two_branches_that_write_one_object_are_refused() -> None:
    found = refused(
        "start -> split -> a -> join -> end\nsplit -> b -> join",
        split=parallel(),
        join=parallel(),
        a=user(inside=writes("plan")),
        b=user(inside=writes("plan")),
        plan=data_object("plan"),
    )

    assert ("a", "variable.concurrent-writers") in found


def test_an_object_is_not_seen_outside_its_scope() -> None:
    inner = sub_process("start_i -> a -> end_i", inside=data_object("note"), a=user(inside=writes("note")))

    assert refused("start -> inner -> b -> end", inner=inner, b=user(inside=reads("note"))) == [
        ("b", "data-object.out-of-scope")
    ]
    assert refused("start -> inner -> b -> end", inner=inner, b=user(output("note", "1"))) == [
        ("b", "data-object.out-of-scope")
    ]


@pytest.mark.parametrize("inside", [writes("plan"), reads("plan")])
def test_an_association_that_ends_nowhere_is_refused(inside: str) -> None:
    assert refused("start -> a -> end", a=user(inside=inside)) == [("a", "data-object.unknown")]


def test_a_reference_to_no_object_is_refused() -> None:
    drawn = '<bpmn:dataObjectReference id="plan_drawn"/>'

    assert refused("start -> a -> end", a=user(), plan=drawn) == [("plan_drawn", "data-object.unknown")]


def test_a_reference_to_an_object_that_is_not_there_is_refused() -> None:
    drawn = '<bpmn:dataObjectReference id="plan_drawn" dataObjectRef="plan"/>'

    assert refused("start -> a -> end", a=user(inside=reads("plan")), plan=drawn) == [
        ("a", "data-object.out-of-scope")
    ]


def test_the_name_of_an_object_can_be_read_by_expressions() -> None:
    assert refused("start -> a -> end", a=user(), plan=data_object("two-words")) == [
        ("two-words", "variable.name")
    ]


def test_an_object_of_a_sub_process_is_not_named_as_what_its_end_says() -> None:
    block = sub_process("start_in -> a -> end_in", a=user(), result=data_object("result"))

    assert refused("start -> block -> end", block=block) == [("result", "variable.reserved")]


def test_a_process_does_not_begin_with_a_collection_that_is_no_list() -> None:
    net = diagram("start -> a -> end", a=user(), plans=data_object("plans", collection=True))

    with pytest.raises(Incident, match=r"takes a list") as caught:
        Instance(net, plans="x")

    assert caught.value.rule == "data-object.no-list"
    assert Instance(net, plans=["x"]).variables == {"plans": ["x"]}


def test_the_outputs_of_a_sub_process_carry_its_objects_further() -> None:
    carried = extensions(output("final", "note + '!'"))
    inner = sub_process(
        "start_i -> a -> end_i", inside=carried + data_object("note"), a=user(inside=writes("note"))
    )

    assert Instance(diagram("start -> inner -> b -> end", inner=inner, b=user())).complete(
        "a", note="x"
    ).variables == {"final": "x!"}


def test_the_objects_of_several_instances_are_their_results() -> None:
    loop = instances(over="wanted", item="one", into="notes", result="note")
    inner = sub_process(
        "start_i -> a -> end_i", inside=loop + data_object("note"), a=user(inside=writes("note"))
    )
    instance = Instance(diagram("start -> inner -> b -> end", inner=inner, b=user()), wanted=[1, 2])

    instance.complete("a", 1, note="second").complete("a", note="first")

    assert instance.variables["notes"] == ["first", "second"]
