"""Where a process begins: several starts, receive tasks and event-based gateways."""

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.runtime.effects import FlowTaken
from engine.runtime.errors import Incident
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    event,
    exclusive,
    extensions,
    instances,
    message,
    net,
    node,
    output,
    signal,
    sub_process,
    timer,
    user,
    xml,
)
from tests.unit.engine.instance import Instance

TWO = "start_a -> a -> m\nstart_b -> b -> m\nm -> c -> end"
TWO_NODES = {"m": exclusive(), "a": user(), "b": user(), "c": user()}


def receive(inside: str = "", **attributes: str) -> str:
    return node("receiveTask", inside, messageRef="message_asked", **attributes)


def test_each_none_start_begins_an_instance_of_its_own() -> None:
    net_ = diagram(TWO, **TWO_NODES)

    assert Instance(net_, start_event="start_b").work == ["b"]
    assert Instance(net_, start_event="start_b").complete("b").complete("c").end is not None
    assert verify_soundness(net_).is_sound


def test_of_several_none_starts_one_is_named() -> None:
    with pytest.raises(Incident) as raised:
        Instance(diagram(TWO, **TWO_NODES))

    assert raised.value.rule == "start.ambiguous"


def test_a_called_process_has_one_none_start() -> None:
    with pytest.raises(DefinitionRefused, match=r"\bcall\.several-none-starts"):
        net(
            xml("start -> c -> end", c=node("callActivity", calledElement="q")),
            xml(TWO, key="q", **TWO_NODES),
        )


def test_none_message_timer_and_signal_starts_stand_side_by_side() -> None:
    net_ = diagram(
        "start -> m\nstart_m -> m\nstart_t -> m\nstart_s -> m\nm -> a -> end",
        start_m=event("startEvent", message("asked")),
        start_t=event("startEvent", timer("R/P1D", "timeCycle")),
        start_s=event("startEvent", signal("go")),
        m=exclusive(),
        a=user(),
    )

    for start in ("start", "start_m", "start_t", "start_s"):
        assert Instance(net_, start_event=start).completed[0] == start


def test_a_receive_task_may_begin_the_process() -> None:
    net_ = diagram(
        "ask -> a -> end",
        ask=receive(extensions(output("question", "text")), instantiate="true"),
        a=user(),
    )
    assert net_.processes["p"].starts == ("ask",)

    instance = Instance(net_, start_event="ask", text="why")

    assert (instance.work, instance.completed) == (["a"], ["ask"])
    assert instance.variables["question"] == "why"
    assert verify_soundness(net_).is_sound


def test_an_event_based_gateway_may_begin_the_process() -> None:
    net_ = diagram(
        "g -> asked -> a -> m\ng -> told -> b -> m\nm -> end",
        g=node("eventBasedGateway", instantiate="true"),
        asked=event("intermediateCatchEvent", message("asked")),
        told=event("intermediateCatchEvent", message("told")),
        m=exclusive(),
        a=user(),
        b=user(),
    )
    assert net_.processes["p"].starts == ("asked", "told")

    instance = Instance(net_, start_event="told")

    assert (instance.work, instance.completed) == (["b"], ["g", "told"])
    assert instance.happened(FlowTaken)[0] == FlowTaken("g__told", "p")
    assert verify_soundness(net_).is_sound


@pytest.mark.parametrize(
    ("flows", "nodes"),
    [
        ("start -> ask -> end", {"ask": receive(instantiate="true")}),
        ("ask -> end", {"ask": receive(instances(count="2"), instantiate="true")}),
        ("ask -> end\nb -> end2", {"ask": receive(instantiate="true"), "b": boundary("ask", signal("go"))}),
        ("start -> s -> end", {"s": sub_process("ask -> end_s", ask=receive(instantiate="true"))}),
        (
            "g -> e -> end\ng -> t -> end2",
            {
                "g": node("eventBasedGateway", instantiate="true"),
                "e": event("intermediateCatchEvent", message("asked")),
                "t": event("intermediateCatchEvent", timer("P1D")),
            },
        ),
        (
            "g -> e -> end\ng -> t -> end2",
            {
                "g": node("eventBasedGateway", instantiate="true"),
                "e": event("intermediateCatchEvent", message("asked")),
                "t": event("intermediateCatchEvent", message("told") + signal("go")),
            },
        ),
    ],
)
def test_what_cannot_begin_a_process_is_refused(flows: str, nodes: dict[str, str]) -> None:
    with pytest.raises(DefinitionRefused, match=r"\bstart\.instantiate"):
        diagram(flows, **nodes)


def test_beside_a_message_start_the_none_start_is_meant_unless_another_is_named() -> None:
    net_ = diagram(
        "start_m -> a -> m\nstart -> m\nm -> b -> end",
        start_m=event("startEvent", message("asked")),
        m=exclusive(),
        a=user(),
        b=user(),
    )

    assert Instance(net_).work == ["b"]
    assert Instance(net_, start_event="start_m").work == ["a"]
