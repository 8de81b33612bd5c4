"""Which compensation is refused before anything runs, and what the compiler says of the rest."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from tests.unit.engine.compensating import A_AND_B, INNER, throw
from tests.unit.engine.diagram import (
    boundary,
    compensation,
    diagram,
    event,
    event_sub_process,
    output,
    parallel,
    sub_process,
    timer,
    undoing,
    undone,
    user,
)


def refused(flows: str, **nodes: str) -> set[str]:
    with pytest.raises(DefinitionRefused) as raised:
        diagram(flows, **nodes)
    return {problem.rule for problem in raised.value.problems if problem.severity == "error"}


@pytest.mark.parametrize(
    ("nodes", "rule"),
    [
        ({"undo_a": boundary("a", compensation())}, "compensation.handler-missing"),
        ({"undo_a": undone("a", "b")}, "compensation.handler-missing"),
        ({"no_c": undoing()}, "compensation.handler-unused"),
        ({"late": boundary("no_a", timer("P1D"))}, "compensation.handler-connected"),
        ({"undo_2": undone("a", "no_a")}, "compensation.twofold"),
        ({"t": throw("nothing")}, "compensation.not-visible"),
        ({"t": throw("undo_a")}, "compensation.not-visible"),
        (
            {"e": event_sub_process("start_u -> end_u", start_u=event("startEvent", compensation()))},
            "compensation.start",
        ),
    ],
)
def test_compensation_that_is_not_clear_is_refused(nodes: dict[str, str], rule: str) -> None:
    assert rule in refused("start -> a -> b -> t -> end", **{"t": throw(), **A_AND_B, **nodes})


def test_compensation_beside_returns_is_refused() -> None:
    nodes = {**A_AND_B, "b": user(zujian_actions="return")}

    assert refused("start -> a -> b -> t -> end", t=throw(), **nodes) == {"compensation.way-back"}


def test_flows_do_not_lead_to_handlers_nor_away_from_compensation_events() -> None:
    assert "compensation.handler-connected" in refused("start -> a -> b -> no_a -> end", **A_AND_B)
    assert "compensation.handler-missing" in refused("start -> a -> b -> end\nundo_a -> end", **A_AND_B)


def test_what_stands_in_another_scope_cannot_be_asked_for() -> None:
    sub = sub_process("start_s -> a -> b -> end_s", **INNER)

    assert refused("start -> sub -> t -> end", sub=sub, t=throw("a")) == {"compensation.not-visible"}


def test_a_throw_that_can_never_undo_anything_is_a_warning() -> None:
    net_ = diagram("start -> a -> t -> end", a=user(), t=throw())

    assert [problem.rule for problem in net_.warnings] == ["compensation.nothing"]


def test_a_handler_may_write_what_the_activity_wrote_but_not_what_a_branch_beside_it_writes() -> None:
    nodes = {
        "s": parallel(),
        "j": parallel(),
        "t": throw(),
        "a": user(output("x", "1")),
        "undo_a": undone("a", "no_a"),
        "no_a": undoing(output("x", "0")),
    }
    flows = "start -> a -> s\ns -> t -> j\ns -> b -> j\nj -> end"

    diagram(flows, **nodes, b=user(output("y", "1")))
    assert refused(flows, **nodes, b=user(output("x", "1"))) == {"variable.concurrent-writers"}
    beside = {**nodes, "t": throw(waits=False), "c": user(output("x", "2"))}
    assert refused("start -> a -> t -> c -> end", **beside) >= {"variable.concurrent-writers"}
