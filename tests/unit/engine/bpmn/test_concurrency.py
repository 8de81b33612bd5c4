"""Which elements may be active together, and for what an inclusive join is sure to wait."""

import re

import pytest

from engine.bpmn.rules.concurrency import _InclusiveJoin, concurrent_elements
from engine.bpmn.rules.inclusive_joins import waited_for
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    event,
    exclusive,
    inclusive,
    link,
    node,
    parallel,
    sub_process,
    timer,
    user,
)

FORK = "start -> f\nf -> a -> j\nf -> b -> j\nj -> c -> end"
CHOICE = "start -> s\ns -[x: x == 1]-> a -> j\ns -> b -> j\nj -> c -> end"
SOME = "start -> s\ns -[x: x == 1]-> a -> j\ns -[y: x == 2]-> b -> j\ns -[o]-> d -> j\nj -> c -> end"
LEAVING = (
    "start -> s\ns -[x: x == 1]-> a -> end1\ns -[y: x == 2]-> b -> end2\n"
    "s -[z]-> c -> end3\ns -[o]-> d -> end4"
)
IN_STEP = "start -> f\nf -> a -> p\nf -> b -> p\np -> j\nf -> c -> j\nj -> d -> end"
BEHIND = "start -> f\nf -> a -> p\nf -> c -> j\np -> j\nj -> d -> g\ng -[again: x == 1]-> p\ng -> end"
LATE = "start -> a -> end\nt -> b -> end2\nv -> c -> end3"
IN_IT = "start -> o -> end\n"


def with_tasks(flows: str, nodes: dict[str, str]) -> dict[str, str]:
    """Draw every name of one letter that is not given as a user task."""
    return {name: user() for name in re.findall(r"\b[a-d]\b", re.sub(r"\[.*?]", "", flows))} | nodes


def together(flows: str, scope: str | None = None, **nodes: str) -> set[str]:
    """Return the pairs of tasks that may be active together, each once."""
    process = diagram(flows, **with_tasks(flows, nodes)).processes["p"]
    pairs = concurrent_elements(process, scope)
    assert {(b, a) for a, b in pairs} == pairs
    return {f"{a}{b}" for a, b in pairs if a <= b and len(a) == len(b) == 1}


@pytest.mark.parametrize(
    ("flows", "nodes", "pairs"),
    [
        (FORK, {"f": parallel(), "j": parallel()}, "ab"),
        (CHOICE, {"s": exclusive("s__b"), "j": exclusive()}, ""),
        (SOME, {"s": inclusive("o"), "j": inclusive()}, "ab"),
        # Without a condition and not the default a flow is taken beside every other one.
        (LEAVING, {"s": node("userTask", zujian_role="r", default="o")}, "ab ac bc cd"),
        (IN_STEP, {"f": parallel(), "p": parallel(), "j": inclusive()}, "ab ac bc"),
        # The parallel join waits for what comes from behind the inclusive one, which waits for neither.
        (BEHIND, {"f": parallel(), "p": parallel(), "j": inclusive(), "g": exclusive("g__end")}, "ac ad ag"),
        (
            LATE,
            {
                "t": boundary("a", timer("PT1H"), interrupting=False),
                "v": boundary("a", timer("PT2H")),
            },
            "ab at bb bc bt bv ct tt tv",
        ),
    ],
)
def test_elements_that_may_be_active_together_are_found(
    flows: str, nodes: dict[str, str], pairs: str
) -> None:
    assert together(flows, **nodes) == set(pairs.split())


def test_a_scope_is_looked_at_for_itself() -> None:
    inner = sub_process("start_i -> f\nf -> a -> end_a\nf -> b -> end_b", f=parallel(), a=user(), b=user())

    assert together(IN_IT, "o", o=inner) == {"ab"}
    assert together(IN_IT, o=inner) == set()


def certain(flows: str, gateway: str = "j", **nodes: str) -> dict[str, set[str]]:
    """Return for each flow into an inclusive join the elements whose token it waits for, with the flows."""
    process = diagram(flows, **with_tasks(flows, nodes)).processes["p"]
    return {flow: set(places) for flow, places in waited_for(process.elements[gateway], process).items()}


def test_a_join_waits_for_what_leads_to_it_and_for_the_flows_between() -> None:
    found = certain(SOME, s=inclusive("o"), j=inclusive())

    assert found == {
        "a__j": {"start", "start__s", "s", "x", "a"},
        "b__j": {"start", "start__s", "s", "y", "b"},
        "d__j": {"start", "start__s", "s", "o", "d"},
    }


def test_a_parallel_join_on_the_way_is_passed_when_both_its_sides_come_from_before() -> None:
    found = certain(IN_STEP, f=parallel(), p=parallel(), j=inclusive())

    assert found == {
        "p__j": {"start", "start__f", "f", "f__a", "a", "a__p", "f__b", "b", "b__p", "p"},
        "c__j": {"start", "start__f", "f", "f__c", "c"},
    }


