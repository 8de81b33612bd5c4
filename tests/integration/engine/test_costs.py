"""What a command may cost: one commit, at most eight statements, at most five waits, however old the case.

Counted at the driver, on both databases. The time itself is measured by ``make bench``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from engine.api import InboxFilter, InboxView
from engine.instances.models import ProcessInstance
from kernel.audit import verify
from kernel.clock import ManualClock
from kernel.database import Database
from tests.benchmarks.stores import bytes_written, reset_log
from tests.counting import counted
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    files,
    flow,
    node,
    review_form,
    service_task,
    start,
    timer,
    user_task,
)
from webapp import schema

MOST_STATEMENTS, MOST_WAITS = 8, 5
FOUR_EYES = 'zujian:differsFrom="first"'
DEADLINE = 'zujian:deadline="2D"'
KEYS = {"answered": 'zujian:correlationKey="initiatorId"'}
AGREE = {"outcome": "agree", "opinion": "材料齐全"}

Nodes = tuple[str, ...]


def into(*after: str, attributes: str = "", before: Nodes = (), flows: Nodes = ()) -> Nodes:
    """Return a process whose first task is followed by ``after``."""
    return (
        start(),
        user_task("first", "reviewer", "review.json", attributes),
        end(),
        *before,
        *after,
        flow("begin", "first"),
        *flows,
    )


SECOND = user_task("second", "operator", "review.json", FOUR_EYES)
URGENT = user_task("second", "operator", "review.json", f"{FOUR_EYES} {DEADLINE}")
STRAIGHT = chain("first", "second", "done")
LATE = (boundary("first_late", "first", timer("P1D")), boundary("second_late", "second", timer("P1D")))
GIVEN_UP = (end("given_up"), flow("first_late", "given_up"), flow("second_late", "given_up"))
ANSWER = '<bpmn:message id="answer" name="answer.given"/><bpmn:signal id="alarm" name="alarm.given"/>'
AWAITED = tuple(
    node("boundaryEvent", f"{task}_{name}", event, f'attachedToRef="{task}" {KEYS.get(name, "")}')
    for task in ("first", "second")
    for name, event in (
        ("answered", '<bpmn:messageEventDefinition messageRef="answer"/>'),
        ("alarmed", '<bpmn:signalEventDefinition signalRef="alarm"/>'),
    )
)
LEFT = tuple(
    flow(f"{task}_{name}", "given_up") for task in ("first", "second") for name in ("answered", "alarmed")
)
EVERYTHING = (*LATE, *AWAITED)
WAYS_OUT = (*GIVEN_UP, *LEFT)
BRANCHES = tuple(f"branch_{number}" for number in range(8))

KINDS: dict[str, Nodes] = {
    "into the end": into(flows=(flow("first", "done"),)),
    "into a user task with four eyes": into(SECOND, flows=STRAIGHT),
    "into a service job": into(service_task("second", "checks.run"), flows=STRAIGHT),
    "between deadlines": into(URGENT, attributes=DEADLINE, flows=STRAIGHT),
    "between boundary timers": into(SECOND, *LATE, flows=(*STRAIGHT, *GIVEN_UP)),
    "between timers and deadlines": into(URGENT, *LATE, attributes=DEADLINE, flows=(*STRAIGHT, *GIVEN_UP)),
    "between waits": into(SECOND, *AWAITED, flows=(*STRAIGHT, end("given_up"), *LEFT)),
    "between waits, timers and deadlines": into(
        URGENT, *EVERYTHING, attributes=DEADLINE, flows=(*STRAIGHT, *WAYS_OUT)
    ),
    "into eight branches": into(
        node("parallelGateway", "split"),
        node("parallelGateway", "joined"),
        *(user_task(name, "operator", "review.json", f"{FOUR_EYES} {DEADLINE}") for name in BRANCHES),
        flows=(
            flow("first", "split"),
            *(part for name in BRANCHES for part in chain("split", name, "joined")),
            flow("joined", "done"),
        ),
    ),
}


@pytest.mark.parametrize("with_draft", [False, True], ids=["plain", "with a draft"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_completion_is_one_commit_of_few_statements(desk: Desk, kind: str, with_draft: bool) -> None:
    desk.deploy(
        "costs", files("costs", diagram("costs", *KINDS[kind], declarations=ANSWER), review=review_form())
    )
    desk.start("costs")
    task_id = desk.only_task(desk.reviewer)
    if with_draft:
        desk.claim(desk.reviewer, task_id)
        desk.perform(lambda s: desk.engine.save_task_draft(s, desk.reviewer, task_id, {"opinion": "初稿"}))

    with counted(desk.database) as count:
        desk.complete(desk.reviewer, AGREE, task_id)

    assert_cheap(count)


def test_the_branches_and_their_join_are_as_cheap(desk: Desk) -> None:
    nodes = KINDS["into eight branches"]
    desk.deploy("costs", files("costs", diagram("costs", *nodes), review=review_form()))
    started = desk.start("costs")
    desk.complete(desk.reviewer, AGREE)

    waits = []
    for task in desk.inbox(desk.operator):
        with counted(desk.database) as count:
            desk.complete(desk.operator, AGREE, task.id)
        waits.append(count.round_trips)
        assert count.commits == 1
        assert len(count.statements) <= MOST_STATEMENTS, str(count)

    # At its sixth use of a query the driver prepares it, for which it waits once and never again.
    assert sorted(waits)[-2] <= MOST_WAITS, waits
    assert desk.instance(started.id).row.status == "completed"
    with desk.database.read() as session:
        assert verify(session).ok


def assert_cheap(count: Any) -> None:
    """Hold a count against the limits."""
    assert count.commits == 1
    assert len(count.statements) <= MOST_STATEMENTS, str(count)
    assert count.round_trips <= MOST_WAITS


@pytest.fixture
def quick_desk(tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    """Give a desk on a SQLite file that does not wait for the disk; nothing here is cut off."""
    database = Database(f"sqlite:///{tmp_path / 'loops.sqlite3'}", synchronous="NORMAL")
    schema.upgrade(database)
    yield Desk(database, clock)
    database.dispose()


@pytest.mark.slow
def test_the_thousandth_round_costs_what_the_first_one_cost(quick_desk: Desk) -> None:
    desk = quick_desk
    back = (node("exclusiveGateway", "decided"), flow("decided", "first", "decision == 'return'"))
    second = user_task("second", "operator", "review.json", FOUR_EYES, "decision=outcome")
    flows = (*chain("first", "second", "decided"), *back[1:], flow("decided", "done", "decision == 'agree'"))
    nodes = into(second, back[0], flows=flows)
    desk.deploy("rounds", files("rounds", diagram("rounds", *nodes), review=review_form()))
    started = desk.start("rounds")
    task_id = desk.only_task(desk.reviewer)
    statements, written, sizes = set[int](), [], []

    for round_number in range(1, 1001):
        if round_number not in (10, 100, 1000):
            task_id = one_round(desk, task_id)
            continue
        with counted(desk.database) as count:
            task_id = one_round(desk, task_id)
        statements.add(len(count.statements))
        sizes.append(state_size(desk, started.id))
        reset_log(desk.database)
        for _ in range(5):
            task_id = one_round(desk, task_id)
        written.append(bytes_written(desk.database))

    assert len(statements) == 1
    assert max(sizes) - min(sizes) <= 12, sizes
    # In a store of ten rows every index is one page; from then on nothing grows with the age of the case.
    assert written[2] <= 1.15 * written[1], written


def one_round(desk: Desk, task_id: UUID) -> UUID:
    """Fill in, send back, and return the task that opens again."""
    (second,) = desk.complete(desk.reviewer, AGREE, task_id).next_task_ids
    sent_back = {"outcome": "return", "opinion": "请补充材料"}
    (first,) = desk.complete(desk.operator, sent_back, second).next_task_ids
    return first


def state_size(desk: Desk, instance_id: UUID) -> int:
    """Return the length of the stored state."""
    with desk.database.read() as session:
        query = select(ProcessInstance.state).where(ProcessInstance.id == instance_id)
        return len(str(session.scalar(query)))


def test_every_list_of_the_inbox_reads_an_index(desk: Desk) -> None:
    people = {
        "one role": person("reviewer"),
        "two roles": person("reviewer", "operator"),
        "a unit": person("provider", unit_id=desk.reviewer.person_id),
        "a province": person("reviewer", region="990000"),
    }
    views: tuple[InboxView, ...] = ("mine", "claimable", "overdue", "due_today", "done", "started")
    for name, actor in people.items():
        for view in views:
            wanted = InboxFilter(view=view)
            for steps in plans(desk.database, lambda s, a=actor, w=wanted: desk.engine.inbox(s, a, w)):
                assert not re.search(r"SCAN user_task|Seq Scan on user_task", steps), (
                    f"{name} {view}\n{steps}"
                )
        for steps in plans(desk.database, lambda s, a=actor: desk.engine.inbox_counts(s, a)):
            assert not re.search(r"SCAN user_task|Seq Scan on user_task", steps), f"{name}\n{steps}"


def plans(database: Database, look: Callable[[Session], Any]) -> list[str]:
    """Return how the database carries out each query of a look."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.read() as session:
            if database.dialect == "postgresql":
                # On tables this small reading everything is best; asked not to, it shows what it could do.
                session.execute(text("SET LOCAL enable_seqscan = off"))
            look(session)
            explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
            return [
                "\n".join(
                    str(row[-1])
                    for row in session.connection().exec_driver_sql(explain + statement, parameters)
                )
                for statement, parameters in found[:]
            ]
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
