"""Service tasks as jobs: once, again, an incident, and results that come too late."""

from __future__ import annotations

from datetime import timedelta
from time import sleep

import pytest

from engine.api import BPMNError, CancelInstance, IncidentNotOpen, IncidentRow, TechnicalFailure
from engine.jobs import runner
from engine.jobs.heartbeat import Heartbeat
from engine.jobs.locking import LEASE, due_jobs, extend_lease, lock_job, take_next
from kernel.audit import events_of_stream, verify
from kernel.errors import NotAllowed
from kernel.ids import new_id
from tests.integration.engine.desk import Desk
from tests.integration.engine.samples import single_service


def incidents(desk: Desk, only_open: bool = True) -> tuple[IncidentRow, ...]:
    """Return the incidents as the operator sees them."""
    with desk.database.read() as session:
        return desk.engine.incidents(session, desk.operator, only_open)


def test_a_handler_gets_its_parameters_and_its_writes_are_applied_once(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service", {"name": "示例"})

    assert desk.run_jobs() == 1
    assert desk.run_jobs() == 0

    (job,) = desk.calls
    assert (job.topic, job.parameters, job.attempt) == ("checks.run", {"stage": "creation"}, 1)
    assert job.instance.id == started.id
    assert job.instance.variables["name"] == "示例"
    assert job.instance.variables["initiatorId"] == str(desk.initiator.person_id)
    assert desk.applied == [job.job_id]
    assert desk.instance(started.id).variables["passed"] is True


def test_a_handler_may_say_what_the_instance_turned_out_to_be_about(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    version_id = new_id()
    desk.result, desk.subject = {"versionId": str(version_id)}, ("component_version", "versionId")

    desk.run_jobs()

    row = desk.instance(started.id).row
    assert (row.subject_type, row.subject_id) == ("component_version", version_id)


def test_what_is_not_json_fails_as_the_fault_of_the_handler(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    desk.result = {"answer": {1, 2}}

    desk.run_jobs()

    assert desk.applied == []
    assert desk.instance(started.id).row.status == "active"


def test_a_failure_is_tried_again_later_with_the_same_job(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    desk.failures = [TechnicalFailure("the other side is silent")]

    desk.run_jobs()
    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(seconds=11))
    desk.run_jobs()

    assert [call.attempt for call in desk.calls] == [1, 2]
    assert len({call.job_id for call in desk.calls}) == 1
    assert desk.instance(started.id).row.status == "completed"


def fail_for_good(desk: Desk) -> IncidentRow:
    """Let a job fail three times and return its incident."""
    desk.failures = [TechnicalFailure(f"silent {attempt}") for attempt in range(3)]
    for _ in range(3):
        desk.run_jobs()
        desk.clock.advance(timedelta(minutes=2))
    (incident,) = incidents(desk)
    return incident


def test_the_third_failure_opens_an_incident_with_its_cause(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")

    incident = fail_for_good(desk)

    assert (incident.kind, incident.cause, incident.attempts) == ("job_failed", "silent 2", 3)
    detail = desk.instance(started.id)
    assert detail.row.status == "incident"
    assert [facts.state for facts in detail.elements if facts.element_id == "check"] == ["failed"]


def test_an_incident_is_retried_by_the_operator_only_and_once(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    incident = fail_for_good(desk)

    with pytest.raises(NotAllowed):
        desk.perform(lambda s: desk.engine.retry_incident(s, desk.reviewer, incident.id, "再试"))
    desk.perform(lambda s: desk.engine.retry_incident(s, desk.operator, incident.id, "对方已恢复"))
    desk.run_jobs()

    assert desk.instance(started.id).row.status == "completed"
    assert incidents(desk) == ()
    with pytest.raises(IncidentNotOpen):
        desk.perform(lambda s: desk.engine.retry_incident(s, desk.operator, incident.id, "再试"))


def test_an_incident_is_resolved_by_hand_with_a_result(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    incident = fail_for_good(desk)

    desk.perform(
        lambda s: desk.engine.resolve_incident(
            s, desk.operator, incident.id, "人工核对通过", {"passed": True}
        )
    )

    detail = desk.instance(started.id)
    assert (detail.row.status, detail.variables["passed"]) == ("completed", True)
    (done,) = [entry for entry in detail.timeline if (entry.element_id, entry.kind) == ("check", "completed")]
    assert done.person_id == desk.operator.person_id


def test_a_business_error_is_caught_by_the_diagram(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    desk.failures = [BPMNError("refused", "the version is taken")]

    desk.run_jobs()

    assert desk.instance(started.id).row.outcome == "refused"


def test_an_error_that_nothing_catches_is_an_incident_at_once(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    desk.failures = [BPMNError("unheard_of")]

    desk.run_jobs()

    (incident,) = incidents(desk)
    assert incident.kind == "execution"
    assert "unheard_of" in incident.cause
    assert desk.instance(started.id).row.status == "incident"


def test_a_handler_that_is_gone_is_an_incident_and_never_silence(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    desk.engine.registry._handlers.clear()

    desk.run_jobs()

    (incident,) = incidents(desk)
    assert incident.kind == "handler_missing"


def test_a_result_that_comes_after_the_cancellation_is_recorded_as_dropped(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")

    def cancel_meanwhile() -> None:
        desk.operate(started.id, CancelInstance(), "不办了")

    desk.meanwhile = cancel_meanwhile
    desk.run_jobs()

    assert desk.applied == []
    assert desk.instance(started.id).row.status == "cancelled"
    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, f"instance:{started.id}")]
        assert verify(session).ok
    assert actions == [
        "instance.started",
        "operation.requested",
        "instance.cancelled",
        "job.result_dropped",
    ]


def test_a_job_whose_runner_died_is_taken_over_after_its_lease(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")

    class MachineStops(BaseException):
        """The power goes off while the handler works."""

    def power_off() -> None:
        raise MachineStops

    desk.meanwhile = power_off
    with pytest.raises(MachineStops):
        desk.run_jobs()
    desk.meanwhile = lambda: None

    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(minutes=11))
    assert desk.run_jobs() == 1
    assert [call.attempt for call in desk.calls] == [1, 2]
    assert desk.instance(started.id).row.status == "completed"


def test_a_job_that_takes_its_process_down_every_time_becomes_an_incident(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")

    class MachineStops(BaseException):
        """The process is killed while the handler works."""

    def power_off() -> None:
        raise MachineStops

    desk.meanwhile = power_off
    for _ in range(3):
        with pytest.raises(MachineStops):
            desk.run_jobs()
        desk.clock.advance(timedelta(minutes=11))
    desk.run_jobs()

    (incident,) = incidents(desk)
    assert len(desk.calls) == 3
    assert "3 times" in incident.cause


def test_a_run_that_was_given_up_cannot_pass_for_one_after_the_incident(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    incident = fail_for_good(desk)

    desk.perform(lambda s: desk.engine.retry_incident(s, desk.operator, incident.id, "对方已恢复"))
    desk.run_jobs()

    assert [call.attempt for call in desk.calls] == [1, 2, 3, 4]


def test_an_incident_that_was_retried_has_three_new_attempts(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    incident = fail_for_good(desk)

    desk.perform(lambda s: desk.engine.retry_incident(s, desk.operator, incident.id, "对方已恢复"))
    again = fail_for_good(desk)

    assert again.id != incident.id
    assert len(desk.calls) == 6


def test_the_lease_of_a_long_job_is_extended_while_its_handler_works(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    monkeypatch.setattr(runner, "_heartbeat", Heartbeat(beat_seconds=0.01))
    beaten: list[bool] = []

    def work_for_long() -> None:
        """Work past the first lease, then look whether another worker may take the job."""
        desk.clock.advance(LEASE * 0.9)
        sleep(0.3)
        desk.clock.advance(LEASE * 0.9)
        beaten.append(desk.engine.run_job(desk.database, desk.calls[-1].job_id))

    desk.meanwhile = work_for_long
    desk.run_jobs()

    assert beaten == [False]
    assert len(desk.calls) == len(desk.applied) == 1


def test_a_lease_that_was_lost_is_not_extended(desk: Desk) -> None:
    desk.deploy("service", single_service())
    desk.start("service")
    with desk.database.read() as session:
        ((job_id, _kind, _topic),) = due_jobs(session, desk.clock.now(), 5)
    with desk.database.write() as session:
        job = lock_job(session, job_id, desk.clock.now())
        assert job is not None

        assert extend_lease(session, job_id, job.attempt, desk.clock.now())
        assert not extend_lease(session, job_id, job.attempt + 1, desk.clock.now())


def test_a_process_that_is_alone_takes_over_at_its_start_what_another_left_behind(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    with desk.database.write() as session:
        assert take_next(session, desk.clock.now()) is not None
    assert desk.run_jobs() == 0

    with desk.database.write() as session:
        assert desk.engine.end_leases(session) == 1
    desk.run_jobs()

    assert desk.instance(started.id).row.status == "completed"
