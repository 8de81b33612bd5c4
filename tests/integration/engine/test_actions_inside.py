"""Reviewer actions inside what contains others: instances, sub-processes, called processes."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine.api import Signatory
from engine.user_tasks.models import UserTask
from kernel.audit import verify
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, node, review_form, start, user_task
from tests.integration.engine.reviewing import act, detail, id_of

ALL = (
    'zujian:actions="return takeBack addSignatory removeSignatory transfer delegate copy urge" '
    'zujian:withdraw="true"'
)
AGREE = {"outcome": "agree", "opinion": "同意"}
TWICE = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def review(inside: str = "") -> str:
    """Return the review, once or in several instances."""
    extensions = (
        "<spiffworkflow:properties><spiffworkflow:property "
        'name="formJsonSchemaFilename" value="review.json"/></spiffworkflow:properties>'
    )
    return node("userTask", "review", inside, f'zujian:role="reviewer" {ALL}', extensions)


def deployed(desk: Desk, kind: str) -> UUID:
    """Deploy apply → review → done with the review inside something, start it, and return the instance."""
    inner = "".join(
        (
            start("begin_in"),
            review(),
            end("done_in"),
            '<bpmn:sequenceFlow id="in_1" sourceRef="begin_in" targetRef="review"/>',
            '<bpmn:sequenceFlow id="in_2" sourceRef="review" targetRef="done_in"/>',
        )
    )
    middle = {
        "instances": review(TWICE),
        "sub-process": node("subProcess", "part", inner),
        "called": node("callActivity", "part", attributes='calledElement="called"'),
    }[kind]
    name = "review" if kind == "instances" else "part"
    if kind == "called":
        called = diagram("called", start(), review(), end(), *chain("begin", "review", "done"))
        desk.deploy("called", files("called", called, review=review_form()))
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", ALL),
        middle,
        end(),
        *chain("begin", "apply", name, "done"),
    )
    desk.deploy("outer", files("outer", diagram("outer", *nodes), review=review_form()))
    return desk.start("outer").id


def statuses(desk: Desk, instance_id: UUID) -> list[str]:
    """Return the statuses of all tasks of an instance, in order."""
    with desk.database.read() as session:
        query = select(UserTask.status).where(UserTask.instance_id == instance_id).order_by(UserTask.id)
        return list(session.scalars(query))


KINDS = ("instances", "sub-process", "called")


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_inside_is_handed_over_asked_about_and_signed(desk: Desk, kind: str) -> None:
    instance_id = deployed(desk, kind)
    task_id = desk.complete(desk.initiator, AGREE).next_task_ids[0]
    reader = person("user")
    third = person("reviewer")
    desk.hire(reader, third)

    act(desk, desk.reviewer, "copy_user_task", task_id, [id_of(reader)])
    act(desk, desk.initiator, "urge_user_task", task_id)
    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))
    act(desk, desk.other_reviewer, "resolve_delegation", task_id, "可以")
    act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(third))
    asked = [Signatory(id_of(desk.operator), role="operator")]
    (before,) = act(desk, third, "add_signatories", task_id, "before", asked)
    desk.complete(desk.operator, AGREE, before)
    (after,) = act(desk, third, "add_signatories", task_id, "after", [Signatory(id_of(desk.reviewer))])
    desk.complete(third, AGREE, task_id)
    desk.complete(desk.reviewer, AGREE, after)
    if kind == "instances":
        desk.complete(desk.other_reviewer, AGREE)

    assert desk.instance(instance_id).row.status == "completed"
    assert detail(desk, reader, task_id).row.status == "completed"
    with desk.database.read() as session:
        assert verify(session).ok


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_inside_is_returned_out_and_done_anew(desk: Desk, kind: str) -> None:
    instance_id = deployed(desk, kind)
    task_id = desk.complete(desk.initiator, AGREE).next_task_ids[0]
    asked = [Signatory(id_of(desk.operator), role="operator")]
    (after,) = act(desk, desk.reviewer, "add_signatories", task_id, "after", asked)

    (again,) = act(desk, desk.reviewer, "return_user_task", task_id, "initiator", "请补充").next_task_ids

    left = statuses(desk, instance_id)
    assert left.count("returned") == 1
    assert left.count("open") == 1
    assert detail(desk, desk.operator, after).row.status == "cancelled"
    assert detail(desk, desk.initiator, again).data == {"opinion": "同意"}
    desk.complete(desk.initiator, AGREE, again)
    for task in desk.inbox(desk.reviewer):
        desk.complete(desk.reviewer, AGREE, task.id)
    assert desk.instance(instance_id).row.status == "completed"


@pytest.mark.parametrize("kind", KINDS)
def test_a_completion_before_is_taken_back_from_inside(desk: Desk, kind: str) -> None:
    instance_id = deployed(desk, kind)
    applied = desk.only_task(desk.initiator)
    desk.complete(desk.initiator, AGREE, applied)

    (again,) = act(desk, desk.initiator, "take_back_user_task", applied, "补充材料").next_task_ids

    assert desk.inbox(desk.reviewer) == ()
    desk.complete(desk.initiator, AGREE, again)
    for task in desk.inbox(desk.reviewer):
        desk.complete(desk.reviewer, AGREE, task.id)
    assert desk.instance(instance_id).row.status == "completed"


@pytest.mark.parametrize("kind", KINDS)
def test_the_initiator_withdraws_from_inside(desk: Desk, kind: str) -> None:
    instance_id = deployed(desk, kind)
    for task_id in desk.complete(desk.initiator, AGREE).next_task_ids:
        desk.perform(
            lambda s, t=task_id: desk.engine.withdraw(s, desk.initiator, t, "不再需要"), desk.initiator
        )

    assert desk.instance(instance_id).row.status == "completed"
    assert "withdrawn" in statuses(desk, instance_id)
