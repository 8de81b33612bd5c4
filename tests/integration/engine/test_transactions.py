"""One command is one transaction of few statements; a refusal leaves nothing behind."""

from __future__ import annotations

import pytest

from kernel.actor import system_actor
from kernel.errors import Conflict
from tests.counting import counted
from tests.integration.engine.desk import Desk
from tests.integration.engine.samples import (
    block_with_listener,
    review_process,
    single_service,
    task_with_listener,
)


def test_completing_a_task_takes_one_commit_and_few_statements(desk: Desk) -> None:
    desk.deploy("review-process", review_process())
    desk.start("review-process")
    desk.complete(desk.initiator)
    desk.run_jobs()
    task_id = desk.only_task(desk.reviewer)

    with counted(desk.database) as count:
        desk.complete(desk.reviewer, {"outcome": "return", "opinion": "请补充"}, task_id)

    assert count.commits == 1
    # The task and its instance read together; its end, the instance, the next task, the trail with the path.
    assert len(count.statements) == 5, str(count)
    assert count.round_trips <= 5


def test_a_listener_that_refuses_leaves_everything_as_it_was(desk: Desk) -> None:
    desk.deploy("listener", task_with_listener(event="FORBIDDEN"))
    started = desk.start("listener")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(Conflict):
        desk.complete(desk.reviewer, {}, task_id)

    assert desk.only_task(desk.reviewer) == task_id
    assert desk.instance(started.id).row.status == "active"


def test_a_listener_hears_the_actor_the_clauses_and_the_parameters(desk: Desk) -> None:
    desk.deploy("listener", task_with_listener(event="APPROVE"))
    desk.start("listener")

    desk.complete(desk.reviewer)

    (call,) = desk.heard
    assert (call.parameters, call.clauses) == ({"event": "APPROVE"}, ("9.1a",))
    assert call.actor == desk.reviewer
    assert call.element_id == "review"


def test_a_block_that_ends_with_a_persons_task_is_heard_as_the_platforms_act(desk: Desk) -> None:
    desk.deploy("block", block_with_listener())
    desk.start("block")

    desk.complete(desk.reviewer)

    (call,) = desk.heard
    assert (call.element_id, call.actor) == ("part", system_actor())


def test_no_transaction_is_open_while_a_handler_works(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    free: list[int] = []

    def write_meanwhile() -> None:
        free.append(desk.perform(lambda session: len(desk.engine.definitions(session))))

    desk.meanwhile = write_meanwhile
    desk.run_jobs()

    assert free == [1]
