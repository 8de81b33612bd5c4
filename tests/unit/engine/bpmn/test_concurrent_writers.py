"""Parallel branches do not write the same variable; one after the other they may."""

import pytest

from tests.unit.engine.diagram import (
    boundary,
    diagram,
    event,
    event_sub_process,
    exclusive,
    instances,
    output,
    parallel,
    signal,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.refusing import refused

WRITES_X = user(output("x", "y"))


@pytest.mark.parametrize(
    ("flows", "nodes"),
    [
        ("start -> s\ns -> a -> j\ns -> b -> j\nj -> end", {"s": parallel(), "j": parallel(), "b": WRITES_X}),
        (
            "start -> a -> end\nb -> c -> end2",
            {"b": boundary("a", signal("g"), interrupting=False), "c": WRITES_X},
        ),
        (
            "start -> a -> end",
            {
                "e": event_sub_process(
                    "start_e -> c -> end_e",
                    start_e=event("startEvent", signal("g"), isInterrupting="false"),
                    c=WRITES_X,
                )
            },
        ),
        (
            "start -> s\ns -> sub -> end\ns -> a -> end2",
            {"s": parallel(), "sub": sub_process("start_s -> c -> end_s", c=WRITES_X)},
        ),
        ("start -> s\ns -> m\ns -> m\nm -> a -> end", {"s": parallel(), "m": exclusive()}),
    ],
)
def test_two_writers_at_once_are_refused(flows: str, nodes: dict[str, str]) -> None:
    flows = flows.replace("s -> m\ns -> m", "s -[one]-> m\ns -[two]-> m")

    assert "variable.concurrent-writers" in [rule for _, rule in refused(flows, a=WRITES_X, **nodes)]


@pytest.mark.parametrize(
    ("flows", "nodes"),
    [
        ("start -> a -> b -> end", {"b": WRITES_X}),
        ("start -> g\ng -[one: z]-> a -> end\ng -[two]-> b -> end", {"g": exclusive("two"), "b": WRITES_X}),
        (
            "start -> m -> s\ns -> a -> j\ns -> b -> j\nj -> c -> g\ng -[again: x]-> m\ng -[on]-> end",
            {
                "m": exclusive(),
                "s": parallel(),
                "j": parallel(),
                "g": exclusive("on"),
                "b": user(output("z", "y")),
                "c": WRITES_X,
            },
        ),
        ("start -> a -> end\nb -> c -> end2", {"b": boundary("a", timer("P1D")), "c": WRITES_X}),
        ("start -> sub -> a -> end", {"sub": sub_process("start_s -> c -> end_s", c=WRITES_X)}),
        (
            "start -> sub -> a -> end",
            {
                "sub": sub_process(
                    "start_s -> c -> end_s", instances(count="2", into="xs", result="x"), c=WRITES_X
                )
            },
        ),
        (
            "start -> a -> end",
            {
                "e": event_sub_process(
                    "start_e -> c -> end_e", start_e=event("startEvent", signal("g")), c=WRITES_X
                )
            },
        ),
    ],
)
def test_writers_one_after_the_other_are_fine(flows: str, nodes: dict[str, str]) -> None:
    assert diagram(flows, a=WRITES_X, **nodes)