def test_what_waits_for_the_join_itself_is_not_waited_for() -> None:
    nodes = {"f": parallel(), "p": parallel(), "j": inclusive(), "g": exclusive("g__end")}

    found = certain(BEHIND, **nodes)

    assert found == {"c__j": {"start", "start__f", "f", "f__c", "c"}, "p__j": set()}


def test_an_inclusive_join_that_leads_to_several_flows_is_not_waited_for() -> None:
    flows = (
        "start -> s\ns -[x: x == 1]-> a -> k\ns -> b -> k\nk -> m\n"
        "m -[y: y == 1]-> c -> j\nm -> d -> j\nj -> end"
    )
    nodes = {"s": inclusive("s__b"), "k": inclusive(), "m": inclusive("m__d"), "j": inclusive()}

    assert certain(flows, **nodes) == {
        "c__j": {"k__m", "m", "y", "c"},
        "d__j": {"k__m", "m", "m__d", "d"},
    }
    assert certain(flows, "k", **nodes)["a__k"] == {"start", "start__s", "s", "x", "a"}


def test_in_a_loop_what_comes_round_again_is_waited_for_up_to_the_join() -> None:
    flows = (
        "start -> h\nh -> s\ns -[x: x == 1]-> a -> j\ns -> b -> r\nr -[back: x == 2]-> c -> j\nr -> j\n"
        "j -> q\nq -[again: z == 1]-> h\nq -> end"
    )
    nodes = {
        "h": exclusive(),
        "s": inclusive("s__b"),
        "j": inclusive(),
        "r": exclusive("r__j"),
        "q": exclusive("q__end"),
    }
    before = {"start", "start__h", "h", "h__s", "s", "again", "q", "j__q"}

    assert certain(flows, **nodes) == {
        "a__j": before | {"x", "a"},
        "r__j": before | {"s__b", "b", "b__r", "r"},
        "c__j": before | {"s__b", "b", "b__r", "r", "back", "c"},
    }


def test_only_inclusive_joins_know_what_lies_before_their_flows() -> None:
    flows = f"{SOME.removesuffix('end')}k -> end"
    nodes = {"s": inclusive("o"), "j": inclusive(), "k": inclusive()}
    elements = diagram(flows, **with_tasks(flows, nodes)).processes["p"].elements

    assert {each.id for each in elements.values() if each.upstream} == {"j"}
    assert {flow: set(before) for flow, before in elements["j"].upstream.items()} == {
        "a__j": {"start", "s", "a"},
        "b__j": {"start", "s", "b"},
        "d__j": {"start", "s", "d"},
    }


def test_what_lies_before_a_join_is_found_across_links_and_boundary_events() -> None:
    flows = "start -> s\ns -[x: x == 1]-> a -> t\nu -> j\ns -> b -> j\nv -> c -> j\nj -> end"
    nodes = {
        "s": inclusive("s__b"),
        "t": event("intermediateThrowEvent", link("L")),
        "u": event("intermediateCatchEvent", link("L")),
        "v": boundary("b", timer("PT1H")),
        "j": inclusive(),
    }
    elements = diagram(flows, **with_tasks(flows, nodes)).processes["p"].elements

    assert {flow: set(before) for flow, before in elements["j"].upstream.items()} == {
        "u__j": {"start", "s", "a", "t", "u"},
        "b__j": {"start", "s", "b"},
        "c__j": {"start", "s", "b", "v", "c"},
    }


def test_beside_an_inclusive_join_a_token_stays_only_if_it_is_one_too_many() -> None:
    join = _InclusiveJoin(("f", "g"), ("out",), {"f": frozenset({"x"}), "g": frozenset({"x"})})

    def stays(other: str, **relation: str) -> bool:
        return join.may_fire_beside(
            other, {"f": set(), "g": set()} | {k: set(v) for k, v in relation.items()}
        )

    assert stays("f", f="f") is True
    assert stays("f", f="x", g="f") is False
    assert stays("x", f="x", g="x") is True
    assert stays("x", f="x") is False
    assert stays("y", f="y") is True
    assert stays("y", f="x") is False


def test_a_join_is_waited_for_unless_it_leads_to_several_flows() -> None:
    flows = """start -> s
        s -[o1: True]-> s2 -[p1: True]-> a -> j2 -> g
        s2 -[q1: True]-> b -> j2
        g -[straight: x]-> j
        g -[round]-> c -> j
        s -[o2: True]-> s3 -[p2: True]-> d -> j3 -> j
        s3 -[q2: True]-> e -> j3
        s -[o3: True]-> f -> g
        j -> end"""
    gates = {name: inclusive() for name in ("s", "s2", "s3", "j", "j2", "j3")}
    process = diagram(flows, **dict.fromkeys("abcdef", user()), g=exclusive("round"), **gates).processes["p"]

    found = waited_for(process.elements["j"], process)

    assert found["j3__j"] >= {"j3", "d", "e", "d__j3"}
    assert found["straight"] >= {"g", "j2__g", "f", "o3"}
    assert found["c__j"] >= {"c", "g", "round", "j2__g", "f", "o3"}
    assert "j2" not in found["straight"] | found["c__j"]
