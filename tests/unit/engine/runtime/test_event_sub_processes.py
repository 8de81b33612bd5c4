"""Event sub-processes: what replaces a scope, and what runs beside it."""

from engine.runtime.effects import (
    ElementEntered,
    InstanceEnded,
    TimerDropped,
)
from tests.unit.engine.diagram import (
    boundary,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    message,
    output,
    parallel,
    service,
    signal,
    sub_process,
    timer,
    user,
)
from tests.unit.engine.instance import Instance


def test_an_interrupting_event_sub_process_replaces_what_its_scope_did() -> None:
    withdrawn = event_sub_process(
        "start_w -> note -> end_w",
        start_w=event("startEvent", message("withdraw"), output("why", "reason"), zujian_correlationKey="1"),
        end_w=event("endEvent", zujian_result="withdrawn"),
        note=user(),
    )
    net = diagram("start -> a -> end", a=user(), withdrawn=withdrawn)
    instance = Instance(net).message("withdraw", reason="r")
    assert instance.work == ["note"]
    assert instance.cancelled == ["a"]
    assert instance.variables["why"] == "r"

    entered = [each.element_id for each in instance.history if isinstance(each, ElementEntered)]
    assert entered.count("withdrawn") == 1
    assert instance.complete("note").end == InstanceEnded("withdrawn", None)


def test_a_non_interrupting_event_sub_process_runs_beside_its_scope() -> None:
    asked = event_sub_process(
        "start_q -> reply -> end_q",
        start_q=event("startEvent", signal("question"), isInterrupting="false"),
        reply=user(),
    )
    net = diagram("start -> a -> end", a=user(), asked=asked)
    instance = Instance(net).signal("question").signal("question")
    assert instance.work == ["a", "reply", "reply"]

    instance.complete("a").complete("reply")
    assert instance.end is None
    assert instance.complete("reply").end is not None


def test_an_idle_event_sub_process_does_not_keep_its_scope_open() -> None:
    late = event_sub_process("start_l -> b -> end_l", start_l=event("startEvent", timer("P1D")), b=user())
    instance = Instance(diagram("start -> a -> end", a=user(), late=late))

    instance.complete("a")

    assert instance.end is not None
    assert len(instance.happened(TimerDropped)) == 1


def test_a_timer_event_sub_process_repeats_beside_its_scope() -> None:
    late = event_sub_process(
        "start_l -> b -> end_l",
        start_l=event("startEvent", timer("R/P1D", "timeCycle"), isInterrupting="false"),
        b=user(),
    )
    instance = Instance(diagram("start -> a -> end", a=user(), late=late))

    assert instance.fire("start_l").fire("start_l").work == ["a", "b", "b"]


def test_an_error_event_sub_process_catches_what_its_scope_throws() -> None:
    rescue = event_sub_process(
        "start_r -> b -> end_r",
        start_r=event("startEvent", error("E"), output("code", "errorCode")),
        end_r=event("endEvent", error("E")),
        b=user(),
    )
    net = diagram(
        "start -> sub -> end\nouter -> c -> end2",
        sub=sub_process("start_s -> a -> end_s", rescue=rescue, a=service()),
        outer=boundary("sub", error("E")),
        c=user(),
    )
    instance = Instance(net).fail("a", "E")
    assert instance.work == ["b"]
    assert instance.variables == {"code": "E"}

    instance.complete("b")
    assert instance.work == ["c"], "an error inside an event sub-process goes outwards"


def test_an_interrupting_event_sub_process_clears_joins_and_tokens_on_their_way() -> None:
    net = diagram(
        """
        start -> m -> s
        s -> a -> j
        s -> b -> j
        j -> c -> end
        """,
        m=exclusive(),
        s=parallel(),
        j=parallel(),
        a=user(),
        b=user(),
        c=user(),
        stop=event_sub_process(
            "start_x -> d -> end_x", start_x=event("startEvent", signal("stop")), d=user()
        ),
    )
    instance = Instance(net).complete("a")

    instance.signal("stop")
    assert instance.work == ["d"]

    assert instance.complete("d").end is not None


def test_interrupting_a_scope_switches_its_event_sub_processes_off() -> None:
    inner = sub_process(
        "start_s -> a -> end_s",
        a=user(),
        late=event_sub_process("start_l -> end_l", start_l=event("startEvent", timer("P1D"))),
    )
    net = diagram(
        "start -> sub -> end\nstop -> b -> end2",
        sub=inner,
        stop=boundary("sub", signal("stop")),
        b=user(),
        other=event_sub_process(
            "start_o -> c -> end_o", start_o=event("startEvent", signal("other")), c=user()
        ),
        never=event_sub_process("start_n -> end_n", start_n=event("startEvent", timer("P9D"))),
    )
    instance = Instance(net)

    assert instance.signal("stop").waits == ["start_n", "start_o"]
    assert instance.signal("other").waits == []
    assert instance.work == ["c"]
