"""What administrators do to instances: asked for with a reason, consented to by another, done whole."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from engine.api import (
    CancelInstance,
    CompletedTask,
    ConsentByRequester,
    CorrectVariables,
    InstanceNotActive,
    InstanceNotFound,
    InstanceNotSuspended,
    InstanceRef,
    MoveToken,
    Operation,
    OperationNotFound,
    OperationNotOpen,
    OperationOutdated,
    OperationRow,
    OperationUnsafe,
    Resume,
    Suspend,
)
from kernel.actor import Actor, system_actor
from kernel.audit import events_of_stream, verify
from kernel.errors import Conflict, Invalid, NotAllowed, Rejected
from kernel.ids import new_id
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, node, start, user_task
from tests.integration.engine.samples import (
    parallel_reviews,
    review_process,
    single_service,
    single_task,
    task_with_timeout,
    throwing_process,
)
from tests.integration.engine.test_concurrency import at_once


def test_the_platform_cancels_what_is_open_about_a_thing_that_is_gone(desk: Desk) -> None:
    desk.deploy("single", single_task())
    about = "thing", new_id()
    by, kept, ended, held = (
        desk.start("single", subject_type=about[0], subject_id=about[1]) for _ in range(4)
    )
    other = desk.start("single", subject_type="thing", subject_id=new_id())
    desk.consent(desk.ask(held.id, Suspend()).id)

    def cancel(actor: Actor, reason: str = "已拆除") -> tuple[InstanceRef, ...]:
        return desk.perform(
            lambda s: desk.engine.cancel_instances_about(s, actor, about, reason, by=by, keep=[kept.id]),
            actor,
        )

    with pytest.raises(NotAllowed):
        cancel(desk.administrator)
    with pytest.raises(Invalid):
        cancel(system_actor(), " ")
    assert cancel(system_actor()) == (ended, held)
    assert cancel(system_actor()) == ()

    assert [status(desk, each.id) for each in (by, kept, ended, held, other)] == [
        "active", "active", "cancelled", "cancelled", "active",
    ]  # fmt: skip
    assert len(desk.inbox(desk.reviewer)) == 3
    with desk.database.read() as session:
        event = events_of_stream(session, f"instance:{ended.id}")[-1]
    assert (event.action, event.reason) == ("instance.cancelled", "已拆除")


def status(desk: Desk, instance_id: UUID) -> str:
    """Return the status of an instance."""
    return desk.instance(instance_id).row.status


def activity_at(desk: Desk, instance_id: UUID, element: str) -> str:
    """Return the open activity at an element, as the administrator sees it."""
    with desk.database.read() as session:
        found = desk.engine.positions(session, desk.administrator, instance_id)
    return next(each.activity_id for each in found.positions if each.element_id == element)


def trail(desk: Desk, instance_id: UUID) -> list[tuple[str, str]]:
    """Return the actions on an instance with their outcomes; the chain must be whole."""
    with desk.database.read() as session:
        assert verify(session).ok
        return [
            (event.action, event.outcome) for event in events_of_stream(session, f"instance:{instance_id}")
        ]


# Asking and consenting.


def test_nothing_happens_before_a_second_administrator_consents(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")

    request = desk.ask(started.id, Suspend(), "数据有疑问")
    assert (request.status, status(desk, started.id)) == ("pending", "active")
    done = desk.consent(request.id)

    assert (done.status, done.decided_by) == ("done", desk.consenter.person_id)
    assert status(desk, started.id) == "suspended"
    assert trail(desk, started.id) == [
        ("instance.started", "done"),
        ("operation.requested", "done"),
        ("instance.suspended", "done"),
    ]


def test_the_trail_says_who_asked_why_and_who_consented(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    desk.operate(started.id, Suspend(), "数据有疑问")

    with desk.database.read() as session:
        *_, asked, done = events_of_stream(session, f"instance:{started.id}")

    assert (asked.actor_id, done.actor_id) == (desk.administrator.person_id, desk.consenter.person_id)
    assert done.reason == "数据有疑问"
    assert (done.asked or {})["requestedBy"] == str(desk.administrator.person_id)


def test_nobody_consents_to_the_own_request(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    both = person("system_administrator", permissions=["instance.operate", "instance.consent"])
    desk.administrator = desk.consenter = both
    request = desk.ask(started.id, Suspend())

    with pytest.raises(ConsentByRequester):
        desk.consent(request.id)
    assert status(desk, started.id) == "active"


@pytest.mark.parametrize("operation", [Suspend(), CancelInstance(), CorrectVariables({"a": 1})])
def test_whoever_lacks_the_permission_asks_in_vain(desk: Desk, operation: Operation) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    desk.administrator = desk.operator

    with pytest.raises(NotAllowed):
        desk.ask(started.id, operation)


def test_cancelling_has_a_permission_of_its_own(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    desk.administrator = person("system_administrator", permissions=["instance.operate"])

    desk.ask(started.id, Suspend())
    with pytest.raises(NotAllowed):
        desk.ask(started.id, CancelInstance())


def test_an_operation_needs_a_reason(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")

    with pytest.raises(Invalid):
        desk.ask(started.id, Suspend(), "  ")
    request = desk.ask(started.id, Suspend())
    with pytest.raises(Invalid):
        desk.perform(lambda s: desk.engine.refuse_operation(s, desk.consenter, request.id, ""))


def test_administrators_of_another_region_see_neither_instance_nor_request(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    request = desk.ask(started.id, Suspend())
    stranger = person(
        "system_administrator", region="110000", permissions=["instance.operate", "instance.consent"]
    )

    desk.consenter = stranger
    with pytest.raises(OperationNotFound):
        desk.consent(request.id)
    desk.administrator = stranger
    with pytest.raises(InstanceNotFound):
        desk.ask(started.id, Suspend())
    with desk.database.read() as session:
        assert desk.engine.operations(session, stranger) == ()
        with pytest.raises(InstanceNotFound):
            desk.engine.positions(session, stranger, started.id)


def test_a_request_is_refused_withdrawn_or_carried_out_once(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    first, second, third = (desk.ask(started.id, Suspend()) for _ in range(3))

    desk.perform(lambda s: desk.engine.refuse_operation(s, desk.consenter, first.id, "不必"))
    desk.perform(lambda s: desk.engine.withdraw_operation(s, desk.administrator, second.id))
    desk.consent(third.id)

    for request in (first, second, third):
        with pytest.raises(OperationNotOpen):
            desk.consent(request.id)
    with desk.database.read() as session:
        assert desk.engine.operations(session, desk.consenter) == ()
        everything = desk.engine.operations(session, desk.consenter, only_open=False)
    assert [each.status for each in everything] == ["done", "withdrawn", "refused"]


def test_only_who_asked_withdraws(desk: Desk) -> None:
    desk.deploy("single", single_task())
    request = desk.ask(desk.start("single").id, Suspend())

    with pytest.raises(OperationNotFound):
        desk.perform(lambda s: desk.engine.withdraw_operation(s, desk.consenter, request.id))


def test_a_business_role_sees_no_requests(desk: Desk) -> None:
    with desk.database.read() as session, pytest.raises(NotAllowed):
        desk.engine.operations(session, desk.reviewer)


# Suspend and resume.


def test_a_suspended_instance_refuses_completions_until_it_is_resumed(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    desk.operate(started.id, Suspend())

    with pytest.raises(InstanceNotActive):
        desk.complete(desk.reviewer, {"outcome": "agree"}, task_id)
    with desk.database.read() as session:
        allowed = desk.engine.task(session, desk.reviewer, task_id).allowed
    assert not allowed.complete
    assert allowed.why_not is not None

    desk.operate(started.id, Resume())
    desk.complete(desk.reviewer, {"outcome": "agree"}, task_id)
    assert status(desk, started.id) == "completed"


def test_timers_are_held_and_fire_after_the_resumption(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    desk.operate(started.id, Suspend())

    desk.clock.advance(timedelta(days=5))
    assert desk.run_jobs() == 0
    assert status(desk, started.id) == "suspended"

    desk.operate(started.id, Resume())
    assert desk.run_jobs() == 1
    assert desk.instance(started.id).row.outcome == "overdue"


def test_a_timer_that_is_not_due_yet_keeps_its_moment(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    desk.operate(started.id, Suspend())
    desk.clock.advance(timedelta(days=1))
    desk.operate(started.id, Resume())

    assert desk.run_jobs() == 0
    desk.clock.advance(timedelta(days=2))
    assert desk.run_jobs() == 1


def test_a_handler_that_worked_while_its_instance_was_suspended_runs_again_later(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")

    def suspend_meanwhile() -> None:
        desk.meanwhile = lambda: None
        desk.operate(started.id, Suspend())

    desk.meanwhile = suspend_meanwhile
    desk.run_jobs()
    assert desk.applied == []
    assert desk.run_jobs() == 0

    desk.operate(started.id, Resume())
    desk.run_jobs()

    assert len(desk.applied) == 1
    assert len({call.job_id for call in desk.calls}) == 1
    assert status(desk, started.id) == "completed"


def test_a_message_to_a_suspended_instance_waits_for_its_resumption(desk: Desk) -> None:
    wait = node(
        "intermediateCatchEvent",
        "hear",
        '<bpmn:messageEventDefinition messageRef="created"/>',
        'zujian:correlationKey="versionId"',
    )
    hearing = diagram(
        "hearing",
        start(),
        wait,
        user_task("read"),
        end(),
        *chain("begin", "hear", "read", "done"),
        declarations='<bpmn:message id="created" name="component.created"/>',
    )
    desk.deploy("hearing", files("hearing", hearing))
    desk.deploy("creation", throwing_process())
    started = desk.start("hearing", {"versionId": "V1"})
    desk.operate(started.id, Suspend())

    desk.start("creation", {"versionId": "V1"})
    desk.complete(desk.initiator)
    desk.run_jobs()
    assert desk.inbox(desk.reviewer) == ()

    desk.operate(started.id, Resume())
    desk.run_jobs()
    assert [task.element_id for task in desk.inbox(desk.reviewer)] == ["read"]
    actions = [action for action, _ in trail(desk, started.id)]
    assert actions[-4:] == ["message.held", "operation.requested", "instance.resumed", "message.received"]


def test_only_a_suspended_instance_is_resumed_and_only_an_active_one_suspended(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")

    with pytest.raises(InstanceNotSuspended):
        desk.ask(started.id, Resume())
    desk.operate(started.id, Suspend())
    with pytest.raises(InstanceNotActive):
        desk.ask(started.id, Suspend())
    desk.operate(started.id, CancelInstance())
    with pytest.raises(InstanceNotActive):
        desk.ask(started.id, CancelInstance())


def test_a_cancelled_instance_leaves_nothing_to_do(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    desk.operate(started.id, Suspend())
    desk.operate(started.id, CancelInstance(), "申请人注销")

    desk.clock.advance(timedelta(days=5))

    assert desk.run_jobs() == 0
    assert desk.inbox(person("provider")) == ()
    assert status(desk, started.id) == "cancelled"


# Moving tokens, correcting variables.


def test_a_token_is_moved_to_another_task(desk: Desk) -> None:
    desk.deploy("review-process", review_process())
    started = desk.start("review-process")

    desk.operate(started.id, MoveToken(activity_at(desk, started.id, "fill_in"), "review"), "资料已线下补齐")

    assert desk.inbox(desk.initiator) == ()
    desk.complete(desk.reviewer, {"outcome": "agree"})
    assert status(desk, started.id) == "completed"


def test_a_move_that_would_starve_a_join_is_refused_with_what_would_wait(desk: Desk) -> None:
    desk.deploy("parallel", parallel_reviews())
    started = desk.start("parallel")
    first = activity_at(desk, started.id, "first")

    with pytest.raises(OperationUnsafe) as refusal:
        desk.ask(started.id, MoveToken(first, "done"))

    assert [problem.path for problem in refusal.value.problems] == ["join"]


def test_the_positions_say_where_a_token_may_go(desk: Desk) -> None:
    desk.deploy("parallel", parallel_reviews())
    started = desk.start("parallel")

    with desk.database.read() as session:
        found = desk.engine.positions(session, desk.administrator, started.id)

    assert {each.element_id: set(each.targets) for each in found.positions} == {
        "first": {"fork", "first", "second", "done"},
        "second": {"fork", "first", "second", "done"},
    }


def test_a_move_whose_task_was_completed_meanwhile_is_out_of_date(desk: Desk) -> None:
    desk.deploy("review-process", review_process())
    started = desk.start("review-process")
    request = desk.ask(started.id, MoveToken(activity_at(desk, started.id, "fill_in"), "review"))
    desk.complete(desk.initiator)

    with pytest.raises(Conflict):
        desk.consent(request.id)

    with desk.database.read() as session:
        assert [each.id for each in desk.engine.operations(session, desk.consenter)] == [request.id]


def test_a_corrected_variable_is_recorded_with_both_values(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single", {"amount": 10})

    desk.operate(started.id, CorrectVariables({"amount": 12}), "录入有误")

    assert desk.instance(started.id).variables["amount"] == 12
    with desk.database.read() as session:
        event = events_of_stream(session, f"instance:{started.id}")[-1]
    assert event.before == {"variables": {"amount": 10}}
    assert event.after == {"variables": {"amount": 12}}


def test_a_correction_of_what_changed_meanwhile_is_out_of_date(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single", {"amount": 10})
    first = desk.ask(started.id, CorrectVariables({"amount": 12}))
    second = desk.ask(started.id, CorrectVariables({"amount": 13}))
    desk.consent(first.id)

    with pytest.raises(OperationOutdated):
        desk.consent(second.id)


def test_a_suspended_instance_is_corrected_and_moved_and_its_new_timer_waits(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    desk.operate(started.id, Suspend())

    desk.operate(started.id, CorrectVariables({"amount": 1}))
    desk.operate(started.id, MoveToken(activity_at(desk, started.id, "answer"), "answer"))
    desk.clock.advance(timedelta(days=4))
    assert desk.run_jobs() == 0

    desk.operate(started.id, Resume())
    assert desk.run_jobs() == 1
    assert desk.instance(started.id).row.outcome == "overdue"


# At the same moment.


@pytest.mark.parametrize("operation", [Suspend(), CancelInstance()])
def test_of_a_completion_and_an_operation_one_comes_first_and_nothing_is_half_done(
    desk: Desk, operation: Operation
) -> None:
    desk.deploy("single", single_task())
    for _ in range(3):
        started = desk.start("single")
        task_id = desk.only_task(desk.reviewer)
        request = desk.ask(started.id, operation)

        completed, consented = at_once(
            [
                partial(desk.complete, desk.reviewer, {"outcome": "agree"}, task_id),
                partial(desk.consent, request.id),
            ]
        )

        assert isinstance(completed, CompletedTask) != isinstance(consented, OperationRow)
        lost = completed if isinstance(completed, Rejected) else consented
        assert isinstance(lost, Conflict)
        won = "completed" if isinstance(completed, CompletedTask) else None
        assert status(desk, started.id) in ({won} if won else {"suspended", "cancelled"})
        actions = [action for action, outcome in trail(desk, started.id) if outcome == "done"]
        assert len({"user_task.completed", "instance.suspended", "instance.cancelled"} & set(actions)) == 1
        if status(desk, started.id) == "suspended":
            desk.operate(started.id, CancelInstance())


def test_two_consents_carry_an_operation_out_once(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single", {"amount": 1})
    request = desk.ask(started.id, CorrectVariables({"amount": 2}))

    results = at_once([partial(desk.consent, request.id) for _ in range(3)])

    assert sum(isinstance(each, OperationRow) for each in results) == 1
    actions = [action for action, outcome in trail(desk, started.id) if outcome == "done"]
    assert actions.count("instance.variables_corrected") == 1
