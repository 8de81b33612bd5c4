"""What the platform's own notices add to a completion: one statement, and on PostgreSQL one wait."""

from __future__ import annotations

import pytest

from handlers.notices import notify
from kernel.clock import ManualClock
from kernel.database import Database
from tests.counting import counted
from tests.integration.engine.desk import Desk
from tests.integration.engine.diagrams import diagram, files, review_form
from tests.integration.engine.test_costs import AGREE, ANSWER, KINDS, MOST_STATEMENTS, MOST_WAITS


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    """Give the desk of the engine's tests."""
    return Desk(database, clock)


DEAREST = "between waits, timers and deadlines"


@pytest.mark.parametrize("kind", [DEAREST, "into eight branches"])
def test_notices_of_all_tasks_that_open_are_one_statement(desk: Desk, kind: str) -> None:
    desk.engine.registry.notifier(notify)
    process = diagram("costs", *KINDS[kind], declarations=ANSWER)
    desk.deploy("costs", files("costs", process, review=review_form()))
    desk.start("costs")
    task_id = desk.only_task(desk.reviewer)

    with counted(desk.database) as count:
        desk.complete(desk.reviewer, AGREE, task_id)

    assert count.commits == 1
    assert len(count.statements) <= MOST_STATEMENTS, str(count)
    assert len([each for each in count.statements if each.startswith("INSERT INTO notice ")]) == 1
    assert count.round_trips <= MOST_WAITS + 1
