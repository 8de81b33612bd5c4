"""A database of an earlier version of the platform: migrated, its instances load and finish."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from engine.api import InstanceFilter
from kernel.actor import Actor, Grant
from kernel.audit import verify
from kernel.clock import ManualClock
from kernel.database import Database
from tests.integration.engine.desk import CITY, Desk
from webapp import schema

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
_FIRST = 0x0199A000_0000_7000_8000_000000000000


def stored_person(number: int, *roles: str) -> Actor:
    """Return one of the persons who worked on the stored database, by the order of the desk."""
    person_id = UUID(int=_FIRST + number)
    return Actor(person_id=person_id, name="旧人", grants=tuple(Grant(role, CITY) for role in roles))


INITIATOR = stored_person(4, "releasing_unit")
REVIEWER = stored_person(5, "reviewer")
OPERATOR = stored_person(3, "operator")
PROVIDER = stored_person(8, "provider")


@pytest.fixture
def old_desk(tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    """Give a desk on the database that the first version left behind, brought up to date."""
    path = tmp_path / "old.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript((CORPUS / "schema-1" / "platform.sql").read_text(encoding="utf-8"))
    connection.close()
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    yield Desk(database, clock)
    database.dispose()


def task_of(desk: Desk, actor: Actor, title: str, view: str = "claimable") -> UUID:
    """Return the task of the instance with this title."""
    (found,) = (task.id for task in desk.inbox(actor, view) if task.instance_title == title)
    return found


def test_instances_of_the_first_version_finish(old_desk: Desk) -> None:
    desk = old_desk
    desk.clock.advance(timedelta(minutes=1))

    desk.complete(INITIATOR, {}, task_of(desk, INITIATOR, "待填报"))
    desk.complete(INITIATOR, {}, task_of(desk, INITIATOR, "创建"))
    desk.run_jobs()
    desk.complete(REVIEWER, {"outcome": "agree"}, task_of(desk, REVIEWER, "待填报"))
    desk.complete(REVIEWER, {"outcome": "agree"}, task_of(desk, REVIEWER, "待审查", "mine"))
    desk.complete(REVIEWER, {"outcome": "agree"}, task_of(desk, REVIEWER, "有期限"))
    desk.complete(REVIEWER, {"outcome": "agree"}, task_of(desk, REVIEWER, "调用"))
    desk.complete(OPERATOR, {}, task_of(desk, OPERATOR, "并行"))
    # The message that the stored instance threw after the upgrade started another one.
    desk.complete(PROVIDER, {}, next(task.id for task in desk.inbox(PROVIDER) if task.element_id == "adapt"))
    desk.clock.advance(timedelta(days=3))
    desk.run_jobs()

    with desk.database.read() as session:
        statuses = {
            row.title: (row.status, row.outcome)
            for row in desk.engine.instances(session, desk.supervisor, InstanceFilter()).rows
        }
        assert verify(session).ok
    assert statuses.pop("三天内答复") == ("completed", "overdue")
    assert set(statuses.values()) == {("completed", "finished")}


def test_a_draft_of_the_first_version_is_still_there(old_desk: Desk) -> None:
    task_id = task_of(old_desk, REVIEWER, "待审查", "mine")

    with old_desk.database.read() as session:
        detail = old_desk.engine.task(session, REVIEWER, task_id)

    assert detail.data["opinion"] == "写了一半"
