"""Timers, reminders and escalations, on a clock moved by hand."""

from __future__ import annotations

from datetime import timedelta

from kernel.audit import events_of_stream
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, start, timer, user_task
from tests.integration.engine.samples import single_task, task_with_timeout


def test_a_boundary_timer_ends_the_task_when_its_time_has_come(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")

    desk.clock.advance(timedelta(days=2))
    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(days=1))
    assert desk.run_jobs() == 1

    detail = desk.instance(started.id)
    assert (detail.row.status, detail.row.outcome) == ("completed", "overdue")
    with desk.database.read() as session:
        assert desk.engine.task(session, desk.supervisor, detail.task_ids[0]).row.status == "cancelled"


def test_a_timer_of_a_completed_task_never_fires(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    desk.start("timeout")
    desk.complete(person("provider"))

    desk.clock.advance(timedelta(days=4))
    assert desk.run_jobs() == 0
    with desk.database.read() as session:
        assert desk.engine.next_due_at(session) is None


def test_a_deadline_reminds_at_four_fifths_and_escalates_at_the_end(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:deadline="5D"'))
    started = desk.start("single")
    (row,) = desk.inbox(desk.reviewer)
    assert row.due_at is not None

    desk.clock.advance((row.due_at - row.opened_at) * 0.81)
    desk.run_jobs()
    desk.clock.advance(timedelta(days=2))
    desk.run_jobs()

    assert [notice.kind for notice in desk.notices] == ["opened", "reminder", "overdue"]
    assert desk.notices[-1].candidate_role == "reviewer"
    (overdue,) = desk.inbox(desk.reviewer, "overdue")
    assert overdue.is_overdue
    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, f"instance:{started.id}")]
    assert actions == ["instance.started", "user_task.reminded", "user_task.escalated"]


def test_a_task_done_in_time_is_neither_reminded_of_nor_escalated(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:deadline="5D"'))
    desk.start("single")
    desk.complete(desk.reviewer, {"outcome": "agree"})

    desk.clock.advance(timedelta(days=30))

    assert desk.run_jobs() == 0


def test_due_today_lists_what_ends_at_midnight(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:deadline="1D"'))
    desk.start("single")

    assert desk.inbox(desk.reviewer, "due_today") == ()
    desk.clock.advance(timedelta(days=1))
    assert len(desk.inbox(desk.reviewer, "due_today")) == 1
    with desk.database.read() as session:
        counts = desk.engine.inbox_counts(session, desk.reviewer)
    assert (counts.claimable, counts.due_today, counts.mine, counts.done) == (1, 1, 0, 0)


def timed_process(cycle: str) -> dict[str, bytes]:
    """Return a process that starts by itself."""
    event = timer("P1D").replace("timeDuration", "timeCycle").replace("P1D", cycle)
    begin = start("by_itself", event)
    task = user_task("look", "reviewer")
    return files("timed", diagram("timed", begin, task, end(), *chain("by_itself", "look", "done")))


def test_a_timer_start_begins_instances_as_often_as_it_says(desk: Desk) -> None:
    desk.deploy("timed", timed_process("R2/P1D"))

    for _ in range(4):
        desk.clock.advance(timedelta(days=1))
        desk.run_jobs()

    with desk.database.read() as session:
        assert desk.engine.definitions(session)[0].running == 2


def test_a_new_version_takes_over_the_timer_start(desk: Desk) -> None:
    desk.deploy("timed", timed_process("R/P1D"))
    desk.deploy("timed", timed_process("R/P2D"))

    desk.clock.advance(timedelta(days=1))

    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(days=1))
    assert desk.run_jobs() == 1
