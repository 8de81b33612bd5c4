"""What ``advance`` refuses, at the edge of each limit, and which element an incident names."""

import pytest

from engine.runtime import advance as advancing
from engine.runtime.commands import (
    Command,
    CompleteActivity,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    ThrowError,
)
from engine.runtime.errors import Incident, NoLongerWaiting
from engine.runtime.variables import LARGEST_VALUE
from tests.unit.engine.diagram import (
    diagram,
    event,
    loop,
    message,
    node,
    signal,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import Instance


def incident_of(
    net_flows: str, process: str = "p", variables: dict[str, object] | None = None, **nodes: str
) -> tuple[str, str | None]:
    """Start an instance that cannot go on; return rule and element of the incident."""
    with pytest.raises(Incident) as raised:
        Instance(diagram(net_flows, **nodes), process, **(variables or {}))
    return raised.value.rule, raised.value.element_id


def test_a_process_that_is_not_there_does_not_begin() -> None:
    assert incident_of("start -> end", "other") == ("start.unknown-process", None)


def test_variables_are_measured_before_the_start() -> None:
    largest = "x" * (LARGEST_VALUE - 1)
    net = diagram("start -> ask -> end", ask=user())

    with pytest.raises(Incident) as raised:
        Instance(net, text=largest + "x")

    assert (raised.value.rule, raised.value.element_id) == ("guard.value-too-large", "start")
    assert Instance(net, text=largest).work == ["ask"]


def test_an_ended_instance_says_that_it_ended() -> None:
    instance = Instance(diagram("start -> end"))

    with pytest.raises(NoLongerWaiting) as raised:
        instance.cancel()

    assert raised.value.what == "instance"


@pytest.mark.parametrize("command", [CompleteActivity, ThrowError])
def test_only_work_is_completed_or_failed(command: type[Command]) -> None:
    net = diagram("start -> part -> end", part=sub_process("start1 -> ask -> end1", ask=user()))
    instance = Instance(net)
    around = next(key for key, each in instance.state["activities"].items() if each["element"] == "part")

    for activity_id in (around, "99"):
        with pytest.raises(NoLongerWaiting) as raised:
            instance.send(
                CompleteActivity(activity_id, {})
                if command is CompleteActivity
                else ThrowError(activity_id, "e", {})
            )

        assert raised.value.what == f"activity {activity_id}"


@pytest.mark.parametrize("command", [DeliverMessage, DeliverSignal, FireTimer])
@pytest.mark.parametrize("other", ["message", "signal", "timer"])
def test_a_wait_takes_only_what_it_waits_for(command: type[Command], other: str) -> None:
    kind = {DeliverMessage: "message", DeliverSignal: "signal", FireTimer: "timer"}[command]
    definition = {"message": message("m"), "signal": signal("s"), "timer": timer("PT1H")}[other]
    key = {"zujian_correlationKey": "1"} if other == "message" else {}
    catch = event("intermediateCatchEvent", definition, **key)
    instance = Instance(diagram("start -> wait -> end", wait=catch))
    wait_id = next(iter(instance.state["waits"]))

    for wanted in ("99", *((wait_id,) if kind != other else ())):
        with pytest.raises(NoLongerWaiting) as raised:
            instance.send(FireTimer(wanted) if command is FireTimer else command(wanted, {}))

        assert raised.value.what == f"{kind} {wanted}"
    assert instance.waits == ["wait"]


def test_as_many_steps_as_the_budget_allows_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    net = diagram("start -> a -> end", a=node("task"))

    monkeypatch.setattr(advancing, "STEP_BUDGET", 2)
    assert Instance(net).end is not None

    monkeypatch.setattr(advancing, "STEP_BUDGET", 1)
    with pytest.raises(Incident) as raised:
        Instance(net)
    assert (raised.value.rule, raised.value.element_id) == ("guard.endless", "end")


def test_rounds_of_a_loop_count_as_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    again = node("task", loop("n > 0", most=3))
    net = diagram("start -> a -> end", a=again)

    # The way to the loop and from it, and two rounds behind the first.
    monkeypatch.setattr(advancing, "STEP_BUDGET", 4)
    assert Instance(net, n=1).end is not None

    monkeypatch.setattr(advancing, "STEP_BUDGET", 2)
    with pytest.raises(Incident) as raised:
        Instance(net, n=1)
    assert (raised.value.rule, raised.value.element_id) == ("guard.endless", "a")
