"""Returning where something else went on meanwhile: what it read or began closes the way back, or stays."""

import pytest

from engine.runtime.effects import TokensReturned
from tests.unit.engine.diagram import (
    boundary,
    condition,
    diagram,
    escalation,
    event,
    event_sub_process,
    message,
    node,
    output,
    parallel,
    service,
    signal,
    timer,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.returning import ask, returned, targets, visits


def test_what_a_token_beside_has_read_is_not_withdrawn() -> None:
    net = diagram(
        """start -> first -> split -> a -> b -> join -> end
        split -> d -> e -> join""",
        first=ask(),
        a=ask(output("x", "answer")),
        b=ask(),
        d=ask(output("y", "x + 1")),
        e=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net, x=0).complete("first").complete("a", answer=1)
    assert targets(instance, "b") == ["first"]


def test_a_job_between_does_not_count_any_more_even_if_others_worked_meanwhile() -> None:
    net = diagram(
        """start -> split -> a -> check -> b -> join -> end
        split -> c -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        check=service(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a")
    job, beside = instance.activity("check"), instance.activity("c")
    instance.complete("c").complete("check")

    returned(instance, "b", "a")

    (effect,) = instance.happened(TokensReturned)
    assert job in effect.superseded
    assert beside not in effect.superseded


LATER = event("intermediateCatchEvent", timer("PT2H"))
PAYLOAD = '<zujian:payload><zujian:parameter name="y" value="x"/></zujian:payload>'


@pytest.mark.parametrize(
    "event_between",
    [
        event("intermediateThrowEvent", message("m"), PAYLOAD),
        event("intermediateThrowEvent", signal("s"), PAYLOAD),
        event("intermediateCatchEvent", message("m"), zujian_correlationKey="x"),
    ],
)
def test_what_an_event_beside_has_read_is_not_withdrawn(event_between: str) -> None:
    net = diagram(
        """start -> first -> split -> a -> b -> join -> end
        split -> d -> between -> e -> join""",
        first=ask(),
        a=ask(output("x", "answer")),
        b=ask(),
        d=ask(),
        between=event_between,
        e=ask(),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net, x=0).complete("first").complete("a", answer=1)

    assert targets(instance, "b") == ["a", "first"]
    assert targets(instance.complete("d"), "b") == ["first"]


def test_nobody_returns_behind_an_event_without_return() -> None:
    sent = event("intermediateThrowEvent", zujian_noReturn="true")
    net = diagram("start -> a -> sent -> b -> c -> end", a=ask(), b=ask(), c=ask(), sent=sent)
    instance = Instance(net).complete("a").complete("b")

    assert targets(instance, "c") == ["b"]


@pytest.mark.parametrize("way", ["a -> hold -> b", "a -> g -> hold -> b\ng -> other -> end2"])
def test_what_was_waited_for_does_not_count_any_more_even_if_others_worked_meanwhile(way: str) -> None:
    net = diagram(
        f"""start -> split -> a
        {way}
        b -> join -> end
        split -> c -> d -> join""",
        a=ask(),
        b=ask(),
        c=ask(),
        d=ask(),
        hold=event("intermediateCatchEvent", timer("PT1H")),
        **({"g": node("eventBasedGateway"), "other": LATER} if "g" in way else {}),
        split=parallel(),
        join=parallel(),
    )
    instance = Instance(net).complete("a")
    wait_id = instance.wait(element="hold")
    instance.complete("c").fire("hold")

    returned(instance, "b", "a")

    assert wait_id in instance.happened(TokensReturned)[0].superseded


def test_nobody_returns_behind_an_escalation_that_began_something_beside() -> None:
    net = diagram(
        "start -> a -> raise -> b -> c -> end",
        a=ask(),
        b=ask(),
        c=ask(),
        beside=event_sub_process(
            "start_e -> d -> end_e",
            start_e=event("startEvent", escalation("late"), isInterrupting="false"),
            d=ask(),
        ),
        **{"raise": event("intermediateThrowEvent", escalation("late"))},
    )
    instance = Instance(net).complete("a")

    assert (instance.work, targets(instance, "b"), targets(instance, "d")) == (["b", "d"], [], [])
    assert targets(instance.complete("b"), "c") == ["b"]


def test_what_an_event_began_beside_and_was_over_counts_on() -> None:
    asked = event("startEvent", signal("s"), isInterrupting="false")
    beside = event_sub_process("start_n -> note -> end_n", start_n=asked, note=ask())
    instance = Instance(diagram("start -> a -> b -> end", a=ask(), b=ask(), beside=beside))
    instance.signal("s").complete("note").complete("a")

    (effect,) = returned(instance, "b", "a").happened(TokensReturned)

    assert visits(instance, "a")[0] in effect.superseded
    assert visits(instance, "note")[0] not in effect.superseded


def test_a_condition_that_turns_beside_closes_nobody_s_way() -> None:
    net = diagram(
        "start -> split -> a -> b -> c -> end\nsplit -> d -> end_d\nturned -> e -> end_e",
        split=parallel(),
        a=ask(output("x", "answer")),
        turned=boundary("d", condition("x == 1"), interrupting=False),
        e=ask(),
        **dict.fromkeys("bcd", ask()),
    )
    instance = Instance(net, x=0).complete("a", answer=1)
    assert instance.work == ["b", "d", "e"]

    assert targets(instance.complete("b"), "c") == ["b"]


def test_what_a_token_beside_has_read_is_not_withdrawn_though_that_token_is_gone() -> None:
    asked = event("startEvent", signal("s"), isInterrupting="false")
    beside = event_sub_process("start_n -> note -> end_n", start_n=asked, note=ask(zujian_unit="str(x)"))
    nodes = {"a": ask(output("x", "answer")), "b": ask(), "beside": beside}
    instance = Instance(diagram("start -> a -> b -> end", **nodes), x=0).complete("a", answer=1)
    assert targets(instance, "b") == ["a"]

    assert targets(instance.signal("s").complete("note"), "b") == []


def test_each_of_two_signals_closes_the_way_of_who_throws_them_only() -> None:
    net = diagram(
        """start -> split -> a -> shout -> end
        split -> c -> d -> end_d
        heard -> m -> end_m
        also -> n -> end_n""",
        split=parallel(),
        shout=event("intermediateThrowEvent", signal("s") + signal("u")),
        heard=boundary("d", signal("s"), interrupting=False),
        also=boundary("d", signal("u"), interrupting=False),
        **dict.fromkeys("acdmn", ask()),
    )
    instance = Instance(net).complete("c").complete("a")

    assert (instance.work, targets(instance, "d")) == (["d", "m", "n"], ["c"])
