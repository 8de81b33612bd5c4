"""Soundness of small diagrams with known verdicts."""

import pytest

from engine.bpmn.model import Net
from engine.verification.soundness import SoundnessReport, verify_soundness
from tests.unit.engine.diagram import (
    boundary,
    cancel,
    compensation,
    diagram,
    error,
    event,
    event_sub_process,
    exclusive,
    instances,
    loop,
    message,
    net,
    node,
    output,
    parallel,
    script,
    service,
    signal,
    sub_process,
    terminate,
    timer,
    transaction,
    undoing,
    undone,
    user,
    xml,
)

A_AND_B = {"a": user(), "b": user()}


def kinds(report: SoundnessReport) -> list[str]:
    return [violation.kind for violation in report.violations]


def test_a_rework_loop_around_parallel_branches_is_sound() -> None:
    net_ = diagram(
        "start -> m -> s\ns -> a -> j\ns -> b -> j\nj -> g\ng -[again: x]-> m\ng -[on]-> end",
        m=exclusive(),
        s=parallel(),
        j=parallel(),
        g=exclusive("on"),
        **A_AND_B,
    )

    report = verify_soundness(net_)

    assert report.is_sound
    assert report.states == 4
    assert "All 4 reachable states" in report.summary.en


def test_alternatives_that_meet_in_a_parallel_join_starve() -> None:
    net_ = diagram(
        "start -> g\ng -[one: x]-> a -> j\ng -[two]-> b -> j\nj -> end",
        g=exclusive("two"),
        j=parallel(),
        **A_AND_B,
    )

    report = verify_soundness(net_)

    assert kinds(report) == ["incident", "dead-element", "dead-element"]
    assert report.violations[0].trace in {("start start", "complete a"), ("start start", "complete b")}
    assert {problem.severity for problem in report.problems} == {"error"}


def test_branches_that_meet_in_an_exclusive_gateway_repeat_what_follows() -> None:
    net_ = diagram(
        "start -> s\ns -> a -> m\ns -> b -> m\nm -> c -> end",
        s=parallel(),
        m=exclusive(),
        c=user(),
        **A_AND_B,
    )

    report = verify_soundness(net_)

    assert kinds(report) == ["several-tokens"]
    assert report.violations[0].element_id == "c"
    assert len(report.violations[0].trace) == 3


def test_undoing_is_explored_and_ends_in_loops_too() -> None:
    net_ = diagram(
        """
        start -> m -> a -> tx -> g
        g -[again: x]-> m
        g -[on]-> t -> end
        off -> t
        """,
        m=exclusive(),
        g=exclusive("on"),
        a=user(),
        undo_a=undone("a", "no_a"),
        no_a=undoing(),
        tx=transaction(
            "start_t -> b -> h\nh -[bad: y]-> end_c\nh -[fine]-> end_t",
            b=user(),
            h=exclusive("fine"),
            end_c=event("endEvent", cancel()),
            undo_b=undone("b", "no_b"),
            no_b=undoing(),
        ),
        off=boundary("tx", cancel()),
        t=event("intermediateThrowEvent", compensation()),
    )

    report = verify_soundness(net_)

    assert report.is_sound
    assert report.states > 10


def test_a_handler_that_nothing_calls_is_dead() -> None:
    net_ = diagram("start -> a -> b -> end", a=user(), b=user(), undo_a=undone("a", "no_a"), no_a=undoing())

    report = verify_soundness(net_)

    assert [violation.element_id for violation in report.violations] == ["undo_a", "no_a"]
    assert kinds(report) == ["dead-element", "dead-element"]


def test_a_condition_that_nothing_can_make_true_any_more_is_a_warning() -> None:
    condition = "<bpmn:condition>x</bpmn:condition>"
    definition = f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
    wait = event("intermediateCatchEvent", definition)
    nodes = {"a": user(output("x", "x")), "w": wait}

    report = verify_soundness(diagram("start -> a -> w -> end", **nodes))
    assert kinds(report) == ["incident"]
    assert report.problems[0].severity == "warning"
    assert report.violations[0].trace == ("start start", "complete a")

    beside = diagram("start -> s\ns -> a -> j\ns -> w -> j\nj -> end", s=parallel(), j=parallel(), **nodes)
    assert {problem.severity for problem in verify_soundness(beside).problems} == {"warning"}


def test_a_standard_loop_is_sound_whatever_its_maximum() -> None:
    report = verify_soundness(diagram("start -> a -> end", a=user(inside=loop("again", most=500))))

    assert report.is_sound
    assert report.states == 2


