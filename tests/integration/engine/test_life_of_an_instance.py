"""From deployment to the end: tasks open and close, and everything is recorded."""

from __future__ import annotations

from kernel.audit import events_of_stream, verify
from tests.integration.engine.desk import Desk
from tests.integration.engine.samples import review_process


def test_an_instance_runs_from_start_to_end_and_leaves_a_trail(desk: Desk) -> None:
    desk.deploy("review-process", review_process())

    started = desk.start("review-process", {"name": "示例"})
    desk.complete(desk.initiator)
    assert desk.run_jobs() == 1
    desk.complete(desk.reviewer, {"outcome": "return", "opinion": "请补充材料"})
    desk.complete(desk.initiator)
    desk.run_jobs()
    finished = desk.complete(desk.reviewer, {"outcome": "agree"})

    assert finished.instance_status == "completed"
    detail = desk.instance(started.id)
    assert detail.row.outcome == "finished"
    assert detail.row.case_number == "ZJ-990200-2026-000001"
    visits = {facts.element_id: (facts.visits, facts.state) for facts in detail.elements}
    assert visits["review"] == (2, "done")
    assert detail.flows[("review-process", "decided_to_fill_in")] == 1
    assert [entry.opinion for entry in detail.timeline if entry.opinion] == ["请补充材料"]
    assert len(desk.applied) == 2
    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, f"instance:{started.id}")]
        assert verify(session).ok
    assert actions == [
        "instance.started",
        "user_task.completed",
        "job.completed",
        "user_task.completed",
        "user_task.completed",
        "job.completed",
        "user_task.completed",
        "instance.ended",
    ]
