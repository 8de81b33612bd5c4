"""Two engines on one diagram: they agree, they differ, or they have nothing to compare."""

import pytest

from engine.bpmn.model import Net
from engine.verification import second_opinion as module
from engine.verification.second_opinion import SecondOpinion, second_opinion
from tests.unit.engine.diagram import (
    boundary,
    cancel,
    compensation,
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
    sub_process,
    terminate,
    timer,
    transaction,
    undoing,
    undone,
    user,
    xml,
)


def ask(content: bytes, *more: bytes, seed: int = 1) -> SecondOpinion:
    compiled: Net = net(content, *more)
    return second_opinion(compiled, "p", {"0.bpmn": content}, seed)


@pytest.fixture(autouse=True)
def _few_walks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the number of walks be what ends them, not the time that a busy machine takes."""
    monkeypatch.setattr(module, "MOST_WALKS", 60)
    monkeypatch.setattr(module, "MOST_SECONDS", 60)


MIXED = xml(
    """
    start -> prepare -> check -> g
    broken -> mend -> m
    g -[again: x == 1]-> m
    g -[more: x == 2]-> s
    g -[on]-> gate
    m -> sub -> last
    late -> end_l
    s -> a -> j
    s -> b -> j
    j -> end
    gate -> paid -> many -> end_p
    gate -> hold -> end_h
    last -> end_t
    """,
    prepare=script("x = 1"),
    check=service(extension=output("x", "x")),
    broken=boundary("check", error("E")),
    mend=user(),
    g=exclusive("on"),
    m=exclusive(),
    s=parallel(),
    j=parallel(),
    a=user(),
    b=user(),
    gate=node("eventBasedGateway"),
    paid=event("intermediateCatchEvent", message("paid"), zujian_correlationKey="k"),
    hold=event("intermediateCatchEvent", timer("P1D")),
    many=user(inside=instances(count="n", sequential=True)),
    sub=sub_process("start_i -> c -> d -> end_i", c=user(), d=node("task")),
    late=boundary("sub", timer("P3D")),
    last=user(),
    end_t=event("endEvent", terminate()),
)


def test_both_engines_agree_on_what_both_execute_right() -> None:
    opinion = ask(MIXED)

    assert opinion.differences == ()
    assert opinion.problems == ()
    assert opinion.walks == 60
    assert opinion.steps > 100


LOOPS = xml(
    "start -> a -> b -> sub -> end\nlate -> e -> end_e",
    a=user(inside=loop("again")),
    b=user(inside=loop("more", before=True, most=3)),
    sub=sub_process("start_s -> c -> d -> end_s", loop("once"), c=user(), d=user(inside=loop(most=2))),
    late=boundary("a", timer("P1D")),
    e=user(),
)


def test_standard_loops_are_compared() -> None:
    opinion = ask(LOOPS)

    assert opinion.differences == ()
    assert opinion.walks == 60
    assert [text.en for text in opinion.not_cross_checked if "Events were compared" not in text.en] == []


def test_compensation_is_not_compared_and_all_before_it_is() -> None:
    content = xml(
        "start -> a -> tx -> b -> t -> end\noff -> c -> end2",
        a=user(),
        undo_a=undone("a", "no_a"),
        no_a=undoing(),
        tx=transaction(
            "start_t -> d -> g\ng -[bad: bad]-> end_c\ng -[fine]-> end_t",
            d=user(),
            g=exclusive("fine"),
            end_c=event("endEvent", cancel()),
            undo_d=undone("d", "no_d"),
            no_d=undoing(),
        ),
        off=boundary("tx", cancel()),
        t=event("intermediateThrowEvent", compensation()),
        b=user(),
        c=user(),
    )

    opinion = ask(content)

    assert opinion.differences == ()
    assert opinion.walks > 10
    texts = " | ".join(text.en for text in opinion.not_cross_checked)
    assert "cancelling of transactions was not compared: end_c, t" in texts
    assert "No compared walk came to: undo_a, no_a, end_c, undo_d, no_d, off, t, c, end, end2" in texts
    assert "Events were compared" not in texts


def test_the_same_seed_gives_the_same_walks() -> None:
    assert ask(MIXED, seed=7) == ask(MIXED, seed=7)


def test_several_flows_out_of_an_activity_are_compared_as_a_split() -> None:
    content = xml(
        "start -> a\na -> b -> j\na -> c -> j\nj -> end", a=user(), b=user(), c=user(), j=parallel()
    )

    opinion = ask(content)

    assert opinion.differences == ()
    assert opinion.not_cross_checked == ()


def test_what_is_not_compared_is_listed() -> None:
    called = xml("start -> z -> end", key="q", z=user())
    content = xml(
        """
        start -> m -> s
        s -> a -> j
        s -> call -> j
        j -> g
        g -[again: x]-> m
        g -[on]-> end
        note -> e -> end_e
        """,
        m=exclusive(),
        s=parallel(),
        j=parallel(),
        g=exclusive("on"),
        a=user(),
        note=boundary("a", timer("P1D"), interrupting=False),
        e=user(),
        call=node("callActivity", calledElement="q"),
        stop=event_sub_process("start_x -> end_x", start_x=event("startEvent", timer("P9D"))),
    )

    opinion = ask(content, called)

    assert opinion.differences == ()
    texts = " | ".join(text.en for text in opinion.not_cross_checked)
    for expected in (
        "first round only: j",
        "never triggered: stop",
        "never triggered: note",
        "called processes was not compared here (it is when they are deployed): call",
        "No compared walk came to: ",
    ):
        assert expected in texts


@pytest.mark.parametrize("default", [None, "three"])
@pytest.mark.parametrize("free", ["", "a -[four]-> e -> m"])
def test_conditional_flows_of_an_activity_are_compared(default: str | None, free: str) -> None:
    nodes = {name: user() for name in ("b", "c", "d", "f", *("e" * bool(free)))}
    content = xml(
        f"start -> a\na -[one: x]-> b -> m\na -[two: y]-> c -> m\na -[three]-> d -> m\n{free}\nm -> f -> end",
        a=user(**({} if default is None else {"default": default})),
        m=node("inclusiveGateway"),
        **nodes,
    )

    opinion = ask(content)

    assert opinion.differences == ()
    assert opinion.walks > 50
    assert opinion.not_cross_checked == ()


def test_an_error_end_that_the_sub_process_around_it_catches_is_compared() -> None:
    content = xml(
        "start -> m -> sub -> b -> end\nfailed -> c -> m\nspoiled -> d -> end2",
        m=exclusive(),
        sub=sub_process(
            "start_s -> a -> g\na -> e -> end_t\ng -[bad: x]-> end_e\ng -[bad2: y]-> end_f\ng -[on]-> end_s",
            a=user(),
            e=user(),
            g=exclusive("on"),
            end_e=event("endEvent", error("E")),
            end_f=event("endEvent", error("F")),
        ),
        failed=boundary("sub", error("E")),
        spoiled=boundary("sub", error("F")),
        b=user(),
        c=user(),
        d=user(),
    )

    opinion = ask(content)

    assert opinion.differences == ()
    texts = " | ".join(text.en for text in opinion.not_cross_checked)
    assert "error end events" not in texts
    assert "No compared walk" not in texts


def test_an_error_that_something_further_out_catches_is_not_compared() -> None:
    inner = sub_process("start_i -> a -> end_e", a=user(), end_e=event("endEvent", error("E")))
    content = xml(
        "start -> sub -> b -> end\nfailed -> c -> end2",
        sub=sub_process("start_s -> inner -> end_s", inner=inner),
        failed=boundary("sub", error()),
        b=user(),
        c=user(),
    )

    assert "error end events bring about was not compared: end_e" in ask(content).not_cross_checked[0].en


def test_answers_to_conditions_do_not_follow_from_each_other() -> None:
    decisions = module._Decisions()
    answers = set()
    for step in range(200):
        decisions.begin_step(f"1 0 {step}")
        answers.add((decisions.decide("x"), decisions.decide("y")))

    assert len(answers) == 4


def test_a_difference_blocks_and_shows_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    own = module.OwnWalk.open_work
    monkeypatch.setattr(
        module.OwnWalk, "open_work", lambda walk: [name for name in own(walk) if name != "second"]
    )

    opinion = ask(xml("start -> first -> second -> end", first=user(), second=user()))

    (difference,) = opinion.differences
    assert difference.trace == ("start", "first")
    assert (difference.ours, difference.theirs) == ("", "second")
    assert opinion.problems[0].severity == "error"
    assert "start → first" in opinion.problems[0].message.en


def test_an_engine_that_fails_has_no_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(module, "BpmnWorkflow", fail)

    opinion = ask(xml("start -> a -> end", a=user()))

    assert opinion.differences == ()
    assert "SpiffWorkflow failed while walking" in opinion.not_cross_checked[0].en


def test_a_process_that_begins_at_a_receive_task_or_event_based_gateway_is_compared() -> None:
    task = xml(
        "ask -> a -> end",
        ask=node("receiveTask", messageRef="message_asked", instantiate="true"),
        a=user(),
    )
    gateway = xml(
        "g -> asked -> a -> m\ng -> told -> b -> m\nm -> end",
        g=node("eventBasedGateway", instantiate="true"),
        asked=event("intermediateCatchEvent", message("asked")),
        told=event("intermediateCatchEvent", message("told")),
        m=exclusive(),
        a=user(),
        b=user(),
    )

    for content in (task, gateway):
        opinion = ask(content)
        assert opinion.differences == ()
        assert opinion.steps > 10
