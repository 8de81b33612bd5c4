"""Every incident names its rule and the element that could not go on; limits hold at their edge."""

from typing import Any

import pytest

from engine.bpmn.model import Net
from engine.runtime import multi_instance, records, run
from engine.runtime.effects import InstanceEnded, TimerDropped
from engine.runtime.errors import Incident
from engine.runtime.variables import LARGEST_VALUE, weigh
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    exclusive,
    extensions,
    inclusive,
    instances,
    loop,
    message,
    node,
    output,
    parallel,
    script,
    service,
    sub_process,
    timer,
    undoing,
    undone,
    user,
    xml,
)
from tests.unit.engine.diagram import net as compiled
from tests.unit.engine.dmn.table import table
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_data_objects import data_object, reads
from tests.unit.engine.runtime.test_decisions import LEVEL, rating, rule_task

TOO_LONG = "x" * LARGEST_VALUE
DECIDE = "start -> g\ng -[one: y]-> end\ng -[two]-> end2"
LEAVE = "start -> a\na -[one: x > 9]-> end\na -[two: x > 8]-> end2"
TWO_WAYS = "start -> g\ng -[one: x == 1]-> a -> end\ng -[two: x == 2]-> b -> end2"
NOBODY_VOTES = user("", instances(count="0"), zujian_approval="all", zujian_decision="d")
PLAIN = "start -> a -> end"


def incident_of(net: Net, **variables: Any) -> tuple[str, str | None]:
    """Start an instance that cannot go on; return rule and element of the incident."""
    with pytest.raises(Incident) as raised:
        Instance(net, **variables)
    return raised.value.rule, raised.value.element_id


def several(**choices: Any) -> str:
    return user("", instances(**choices))


@pytest.mark.parametrize(
    ("flows", "nodes", "rule", "element"),
    [
        (TWO_WAYS, {"g": exclusive(), "a": user(), "b": user()}, "flow.none-holds", "g"),
        (TWO_WAYS, {"g": inclusive(), "a": user(), "b": user()}, "flow.none-holds", "g"),
        (DECIDE, {"g": exclusive("two")}, "condition.not-boolean", "g"),
        (LEAVE, {"a": node("task")}, "flow.none-holds", "a"),
        (PLAIN, {"a": service(amount="missing")}, "expression.no-value", "a"),
        (PLAIN, {"a": script("n = missing")}, "expression.no-value", "a"),
        (PLAIN, {"a": script("n = [TOO]")}, "guard.value-too-large", "a"),
        (PLAIN, {"a": user(zujian_prefill="y")}, "user-task.prefill", "a"),
        (PLAIN, {"a": user(inside=reads("o")), "o": data_object("o")}, "data-object.unavailable", "a"),
        (PLAIN, {"a": event("intermediateCatchEvent", timer("y"))}, "timer.not-understood", "a"),
        (
            PLAIN,
            {"a": event("intermediateCatchEvent", message("m"), zujian_correlationKey="nothing")},
            "message.key-empty",
            "a",
        ),
        (
            PLAIN,
            {"a": event("intermediateCatchEvent", message("m"), zujian_correlationKey="empty")},
            "message.key-empty",
            "a",
        ),
        (PLAIN, {"a": several(count="y")}, "loop.not-countable", "a"),
        (PLAIN, {"a": several(count="yes")}, "loop.not-countable", "a"),
        (PLAIN, {"a": several(count="0 - 1")}, "loop.not-countable", "a"),
        (PLAIN, {"a": several(over="y", item="i")}, "loop.not-countable", "a"),
        (PLAIN, {"a": NOBODY_VOTES}, "approval.nobody", "a"),
    ],
)  # fmt: skip
def test_an_incident_names_rule_and_element(
    flows: str, nodes: dict[str, str], rule: str, element: str
) -> None:
    variables = {"x": 3, "y": "text", "yes": True, "empty": "", "nothing": None, "TOO": TOO_LONG[1:]}

    assert incident_of(diagram(flows, **nodes), **variables) == (rule, element)


def test_what_cannot_be_counted_is_named() -> None:
    for choice in ({"count": "'many'"}, {"over": "them", "item": "it"}):
        with pytest.raises(Incident, match=next(iter(choice.values()))):
            Instance(diagram(PLAIN, a=several(**choice)), them="all")


def test_what_is_given_to_a_called_process_is_no_larger_than_any_value() -> None:
    given = extensions('<zujian:input variable="text" expression="[half, half]"/>')
    called = xml("start -> b -> end", key="q", b=user())
    main = xml(PLAIN, a=node("callActivity", given, calledElement="q"))

    assert incident_of(compiled(main, called), half="x" * 150_000) == ("guard.value-too-large", "a")


def test_a_decision_without_its_input_is_an_incident_of_its_task() -> None:
    assert incident_of(rating(LEVEL))[1] == "rate"


def test_an_instance_without_the_result_that_is_collected_is_an_incident() -> None:
    ask = several(over="them", item="it", into="found", result="verdict")
    instance = Instance(diagram("start -> ask -> end", ask=ask), them=[1])

    with pytest.raises(Incident) as raised:
        instance.complete("ask", other=1)

    assert (raised.value.rule, raised.value.element_id) == ("loop.no-result", "ask")


def test_a_job_that_fails_in_a_way_that_was_not_drawn_is_an_incident_of_its_task() -> None:
    instance = Instance(diagram("start -> check -> end", check=service()))

    with pytest.raises(Incident) as raised:
        instance.fail("check", "odd")

    assert (raised.value.rule, raised.value.element_id) == ("error.not-caught", "check")


