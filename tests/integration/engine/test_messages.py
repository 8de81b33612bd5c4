"""Messages: waiting catches, message starts, one open case for each business key."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.api import InstanceFilter, InstanceRow, NothingWaits
from kernel.actor import system_actor
from kernel.audit import events_of_stream
from kernel.ids import new_id
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, node, start
from tests.integration.engine.samples import message_started_process, throwing_process


def instances_of(desk: Desk, key: str) -> tuple[InstanceRow, ...]:
    """Return the instances of a process, newest first."""
    with desk.database.read() as session:
        return desk.engine.instances(session, desk.supervisor, InstanceFilter(process_keys=(key,))).rows


def waiting_process() -> dict[str, bytes]:
    """Return a process that waits for ``answer.given`` with the case's own key."""
    message = '<bpmn:message id="answer" name="answer.given"/>'
    wait = node(
        "intermediateCatchEvent",
        "wait",
        '<bpmn:messageEventDefinition messageRef="answer"/>',
        'zujian:correlationKey="caseKey"',
        '<zujian:output variable="answer" expression="text"/>',
    )
    flows = chain("begin", "wait", "done")
    return files("waiting", diagram("waiting", start(), wait, end(), *flows, declarations=message))


def test_a_message_reaches_only_the_instance_with_its_key(desk: Desk) -> None:
    desk.deploy("waiting", waiting_process())
    first = desk.start("waiting", {"caseKey": "K1"})
    second = desk.start("waiting", {"caseKey": "K2"})

    reached = desk.perform(
        lambda s: desk.engine.send_message(s, system_actor(), "answer.given", "K2", {"text": "好"})
    )

    assert reached == (second.id,)
    assert desk.instance(second.id).variables["answer"] == "好"
    assert desk.instance(first.id).row.status == "active"


def test_a_message_that_nobody_waits_for_is_refused_when_sent_by_hand(desk: Desk) -> None:
    with pytest.raises(NothingWaits):
        desk.perform(lambda s: desk.engine.send_message(s, system_actor(), "answer.given", "K", {}))


def test_a_thrown_message_starts_a_process_in_the_same_transaction(desk: Desk) -> None:
    desk.deploy("onboarding", message_started_process())
    desk.deploy("creation", throwing_process())
    subject_id = new_id()
    thrower = desk.start(
        "creation", {"versionId": "V1"}, subject_type="component_version", subject_id=subject_id
    )

    desk.complete(desk.initiator)

    (begun,) = instances_of(desk, "onboarding")
    assert (begun.business_key, begun.title) == ("V1", "示例组件")
    assert (begun.subject_id, begun.initiator_id) == (subject_id, desk.initiator.person_id)
    assert begun.case_number == "ZJ-990200-2026-000002"
    assert begun.waiting_at == ("adapt",)
    assert desk.instance(begun.id).variables["versionId"] == "V1"
    with desk.database.read() as session:
        thrown = [event.action for event in events_of_stream(session, f"instance:{thrower.id}")]
        related = desk.engine.instance(session, desk.supervisor, begun.id).related
    assert thrown[-3:] == ["message.thrown", "instance.ended", "message.addressed"]
    assert [(row.id, row.status) for row in related] == [(thrower.id, "completed")]


def test_an_exclusive_process_is_not_started_twice_for_one_key_and_says_so(desk: Desk) -> None:
    desk.deploy("onboarding", message_started_process())
    desk.deploy("creation", throwing_process())
    desk.start("creation", {"versionId": "V1"})
    desk.complete(desk.initiator)
    again = desk.start("creation", {"versionId": "V1"})

    desk.complete(desk.initiator)

    assert len(instances_of(desk, "onboarding")) == 1
    with desk.database.read() as session:
        refused = [
            event for event in events_of_stream(session, f"instance:{again.id}") if event.outcome == "refused"
        ]
    assert [event.action for event in refused] == ["message.start_refused"]


def test_an_exclusive_process_may_begin_anew_when_the_first_has_ended(desk: Desk) -> None:
    desk.deploy("onboarding", message_started_process())
    desk.deploy("creation", throwing_process())
    for _ in range(2):
        desk.start("creation", {"versionId": "V1"})
        desk.complete(desk.initiator)
        desk.complete(person("provider"))

    assert [row.status for row in instances_of(desk, "onboarding")] == ["completed", "completed"]


def test_a_conditional_start_begins_where_its_condition_holds(desk: Desk) -> None:
    condition = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>heat &gt; 30</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )
    content = diagram(
        "cooling",
        node("startEvent", "hot", condition),
        node("userTask", "open", attributes='zujian:role="operator"'),
        end(),
        *chain("hot", "open", "done"),
    )
    desk.deploy("cooling", files("cooling", content))

    def evaluate(**variables: int) -> tuple[UUID, ...]:
        return desk.perform(lambda s: desk.engine.evaluate_conditional_starts(s, desk.operator, variables))

    assert evaluate(heat=20) == ()
    assert evaluate(rain=1) == ()
    (begun,) = evaluate(heat=31)
    assert desk.instance(begun).row.process_key == "cooling"
    assert desk.instance(begun).variables["heat"] == 31
