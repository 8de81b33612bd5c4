"""What a person's command runs into is an incident: seen, mended by two administrators, tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.api import (
    CancelInstance,
    CorrectVariables,
    EngineIncident,
    FormRefused,
    IncidentRow,
    InstanceFilter,
    MoveToken,
    TechnicalFailure,
)
from kernel.audit import events_of_stream, verify
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import (
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
from tests.integration.engine.samples import single_task

Files = dict[str, bytes]


def decided_by_amount() -> Files:
    """Return a task behind which a variable that may be missing decides."""
    return files(
        "amounts",
        diagram(
            "amounts",
            start(),
            user_task("review", "reviewer", "review.json"),
            node("exclusiveGateway", "way"),
            end(),
            end("big_end", "big"),
            *chain("begin", "review", "way"),
            flow("way", "done", "amount == 1"),
            flow("way", "big_end", "amount == 2"),
        ),
        review=review_form(),
    )


def incidents(desk: Desk, only_open: bool = True) -> tuple[IncidentRow, ...]:
    """Return the incidents as the operator sees them."""
    with desk.database.read() as session:
        return desk.engine.incidents(session, desk.operator, only_open)


def try_in_vain(desk: Desk) -> None:
    """Complete the only task, and be told that it cannot go on."""
    with pytest.raises(EngineIncident):
        desk.complete(desk.reviewer, {"outcome": "agree"})


def test_a_completion_that_cannot_go_on_is_refused_and_opens_an_incident(desk: Desk) -> None:
    desk.deploy("amounts", decided_by_amount())
    started = desk.start("amounts", {"amount": 3})

    try_in_vain(desk)

    (incident,) = incidents(desk)
    assert (incident.kind, incident.element_id, incident.job_id) == ("command", "way", None)
    assert incident.cause.startswith("flow.none-holds")
    assert desk.instance(started.id).row.status == "incident"
    assert len(desk.inbox(desk.reviewer)) == 1
    with desk.database.read() as session:
        events = [
            (event.action, event.outcome) for event in events_of_stream(session, f"instance:{started.id}")
        ]
        assert verify(session).ok
    assert events == [("instance.started", "done"), ("test", "refused"), ("incident.opened", "done")]


def test_trying_again_counts_on_the_same_incident(desk: Desk) -> None:
    desk.deploy("amounts", decided_by_amount())
    desk.start("amounts", {"amount": 3})

    for _ in range(3):
        try_in_vain(desk)

    (incident,) = incidents(desk)
    assert incident.attempts == 3


def test_corrected_data_let_the_same_person_go_on_which_ends_the_incident(desk: Desk) -> None:
    desk.deploy("amounts", decided_by_amount())
    started = desk.start("amounts", {"amount": 3})
    try_in_vain(desk)

    desk.operate(started.id, CorrectVariables({"amount": 2}), "录入有误")
    desk.complete(desk.reviewer, {"outcome": "agree"})

    assert incidents(desk) == ()
    (incident,) = incidents(desk, only_open=False)
    assert (incident.status, incident.decided_by) == ("resolved", desk.reviewer.person_id)
    row = desk.instance(started.id).row
    assert (row.status, row.outcome) == ("completed", "big")


def test_cancelling_the_instance_ends_the_incident(desk: Desk) -> None:
    desk.deploy("amounts", decided_by_amount())
    started = desk.start("amounts", {"amount": 3})
    try_in_vain(desk)

    desk.operate(started.id, CancelInstance(), "不再办理")

    (incident,) = incidents(desk, only_open=False)
    assert incident.status == "dropped"
    assert desk.instance(started.id).row.status == "cancelled"


@pytest.mark.parametrize("verb", ["retry_incident", "resolve_incident"])
def test_an_operator_may_mark_it_as_dealt_with_and_decides_nothing(desk: Desk, verb: str) -> None:
    desk.deploy("amounts", decided_by_amount())
    desk.start("amounts", {"amount": 3})
    try_in_vain(desk)
    (incident,) = incidents(desk)

    desk.perform(
        lambda s: getattr(desk.engine, verb)(s, desk.operator, incident.id, "已联系办理人"), desk.operator
    )

    assert incidents(desk) == ()
    assert len(desk.inbox(desk.reviewer)) == 1


def test_a_form_with_mistakes_is_no_incident(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")

    with pytest.raises(FormRefused):
        desk.complete(desk.reviewer, {"outcome": "return"})

    assert incidents(desk) == ()


def test_a_start_that_cannot_go_on_leaves_nothing_behind(desk: Desk) -> None:
    desk.deploy(
        "ways",
        files(
            "ways",
            diagram(
                "ways",
                start(),
                node("exclusiveGateway", "way"),
                user_task("look"),
                end(),
                *chain("begin", "way"),
                flow("way", "look", "amount == 1"),
                *chain("look", "done"),
            ),
        ),
    )

    with pytest.raises(EngineIncident):
        desk.start("ways", {"amount": 2})

    assert incidents(desk) == ()


def test_a_job_with_wrong_parameters_begins_anew_with_corrected_data(desk: Desk) -> None:
    desk.deploy(
        "service",
        files(
            "service",
            diagram(
                "service",
                start(),
                service_task("check", "checks.run", "stage=stage"),
                end(),
                *chain("begin", "check", "done"),
            ),
        ),
    )
    started = desk.start("service", {"stage": "wrong"})
    desk.failures = [TechnicalFailure("no such stage")] * 3
    for _ in range(3):
        desk.run_jobs()
        desk.clock.advance(timedelta(minutes=2))
    assert len(incidents(desk)) == 1

    desk.operate(started.id, CorrectVariables({"stage": "creation"}))
    with desk.database.read() as session:
        (position,) = desk.engine.positions(session, desk.administrator, started.id).positions
    desk.operate(started.id, MoveToken(position.activity_id, "check"), "用更正后的数据重做")
    desk.run_jobs()

    assert desk.calls[-1].parameters == {"stage": "creation"}
    assert incidents(desk) == ()
    assert desk.instance(started.id).row.status == "completed"


def test_an_instance_that_a_timer_starts_belongs_to_the_region_of_the_platform(desk: Desk) -> None:
    desk.engine.registry.home_region = "330100"
    event = timer("P1D").replace("timeDuration", "timeCycle").replace("P1D", "R1/P1D")
    bpmn = diagram(
        "timed", start("by_itself", event), user_task("look"), end(), *chain("by_itself", "look", "done")
    )
    desk.deploy("timed", files("timed", bpmn))

    desk.clock.advance(timedelta(days=1))
    desk.run_jobs()

    watcher = person("supervisor", region="330000", permissions=["instance.read_all"])
    with desk.database.read() as session:
        (row,) = desk.engine.instances(session, watcher, InstanceFilter()).rows
    assert row.region_code == "330100"