def test_a_stuck_instance_names_the_join_that_starves() -> None:
    net = diagram(
        "start -> g\ng -[one: x == 1]-> a -> j\ng -[rest]-> b -> j\nj -> end",
        g=exclusive("rest"),
        j=parallel(),
        a=user(),
        b=user(),
    )
    instance = Instance(net, x=1)

    with pytest.raises(Incident) as raised:
        instance.complete("a")

    assert (raised.value.rule, raised.value.element_id) == ("instance.stuck", "j")


def test_as_many_instances_as_the_limit_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multi_instance, "MOST_INSTANCES", 3)
    net = diagram("start -> ask -> end", ask=several(count="n"))

    assert Instance(net, n=3).work == ["ask"] * 3
    assert incident_of(net, n=4) == ("guard.too-many-instances", "ask")


def test_as_many_activities_as_the_limit_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_ACTIVITIES", 2)
    both = diagram("start -> g\ng -> a -> end\ng -> b -> end2", g=parallel(), a=user(), b=user())
    three = diagram(
        "start -> g\ng -> a -> end\ng -> b -> end2\ng -> c -> end3",
        g=parallel(),
        a=user(),
        b=user(),
        c=user(),
    )

    assert Instance(both).work == ["a", "b"]
    assert incident_of(three) == ("guard.too-many-activities", "c")


def test_as_many_records_as_the_limit_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = {
        "a": user(), "b": user(), "undo_a": undone("a", "no_a"), "no_a": undoing(),
        "undo_b": undone("b", "no_b"), "no_b": undoing(), "c": user(),
        "t": event("intermediateThrowEvent", "<bpmn:compensateEventDefinition/>"),
    }  # fmt: skip
    net = diagram("start -> a -> b -> c -> t -> end", **nodes)

    monkeypatch.setattr(records, "MOST_RECORDS", 2)
    assert Instance(net).complete("a").complete("b").work == ["c"]

    monkeypatch.setattr(records, "MOST_RECORDS", 1)
    instance = Instance(net).complete("a")
    with pytest.raises(Incident) as raised:
        instance.complete("b")
    assert (raised.value.rule, raised.value.element_id) == ("guard.too-many-to-undo", "b")


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        ("abc", 4),
        (1, 1),
        (None, 1),
        ([], 1),
        (["ab", "c"], 6),
        ({"ab": 1}, 4),
        ({"ab": {"c": "d"}, "e": [1]}, 10),
    ],
)
def test_a_value_weighs_its_characters_names_and_entries(value: object, weight: int) -> None:
    assert weigh(value, 1_000) == weight


def test_weighing_ends_soon_behind_the_limit() -> None:
    assert weigh([1] * 100, 10) == 11


def test_outputs_of_instances_and_of_the_whole_are_measured() -> None:
    ask = user(output("text", "text"), instances(count="2", into="texts", result="text"))
    instance = Instance(diagram("start -> ask -> end", ask=ask))

    with pytest.raises(Incident) as raised:
        instance.complete("ask", text=TOO_LONG[2:])

    assert (raised.value.rule, raised.value.element_id) == ("guard.value-too-large", "ask")
    assert instance.complete("ask", text=TOO_LONG[3:]).work == ["ask"]


def test_what_a_called_scope_throws_and_nobody_catches_ends_the_instance() -> None:
    part = sub_process("start1 -> end1", end1=event("endEvent", error("odd")))

    assert Instance(diagram("start -> part -> end", part=part)).end == InstanceEnded(None, "odd")


def test_each_line_of_a_script_is_measured() -> None:
    net = diagram("start -> a -> end", a=script("n = [long]\nn = 1"))

    assert incident_of(net, long=TOO_LONG[1:]) == ("guard.value-too-large", "a")


def test_what_is_decided_is_measured_even_if_nobody_wants_it() -> None:
    net = rating(table("long => level", "- => long"), rate=rule_task().replace("'level'", "1"))

    assert incident_of(net, long=TOO_LONG[1:]) == ("guard.value-too-large", "rate")


def test_what_an_instance_keeps_to_itself_is_measured_too() -> None:
    ask = user(
        output("text", "text") + output("note", "1"), instances(count="1", into="notes", result="note")
    )
    instance = Instance(diagram("start -> ask -> end", ask=ask))

    with pytest.raises(Incident) as raised:
        instance.complete("ask", text=TOO_LONG)

    assert (raised.value.rule, raised.value.element_id) == ("guard.value-too-large", "ask")


def test_each_instance_completes_in_history() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=several(count="2")))

    assert instance.complete("ask").completed == ["start", "ask"]
    assert instance.complete("ask").completed == ["start", "ask", "ask", "end"]


def test_an_activity_without_instances_was_visited_once() -> None:
    instance = Instance(diagram("start -> ask -> end", ask=several(count="0")))

    assert instance.completed == ["start", "ask", "end"]


@pytest.mark.parametrize("repeated", [instances(count="2"), loop("n > 0", most=2)])
def test_a_boundary_timer_is_off_once_the_last_instance_or_round_is_done(repeated: str) -> None:
    net = diagram(
        "start -> ask -> more -> end\nlate -> end2",
        ask=user("", repeated),
        more=user(),
        late=boundary("ask", timer("PT1H")),
    )
    instance = Instance(net, n=1).complete("ask")
    assert instance.waits == ["late"]

    instance.complete("ask")

    assert (instance.work, instance.waits, len(instance.happened(TimerDropped))) == (["more"], [], 1)
