"""Link events: a way that is not drawn as a line."""

import re

import pytest

from engine.bpmn.problems import DefinitionRefused
from engine.verification.second_opinion import second_opinion
from engine.verification.soundness import verify_soundness
from tests.unit.engine.diagram import (
    diagram,
    event,
    exclusive,
    inclusive,
    link,
    net,
    parallel,
    sub_process,
    user,
    xml,
)
from tests.unit.engine.instance import Instance


def throw(name: str) -> str:
    return event("intermediateThrowEvent", link(name))


def catch(name: str) -> str:
    return event("intermediateCatchEvent", link(name))


REWORK = xml(
    "back -> a -> g\nstart -> a\ng -[again: x]-> away\ng -[on]-> b -> away2\ndone -> c -> end",
    back=catch("again"),
    away=throw("again"),
    away2=throw("done"),
    done=catch("done"),
    g=exclusive("on"),
    a=user(),
    b=user(),
    c=user(),
)


def test_a_link_goes_on_at_the_catch_event_of_its_name() -> None:
    instance = Instance(net(REWORK), x=True).complete("a").complete("a")

    assert instance.work == ["a"]
    assert instance.completed[-4:] == ["a", "g", "away", "back"]
    assert Instance(net(REWORK), x=False).complete("a").complete("b").complete("c").end is not None


def test_a_link_is_explored_and_compared_like_a_flow() -> None:
    opinion = second_opinion(net(REWORK), "p", {"0.bpmn": REWORK})

    assert verify_soundness(net(REWORK)).is_sound
    assert opinion.differences == ()
    assert opinion.not_cross_checked == ()


def test_several_links_lead_to_one_target() -> None:
    net_ = diagram(
        "start -> g\ng -[one: x]-> t1\ng -[two]-> t2\nc -> a -> end",
        g=exclusive("two"),
        t1=throw("n"),
        t2=throw("n"),
        c=catch("n"),
        a=user(),
    )

    assert [Instance(net_, x=x).work for x in (True, False)] == [["a"], ["a"]]


def test_an_inclusive_join_waits_for_what_comes_over_a_link() -> None:
    net_ = diagram(
        "start -> s\ns -> a -> join\ns -> b -> t\nc -> join\njoin -> z -> end",
        s=parallel(),
        join=inclusive(),
        t=throw("n"),
        c=catch("n"),
        a=user(),
        b=user(),
        z=user(),
    )

    assert Instance(net_).complete("a").work == ["b"]
    assert Instance(net_).complete("a").complete("b").work == ["z"]


def test_a_link_stays_in_its_scope() -> None:
    net_ = diagram(
        "start -> sub -> t\nc -> b -> end",
        sub=sub_process("start_i -> ti\nci -> a -> end_i", ti=throw("n"), ci=catch("n"), a=user()),
        t=throw("n"),
        c=catch("n"),
        b=user(),
    )

    assert Instance(net_).work == ["a"]
    assert Instance(net_).complete("a").work == ["b"]


@pytest.mark.parametrize(
    ("flows", "nodes", "rule"),
    [
        ("start -> t", {"t": throw("n")}, "t: link.target"),
        (
            "start -> t\nc -> end\nd -> end",
            {"t": throw("n"), "c": catch("n"), "d": catch("n")},
            "link.target",
        ),
        ("start -> t -> end\nc -> end", {"t": throw("n"), "c": catch("n")}, "t: link.connected"),
        ("start -> t\nstart -> c -> end", {"t": throw("n"), "c": catch("n")}, "c: link.connected"),
        ("start -> t\nc -> end", {"t": throw(""), "c": catch("")}, "link.name-missing"),
        ("start -> end\nc -> end", {"c": catch("n")}, "c: element.unreachable"),
    ],
)
def test_a_link_without_its_other_end_is_refused(flows: str, nodes: dict[str, str], rule: str) -> None:
    with pytest.raises(DefinitionRefused, match=rf"\b{re.escape(rule)}\b"):
        diagram(flows, **nodes)
