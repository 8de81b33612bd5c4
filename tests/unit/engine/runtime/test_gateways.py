"""Gateways, and conditions on flows of activities."""

import pytest

from engine.runtime.effects import ElementEntered, FlowTaken
from engine.runtime.errors import Incident
from tests.unit.engine.diagram import (
    diagram,
    event,
    exclusive,
    message,
    node,
    output,
    parallel,
    script,
    signal,
    timer,
    user,
)
from tests.unit.engine.instance import Instance

REWORK = diagram(
    """
    start -> draft -> split
    split -> finance -> join
    split -> legal -> join
    join -> decide
    decide -[again: finance == 'no' or legal == 'no']-> draft
    decide -[good]-> end
    """,
    draft=user(),
    split=parallel(),
    join=parallel(),
    decide=exclusive("good"),
    finance=user(output("finance", "outcome")),
    legal=user(output("legal", "outcome")),
)


def test_an_exclusive_gateway_takes_the_first_flow_that_holds() -> None:
    net = diagram(
        "start -> g\ng -[one: x > 1]-> a -> end\ng -[two: x > 0]-> b -> end\ng -[rest]-> c -> end",
        g=exclusive("rest"),
        a=user(),
        b=user(),
        c=user(),
    )

    assert [Instance(net, x=x).work for x in (2, 1, 0)] == [["a"], ["b"], ["c"]]


def test_conditions_are_asked_in_the_order_in_which_the_gateway_lists_its_flows() -> None:
    listed = "".join(f"<bpmn:outgoing>{flow}</bpmn:outgoing>" for flow in ("second", "first"))
    net = diagram(
        "start -> g\ng -[first: True]-> a -> end\ng -[second: True]-> b -> end2",
        g=node("exclusiveGateway", listed),
        a=user(),
        b=user(),
    )

    assert Instance(net).work == ["b"]


def test_no_holding_condition_is_an_incident() -> None:
    net = diagram("start -> g\ng -[one: x == 1]-> end\ng -[two: x == 2]-> end2", g=exclusive())

    with pytest.raises(Incident) as raised:
        Instance(net, x=3)

    assert raised.value.rule == "flow.none-holds"
    assert raised.value.element_id == "g"


def test_only_a_boolean_decides() -> None:
    net = diagram("start -> g\ng -[one: x]-> end\ng -[rest]-> end2", g=exclusive("rest"))

    with pytest.raises(Incident, match="neither true nor false"):
        Instance(net, x="false")


def test_a_join_waits_for_every_branch_in_every_round() -> None:
    instance = Instance(REWORK).complete("draft")
    instance.complete("finance", outcome="yes")
    assert instance.work == ["legal"]
    instance.complete("legal", outcome="no")
    assert instance.work == ["draft"]

    instance.complete("draft").complete("legal", outcome="yes")
    assert instance.work == ["finance"], "the agreement of the first round does not count"

    instance.complete("finance", outcome="yes")
    assert instance.end is not None


def test_a_thousand_rounds_leave_the_state_as_small_as_one() -> None:
    instance = Instance(REWORK)
    sizes = set()
    for _ in range(1_000):
        instance.complete("draft").complete("legal", outcome="no").complete("finance", outcome="yes")
        sizes.add(len(str(instance.state)) // 100)

    assert len(sizes) <= 2
    assert instance.work == ["draft"]


def test_a_token_too_many_at_a_join_counts_for_the_next_time() -> None:
    net = diagram(
        """
        start -> many
        many -> a -> merge -> split2
        many -> b -> merge
        split2 -> c -> join
        split2 -> d -> join
        join -> e -> end
        """,
        many=parallel(),
        merge=exclusive(),
        split2=parallel(),
        join=parallel(),
        **{name: user() for name in "abcde"},
    )
    instance = Instance(net).complete("a").complete("b")

    instance.complete("c").complete("c").complete("d")
    assert instance.work == ["d", "e"]

    instance.complete("d")
    assert instance.work == ["e", "e"]


def test_a_starved_join_is_an_incident() -> None:
    net = diagram(
        "start -> g\ng -[one: x == 1]-> a -> join\ng -[rest]-> b -> join\njoin -> end",
        g=exclusive("rest"),
        join=parallel(),
        a=user(),
        b=user(),
    )
    instance = Instance(net, x=1)

    with pytest.raises(Incident) as raised:
        instance.complete("a")

    assert raised.value.rule == "instance.stuck"
    assert "a__join" in raised.value.message.en
    assert instance.work == ["a"]


def test_a_loop_without_a_wait_is_an_incident() -> None:
    net = diagram(
        "start -> count -> g\ng -[again: n > 0]-> count\ng -[out]-> end",
        count=script("n = n + 1"),
        g=exclusive("out"),
    )

    with pytest.raises(Incident) as raised:
        Instance(net, n=1)

    assert raised.value.rule == "guard.endless"


def test_all_flows_of_an_activity_are_taken() -> None:
    net = diagram("start -> a\na -> b -> end\na -> c -> end2", a=user(), b=user(), c=user())

    assert Instance(net).complete("a").work == ["b", "c"]


@pytest.mark.parametrize(
    ("x", "work"),
    [(1, ["always", "one"]), (2, ["always", "two"]), (3, ["always", "one", "two"]), (0, ["always", "rest"])],
)
def test_conditional_and_default_flows_of_an_activity(x: int, work: list[str]) -> None:
    net = diagram(
        """
        start -> a
        a -> always -> end
        a -[f1: x == 1 or x == 3]-> one -> end1
        a -[f2: x > 1]-> two -> end2
        a -[f3]-> rest -> end3
        """,
        a=user(default="f3"),
        always=user(),
        one=user(),
        two=user(),
        rest=user(),
    )

    assert Instance(net, x=x).complete("a").work == work


EITHER = diagram(
    """
    start -> g
    g -> paid -> a -> end
    g -> late -> b -> end
    g -> stop -> c -> end
    """,
    g=node("eventBasedGateway"),
    paid=event("intermediateCatchEvent", message("paid"), zujian_correlationKey="order"),
    late=event("intermediateCatchEvent", timer("P3D")),
    stop=event("intermediateCatchEvent", signal("stop")),
    a=user(),
    b=user(),
    c=user(),
)


def test_an_event_based_gateway_goes_the_way_of_the_first_event() -> None:
    assert Instance(EITHER, order="o").message("paid").work == ["a"]
    assert Instance(EITHER, order="o").fire("late").work == ["b"]
    assert Instance(EITHER, order="o").signal("stop").work == ["c"]


def test_the_other_events_are_off_after_the_first() -> None:
    instance = Instance(EITHER, order="o")
    assert instance.waits == ["late", "paid", "stop"]

    instance.fire("late")

    assert instance.waits == []
    assert instance.completed == ["start", "g", "late"]
    assert [each.flow_id for each in instance.happened(FlowTaken)] == ["g__late", "late__b"]
    assert "g" in [each.element_id for each in instance.history if isinstance(each, ElementEntered)]
