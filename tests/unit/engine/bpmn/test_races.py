"""What an element reads while another may write it: found wherever an expression stands."""

import pytest

from tests.unit.engine.diagram import (
    condition,
    diagram,
    event,
    instances,
    listener,
    loop,
    message,
    output,
    parallel,
    script,
    service,
    timer,
    user,
)

FLOWS = "start -> first -> split\nsplit -> a -> join\nsplit -> b -> join\njoin -> end"
PAYLOAD = '<zujian:payload><zujian:parameter name="v" value="x + y"/></zujian:payload>'


@pytest.mark.parametrize(
    "reader",
    [
        user(zujian_unit="x"),
        user(zujian_region="x"),
        user(zujian_prefill="{'v': x}"),
        user(output("z", "x + y")),
        user(listener("t", when="x == 1")),
        user(listener("t", v="x")),
        service(v="x"),
        script("z = x"),
        user("", instances(count="x")),
        user("", instances(over="x", item="i")),
        user("", instances(count="2", until="x")),
        user("", loop("x")),
        event("intermediateCatchEvent", timer("x")),
        event("intermediateCatchEvent", condition("x")),
        event("intermediateCatchEvent", message("m"), zujian_correlationKey="x"),
        event("intermediateThrowEvent", message("m"), PAYLOAD),
    ],
)
def test_a_race_is_found_wherever_the_expression_stands(reader: str) -> None:
    first = user(output("y", "1"), zujian_actions="return")
    net = diagram(FLOWS, first=first, split=parallel(), join=parallel(), a=user(output("x", "1")), b=reader)

    assert net.processes["p"].races == {"b": frozenset({"x"})}


def test_without_a_way_back_races_do_not_matter() -> None:
    nodes = {"first": user(), "split": parallel(), "join": parallel(), "a": user(output("x", "1"))}

    assert diagram(FLOWS, b=user(zujian_unit="x"), **nodes).processes["p"].races == {}


def test_what_is_written_before_or_behind_is_no_race() -> None:
    ask = {"zujian_actions": "takeBack"}
    net = diagram("start -> a -> b -> end", a=user(output("x", "1"), **ask), b=user(output("z", "x")))

    assert net.processes["p"].races == {}
