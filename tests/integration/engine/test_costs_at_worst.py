"""The dearest completions: eight statements and five waits, without exception."""

from __future__ import annotations

import io
import re
from pathlib import Path
from uuid import UUID

import pytest

from engine.api import EngineIncident, Signatory
from kernel.audit import events_of_stream
from kernel.files import FileStore, store_file
from tests.counting import counted
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import (
    chain,
    diagram,
    end,
    files,
    flow,
    node,
    review_form,
    start,
    timer,
    user_task,
)
from tests.integration.engine.reviewing import act, id_of
from tests.integration.engine.test_costs import AGREE, ANSWER, DEADLINE, assert_cheap

ALL = f'zujian:actions="return addSignatory" {DEADLINE}'
STUCK = "1 / (0 if outcome == 'return' else 1)"
TASKS = ("apply", "review", "approve")
VOTE = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def burdened(*tasks: str) -> tuple[str, ...]:
    """Return what makes each of the tasks dear: a message, a signal and a moment that would end it."""
    events = {
        "message": '<bpmn:messageEventDefinition messageRef="answer"/>',
        "signal": '<bpmn:signalEventDefinition signalRef="alarm"/>',
        "timer": timer("P1D"),
    }
    parts = [end("given_up")]
    for task in tasks:
        for name, event in events.items():
            key = 'zujian:correlationKey="initiatorId"' if name == "message" else ""
            attributes = f'attachedToRef="{task}" {key}'
            parts += [
                node("boundaryEvent", f"{task}_{name}", event, attributes),
                flow(f"{task}_{name}", "given_up"),
            ]
    return tuple(parts)


def three_tasks(desk: Desk, asked: str = "outcome") -> UUID:
    """Start apply → review → approve, each with all that makes a completion dear, and return the instance."""
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", ALL, f"asked={asked}"),
        user_task("review", "reviewer", "review.json", ALL, "reviewed=outcome"),
        user_task("approve", "operator", "review.json", f'{ALL} zujian:differsFrom="review"'),
        end(),
        *burdened(*TASKS),
        *chain("begin", *TASKS, "done"),
    )
    files_of = files("three", diagram("three", *nodes, declarations=ANSWER), review=review_form())
    desk.deploy("three", files_of)
    return desk.start("three").id


def test_attachments_are_looked_for_with_the_task(desk: Desk, tmp_path: Path) -> None:
    three_tasks(desk)
    task_id = desk.only_task(desk.initiator)
    store = FileStore(tmp_path / "files")
    paper = desk.perform(
        lambda s: store_file(s, store, io.BytesIO(b"paper"), "p.txt", desk.initiator)
    ).reference

    with counted(desk.database) as count:
        desk.complete(desk.initiator, {**AGREE, "paper": paper}, task_id)

    assert_cheap(count)


def test_going_straight_back_is_as_cheap(desk: Desk) -> None:
    three_tasks(desk)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids
    back = act(desk, desk.operator, "return_user_task", task_id, "apply", "材料不全", straight_back=True)

    with counted(desk.database) as count:
        (opened,) = desk.complete(desk.initiator, AGREE, back.next_task_ids[0]).next_task_ids

    assert_cheap(count)
    assert opened == desk.only_task(desk.operator)


def test_going_straight_back_out_of_an_incident_is_as_cheap(desk: Desk) -> None:
    three_tasks(desk, asked=STUCK)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids
    back = act(desk, desk.operator, "return_user_task", task_id, "apply", "材料不全", straight_back=True)
    with pytest.raises(EngineIncident):
        desk.complete(desk.initiator, {"outcome": "return", "opinion": "材料不全"}, back.next_task_ids[0])

    with counted(desk.database) as count:
        (opened,) = desk.complete(desk.initiator, AGREE, back.next_task_ids[0]).next_task_ids

    assert_cheap(count)
    assert opened == desk.only_task(desk.operator)


def test_a_vote_that_goes_straight_back_out_of_an_incident_is_as_cheap(desk: Desk) -> None:
    # The vote that decides ends the task of the third, lets a completion count again and ends the incident.
    deploy_vote(desk)
    desk.start("vote")
    desk.complete(desk.other_reviewer, AGREE, vote_once(desk))
    (task_id,) = desk.complete(desk.initiator, AGREE).next_task_ids
    act(desk, desk.operator, "return_user_task", task_id, "vote", "材料不全", straight_back=True)
    second = vote_once(desk)
    with pytest.raises(EngineIncident):
        act(desk, desk.initiator, "withdraw", second, "不办了")

    with counted(desk.database) as count:
        (opened,) = desk.complete(desk.other_reviewer, AGREE, second).next_task_ids

    assert_cheap(count)
    assert opened == desk.only_task(desk.operator)
    assert not desk.inbox(desk.reviewer)


