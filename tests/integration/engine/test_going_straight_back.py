"""What goes straight back is written by one statement: it stores what two would, and one of many wins."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.api import CompletedTask, UserTaskAlreadyClaimed, UserTaskNotOpen
from engine.instances.pending import Pending
from engine.instances.running import load_instance
from engine.runtime.effects import Spans
from engine.user_tasks.ending import END_TASK, ended_task
from engine.user_tasks.models import UserTask
from kernel.audit import verify
from kernel.statements import Batch
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.test_concurrency import at_once
from tests.integration.engine.test_returning import AGREE, at_approval, give_back, rows

Stored = dict[str, dict[str, Any]]


def sent_back(desk: Desk) -> tuple[UUID, UUID]:
    """Let the third step return an instance to its first, to come straight back; gives instance and task."""
    instance_id, task_id = at_approval(desk)
    return instance_id, give_back(desk, desk.operator, task_id, "apply", straight_back=True)


def stored(session: Session, instance_id: UUID) -> Stored:
    """Return every column of every task of an instance, by its activity."""
    table = UserTask.__table__
    found = session.execute(select(table).where(table.c.instance_id == instance_id)).mappings()
    return {row["activity_id"]: dict(row) for row in found}


def changes(before: Stored, after: Stored) -> dict[str, dict[str, Any]]:
    """Return the new values of what is not as it was."""
    return {
        activity: {name: value for name, value in row.items() if value != before[activity][name]}
        for activity, row in after.items()
        if activity in before and row != before[activity]
    }


def test_what_counts_again_is_as_it_was_and_what_ends_says_how(desk: Desk) -> None:
    instance_id, reopened = sent_back(desk)
    with desk.database.read() as session:
        before = stored(session, instance_id)

    desk.complete(desk.initiator, AGREE, reopened)

    with desk.database.read() as session:
        changed = changes(before, stored(session, instance_id))
    redone, review = (
        max(key for key, row in before.items() if row["element_id"] == element)
        for element in ("apply", "review")
    )
    ended = changed.pop(redone)
    assert changed == {review: {"superseded_at": None}}
    assert len(ended.pop("snapshot_digest")) == 64
    assert '"同意"' in ended.pop("snapshot")
    assert ended == {
        "status": "completed",
        "assignee_id": desk.initiator.person_id,
        "claimed_at": desk.clock.now(),
        "completed_at": desk.clock.now(),
        "completed_by": desk.initiator.person_id,
        "outcome": "agree",
        "opinion": "同意",
        "revision": before[redone]["revision"] + 1,
    }


@pytest.mark.parametrize("is_claimed", [False, True])
@pytest.mark.parametrize("pairs", [(), ((0, 1000),), ((0, 2), (2, 3), (3, 1000))])
def test_one_statement_stores_what_two_would(
    desk: Desk, is_claimed: bool, pairs: tuple[tuple[int, int], ...]
) -> None:
    instance_id, reopened = sent_back(desk)
    beside_id = desk.start("steps").id
    if is_claimed:
        desk.claim(desk.initiator, reopened)

    def by_two(session: Session) -> None:
        batch = Batch()
        batch.add(END_TASK, [end_of(session, reopened)], 1, AssertionError)
        batch.add(END_TASK, [ended_task(beside_id, only_activity(session), "cancelled", desk.clock.now())])
        batch.send(session)
        for row in stored(session, instance_id).values():
            number = int(row["activity_id"])
            if row["status"] == "completed" and any(after < number <= upto for after, upto in pairs):
                session.execute(update(UserTask).where(UserTask.id == row["id"]).values(superseded_at=None))

    def by_one(session: Session) -> None:
        pending, batch = Pending(desk.clock.now(), None), Batch()
        pending.end_task(end_of(session, reopened), AssertionError)
        pending.close_task(load_instance(session, beside_id), only_activity(session))
        pending.reinstate_tasks(load_instance(session, instance_id), Spans(pairs))
        pending.close(batch)
        batch.send(session)

    def only_activity(session: Session) -> str:
        (activity_id,) = stored(session, beside_id)
        return activity_id

    found = []
    for write in (by_two, by_one):
        with desk.database.read() as session:
            before = stored(session, instance_id)
            write(session)
            found.append((stored(session, instance_id), stored(session, beside_id)))

    assert found[0] == found[1]
    assert len(changes(before, found[1][0])) == (3 if pairs else 1)
    assert [row["status"] for row in found[1][1].values()] == ["cancelled"]


def end_of(session: Session, task_id: UUID) -> dict[str, Any]:
    """Return the end of a task, with a value of its own in every column."""
    row = session.execute(select(UserTask.__table__).where(UserTask.id == task_id)).mappings().one()
    return ended_task(
        row["instance_id"],
        row["activity_id"],
        "completed",
        row["opened_at"],
        seen_revision=row["revision"],
        assignee_id=UUID(int=8) if row["assignee_id"] is None else None,
        claimed_at=row["claimed_at"],
        completed_by=UUID(int=7),
        outcome="agree",
        opinion="同意",
        snapshot_digest="0" * 64,
        snapshot="{}",
    )


def test_who_comes_too_late_is_told_even_though_completions_would_count_again(desk: Desk) -> None:
    instance_id, reopened = sent_back(desk)
    pending, batch = Pending(desk.clock.now(), None), Batch()
    with desk.database.read() as session:
        pending.end_task(end_of(session, reopened), lambda: UserTaskAlreadyClaimed(reopened, None))
        pending.reinstate_tasks(load_instance(session, instance_id), Spans(((0, 1000),)))
    desk.claim(desk.initiator, reopened)
    pending.close(batch)

    with pytest.raises(UserTaskAlreadyClaimed), desk.database.write() as session:
        batch.send(session)

    assert [row[1:] for row in rows(desk, instance_id)] == [
        ("completed", True),
        ("completed", True),
        ("returned", False),
        ("claimed", False),
    ]


def test_of_several_who_send_it_straight_back_exactly_one_wins(desk: Desk) -> None:
    instance_id, reopened = sent_back(desk)
    people = [desk.initiator, *(person("releasing_unit") for _ in range(3))]

    results = at_once([partial(desk.complete, actor, AGREE, reopened) for actor in people])

    won = [result for result in results if isinstance(result, CompletedTask)]
    lost = [result for result in results if isinstance(result, UserTaskNotOpen | UserTaskAlreadyClaimed)]
    assert (len(won), len(lost)) == (1, 3)
    assert rows(desk, instance_id) == [
        ("apply", "completed", True),
        ("review", "completed", False),
        ("approve", "returned", False),
        ("apply", "completed", False),
        ("approve", "open", False),
    ]
    with desk.database.read() as session:
        assert verify(session).ok
