"""Transfer, delegate, copy, urge: who may, who may not, what is told and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from engine.api import (
    ActionNotAllowed,
    CandidateNotFound,
    CompletedTask,
    FourEyesViolated,
    HandedToOneself,
    InstanceNotFound,
    NotTheDelegate,
    PersonExcluded,
    PersonNotACandidate,
    ReasonMissing,
    TaskIsDelegated,
    TaskIsNotDelegated,
    TooManyPersons,
    UrgedRecently,
    UrgeNotAllowed,
    UserTaskAlreadyClaimed,
    UserTaskNotFound,
    UserTaskNotOpen,
)
from kernel.audit import verify
from kernel.errors import Rejected
from kernel.ids import new_id
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, review_form, start, user_task
from tests.integration.engine.reviewing import act, audited, detail, id_of
from tests.integration.engine.samples import single_task
from tests.integration.engine.test_concurrency import at_once

ALL = 'zujian:actions="transfer delegate copy urge"'
AGREE = {"outcome": "agree"}


def reviewed(desk: Desk, attributes: str = ALL) -> tuple[UUID, UUID]:
    """Start an instance at its review; returns instance and task."""
    desk.deploy("single", single_task(attributes=attributes))
    started = desk.start("single")
    return started.id, desk.only_task(desk.reviewer)


def twice_reviewed(desk: Desk) -> UUID:
    """Return the second of two reviews that four eyes keep apart; the reviewer did the first."""
    first = user_task("first", "reviewer", "review.json", ALL)
    second = user_task("second", "reviewer", "review.json", f'{ALL} zujian:differsFrom="first"')
    flows = chain("begin", "first", "second", "done")
    desk.deploy(
        "twice", files("twice", diagram("twice", start(), first, second, end(), *flows), review=review_form())
    )
    desk.start("twice")
    return desk.complete(desk.reviewer, AGREE).next_task_ids[0]


# Transfer.


def test_a_transferred_task_is_done_by_who_received_it(desk: Desk) -> None:
    instance_id, task_id = reviewed(desk)
    desk.claim(desk.reviewer, task_id)

    act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(desk.other_reviewer), "请您办理")

    assert [task.id for task in desk.inbox(desk.other_reviewer, "mine")] == [task_id]
    with pytest.raises(UserTaskAlreadyClaimed):
        desk.complete(desk.reviewer, AGREE, task_id)
    assert desk.complete(desk.other_reviewer, AGREE, task_id).instance_status == "completed"
    notice = next(notice for notice in desk.notices if notice.kind == "transferred")
    assert (notice.assignee_id, notice.reason) == (desk.other_reviewer.person_id, "请您办理")
    assert audited(desk, instance_id)[1:4] == [  # the refusal carries the name of the command
        "user_task.claimed",
        "user_task.transferred",
        "test",
    ]
    (row,) = detail(desk, desk.reviewer, task_id).actions
    assert (row.kind, row.person_id, row.reason) == ("transferred", desk.other_reviewer.person_id, "请您办理")


def test_a_transfer_is_refused_where_the_element_does_not_allow_it(desk: Desk) -> None:
    _, task_id = reviewed(desk, 'zujian:actions="copy"')

    with pytest.raises(ActionNotAllowed):
        act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(desk.other_reviewer))
    assert detail(desk, desk.reviewer, task_id).allowed.actions == ("copy",)


def test_nobody_transfers_to_themselves_or_to_who_has_the_task(desk: Desk) -> None:
    _, task_id = reviewed(desk)

    with pytest.raises(HandedToOneself):
        act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(desk.reviewer))


def test_work_goes_only_to_active_persons_who_hold_the_role(desk: Desk) -> None:
    _, task_id = reviewed(desk)

    with pytest.raises(CandidateNotFound):
        act(desk, desk.reviewer, "transfer_user_task", task_id, new_id())
    with pytest.raises(PersonNotACandidate):
        act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.operator))


@pytest.mark.parametrize("verb", ["transfer_user_task", "delegate_user_task"])
def test_four_eyes_hold_for_whom_work_is_handed_to(desk: Desk, verb: str) -> None:
    second = twice_reviewed(desk)

    with pytest.raises(PersonExcluded):
        act(desk, desk.other_reviewer, verb, second, id_of(desk.reviewer))
    with pytest.raises(FourEyesViolated):
        act(desk, desk.reviewer, verb, second, id_of(desk.other_reviewer))


def test_an_older_revision_is_refused(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    desk.claim(desk.reviewer, task_id)

    with pytest.raises(UserTaskAlreadyClaimed):
        act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(desk.other_reviewer), revision=0)


def test_a_finished_task_is_not_handed_over(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    desk.complete(desk.reviewer, AGREE)

    with pytest.raises(UserTaskNotOpen):
        act(desk, desk.reviewer, "transfer_user_task", task_id, id_of(desk.other_reviewer))


def test_of_a_transfer_and_a_completion_at_once_exactly_one_wins(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    third = person("reviewer")
    desk.hire(third)
    works: list[Callable[[], object]] = [
        partial(desk.complete, desk.reviewer, AGREE, task_id),
        partial(act, desk, desk.other_reviewer, "transfer_user_task", task_id, id_of(third)),
        partial(act, desk, desk.other_reviewer, "delegate_user_task", task_id, id_of(third)),
    ]

    results = at_once(works)

    assert sum(not isinstance(result, Rejected) for result in results) == 1
    assert isinstance(results[0], CompletedTask) == (desk.inbox(third, "mine") == ())
    with desk.database.read() as session:
        assert verify(session).ok


# Delegate.


def test_a_delegated_task_comes_back_with_an_opinion(desk: Desk) -> None:
    instance_id, task_id = reviewed(desk)
    desk.claim(desk.reviewer, task_id)

    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer), "请核对数据")
    at_the_delegate = detail(desk, desk.other_reviewer, task_id)
    act(desk, desk.other_reviewer, "resolve_delegation", task_id, "数据无误")

    assert not at_the_delegate.allowed.complete
    assert at_the_delegate.allowed.actions == ("resolve",)
    assert at_the_delegate.delegated_by == desk.reviewer.person_id
    back = detail(desk, desk.reviewer, task_id)
    assert (back.row.status, back.row.assignee_id) == ("claimed", desk.reviewer.person_id)
    assert [(row.kind, row.reason) for row in back.actions] == [
        ("delegated", "请核对数据"),
        ("resolved", "数据无误"),
    ]
    assert [n.assignee_id for n in desk.notices if n.kind == "resolved"] == [desk.reviewer.person_id]
    assert desk.complete(desk.reviewer, AGREE, task_id).instance_status == "completed"
    assert audited(desk, instance_id)[2:4] == ["user_task.delegated", "user_task.resolved"]


def test_a_delegate_neither_completes_nor_gives_back_nor_hands_on(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    third = person("reviewer")
    desk.hire(third)
    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))

    with pytest.raises(TaskIsDelegated):
        desk.complete(desk.other_reviewer, AGREE, task_id)
    with pytest.raises(TaskIsDelegated):
        act(desk, desk.other_reviewer, "unclaim_user_task", task_id)
    for verb in ("transfer_user_task", "delegate_user_task"):
        with pytest.raises(TaskIsDelegated):
            act(desk, desk.other_reviewer, verb, task_id, id_of(third))


def test_a_delegation_is_ended_by_the_two_it_concerns_with_words(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    third = person("reviewer")
    with pytest.raises(TaskIsNotDelegated):
        act(desk, desk.reviewer, "resolve_delegation", task_id, "意见")

    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))

    with pytest.raises(NotTheDelegate):
        act(desk, third, "resolve_delegation", task_id, "意见")
    with pytest.raises(ReasonMissing):
        act(desk, desk.other_reviewer, "resolve_delegation", task_id, "  ")
    act(desk, desk.reviewer, "resolve_delegation", task_id, "被委派人出差")
    assert detail(desk, desk.reviewer, task_id).actions[-1].kind == "called_off"
    assert desk.complete(desk.reviewer, AGREE, task_id).instance_status == "completed"


def test_a_task_comes_back_to_its_candidates_when_who_delegated_has_left(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))
    desk.dismiss(desk.reviewer)

    act(desk, desk.other_reviewer, "resolve_delegation", task_id, "同意")

    assert detail(desk, desk.other_reviewer, task_id).row.status == "open"


def test_who_gave_an_opinion_is_kept_out_of_what_must_differ(desk: Desk) -> None:
    first = user_task("first", "reviewer", "review.json", ALL)
    second = user_task("second", "reviewer", "review.json", 'zujian:differsFrom="first"')
    flows = chain("begin", "first", "second", "done")
    desk.deploy(
        "twice", files("twice", diagram("twice", start(), first, second, end(), *flows), review=review_form())
    )
    desk.start("twice")
    task_id = desk.only_task(desk.reviewer)
    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))
    act(desk, desk.other_reviewer, "resolve_delegation", task_id, "可以同意")

    (second_id,) = desk.complete(desk.reviewer, AGREE, task_id).next_task_ids

    for actor in (desk.reviewer, desk.other_reviewer):
        with pytest.raises(FourEyesViolated):
            desk.complete(actor, AGREE, second_id)


def test_the_draft_of_who_delegated_waits_for_the_task_to_come_back(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    desk.claim(desk.reviewer, task_id)
    act(desk, desk.reviewer, "save_task_draft", task_id, {"opinion": "初步意见"})

    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))
    act(desk, desk.other_reviewer, "resolve_delegation", task_id, "无异议")

    assert detail(desk, desk.reviewer, task_id).data == {"opinion": "初步意见"}


# Copies.


def test_a_copy_lets_somebody_read_the_instance_and_tells_them_once(desk: Desk) -> None:
    instance_id, task_id = reviewed(desk)
    reader = person("user")
    desk.hire(reader)
    with pytest.raises(UserTaskNotFound):
        detail(desk, reader, task_id)

    first = act(desk, desk.reviewer, "copy_user_task", task_id, [id_of(reader), id_of(reader)], "请知悉")
    again = act(desk, desk.reviewer, "copy_user_task", task_id, [id_of(reader), id_of(desk.operator)])

    assert (first, again) == ((reader.person_id,), (desk.operator.person_id,))
    assert [n.assignee_id for n in desk.notices if n.kind == "copied"] == [
        reader.person_id,
        desk.operator.person_id,
    ]
    read = detail(desk, reader, task_id)
    assert (read.allowed.claim, read.allowed.complete, read.allowed.actions) == (False, False, ())
    with desk.database.read() as session:
        assert desk.engine.instance(session, reader, instance_id).row.id == instance_id
        assert [row.id for row in desk.engine.copied_tasks(session, reader)] == [task_id]
    with pytest.raises(InstanceNotFound), desk.database.read() as session:
        desk.engine.instance(session, person("user"), instance_id)
    assert audited(desk, instance_id).count("user_task.copied") == 2


def test_copies_go_to_known_persons_and_not_to_everybody_at_once(desk: Desk) -> None:
    _, task_id = reviewed(desk)

    with pytest.raises(CandidateNotFound):
        act(desk, desk.reviewer, "copy_user_task", task_id, [new_id()])
    for persons in ([], [new_id() for _ in range(51)]):
        with pytest.raises(TooManyPersons):
            act(desk, desk.reviewer, "copy_user_task", task_id, persons)


def test_copies_sent_at_once_reach_a_person_once(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    reader = person("user")
    desk.hire(reader)

    sent = [
        partial(act, desk, actor, "copy_user_task", task_id, [id_of(reader)])
        for actor in (desk.reviewer, desk.other_reviewer)
    ]
    results = at_once(sent)

    assert sorted(map(len, results)) == [0, 1]


# Urging.


def test_the_initiator_urges_and_not_more_than_once_an_hour(desk: Desk) -> None:
    instance_id, task_id = reviewed(desk)
    desk.claim(desk.reviewer, task_id)
    revision = detail(desk, desk.reviewer, task_id).revision

    act(desk, desk.initiator, "urge_user_task", task_id, "请尽快")
    with pytest.raises(UrgedRecently) as refused:
        act(desk, desk.initiator, "urge_user_task", task_id)
    desk.clock.advance(timedelta(hours=1))
    act(desk, desk.initiator, "urge_user_task", task_id)

    assert refused.value.again_at is not None
    told = [(notice.assignee_id, notice.reason) for notice in desk.notices if notice.kind == "urged"]
    assert told == [(desk.reviewer.person_id, "请尽快"), (desk.reviewer.person_id, "")]
    assert detail(desk, desk.reviewer, task_id).revision == revision
    assert audited(desk, instance_id).count("user_task.urged") == 2


def test_only_who_waits_for_a_task_urges(desk: Desk) -> None:
    _, task_id = reviewed(desk)
    for actor in (desk.reviewer, desk.supervisor):
        with pytest.raises(UrgeNotAllowed):
            act(desk, actor, "urge_user_task", task_id)

    act(desk, desk.reviewer, "delegate_user_task", task_id, id_of(desk.other_reviewer))
    act(desk, desk.reviewer, "urge_user_task", task_id)

    assert [n.assignee_id for n in desk.notices if n.kind == "urged"] == [desk.other_reviewer.person_id]


def test_of_two_urgings_at_once_one_is_sent(desk: Desk) -> None:
    _, task_id = reviewed(desk)

    results = at_once([partial(act, desk, desk.initiator, "urge_user_task", task_id)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "UrgedRecently"]