def deploy_vote(desk: Desk) -> None:
    """Deploy vote → review → approve, each with all that makes dear; from a withdrawal nothing leads on."""
    voting = 'zujian:approval="60%" zujian:decision="decision" zujian:withdraw="true"'
    nodes = (
        start(),
        user_task("vote", "reviewer", "review.json", f"{ALL} {voting}", body=VOTE),
        node("exclusiveGateway", "decided"),
        user_task("review", "releasing_unit", "review.json", ALL, "reviewed=outcome"),
        user_task("approve", "operator", "review.json", f'{ALL} zujian:differsFrom="vote"'),
        end(),
        *burdened("vote", "review", "approve"),
        *chain("begin", "vote", "decided"),
        flow("decided", "review", "decision == 'agree'"),
        flow("decided", "done", "decision == 'refuse'"),
        *chain("review", "approve", "done"),
    )
    desk.deploy("vote", files("vote", diagram("vote", *nodes, declarations=ANSWER), review=review_form()))


def vote_once(desk: Desk) -> UUID:
    """Let the first of three agree and return the task of the second."""
    first, second, _third = desk.inbox(desk.reviewer)
    desk.complete(desk.reviewer, AGREE, first.id)
    return second.id


def test_going_straight_back_without_the_signatures_asked_for_is_as_cheap(desk: Desk) -> None:
    # Who disagrees decides: the signature that was to come is cancelled.
    disagree = {"outcome": "return", "opinion": "不同意"}
    other_initiator = person("releasing_unit")
    desk.hire(other_initiator)
    three_tasks(desk, asked="1 / (0 if opinion == '再看' else 1)")
    desk.complete(desk.initiator, disagree)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids
    back = act(desk, desk.operator, "return_user_task", task_id, "apply", "材料不全", straight_back=True)
    (redone,) = back.next_task_ids
    signatory = Signatory(id_of(other_initiator))
    act(desk, desk.initiator, "add_signatories", redone, "after", (signatory,), "请会签")
    with pytest.raises(EngineIncident):
        desk.complete(desk.initiator, {**disagree, "opinion": "再看"}, redone)

    with counted(desk.database) as count:
        (opened,) = desk.complete(desk.initiator, disagree, redone).next_task_ids

    assert_cheap(count)
    assert opened == desk.only_task(desk.operator)
    assert not desk.inbox(other_initiator, "mine")


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_signature_of_another_is_as_cheap(desk: Desk, place: str) -> None:
    three_tasks(desk)
    (task_id,) = desk.complete(desk.initiator, AGREE).next_task_ids
    signatory = Signatory(id_of(desk.other_reviewer))
    act(desk, desk.reviewer, "add_signatories", task_id, place, (signatory,), "请会签")
    order = (
        (desk.other_reviewer, desk.reviewer) if place == "before" else (desk.reviewer, desk.other_reviewer)
    )

    for actor in order:
        (current,) = (*desk.inbox(actor, "mine"), *desk.inbox(actor))
        with counted(desk.database) as count:
            desk.complete(actor, AGREE, current.id)

        assert_cheap(count)


def test_the_vote_that_decides_is_as_cheap(desk: Desk) -> None:
    deploy_vote(desk)
    desk.start("vote")
    second = vote_once(desk)

    with counted(desk.database) as count:
        (opened,) = desk.complete(desk.other_reviewer, AGREE, second).next_task_ids

    assert_cheap(count)
    assert opened == desk.only_task(desk.initiator)


def test_a_completion_that_ends_an_incident_is_as_cheap(desk: Desk) -> None:
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", DEADLINE, "decision=outcome"),
        node("exclusiveGateway", "decided"),
        user_task("approve", "operator", "review.json", DEADLINE),
        end(),
        *burdened("apply", "approve"),
        *chain("begin", "apply", "decided"),
        flow("decided", "approve", "decision == 'agree'"),
        flow("decided", "done", "decision == 'refuse'"),
        flow("approve", "done"),
    )
    desk.deploy("odd", files("odd", diagram("odd", *nodes, declarations=ANSWER), review=review_form()))
    started = desk.start("odd")
    with pytest.raises(EngineIncident):
        desk.complete(desk.initiator, {"outcome": "return", "opinion": "材料不全"})
    assert desk.instance(started.id).row.status == "incident"
    task_id = desk.only_task(desk.initiator)

    with counted(desk.database) as count:
        desk.complete(desk.initiator, AGREE, task_id)

    assert_cheap(count)
    assert desk.instance(started.id).row.status == "active"


