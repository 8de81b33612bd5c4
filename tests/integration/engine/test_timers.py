"""Timers, reminders and escalations, on a clock moved by hand."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from engine.api import IncidentRow, TaskNotice
from kernel.actor import Actor
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


def test_after_downtime_a_timer_start_begins_one_instance_for_each_time_it_missed(desk: Desk) -> None:
    desk.deploy("timed", timed_process("R5/P1D"))

    desk.clock.advance(timedelta(days=3, hours=12))
    while desk.run_jobs():
        pass

    assert running(desk) == 3


def test_a_daily_start_that_was_drawn_long_ago_begins_at_its_next_moment(desk: Desk) -> None:
    # The clock of the tests stands at 01:00 UTC on 23 November 2026.
    desk.deploy("timed", timed_process("R/2026-01-01T02:00:00+08:00/P1D"))

    assert desk.run_jobs() == 0
    with desk.database.read() as session:
        due = desk.engine.next_due_at(session)
    assert due is not None
    assert due.isoformat() == "2026-11-23T18:00:00+00:00"

    desk.clock.advance(timedelta(days=1))
    while desk.run_jobs():
        pass
    assert running(desk) == 1


def test_a_new_version_takes_over_the_timer_start(desk: Desk) -> None:
    desk.deploy("timed", timed_process("R/P1D"))
    desk.deploy("timed", timed_process("R/P2D"))

    desk.clock.advance(timedelta(days=1))

    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(days=1))
    assert desk.run_jobs() == 1


def failing_start(desk: Desk) -> IncidentRow:
    """Let a timer start fail until it is given up, and return its incident."""
    desk.deploy("timed", timed_process("R/P1D"))
    desk.engine.registry.notifier(refuse)
    desk.clock.advance(timedelta(days=1))
    for _ in range(3):
        desk.run_jobs()
        desk.clock.advance(timedelta(minutes=2))
    (incident,) = incidents(desk)
    return incident


def refuse(_session: Session, _notice: TaskNotice) -> None:
    """Fail, as a notifier with a bug would."""
    raise RuntimeError("no notice today")


def incidents(desk: Desk) -> tuple[IncidentRow, ...]:
    """Return the open incidents as an operator of the whole country sees them."""
    with desk.database.read() as session:
        return desk.engine.incidents(session, country_operator())


def country_operator() -> Actor:
    """Return an operator whose grant covers every region."""
    return person("operator", region="000000", permissions=["incident.resolve"])


def running(desk: Desk) -> int:
    """Count the running instances of the timed process."""
    with desk.database.read() as session:
        return desk.engine.definitions(session)[0].running


def test_a_timer_start_that_fails_opens_an_incident_and_stops_trying(desk: Desk) -> None:
    incident = failing_start(desk)

    assert (incident.instance_id, incident.process_key, incident.element_id) == (None, "timed", "by_itself")
    assert "no notice today" in incident.cause
    assert desk.run_jobs() == 0
    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, "system:jobs")]
    assert actions == ["incident.opened"]


def test_a_start_that_failed_does_not_stop_the_cycle_nor_shift_it(desk: Desk) -> None:
    failing_start(desk)
    desk.engine.registry._notifiers.remove(refuse)

    desk.clock.advance(timedelta(days=1) - timedelta(minutes=6, seconds=1))
    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(seconds=1))
    desk.run_jobs()

    assert running(desk) == 1


def test_a_start_is_made_up_for_by_retrying_its_incident_and_armed_once(desk: Desk) -> None:
    incident = failing_start(desk)
    desk.engine.registry._notifiers.remove(refuse)

    operator = country_operator()
    desk.perform(lambda s: desk.engine.retry_incident(s, operator, incident.id, "已修复"), operator)
    desk.run_jobs()
    assert running(desk) == 1
    desk.clock.advance(timedelta(days=1))
    desk.run_jobs()

    assert running(desk) == 2
    assert incidents(desk) == ()


def test_a_start_is_left_out_by_resolving_its_incident(desk: Desk) -> None:
    incident = failing_start(desk)

    operator = country_operator()
    desk.perform(lambda s: desk.engine.resolve_incident(s, operator, incident.id, "当日不办"), operator)
    desk.run_jobs()

    assert running(desk) == 0
    assert incidents(desk) == ()