@pytest.mark.parametrize(
    "net_",
    [
        diagram(
            "start -> m -> s -> g\ng -[again: x]-> m\ng -[on]-> end",
            m=exclusive(),
            s=script("x = not x"),
            g=exclusive("on"),
        ),
        diagram("start -> s -> end", s=node("task", loop("x"))),
    ],
)
def test_a_loop_without_a_wait_that_data_may_end_is_a_warning_and_found_soon(net_: Net) -> None:
    report = verify_soundness(net_)

    assert kinds(report) == ["incident"]
    assert report.problems[0].severity == "warning"
    assert not report.is_complete


@pytest.mark.parametrize(("stay", "left"), [("stay: x", "left"), ("stay", "left: x")])
def test_a_join_that_waits_for_a_branch_that_left_has_no_way_to_end(stay: str, left: str) -> None:
    net_ = diagram(
        f"""
        start -> s
        s -> a -> g
        g -[{stay}]-> j
        g -[{left}]-> end2
        s -> b -> j
        s -> hold -> end3
        j -> end
        """,
        s=parallel(),
        g=exclusive("left" if ":" in stay else "stay"),
        j=parallel(),
        hold=user(),
        asked=event_sub_process(
            "start_q -> end_q", start_q=event("startEvent", signal("question"), isInterrupting="false")
        ),
        **A_AND_B,
    )

    report = verify_soundness(net_)

    assert kinds(report) == ["no-way-to-end"]
    assert report.violations[0].trace == ("start start", "complete a")
    assert not report.is_sound


def test_two_decisions_about_one_variable_make_a_warning() -> None:
    net_ = diagram(
        """
        start -> g
        g -[one: kind == 'x']-> a -> g2
        g -[two]-> b -> g2
        g2 -[more: kind == 'x']-> s
        g2 -[less]-> end
        s -> c -> end2
        s -> d -> m
        s -> e -> m
        m -> f -> end3
        """,
        g=exclusive("two"),
        g2=exclusive("less"),
        s=parallel(),
        m=exclusive(),
        **{name: user() for name in "abcdef"},
    )

    (problem,) = verify_soundness(net_).problems

    assert problem.rule == "soundness.several-tokens"
    assert problem.severity == "warning"


def _every_construct() -> Net:
    called = xml(
        "start -> ask -> g\ng -[bad: x]-> end_e\ng -[good]-> end",
        key="q",
        ask=user(),
        g=exclusive("good"),
        end_e=event("endEvent", error("E")),
    )
    main = xml(
        """
        start -> check -> gate
        broken -> mend -> end_m
        gate -> paid -> call
        gate -> late -> sub
        call -> many -> end
        failed -> end_f
        sub -> end_s
        reminded -> remind -> end_r
        """,
        check=service(),
        broken=boundary("check", error("X")),
        mend=node("manualTask"),
        gate=node("eventBasedGateway"),
        paid=event("intermediateCatchEvent", message("paid"), zujian_correlationKey="k"),
        late=event("intermediateCatchEvent", timer("P1D")),
        call=node("callActivity", calledElement="q"),
        failed=boundary("call", error("E")),
        many=user(inside=instances(over="people", until="done")),
        sub=sub_process(
            "start_i -> fork\nfork -> w -> end_w\nfork -> v -> end_v",
            fork=parallel(),
            w=user(),
            v=user(),
            end_w=event("endEvent", terminate()),
        ),
        reminded=boundary("sub", timer("R/P1D", "timeCycle"), interrupting=False),
        remind=service(),
        withdrawn=event_sub_process("start_x -> end_x", start_x=event("startEvent", signal("stop"))),
    )
    return net(main, called)


def test_every_construct_can_be_explored() -> None:
    report = verify_soundness(_every_construct(), "p")

    assert [violation.message.en for violation in report.violations] == []
    assert report.is_complete


def test_a_bound_that_is_hit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.verification.exploration.MOST_STATES", 3)

    report = verify_soundness(_every_construct(), "p")

    assert not report.is_complete
    assert not report.is_sound
    assert report.violations == (), "nothing is concluded from what was not seen"
    assert "others exist" in report.summary.en


@pytest.mark.parametrize(("bound", "at"), [("MOST_STATES", 5), ("MOST_MOVES", 5), ("MOST_STATES", 1)])
def test_nothing_is_concluded_beyond_a_bound(bound: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"engine.verification.exploration.{bound}", at)
    branches = "\n".join(f"s -> {name} -> j" for name in "abcde")
    net_ = diagram(
        f"start -> s\n{branches}\nj -> end", s=parallel(), j=parallel(), **{name: user() for name in "abcde"}
    )

    report = verify_soundness(net_)

    assert report.violations == ()
    assert not report.is_complete


def test_an_error_event_that_nothing_throws_is_dead() -> None:
    net_ = diagram("start -> a -> end\nnever -> b -> end2", never=boundary("a", error("E")), **A_AND_B)

    assert {violation.element_id for violation in verify_soundness(net_).violations} == {"never", "b", "end2"}
