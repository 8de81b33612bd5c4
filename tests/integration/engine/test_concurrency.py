"""Several people at once, in threads: who wins, who is told, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from engine.api import CompletedTask, UserTaskAlreadyClaimed, UserTaskNotOpen
from kernel.audit import events_of_stream, verify
from kernel.errors import Rejected
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.samples import parallel_reviews, review_process, single_service, single_task


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the works at the same moment; returns results and rejections, in order."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except Rejected as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_two_completions_of_one_task_exactly_one_wins(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    people = [desk.reviewer, desk.other_reviewer, person("reviewer"), person("reviewer")]

    results = at_once([partial(desk.complete, actor, {"outcome": "agree"}, task_id) for actor in people])

    won = [result for result in results if isinstance(result, CompletedTask)]
    lost = [result for result in results if isinstance(result, UserTaskNotOpen | UserTaskAlreadyClaimed)]
    assert (len(won), len(lost)) == (1, 3)
    with desk.database.read() as session:
        actions = [
            event.action
            for event in events_of_stream(session, f"instance:{started.id}")
            if event.outcome == "done"
        ]
        assert verify(session).ok
    assert actions == ["instance.started", "user_task.completed", "instance.ended"]


def test_of_two_claims_exactly_one_wins(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    people = [desk.reviewer, desk.other_reviewer]

    results = at_once([partial(desk.claim, actor, task_id) for actor in people])

    assert sum(isinstance(result, UserTaskAlreadyClaimed) for result in results) == 1


def test_parallel_branches_of_one_instance_do_not_fail_each_other(desk: Desk) -> None:
    desk.deploy("parallel", parallel_reviews())
    started = [desk.start("parallel") for _ in range(3)]
    works = [
        partial(desk.complete, actor, {}, task.id)
        for actor in (desk.reviewer, desk.operator)
        for task in desk.inbox(actor)
    ]

    results = at_once(works)

    assert all(isinstance(result, CompletedTask) for result in results)
    assert [desk.instance(instance.id).row.status for instance in started] == ["completed"] * 3
    with desk.database.read() as session:
        assert verify(session).ok


def test_case_numbers_are_unique_and_without_gaps(desk: Desk) -> None:
    desk.deploy("single", single_task())

    started = at_once([partial(desk.start, "single") for _ in range(6)])

    numbers = sorted(instance.case_number for instance in started)
    assert numbers == [f"ZJ-990200-2026-{number:06d}" for number in range(1, 7)]


def test_an_exclusive_process_lets_one_of_many_in(desk: Desk) -> None:
    exclusive = single_task()
    exclusive["single.bpmn"] = exclusive["single.bpmn"].replace(
        b'isExecutable="true"', b'isExecutable="true" zujian:exclusive="true"'
    )
    desk.deploy("single", exclusive)

    results = at_once([partial(desk.start, "single", business_key="V1") for _ in range(4)])

    assert sum(isinstance(result, Rejected) for result in results) == 3


def test_a_job_is_run_by_one_of_several_workers(desk: Desk) -> None:
    desk.deploy("service", single_service())
    for _ in range(3):
        desk.start("service")

    ran = at_once([desk.run_jobs for _ in range(3)])

    assert sum(ran) == 3
    assert len(desk.calls) == len({call.job_id for call in desk.calls}) == 3


def test_the_trail_of_a_busy_process_is_whole(desk: Desk) -> None:
    desk.deploy("review-process", review_process())
    for _ in range(3):
        desk.start("review-process")

    at_once([partial(desk.complete, desk.initiator, {}, task.id) for task in desk.inbox(desk.initiator)])
    desk.run_jobs()

    assert len(desk.inbox(desk.reviewer)) == 3
    with desk.database.read() as session:
        assert verify(session).ok
