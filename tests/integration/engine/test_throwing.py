"""Throwing: who receives a message or signal, in which order, and that nobody receives it twice."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select, text

from engine.api import CompletedTask
from engine.messages.receivers import MOST_EVENTS, Look, Throw, looks_for, receivers_of
from kernel.audit import events_of_stream, verify
from kernel.statements import Statement, channel_of
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, flow, node, start, user_task
from tests.integration.engine.test_concurrency import at_once
from tests.integration.engine.test_messages import instances_of

DECLARED = (
    '<bpmn:message id="told" name="case.told"/><bpmn:message id="asked" name="case.asked"/>'
    '<bpmn:signal id="rung" name="bell.rung"/>'
)
TOLD = '<bpmn:messageEventDefinition messageRef="told"/>'
ASKED = '<bpmn:messageEventDefinition messageRef="asked"/>'
RUNG = '<bpmn:signalEventDefinition signalRef="rung"/>'
WITH_KEY = 'zujian:correlationKey="key"'
BRANCHES = (node("parallelGateway", "split"), node("parallelGateway", "joined"))


def deploy(desk: Desk, key: str, *nodes: str) -> None:
    """Deploy a process whose elements know the messages and the signal."""
    desk.deploy(key, files(key, diagram(key, *nodes, declarations=DECLARED)))


def key_of(event: str) -> str:
    """Return the attribute that gives a message its key; signals have none."""
    return WITH_KEY if "message" in event else ""


def throw(name: str, event: str) -> str:
    """Return an intermediate throw event."""
    return node("intermediateThrowEvent", name, event, key_of(event))


def catch(name: str, event: str) -> str:
    """Return an intermediate catch event."""
    return node("intermediateCatchEvent", name, event, key_of(event))


def deploy_thrower(desk: Desk, *events: str) -> None:
    """Deploy a task after which the events are thrown one after the other."""
    names = [f"throw_{number}" for number in range(len(events))]
    thrown = (throw(name, event) for name, event in zip(names, events, strict=True))
    deploy(
        desk, "thrower", start(), user_task("first"), *thrown, end(), *chain("begin", "first", *names, "done")
    )


def deploy_catcher(desk: Desk, event: str, key: str = "catcher") -> None:
    """Deploy a process that waits for the event."""
    deploy(desk, key, start(), catch("wait", event), end(), *chain("begin", "wait", "done"))


def deploy_started(desk: Desk, event: str, key: str) -> None:
    """Deploy a process that the event starts."""
    begin = start("begin", event)
    deploy(desk, key, begin, user_task("work", "operator"), end(), *chain("begin", "work", "done"))


def statuses(desk: Desk, *instance_ids: object) -> list[str]:
    """Return the statuses of instances."""
    return [desk.instance(each).row.status for each in instance_ids]  # type: ignore[arg-type]  # ids of refs


def trail(desk: Desk, instance_id: object) -> list[str]:
    """Return what was recorded of an instance, in order; the chain holds."""
    with desk.database.read() as session:
        assert verify(session).ok
        return [event.action for event in events_of_stream(session, f"instance:{instance_id}")]


def test_a_signal_reaches_all_that_wait_and_starts_all_that_begin_on_it(desk: Desk) -> None:
    deploy_catcher(desk, RUNG)
    for key in ("second_started", "first_started"):
        deploy_started(desk, RUNG, key)
    deploy_thrower(desk, RUNG)
    waiting = [desk.start("catcher").id for _ in range(3)]
    thrower = desk.start("thrower").id

    desk.complete(desk.reviewer)

    assert statuses(desk, *waiting, thrower) == ["completed"] * 4
    (first,) = instances_of(desk, "first_started")
    (second,) = instances_of(desk, "second_started")
    assert (first.case_number[-1], second.case_number[-1]) == ("5", "6")
    assert trail(desk, thrower)[-3:] == ["signal.thrown", "instance.ended", "signal.addressed"]
    with desk.database.read() as session:
        addressed = events_of_stream(session, f"instance:{thrower}")[-1]
    assert addressed.content["after"] == {"receivers": 5}


def test_a_message_reaches_who_waits_with_its_key_and_starts_a_process(desk: Desk) -> None:
    deploy_catcher(desk, TOLD)
    deploy_started(desk, TOLD, "started")
    deploy_thrower(desk, TOLD)
    with_key, with_another = (desk.start("catcher", {"key": key}).id for key in ("K1", "K2"))
    desk.start("thrower", {"key": "K1"})

    desk.complete(desk.reviewer)

    assert statuses(desk, with_key, with_another) == ["completed", "active"]
    (begun,) = instances_of(desk, "started")
    assert begun.business_key == "K1"


def test_several_throws_reach_their_receivers_in_their_order(desk: Desk) -> None:
    # The first throw of all starts the first case, whoever was deployed first.
    for key, event in (("c", RUNG), ("b", ASKED), ("a", TOLD)):
        deploy_started(desk, event, f"{key}_started")
    deploy_thrower(desk, RUNG, TOLD, ASKED, RUNG)
    desk.start("thrower", {"key": "K"})

    desk.complete(desk.reviewer)

    last_first = [row for key in "abc" for row in instances_of(desk, f"{key}_started")]
    assert [int(row.case_number[-6:]) for row in last_first] == [3, 4, 5, 2]


@pytest.mark.parametrize("event", [TOLD, RUNG], ids=["message", "signal"])
def test_a_branch_of_the_very_instance_receives_what_another_throws(desk: Desk, event: str) -> None:
    deploy(
        desk,
        "own",
        start(),
        *BRANCHES,
        user_task("first"),
        throw("throw", event),
        catch("wait", event),
        end(),
        *chain("begin", "split", "first", "throw", "joined", "done"),
        *chain("split", "wait", "joined"),
    )
    started = desk.start("own", {"key": "K"}).id

    desk.complete(desk.reviewer)

    assert statuses(desk, started) == ["completed"]


def test_only_a_wait_that_opens_before_the_throw_receives(desk: Desk) -> None:
    deploy(
        desk,
        "after",
        *(start(), user_task("first"), throw("throw", TOLD), catch("wait", TOLD), end()),
        *chain("begin", "first", "throw", "wait", "done"),
    )
    deploy(
        desk,
        "before",
        *(start(), user_task("first"), *BRANCHES, catch("wait", TOLD), throw("throw", TOLD), end()),
        *chain("begin", "first", "split", "wait", "joined", "done"),
        *chain("split", "throw", "joined"),
    )
    after = desk.start("after", {"key": "A"}).id
    desk.complete(desk.reviewer)
    before = desk.start("before", {"key": "B"}).id

    desk.complete(desk.reviewer)

    assert statuses(desk, after, before) == ["active", "completed"]
    assert "message.addressed" not in trail(desk, after)


def test_who_receives_may_throw_in_turn_and_the_answer_comes_back(desk: Desk) -> None:
    deploy(
        desk,
        "answering",
        *(start(), catch("wait", TOLD), throw("answer", ASKED), end()),
        *chain("begin", "wait", "answer", "done"),
    )
    deploy(
        desk,
        "asking",
        *(start(), user_task("first"), *BRANCHES, catch("answered", ASKED), throw("ask", TOLD), end()),
        *chain("begin", "first", "split", "answered", "joined", "done"),
        *chain("split", "ask", "joined"),
    )
    answering = desk.start("answering", {"key": "K"}).id
    asking = desk.start("asking", {"key": "K"}).id

    desk.complete(desk.reviewer)

    assert statuses(desk, answering, asking) == ["completed", "completed"]
    assert trail(desk, asking)[-3:] == ["message.addressed", "message.received", "instance.ended"]


def test_an_instance_that_throws_as_it_begins_is_heard(desk: Desk) -> None:
    deploy_catcher(desk, RUNG)
    deploy(desk, "calling", start(), throw("throw", RUNG), end(), *chain("begin", "throw", "done"))
    waiting = desk.start("catcher").id

    calling = desk.start("calling").id

    assert statuses(desk, waiting, calling) == ["completed", "completed"]


def test_a_boundary_wait_that_ends_with_the_task_before_the_throw_does_not_receive(desk: Desk) -> None:
    boundary = node("boundaryEvent", "stopped", TOLD, f'attachedToRef="first" {WITH_KEY}')
    deploy(
        desk,
        "deaf",
        *(start(), user_task("first"), boundary, throw("throw", TOLD), end(), end("given_up")),
        *chain("begin", "first", "throw", "done"),
        flow("stopped", "given_up"),
    )
    started = desk.start("deaf", {"key": "K"}).id

    desk.complete(desk.reviewer)

    assert trail(desk, started)[-2:] == ["message.thrown", "instance.ended"]


def test_two_that_throw_at_once_end_one_wait_once(desk: Desk) -> None:
    deploy_catcher(desk, RUNG)
    deploy_thrower(desk, RUNG)
    waiting = [desk.start("catcher").id for _ in range(3)]
    throwers = [desk.start("thrower").id for _ in range(4)]
    works = [
        partial(desk.complete, person("reviewer"), {}, task.id) for task in desk.inbox(person("reviewer"))
    ]

    results = at_once(works)

    assert all(isinstance(result, CompletedTask) for result in results), results
    assert statuses(desk, *waiting, *throwers) == ["completed"] * 7
    assert [trail(desk, each).count("signal.received") for each in waiting] == [1, 1, 1]


def test_branches_that_throw_at_once_do_not_fail_each_other(desk: Desk) -> None:
    deploy_catcher(desk, TOLD)
    names = ("first", "second", "third")
    deploy(
        desk,
        "branching",
        *(start(), *BRANCHES, end()),
        *(part for name in names for part in (user_task(name), throw(f"{name}_told", TOLD))),
        *chain("begin", "split"),
        *(part for name in names for part in chain("split", name, f"{name}_told", "joined")),
        flow("joined", "done"),
    )
    waiting = desk.start("catcher", {"key": "K"}).id
    branching = desk.start("branching", {"key": "K"}).id
    works = [
        partial(desk.complete, person("reviewer"), {}, task.id) for task in desk.inbox(person("reviewer"))
    ]

    results = at_once(works)

    assert all(isinstance(result, CompletedTask) for result in results), results
    assert statuses(desk, waiting, branching) == ["completed", "completed"]
    assert trail(desk, waiting).count("message.received") == 1
    thrown = trail(desk, branching)
    assert (thrown.count("message.thrown"), thrown.count("message.addressed")) == (3, 1)


def test_more_events_than_one_look_asks_for_are_all_found(desk: Desk) -> None:
    deploy_catcher(desk, TOLD)
    deploy_started(desk, RUNG, "started")
    waiting = desk.start("catcher", {"key": "K"}).id
    nobody = [Throw(None, "message", "case.told", f"N{number}", {}) for number in range(MOST_EVENTS)]
    awaited, starting = (
        Throw(None, "message", "case.told", "K", {}),
        Throw(None, "signal", "bell.rung", None, {}),
    )

    first, second = looks_for([*nobody, awaited, starting, awaited])
    with desk.database.read() as session:
        first.ask(session)
        second.ask(session)

    assert not list(first.waits_for(nobody[-1].event))
    assert [wait.instance_id for wait in second.waits_for(awaited.event)] == [waiting]
    assert [element for _version, element in second.starts_on(starting.event)] == ["begin"]


@pytest.mark.parametrize("keys", [("K",), ("K", "L", "M")], ids=["one event", "several events"])
def test_the_look_for_receivers_reads_indexes(desk: Desk, keys: tuple[str, ...]) -> None:
    look = Look([("message", "case.told", key) for key in keys])
    statement = Statement(select(*receivers_of(look.places)))

    with desk.database.read() as session:
        if desk.database.dialect == "postgresql":
            # On tables this small reading everything is best; asked not to, it shows what it could do.
            session.execute(text("SET LOCAL enable_seqscan = off"))
        channel = channel_of(session)
        prepared = statement.prepared(channel.dialect, look.values)
        explain = "EXPLAIN QUERY PLAN " if desk.database.dialect == "sqlite" else "EXPLAIN "
        cursor = channel.cursor()
        cursor.execute(explain + prepared.text, prepared.parameters(look.values))
        steps = "\n".join(str(row[-1]) for row in cursor.fetchall())

    assert "ix_job_event" in steps, steps
    assert "ix_event_start_kind_name" in steps, steps
    assert "SCAN job" not in steps, steps