THROWN = (
    '<bpmn:message id="told" name="case.told"/><bpmn:message id="asked" name="case.asked"/>'
    '<bpmn:signal id="rung" name="bell.rung"/>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="told"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="rung"/>'
THROWS = {
    "a message": MESSAGE,
    "a signal": SIGNAL,
    "messages and a signal": f'{MESSAGE}{SIGNAL}<bpmn:messageEventDefinition messageRef="asked"/>',
}
every_throw = pytest.mark.parametrize("thrown", THROWS.values(), ids=THROWS)


def telling(desk: Desk, thrown: str) -> UUID:
    """Start three tasks as dear as can be, each of which tells something on its way to the next.

    The first one may run into an incident before it does; others wait for the same with another key.
    """
    listeners = (
        start(),
        node("intermediateCatchEvent", "wait", MESSAGE, 'zujian:correlationKey="other"'),
        end(),
        *chain("begin", "wait", "done"),
    )
    desk.deploy("listening", files("listening", diagram("listening", *listeners, declarations=THROWN)))
    desk.start("listening", {"other": "K"})
    key = 'zujian:correlationKey="initiatorId"' if "message" in thrown else ""
    nodes = (
        start(),
        user_task("apply", "releasing_unit", "review.json", ALL, f"asked={STUCK}"),
        node("intermediateThrowEvent", "tell", thrown, key),
        user_task("review", "reviewer", "review.json", ALL, "reviewed=outcome"),
        node("intermediateThrowEvent", "tell_again", thrown, key),
        user_task("approve", "operator", "review.json", f'{ALL} zujian:differsFrom="review"'),
        node("endEvent", "told_at_last", thrown, f'{key} zujian:result="finished"'),
        *burdened(*TASKS),
        *chain("begin", "apply", "tell", "review", "tell_again", "approve", "told_at_last"),
    )
    content = diagram("telling", *nodes, declarations=ANSWER + THROWN)
    desk.deploy("telling", files("telling", content, review=review_form()))
    return desk.start("telling").id


def fail_to_apply(desk: Desk, task_id: UUID | None = None) -> None:
    """Let the first task run into an incident, which stays open."""
    with pytest.raises(EngineIncident):
        desk.complete(desk.initiator, {"outcome": "return", "opinion": "材料不全"}, task_id)


@every_throw
@pytest.mark.parametrize("is_stuck", [False, True], ids=["plain", "out of an incident"])
def test_a_throw_that_nobody_receives_is_as_cheap(desk: Desk, thrown: str, is_stuck: bool) -> None:
    started = telling(desk, thrown)
    if is_stuck:
        fail_to_apply(desk)

    for actor in (desk.initiator, desk.reviewer, desk.operator):
        task_id = desk.only_task(actor)
        with counted(desk.database) as count:
            desk.complete(actor, AGREE, task_id)

        assert_cheap(count)

    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, f"instance:{started}")]
    thrown_each_time = len(re.findall("EventDefinition ", thrown))
    assert sum(action.endswith(".thrown") for action in actions) == 3 * thrown_each_time
    assert not any(action.endswith(".addressed") for action in actions)


@every_throw
@pytest.mark.parametrize("is_stuck", [False, True], ids=["plain", "out of an incident"])
def test_a_throw_before_or_after_going_straight_back_is_as_cheap(
    desk: Desk, thrown: str, is_stuck: bool
) -> None:
    telling(desk, thrown)
    desk.complete(desk.initiator, AGREE)
    (task_id,) = desk.complete(desk.reviewer, AGREE).next_task_ids
    back = act(desk, desk.operator, "return_user_task", task_id, "apply", "材料不全", straight_back=True)
    (redone,) = back.next_task_ids
    if is_stuck:
        fail_to_apply(desk, redone)

    for actor, task in ((desk.initiator, redone), (desk.operator, None)):
        current = task or desk.only_task(actor)
        with counted(desk.database) as count:
            desk.complete(actor, AGREE, current)

        assert_cheap(count)
