"""The inclusive gateway: every way that holds, and a join that waits for all of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from engine.bpmn.model import ElementKind
from engine.bpmn.problems import DefinitionRefused
from engine.runtime.errors import Incident
from engine.runtime.inclusive_gateway import _may_pass
from engine.runtime.returning import return_targets
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    exclusive,
    inclusive,
    instances,
    output,
    parallel,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import Instance

WAYS = """
    split -[to_a: 'a' in ways]-> a -> join
    split -[to_b: 'b' in ways]-> b -> join
    split -[rest]-> c -> join
"""
NODES = {
    "split": inclusive("rest"),
    "join": inclusive(),
    "a": user(),
    "b": user(),
    "c": user(),
    "z": user(),
}


@pytest.mark.parametrize(
    ("ways", "work"), [(["a"], ["a"]), (["b"], ["b"]), (["a", "b"], ["a", "b"]), ([], ["c"])]
)
def test_every_way_whose_condition_holds_is_taken_and_waited_for(ways: list[str], work: list[str]) -> None:
    instance = Instance(diagram(f"start -> split {WAYS} join -> z -> end", **NODES), ways=ways)
    assert instance.work == work

    for name in work:
        assert "z" not in instance.work
        instance.complete(name)

    assert instance.work == ["z"]
    assert instance.complete("z").end is not None


def test_no_holding_condition_without_a_default_is_an_incident() -> None:
    net = diagram("start -> g\ng -[one: x == 1]-> end\ng -[two: x == 2]-> end2", g=inclusive())

    with pytest.raises(Incident) as raised:
        Instance(net, x=3)

    assert raised.value.rule == "flow.none-holds"


def test_each_round_of_a_loop_waits_for_what_that_round_took() -> None:
    net = diagram(
        f"start -> m -> ask -> split {WAYS} join -> g\ng -[again: more]-> m\ng -[on]-> z -> end",
        m=exclusive(),
        ask=user(output("ways", "ways") + output("more", "more")),
        g=exclusive("on"),
        **NODES,
    )
    instance = Instance(net).complete("ask", ways=["a", "b"], more=True)
    assert instance.complete("a").work == ["b"]
    assert instance.complete("b").work == ["ask"]

    instance.complete("ask", ways=["a"], more=True)
    assert instance.complete("a").work == ["ask"]

    instance.complete("ask", ways=["a", "b"], more=False)
    assert instance.complete("b").work == ["a"], "the rounds before do not count"
    assert instance.complete("a").work == ["z"]
    assert verify_soundness(net).is_sound


def test_nested_gateways_wait_for_their_own_branches() -> None:
    net = diagram(
        """
        start -> outer
        outer -[o1: True]-> split
        outer -[o2: x]-> d -> outer_join
        split -[i1: True]-> a -> join
        split -[i2: x]-> b -> join
        join -> c -> outer_join
        outer_join -> z -> end
        """,
        outer=inclusive(),
        split=inclusive(),
        join=inclusive(),
        outer_join=inclusive(),
        **{name: user() for name in "abcdz"},
    )
    instance = Instance(net, x=True)

    assert instance.complete("a").work == ["b", "d"]
    assert instance.complete("b").work == ["c", "d"]
    assert instance.complete("c").work == ["d"]
    assert instance.complete("d").work == ["z"]
    assert Instance(net, x=False).complete("a").complete("c").work == ["z"]


def test_beside_a_parallel_branch_in_a_loop_it_waits_for_its_own_branches_only() -> None:
    """A path leads from the sibling through the loop to the empty flow, but only past this very join."""
    net = diagram(
        f"""
        start -> m -> s
        s -> d -> j
        s -> split {WAYS}
        join -> j
        j -> g
        g -[again: more]-> m
        g -[on]-> z -> end
        """,
        m=exclusive(),
        s=parallel(),
        j=parallel(),
        d=user(output("more", "more")),
        g=exclusive("on"),
        **NODES,
    )
    instance = Instance(net, ways=["a"]).complete("a")
    assert instance.completed[-1] == "join"

    instance.complete("d", more=True).complete("d", more=False)
    assert instance.work == ["a"]
    assert instance.complete("a").work == ["z"]
    assert verify_soundness(net).is_sound


def test_nested_joins_in_a_loop_fire_from_the_inside_outwards() -> None:
    net = diagram(
        f"""
        start -> m -> outer
        outer -[o1: 'inner' in ways]-> split {WAYS} join -> outer_join
        outer -[o2: 'd' in ways]-> d -> outer_join
        outer_join -> ask -> g
        g -[again: more]-> m
        g -[on]-> z -> end
        """,
        m=exclusive(),
        outer=inclusive(),
        outer_join=inclusive(),
        ask=user(output("more", "more")),
        d=user(),
        g=exclusive("on"),
        **NODES,
    )
    instance = Instance(net, ways=["inner", "a", "d"]).complete("a")
    assert instance.completed[-1] == "join", "what waits for it is not waited for"
    assert instance.complete("d").work == ["ask"]

    instance = Instance(net, ways=["inner", "a", "b", "d"]).complete("d").complete("a")
    assert instance.work == ["b"], "neither join fires while a branch inside is open"

    instance.complete("b")
    assert instance.work == ["ask"]
    assert instance.complete("ask", more=True).work == ["a", "b", "d"]
    assert instance.complete("b").complete("a").work == ["d"]
    assert instance.complete("d").complete("ask", more=False).work == ["z"]
    assert verify_soundness(net).is_sound


def test_a_token_that_could_come_by_another_flow_is_waited_for_too() -> None:
    """The letter of 13.4.3 would let the join fire while ``c`` is open, and pass by it."""
    net = diagram(
        """
        start -> s
        s -> a -> left
        s -> c -> g
        g -[one: x]-> left
        g -[two]-> right
        left -> join
        right -> join
        join -> z -> end
        """,
        s=parallel(),
        g=exclusive("two"),
        left=exclusive(),
        right=exclusive(),
        join=inclusive(),
        a=user(),
        c=user(),
        z=user(),
    )

    assert Instance(net, x=False).complete("a").work == ["c"]
    assert Instance(net, x=False).complete("a").complete("c").work == ["z"]


def test_a_branch_of_parallel_branches_is_waited_for() -> None:
    net = diagram(
        """
        start -> split
        split -[to_s: True]-> s
        split -[to_b: True]-> b -> join
        s -> a -> inner
        s -> c -> inner
        inner -> join
        join -> z -> end
        """,
        **{**NODES, "split": inclusive(), "s": parallel(), "inner": parallel()},
    )
    instance = Instance(net).complete("b").complete("a")

    assert instance.work == ["c"]
    assert instance.complete("c").work == ["z"]


def test_a_branch_with_a_loop_of_its_own_is_waited_for() -> None:
    net = diagram(
        """
        start -> split
        split -[to_a: True]-> m -> d -> g
        g -[again: more]-> m
        g -[on]-> join
        split -[to_b: True]-> b -> join
        join -> z -> end
        """,
        split=inclusive(),
        join=inclusive(),
        m=exclusive(),
        g=exclusive("on"),
        d=user(output("more", "more")),
        b=user(),
        z=user(),
    )
    instance = Instance(net).complete("b").complete("d", more=True)

    assert instance.work == ["d"]
    assert instance.complete("d", more=False).work == ["z"]


def test_an_interrupted_branch_is_no_longer_waited_for() -> None:
    net = diagram(
        f"start -> split {WAYS} join -> z -> end\nlate -> end_late",
        late=boundary("b", timer("P1D")),
        **NODES,
    )
    instance = Instance(net, ways=["a", "b"]).complete("a")
    assert instance.work == ["b"]

    assert instance.fire("late").work == ["z"]


def test_a_boundary_event_that_leads_to_the_join_is_waited_for() -> None:
    net = diagram(
        "start -> s\ns -> a -> join\ns -> b -> end_b\nnote -> join\njoin -> z -> end",
        s=parallel(),
        join=inclusive(),
        note=boundary("b", timer("P1D"), interrupting=False),
        a=user(),
        b=user(),
        z=user(),
    )
    instance = Instance(net).complete("a")
    assert instance.work == ["b"], "the event could still bring a token"

    assert Instance(net).complete("a").fire("note").work == ["b", "z"]
    assert instance.complete("b").work == ["z"]


def test_a_join_waits_within_its_own_sub_process_only() -> None:
    net = diagram(
        "start -> s\ns -> sub -> j\ns -> d -> j\nj -> end",
        s=parallel(),
        j=parallel(),
        d=user(),
        sub=sub_process(f"start_i -> split {WAYS} join -> z -> end_i", **NODES),
    )

    assert Instance(net, ways=["b"]).complete("b").work == ["d", "z"]


def test_a_join_waits_within_its_own_instance_of_several_only() -> None:
    net = diagram(
        "start -> sub -> end",
        sub=sub_process(
            f"start_i -> split {WAYS} join -> z -> end_i", instances(over="wanted", item="ways"), **NODES
        ),
    )
    instance = Instance(net, wanted=[["a", "b"], ["c"]])
    assert instance.work == ["a", "b", "c"]

    assert instance.complete("c").work == ["a", "b", "z"], "the branches of the other instance do not count"
    assert instance.complete("a").work == ["b", "z"]
    assert instance.complete("b").work == ["z", "z"]


def test_a_token_too_many_at_the_join_counts_for_the_next_time() -> None:
    net = diagram(
        "start -> s\ns -> a -> m\ns -> b -> m\ns -> c -> join\nm -> join\njoin -> z -> end",
        s=parallel(),
        m=exclusive(),
        join=inclusive(),
        **{name: user() for name in "abcz"},
    )

    instance = Instance(net).complete("a").complete("b").complete("c")

    assert instance.work == ["z", "z"]


def test_joins_that_wait_for_each_other_are_found_before_deployment() -> None:
    net = diagram(
        """
        start -> s
        s -> a -> one
        s -> b -> two
        one -> c -> g
        g -[g1: x]-> two
        g -[g2]-> end
        two -> d -> h
        h -[h1: y]-> one
        h -[h2]-> end2
        """,
        s=parallel(),
        one=inclusive(),
        two=inclusive(),
        g=exclusive("g2"),
        h=exclusive("h2"),
        **{name: user() for name in "abcd"},
    )
    instance = Instance(net).complete("a")

    with pytest.raises(Incident, match="a__one, b__two"):
        instance.complete("b")
    assert [each.kind for each in verify_soundness(net).violations][:1] == ["incident"]


def test_what_follows_the_join_may_write_what_its_branches_read() -> None:
    net = diagram(
        f"start -> split {WAYS} join -> z -> end", **{**NODES, "z": user(output("decision", "outcome"))}
    )

    assert verify_soundness(net).is_sound


def test_what_follows_a_join_in_a_loop_writes_alone() -> None:
    flows = f"start -> m -> split {WAYS} join -> z -> g\ng -[again: x == 1]-> m\ng -[on]-> end"
    nodes = {"m": exclusive(), "g": exclusive("on"), **NODES, "z": user(output("x", "1"))}
    assert diagram(flows, **nodes)  # type: ignore[truthy-bool]  # it is not refused


def test_what_follows_a_join_writes_alone_whatever_its_branches_hold() -> None:
    flows = """
        start -> m -> split
        split -[to_s: x]-> s
        split -[to_b: y]-> b -> join
        s -> a -> inner
        s -> c -> inner
        inner -> join
        join -> z -> g
        g -[again: w == 1]-> m
        g -[on]-> end
    """
    nodes = {
        **NODES,
        "m": exclusive(),
        "split": inclusive(),
        "s": parallel(),
        "inner": parallel(),
        "g": exclusive("on"),
        "z": user(output("w", "1")),
    }

    assert diagram(flows, **nodes)  # type: ignore[truthy-bool]  # it is not refused


def test_branches_of_one_split_do_not_write_one_variable() -> None:
    writers = {"a": user(output("x", "1")), "b": user(output("x", "2"))}

    with pytest.raises(DefinitionRefused, match=r"variable.concurrent-writers"):
        diagram(f"start -> split {WAYS} join -> z -> end", **{**NODES, **writers})


def test_a_flow_without_condition_is_refused_as_at_an_exclusive_gateway() -> None:
    with pytest.raises(DefinitionRefused, match=r"gateway.condition-missing"):
        diagram("start -> g\ng -[one: x]-> end\ng -> end2", g=inclusive())


def around(**upstream: set[str]) -> Any:
    """Stand in for an inclusive gateway and what lies upstream of each of its incoming flows."""
    return SimpleNamespace(
        id="around", kind=ElementKind.INCLUSIVE_GATEWAY, upstream=upstream, incoming=upstream
    )


@pytest.mark.parametrize(
    ("element", "filled", "joins", "passes"),
    [
        (around(f={"join"}, other={"x"}), ["f"], {}, False),
        (around(f={"join"}, other={"x"}), ["f"], {"other": 1}, False),
        (around(f={"join"}, other={"x"}), ["f"], {"f": 1}, True),
        (around(f={"join"}, other={"x"}), ["f", "h"], {}, True),
        (around(f={"x"}), ["f"], {}, True),
    ],
    ids=["waits for it", "holds another", "holds of it", "not all led from it", "waits for something else"],
)
def test_a_join_around_is_not_passed_before_the_join_inside(
    element: Any, filled: list[str], joins: dict[str, int], passes: bool
) -> None:
    join = around(f={"around"}, h={"x"})
    join.id = "join"

    assert _may_pass(element, join, filled, joins, set()) is passes


def test_the_only_way_out_is_taken_if_its_condition_holds() -> None:
    net = diagram("start -> a -> g -[on: x]-> end", a=user(), g=inclusive())

    assert Instance(net, x=True).complete("a").end is not None
    with pytest.raises(Incident):
        Instance(net, x=False).complete("a")


def test_nobody_returns_to_where_the_join_that_fired_would_have_waited() -> None:
    task = user(zujian_actions="return")
    flows = """start -> split
        split -[to_a: True]-> a -> join -> d -> end
        split -[to_b: True]-> b -> g
        g -[near: x]-> join
        g -[far]-> c -> end_c"""
    names = {"split": inclusive(), "join": inclusive(), "g": exclusive("far")}
    instance = Instance(diagram(flows, **names, **dict.fromkeys("abcd", task)), x=False).complete("b")
    open_task = instance.activity("c")
    assert [each.element_id for each in return_targets(instance.net, instance._state, open_task)] == ["b"]

    assert instance.complete("a").work == ["c", "d"]

    assert return_targets(instance.net, instance._state, open_task) == ()


def test_beside_the_join_one_returns_to_what_leads_to_it_only_in_another_round() -> None:
    task = user(zujian_actions="return")
    flows = f"""start -> m -> s
        s -> d -> e -> j
        s -> split {WAYS}
        join -> j -> g
        g -[again: more]-> m
        g -[on]-> z -> end"""
    nodes = {**NODES, "m": exclusive(), "s": parallel(), "j": parallel(), "g": exclusive("on")}
    net = diagram(flows, d=task, e=task, **nodes)
    instance = Instance(net, ways=["a"], more=False).complete("d").complete("a")

    targets = return_targets(net, instance._state, instance.activity("e"))

    assert [each.element_id for each in targets] == ["d"]
