"""Timers, messages, signals, errors and the ends of things."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.runtime.commands import FireTimer
from engine.runtime.effects import (
    InstanceEnded,
    JobDropped,
    ListenerCalled,
    MessageAwaited,
    MessageThrown,
    SignalAwaited,
    SignalThrown,
    TimerArmed,
    TimerDropped,
    WaitDropped,
)
from engine.runtime.errors import Incident
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    instances,
    listener,
    message,
    node,
    output,
    parallel,
    service,
    signal,
    sub_process,
    terminate,
    timer,
    user,
)
from tests.unit.engine.instance import NOON, Instance


def catch(definition: str, extension: str = "", **attributes: str) -> str:
    return event("intermediateCatchEvent", definition, extension, **attributes)


@pytest.mark.parametrize(
    ("text", "part", "due"),
    [
        ("PT90M", "timeDuration", datetime(2026, 1, 30, 5, 30, tzinfo=UTC)),
        ("P1M", "timeDuration", datetime(2026, 2, 28, 4, tzinfo=UTC)),
        ("P1Y1D", "timeDuration", datetime(2027, 1, 31, 4, tzinfo=UTC)),
        ("2026-03-01", "timeDate", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("2026-03-01T08:00:00+08:00", "timeDate", datetime(2026, 3, 1, tzinfo=UTC)),
        ("period", "timeDuration", datetime(2026, 2, 4, 4, tzinfo=UTC)),
        ("= period", "timeDuration", datetime(2026, 2, 4, 4, tzinfo=UTC)),
        ("'P5D'", "timeDuration", datetime(2026, 2, 4, 4, tzinfo=UTC)),
    ],
)
def test_a_timer_is_due_by_the_calendar(text: str, part: str, due: datetime) -> None:
    net = diagram("start -> hold -> end", hold=catch(timer(text, part)))

    instance = Instance(net, period="P5D")

    assert instance.happened(TimerArmed) == [TimerArmed(instance.wait(element="hold"), "hold", "p", due)]
    assert instance.fire("hold").end is not None
    assert instance.happened(TimerDropped) == []


def test_a_time_that_is_none_is_an_incident() -> None:
    with pytest.raises(Incident, match="not understood"):
        Instance(diagram("start -> hold -> end", hold=catch(timer("period"))), period="soon")


def test_a_message_is_awaited_by_name_and_key() -> None:
    hold = catch(message("paid"), output("amount", "amount"), zujian_correlationKey="order")
    instance = Instance(diagram("start -> hold -> a -> end", hold=hold, a=user()), order=17)
    wait_id = instance.wait(element="hold")
    assert instance.happened(MessageAwaited) == [MessageAwaited(wait_id, "hold", "p", "paid", "17")]

    instance.message("paid", amount=3)

    assert instance.happened(WaitDropped) == [WaitDropped(wait_id)]
    assert instance.variables["amount"] == 3


def test_a_message_without_a_key_value_is_an_incident() -> None:
    net = diagram("start -> hold -> end", hold=catch(message("paid"), zujian_correlationKey="order"))

    with pytest.raises(Incident, match="empty"):
        Instance(net, order=None)


def test_a_message_starts_an_instance_with_its_payload() -> None:
    net = diagram(
        "start -> a -> end\nstart_paid -> b -> end",
        start_paid=event("startEvent", message("paid")),
        a=user(),
        b=user(),
    )

    instance = Instance(net, start_event="start_paid", order=1)

    assert instance.work == ["b"]
    assert instance.variables == {"order": 1}


def test_an_unknown_start_is_an_incident() -> None:
    with pytest.raises(Incident) as raised:
        Instance(diagram("start -> a -> end", a=user()), start_event="a")

    assert raised.value.rule == "start.unknown"


def test_throw_and_end_events_send_messages() -> None:
    payload = '<zujian:payload><zujian:parameter name="n" value="x + 1"/></zujian:payload>'
    net = diagram(
        "start -> tell -> end",
        tell=event("intermediateThrowEvent", message("told"), payload, zujian_correlationKey="x"),
        end=event("endEvent", message("ended")),
    )

    instance = Instance(net, x=1)

    assert instance.happened(MessageThrown) == [
        MessageThrown("tell", "told", "1", {"n": 2}),
        MessageThrown("end", "ended", None, {}),
    ]


def test_a_signal_reaches_every_wait_of_its_own_instance() -> None:
    net = diagram(
        "start -> split\nsplit -> one -> a -> end\nsplit -> two -> b -> end2\nsplit -> c -> shout -> end3",
        split=parallel(),
        one=catch(signal("go")),
        two=catch(signal("go")),
        shout=event("intermediateThrowEvent", signal("go")),
        a=user(),
        b=user(),
        c=user(),
    )
    instance = Instance(net)
    assert len(instance.happened(SignalAwaited)) == 2

    instance.complete("c")

    assert instance.work == ["a", "b"]
    assert instance.happened(SignalThrown) == [SignalThrown("shout", "go", {})]
    assert instance.completed[-2:] == ["shout", "end3"]


def test_a_signal_may_interrupt_its_own_thrower() -> None:
    net = diagram(
        "start -> sub -> after -> end\nheard -> b -> end2",
        sub=sub_process(
            "start_s -> a -> shout -> c -> end_s",
            shout=event("intermediateThrowEvent", signal("go")),
            a=user(),
            c=user(),
        ),
        heard=boundary("sub", signal("go")),
        after=user(),
        b=user(),
    )

    instance = Instance(net).complete("a")

    assert instance.work == ["b"]
    assert instance.cancelled == ["shout", "sub"]


HOSTED = {
    "later": user(),
    "aside": user(),
}


def test_an_interrupting_boundary_timer_ends_its_host() -> None:
    net = diagram(
        "start -> ask -> later -> end\ndue -> aside -> end2",
        ask=user(),
        due=boundary("ask", timer("P5D")),
        **HOSTED,
    )

    instance = Instance(net).fire("due")

    assert instance.work == ["aside"]
    assert instance.cancelled == ["ask"]


def test_a_boundary_event_is_off_when_its_host_completes() -> None:
    net = diagram(
        "start -> ask -> later -> end\ndue -> aside -> end2",
        ask=user(),
        due=boundary("ask", timer("P5D")),
        **HOSTED,
    )

    instance = Instance(net).complete("ask")

    assert instance.waits == []
    assert len(instance.happened(TimerDropped)) == 1


def test_a_repeating_boundary_timer_fires_beside_its_host() -> None:
    net = diagram(
        "start -> ask -> later -> end\ndue -> aside -> end2",
        ask=user(),
        due=boundary("ask", timer("R2/P1M", "timeCycle"), interrupting=False),
        **HOSTED,
    )
    instance = Instance(net).fire("due")
    assert instance.work == ["aside", "ask"]
    assert instance.happened(TimerArmed)[0].due_at == datetime(2026, 3, 28, 4, tzinfo=UTC)

    instance.fire("due")

    assert instance.work == ["aside", "aside", "ask"]
    assert instance.waits == []


def test_a_non_interrupting_message_may_come_again_and_again() -> None:
    net = diagram(
        "start -> ask -> later -> end\nmore -> aside -> end2",
        ask=user(),
        more=boundary("ask", message("more"), interrupting=False, zujian_correlationKey="1"),
        **HOSTED,
    )
    instance = Instance(net).message("more").message("more").message("more")
    assert instance.work == ["aside", "aside", "aside", "ask"]

    instance.complete("ask")

    assert instance.waits == []
    assert instance.work == ["aside", "aside", "aside", "later"]


def test_an_error_of_a_job_goes_to_the_boundary_event_for_its_code() -> None:
    net = diagram(
        "start -> check -> later -> end\nbroken -> aside -> end2\nany -> other -> end3",
        check=service(),
        broken=boundary("check", error("E1"), extension=output("why", "errorCode + text")),
        any=boundary("check", error()),
        other=user(),
        **HOSTED,
    )

    assert Instance(net).fail("check", "E1", text="!").variables == {"why": "E1!"}
    assert Instance(net).fail("check", "E2").work == ["other"]


def test_an_error_of_a_job_that_nobody_expects_is_an_incident() -> None:
    instance = Instance(diagram("start -> check -> end", check=service()))

    with pytest.raises(Incident) as raised:
        instance.fail("check", "E1")

    assert raised.value.rule == "error.not-caught"
    assert instance.work == ["check"]


def test_an_error_end_goes_to_the_nearest_scope_around_it() -> None:
    net = diagram(
        "start -> split\nsplit -> one -> end\nsplit -> two -> end2\nfailed -> a -> end3\nother -> b -> end4",
        split=parallel(),
        one=sub_process("start_1 -> x -> end_1", end_1=event("endEvent", error("E")), x=user()),
        two=sub_process("start_2 -> y -> end_2", y=user()),
        failed=boundary("one", error("E")),
        other=boundary("two", error("E")),
        a=user(),
        b=user(),
    )

    instance = Instance(net).complete("x")

    assert instance.work == ["a", "y"]


def test_an_error_that_nobody_catches_ends_the_instance() -> None:
    net = diagram(
        "start -> split\nsplit -> a -> end\nsplit -> b -> end2",
        split=parallel(),
        a=user(),
        b=user(),
        end=event("endEvent", error("E9")),
    )

    instance = Instance(net).complete("a")

    assert instance.end == InstanceEnded(result=None, error="E9")
    assert instance.cancelled == ["b"]


def test_a_terminate_end_ends_its_scope_and_no_other() -> None:
    inner = sub_process(
        "start_i -> fork\nfork -> a -> end_i\nfork -> b -> end_j",
        fork=parallel(),
        a=user(),
        b=user(),
        end_i=event("endEvent", terminate()),
    )
    net = diagram("start -> sub -> c -> end", sub=inner, c=user())

    instance = Instance(net).complete("a")

    assert instance.work == ["c"]
    assert instance.cancelled == ["b"]


def test_an_end_event_says_the_result() -> None:
    net = diagram("start -> end", end=event("endEvent", zujian_result="created"))

    assert Instance(net).end == InstanceEnded("created", None)


def test_what_is_no_text_is_no_result() -> None:
    assert Instance(diagram("start -> end"), result=5).end == InstanceEnded(None, None)


def test_the_end_comes_with_the_last_token() -> None:
    net = diagram(
        "start -> split\nsplit -> a -> end\nsplit -> b -> end2", split=parallel(), a=user(), b=user()
    )
    instance = Instance(net).complete("a")
    assert instance.end is None

    assert instance.complete("b").end is not None


def test_time_passes_only_through_now() -> None:
    net = diagram("start -> hold -> hold2 -> end", hold=catch(timer("PT1H")), hold2=catch(timer("PT1H")))

    instance = Instance(net).fire("hold")

    assert (instance.happened(TimerArmed)[0].due_at - NOON).total_seconds() == 7_200


def test_a_plain_throw_event_only_passes() -> None:
    assert Instance(diagram("start -> here -> end", here=node("intermediateThrowEvent"))).end is not None


@pytest.mark.parametrize("order", ["x", "y"])
def test_a_terminate_end_catches_tokens_on_their_way(order: str) -> None:
    flows = {"x": "fork -> end_t\nfork -> b -> end_b", "y": "fork -> b -> end_b\nfork -> end_t"}[order]
    inner = sub_process(
        f"start_i -> fork\n{flows}", fork=parallel(), b=user(), end_t=event("endEvent", terminate())
    )

    assert Instance(diagram("start -> sub -> c -> end", sub=inner, c=user())).work == ["c"]


def test_a_late_cycle_keeps_its_rhythm() -> None:
    net = diagram(
        "start -> ask -> later -> end\ndue -> aside -> end2",
        ask=user(),
        due=boundary("ask", timer("R/P1D", "timeCycle"), interrupting=False),
        **HOSTED,
    )
    instance = Instance(net).later(days=2.5).fire("due")

    assert instance.happened(TimerArmed)[0].due_at == datetime(2026, 2, 1, 4, tzinfo=UTC)


def test_an_error_end_may_say_more() -> None:
    payload = '<zujian:payload><zujian:parameter name="why" value="reason"/></zujian:payload>'
    net = diagram(
        "start -> sub -> end\nfailed -> a -> end2",
        sub=sub_process("start_s -> end_s", end_s=event("endEvent", error("E"), payload)),
        failed=boundary("sub", error("E"), extension=output("told", "errorCode + ': ' + why")),
        a=user(),
    )

    assert Instance(net, reason="r").variables["told"] == "E: r"


def test_after_downtime_a_cycle_fires_once_for_each_time_it_missed() -> None:
    net = diagram(
        "start -> a -> end\nnudge -> b -> end2",
        a=user(),
        nudge=boundary("a", timer("R5/PT1H", "timeCycle"), interrupting=False),
        b=user(),
    )
    instance = Instance(net).later(hours=3.5)

    for _ in range(3):
        instance.send(FireTimer(instance.wait(element="nudge")))

    assert instance.work == ["a", "b", "b", "b"]
    assert [each.due_at for each in instance.happened(TimerArmed)] == [NOON + timedelta(hours=4)]


def test_several_timers_behind_one_event_based_gateway_are_off_after_the_first() -> None:
    net = diagram(
        "start -> g\ng -> soon -> a -> end\ng -> late -> b -> end2\ng -> last -> c -> end3",
        g=node("eventBasedGateway"),
        soon=catch(timer("P1D")),
        late=catch(timer("P2D")),
        last=catch(timer("P3D")),
        a=user(),
        b=user(),
        c=user(),
    )
    instance = Instance(net)
    assert instance.waits == ["last", "late", "soon"]

    instance.fire("late")

    assert (instance.work, instance.waits) == (["b"], [])
    assert len(instance.happened(TimerDropped)) == 2


def test_listeners_of_an_event_hear_that_it_came() -> None:
    net = diagram(
        "start -> hold -> tell -> end",
        hold=catch(message("paid"), listener("ledger.book", amount="amount"), zujian_correlationKey="1"),
        tell=event("intermediateThrowEvent", signal("s"), listener("ledger.tell")),
        end=event("endEvent", extension=listener("ledger.close")),
    )

    instance = Instance(net).message("paid", amount=5)

    assert instance.happened(ListenerCalled) == [
        ListenerCalled("hold", "p", "ledger.book", {"amount": 5}, {"amount": 5}),
        ListenerCalled("tell", "p", "ledger.tell", {}, {}),
        ListenerCalled("end", "p", "ledger.close", {}, {}),
    ]


def test_each_instance_waits_for_a_message_with_a_key_of_its_own() -> None:
    each = instances(over="orders", item="order")
    receive = node("receiveTask", each, messageRef="message_paid", zujian_correlationKey="order")
    instance = Instance(diagram("start -> receive -> end", receive=receive), orders=["a", "b"])

    assert [effect.key for effect in instance.happened(MessageAwaited)] == ["a", "b"]


def test_a_signal_is_heard_under_its_own_name_and_by_signals_only() -> None:
    net = diagram(
        """start -> split
        split -> same -> end
        split -> other -> end2
        split -> paid -> end3
        split -> ask -> throw -> end4""",
        split=parallel(),
        same=catch(signal("go")),
        other=catch(signal("stay")),
        paid=catch(message("go"), zujian_correlationKey="1"),
        ask=user(),
        throw=event("intermediateThrowEvent", signal("go")),
    )

    assert Instance(net).complete("ask").waits == ["other", "paid"]


def test_a_job_is_dropped_when_its_task_is_interrupted_and_nothing_else_is() -> None:
    part = sub_process("start_p -> check -> end_p", check=service())
    net = diagram("start -> part -> end\nlate -> end2", part=part, late=boundary("part", timer("PT1H")))
    instance = Instance(net)
    job = instance.activity("check")

    assert instance.fire("late").happened(JobDropped) == [JobDropped(job)]
