"""Added signatories and votes: who is asked, who decides, and what nobody gets round."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.api import (
    ActionNotAllowed,
    AlreadyVoted,
    CancelInstance,
    FourEyesViolated,
    NestedSignatories,
    NotAnAddedSignatory,
    NotPossible,
    PersonExcluded,
    PersonNotACandidate,
    ReasonMissing,
    SignatoriesStillWorking,
    Signatory,
    SignatoryAlreadyAsked,
    SignatoryIsOwner,
    SignatoryNotYours,
    TooManyPersons,
    UserTaskAlreadyClaimed,
    UserTaskNotOpen,
)
from engine.user_tasks.models import UserTask
from kernel.actor import Actor
from kernel.audit import verify
from kernel.errors import Rejected
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
    user_task,
)
from tests.integration.engine.reviewing import act, audited, detail, id_of
from tests.integration.engine.samples import single_task
from tests.integration.engine.test_concurrency import at_once

ALL = 'zujian:actions="addSignatory removeSignatory transfer delegate"'
AGREE, RETURN = {"outcome": "agree"}, {"outcome": "return", "opinion": "材料不全"}
INSTANCES = (
    "<bpmn:multiInstanceLoopCharacteristics{}><bpmn:loopCardinality>{}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


@pytest.fixture
def expert(desk: Desk) -> Actor:
    """Give a person of another role than the reviewers."""
    found = person("operator", name="专家")
    desk.hire(found)
    return found


def decided_review(desk: Desk, attributes: str = ALL) -> tuple[UUID, UUID]:
    """Start a review whose outcome decides how the instance ends; returns instance and task."""
    nodes = (
        start(),
        user_task("review", "reviewer", "review.json", attributes, "decision=outcome"),
        node("exclusiveGateway", "decided"),
        end(),
        end("refused_end", "refused"),
        *chain("begin", "review", "decided"),
        flow("decided", "done", "decision == 'agree'"),
        flow("decided", "refused_end", "decision != 'agree'"),
    )
    desk.deploy("decided", files("decided", diagram("decided", *nodes), review=review_form()))
    return desk.start("decided").id, desk.only_task(desk.reviewer)


def ask(
    desk: Desk, actor: Actor, task_id: UUID, place: str, *persons: Actor, **named: Any
) -> tuple[UUID, ...]:
    """Ask persons to sign too, an operator in that role."""
    signatories = [
        Signatory(id_of(each), role="operator" if "operator" in each.roles else None) for each in persons
    ]
    opened: tuple[UUID, ...] = act(desk, actor, "add_signatories", task_id, place, signatories, **named)
    return opened


def status_of(desk: Desk, task_id: UUID) -> str:
    """Return the status of a task as stored."""
    with desk.database.read() as session:
        return session.scalars(select(UserTask.status).where(UserTask.id == task_id)).one()


def test_a_task_waits_for_who_signs_before_it(desk: Desk, expert: Actor) -> None:
    instance_id, task_id = decided_review(desk)

    (signature,) = ask(desk, desk.reviewer, task_id, "before", expert, reason="请专家先看")

    assert detail(desk, desk.reviewer, task_id).row.status == "held"
    with pytest.raises(SignatoriesStillWorking):
        desk.complete(desk.reviewer, AGREE, task_id)
    assert [task.id for task in desk.inbox(expert, "mine")] == [signature]
    assert desk.inbox(desk.reviewer, "mine") == ()
    assert [(n.kind, n.assignee_id) for n in desk.notices][-1] == ("signature", expert.person_id)
    assert desk.complete(expert, AGREE, signature).instance_status == "active"
    assert desk.complete(desk.reviewer, AGREE, task_id).instance_status == "completed"
    assert desk.instance(instance_id).row.outcome == "finished"
    assert [e for e in audited(desk, instance_id) if "signatory" in e] == ["user_task.signatory_added"]
    with desk.database.read() as session:
        assert verify(session).ok


def test_a_signatory_before_who_does_not_agree_decides(desk: Desk, expert: Actor) -> None:
    instance_id, task_id = decided_review(desk)
    first, second = ask(desk, desk.reviewer, task_id, "before", expert, desk.other_reviewer)

    done = desk.complete(expert, RETURN, first)

    assert done.instance_status == "completed"
    assert desk.instance(instance_id).row.outcome == "refused"
    assert [status_of(desk, each) for each in (first, second, task_id)] == [
        "completed",
        "cancelled",
        "cancelled",
    ]


def test_a_result_waits_for_who_signs_after_it(desk: Desk, expert: Actor) -> None:
    instance_id, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "after", expert)
    assert not any(notice.assignee_id == expert.person_id for notice in desk.notices)
    with pytest.raises(SignatoriesStillWorking):
        desk.complete(expert, AGREE, signature)

    done = desk.complete(desk.reviewer, AGREE, task_id)
    told = [(notice.kind, notice.assignee_id) for notice in desk.notices][-1]
    ended = desk.complete(expert, RETURN, signature)

    assert (done.instance_status, told) == ("active", ("signature", expert.person_id))
    assert ended.instance_status == "completed"
    assert desk.instance(instance_id).row.outcome == "refused"
    assert status_of(desk, task_id) == "completed"


def test_signatories_are_asked_only_where_the_element_allows_it(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk, 'zujian:actions="removeSignatory"')

    with pytest.raises(ActionNotAllowed):
        ask(desk, desk.reviewer, task_id, "before", expert)


def test_who_cannot_be_a_signatory(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk)
    desk.claim(desk.reviewer, task_id)

    with pytest.raises(SignatoryIsOwner):
        ask(desk, desk.reviewer, task_id, "before", desk.reviewer)
    with pytest.raises(PersonNotACandidate):
        act(desk, desk.reviewer, "add_signatories", task_id, "before", [Signatory(id_of(expert))])
    with pytest.raises(TooManyPersons):
        ask(desk, desk.reviewer, task_id, "before")
    with pytest.raises(TooManyPersons):
        ask(desk, desk.reviewer, task_id, "before", expert, expert)
    with pytest.raises(UserTaskAlreadyClaimed):
        ask(desk, desk.other_reviewer, task_id, "before", expert)


def test_nobody_is_asked_twice_for_one_task(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "before", expert)
    desk.complete(expert, AGREE, signature)

    with pytest.raises(PersonExcluded):
        ask(desk, desk.reviewer, task_id, "before", expert)


def test_whoever_signs_too_neither_receives_the_task_nor_asks_others(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "before", desk.other_reviewer)

    with pytest.raises(NestedSignatories):
        ask(desk, desk.other_reviewer, signature, "before", expert)
    with pytest.raises(PersonExcluded):
        act(desk, desk.other_reviewer, "transfer_user_task", signature, id_of(desk.reviewer))
    desk.complete(desk.other_reviewer, AGREE, signature)
    act(desk, desk.reviewer, "unclaim_user_task", task_id)
    with pytest.raises(FourEyesViolated):
        desk.complete(desk.other_reviewer, AGREE, task_id)


def test_four_eyes_keep_a_signatory_out_and_are_kept_by_one(desk: Desk) -> None:
    third = person("reviewer")
    desk.hire(third)
    first = user_task("first", "reviewer", "review.json", ALL)
    second = user_task("second", "reviewer", "review.json", f'{ALL} zujian:differsFrom="first"')
    flows = chain("begin", "first", "second", "done")
    desk.deploy(
        "twice", files("twice", diagram("twice", start(), first, second, end(), *flows), review=review_form())
    )
    desk.start("twice")
    task_id = desk.only_task(desk.reviewer)
    (signature,) = ask(desk, desk.reviewer, task_id, "before", third)
    desk.complete(third, AGREE, signature)
    (second_id,) = desk.complete(desk.reviewer, AGREE, task_id).next_task_ids

    with pytest.raises(FourEyesViolated):
        desk.complete(third, AGREE, second_id)
    with pytest.raises(PersonExcluded):
        ask(desk, desk.other_reviewer, second_id, "before", desk.reviewer)


def test_a_signatory_is_removed_by_who_asked_with_a_reason(desk: Desk, expert: Actor) -> None:
    instance_id, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "before", expert)

    with pytest.raises(SignatoryNotYours):
        act(desk, desk.supervisor, "remove_signatory", signature, "多余")
    with pytest.raises(ReasonMissing):
        act(desk, desk.reviewer, "remove_signatory", signature, " ")
    act(desk, desk.reviewer, "remove_signatory", signature, "专家出差")

    assert status_of(desk, signature) == "cancelled"
    with pytest.raises(NotAnAddedSignatory):
        act(desk, desk.reviewer, "remove_signatory", task_id, "多余")
    assert desk.complete(desk.reviewer, AGREE, task_id).instance_status == "completed"
    assert "user_task.signatory_removed" in audited(desk, instance_id)


def test_a_signatory_who_waits_for_the_task_is_removed(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "after", expert)

    assert "removeSignatory" in detail(desk, desk.reviewer, signature).allowed.actions
    act(desk, desk.reviewer, "remove_signatory", signature, "不再需要")

    assert desk.complete(desk.reviewer, AGREE, task_id).instance_status == "completed"


def test_of_a_signature_and_its_removal_at_once_exactly_one_wins(desk: Desk, expert: Actor) -> None:
    instance_id, task_id = decided_review(desk)
    (signature,) = ask(desk, desk.reviewer, task_id, "before", expert)

    results = at_once(
        [
            partial(desk.complete, expert, RETURN, signature),
            partial(act, desk, desk.reviewer, "remove_signatory", signature, "不再需要"),
        ]
    )

    assert sum(isinstance(result, Rejected) for result in results) == 1
    signed = status_of(desk, signature) == "completed"
    assert (desk.instance(instance_id).row.status == "completed") == signed


def test_of_a_completion_and_a_signatory_before_it_exactly_one_wins(desk: Desk, expert: Actor) -> None:
    _, task_id = decided_review(desk)

    results = at_once(
        [
            partial(desk.complete, desk.reviewer, AGREE, task_id),
            partial(ask, desk, desk.other_reviewer, task_id, "before", expert),
        ]
    )

    assert sum(isinstance(result, Rejected) for result in results) == 1
    assert status_of(desk, task_id) in ("completed", "held")


def test_the_initiator_urges_nobody_who_waits_and_a_cancelled_instance_asks_nobody(
    desk: Desk, expert: Actor
) -> None:
    instance_id, task_id = decided_review(desk, ALL.replace("delegate", "urge"))
    (signature,) = ask(desk, desk.reviewer, task_id, "before", expert)

    with pytest.raises(UserTaskNotOpen):
        act(desk, desk.initiator, "urge_user_task", task_id)
    desk.operate(instance_id, CancelInstance(), "作废")

    assert {status_of(desk, task_id), status_of(desk, signature)} == {"cancelled"}


# Votes.


def voting(desk: Desk, rule: str, voters: int, sequential: bool = False) -> UUID:
    """Start a vote of reviewers; the instance ends with its decision."""
    loop = INSTANCES.format(' isSequential="true"' if sequential else "", voters)
    vote = node(
        "userTask",
        "review",
        loop,
        f'zujian:role="reviewer" zujian:approval="{rule}" zujian:decision="decision" {ALL}',
        "<spiffworkflow:properties><spiffworkflow:property "
        'name="formJsonSchemaFilename" value="review.json"/></spiffworkflow:properties>',
    )
    nodes = (
        start(),
        vote,
        node("exclusiveGateway", "decided"),
        end(),
        end("refused_end", "refused"),
        *chain("begin", "review", "decided"),
        flow("decided", "done", "decision == 'agree'"),
        flow("decided", "refused_end", "decision == 'refuse'"),
    )
    desk.deploy("voting", files("voting", diagram("voting", *nodes), review=review_form()))
    return desk.start("voting").id


def test_a_vote_is_decided_by_different_persons(desk: Desk) -> None:
    instance_id = voting(desk, "60%", 3)
    first, second, third = desk.inbox(desk.reviewer)
    desk.complete(desk.reviewer, AGREE, first.id)

    with pytest.raises(AlreadyVoted):
        desk.complete(desk.reviewer, AGREE, second.id)
    done = desk.complete(desk.other_reviewer, AGREE, second.id)

    assert done.instance_status == "completed"
    assert desk.instance(instance_id).row.outcome == "finished"
    assert status_of(desk, third.id) == "cancelled"


def test_a_vote_on_whose_form_nobody_can_agree_is_not_deployed(desk: Desk) -> None:
    form = review_form()
    form["properties"]["outcome"] |= {
        "enum": ["confirm", "return"],
        "x-labels": {
            "confirm": {"zh-CN": "确认", "en": "Confirm"},
            "return": {"zh-CN": "退回", "en": "Return"},
        },
    }
    for attributes, refused in ((ALL, True), (f'{ALL} zujian:agreeing="confirm"', False)):
        task = user_task("review", "reviewer", "review.json", attributes)
        drawn = diagram("agreed", start(), task, end(), *chain("begin", "review", "done"))
        with desk.database.read() as session:
            report = desk.engine.check_files(session, "agreed", files("agreed", drawn, review=form))

        assert ("form.nobody-agrees" in {finding.rule for finding in report.problems}) is refused


def test_one_refusal_ends_a_vote_of_all_in_turn(desk: Desk) -> None:
    instance_id = voting(desk, "all", 3, sequential=True)
    desk.complete(desk.reviewer, AGREE)
    desk.complete(desk.other_reviewer, RETURN)

    assert desk.instance(instance_id).row.outcome == "refused"


def test_votes_cast_at_once_are_all_counted(desk: Desk) -> None:
    instance_id = voting(desk, "all", 4)
    voters = [person("reviewer") for _ in range(4)]
    tasks = desk.inbox(voters[0])

    at_once([partial(desk.complete, who, AGREE, task.id) for who, task in zip(voters, tasks, strict=True)])

    assert desk.instance(instance_id).row.outcome == "finished"


def test_of_two_votes_of_one_person_at_once_one_counts(desk: Desk) -> None:
    instance_id = voting(desk, "all", 2)
    tasks = desk.inbox(desk.reviewer)

    results = at_once([partial(desk.complete, desk.reviewer, AGREE, task.id) for task in tasks])

    assert sum(isinstance(result, AlreadyVoted) for result in results) == 1
    assert desk.instance(instance_id).row.status == "active"


def test_a_voter_added_beside_counts_like_the_others(desk: Desk) -> None:
    instance_id = voting(desk, "all", 1)
    task_id = desk.only_task(desk.reviewer)

    (added,) = ask(desk, desk.reviewer, task_id, "beside", desk.other_reviewer)
    desk.complete(desk.reviewer, AGREE, task_id)

    assert desk.instance(instance_id).row.status == "active"
    assert desk.complete(desk.other_reviewer, RETURN, added).instance_status == "completed"
    assert desk.instance(instance_id).row.outcome == "refused"


def test_nobody_is_asked_twice_beside_one_vote(desk: Desk) -> None:
    voting(desk, "all", 2)
    first, second = desk.inbox(desk.reviewer)
    ask(desk, desk.reviewer, first.id, "beside", desk.other_reviewer)

    with pytest.raises(SignatoryAlreadyAsked):
        ask(desk, desk.reviewer, second.id, "beside", desk.other_reviewer)


def test_who_has_voted_is_not_asked_to_vote_again(desk: Desk) -> None:
    voting(desk, "all", 2)
    first, second = desk.inbox(desk.reviewer)
    desk.complete(desk.reviewer, AGREE, first.id)

    with pytest.raises(SignatoryAlreadyAsked):
        ask(desk, desk.other_reviewer, second.id, "beside", desk.reviewer)


def test_nobody_stands_beside_a_task_without_instances(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes=ALL))
    desk.start("single")

    with pytest.raises(NotPossible):
        ask(desk, desk.reviewer, desk.only_task(desk.reviewer), "beside", desk.other_reviewer)
