"""Human work: who may claim and complete, what a form must hold, drafts, withdrawal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.api import (
    FormRefused,
    FourEyesViolated,
    NotACandidate,
    UserTaskAlreadyClaimed,
    UserTaskNotClaimed,
    UserTaskNotFound,
    UserTaskNotOpen,
    WithdrawalNotAllowed,
)
from engine.contents.store import fetch_json
from engine.errors import EngineIncident
from engine.user_tasks.models import UserTask, UserTaskDraft
from kernel.actor import Grant
from kernel.audit import events_of_stream
from kernel.ids import new_id
from tests.integration.engine.desk import CITY, Desk, person
from tests.integration.engine.samples import review_process, single_task


def test_a_claimed_task_moves_from_the_candidates_to_its_assignee(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")

    row = desk.claim(desk.reviewer, desk.only_task(desk.reviewer))

    assert (row.status, row.assignee_id) == ("claimed", desk.reviewer.person_id)
    assert desk.inbox(desk.other_reviewer) == ()
    assert [task.id for task in desk.inbox(desk.reviewer, "mine")] == [row.id]


def test_a_task_of_another_region_is_worked_on_there(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:region="where"'))
    desk.start("single", {"where": "990000"})

    assert desk.inbox(person("reviewer", region=CITY)) == ()
    row = desk.claim(of_the_province := person("reviewer", region="990000"), desk.only_task(of_the_province))

    assert row.region_code == "990000"


def test_a_region_that_is_no_code_is_named(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:region="where"'))

    with pytest.raises(EngineIncident, match="99010") as refusal:
        desk.start("single", {"where": "99010"})

    assert refusal.value.rule == "user-task.region"


def test_claiming_twice_changes_nothing_and_a_second_person_is_refused(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    desk.claim(desk.reviewer, task_id)

    desk.claim(desk.reviewer, task_id)

    with pytest.raises(UserTaskAlreadyClaimed) as refusal:
        desk.claim(desk.other_reviewer, task_id)
    assert refusal.value.assignee_id == desk.reviewer.person_id
    with desk.database.read() as session:
        actions = [event.action for event in events_of_stream(session, f"instance:{started.id}")]
    assert actions.count("user_task.claimed") == 1


def test_a_task_given_back_is_open_to_all_candidates_again(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    desk.claim(desk.reviewer, task_id)

    desk.perform(lambda s: desk.engine.unclaim_user_task(s, desk.reviewer, task_id))

    assert desk.only_task(desk.other_reviewer) == task_id
    with pytest.raises(UserTaskNotClaimed):
        desk.perform(lambda s: desk.engine.unclaim_user_task(s, desk.reviewer, task_id))


@pytest.mark.parametrize(
    ("role", "region", "sees"),
    [
        ("reviewer", "990200", True),
        ("reviewer", "990000", True),
        ("reviewer", "990300", False),
        ("operator", "990200", False),
    ],
)
def test_candidates_are_found_by_role_and_region(desk: Desk, role: str, region: str, sees: bool) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    somebody = person(role, region=region)

    assert bool(desk.inbox(somebody)) is sees

    task_id = desk.only_task(desk.reviewer)
    if not sees:
        with pytest.raises(UserTaskNotFound):
            desk.claim(somebody, task_id)


def test_a_unit_of_the_task_keeps_other_units_out(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:unit="providerUnitId"', role="provider", form=False))
    unit_id = new_id()
    desk.start("single", {"providerUnitId": str(unit_id)})

    insider = person("provider", unit_id=unit_id)
    outsider = person("provider", unit_id=new_id())

    assert len(desk.inbox(insider)) == 1
    assert desk.inbox(outsider) == ()


def test_who_filled_in_may_not_review_whatever_their_roles(desk: Desk) -> None:
    desk.deploy("review-process", review_process())
    both = replace(desk.initiator, grants=(Grant("releasing_unit", "990200"), Grant("reviewer", "990200")))
    desk.start("review-process", actor=both)
    desk.complete(both)
    desk.run_jobs()

    assert desk.inbox(both) == ()
    task_id = desk.only_task(desk.reviewer)
    with pytest.raises(FourEyesViolated):
        desk.claim(both, task_id)
    with pytest.raises(FourEyesViolated):
        desk.complete(both, {"outcome": "agree"}, task_id)
    with desk.database.read() as session:
        allowed = desk.engine.task(session, both, task_id).allowed
    assert (allowed.claim, allowed.complete) == (False, False)
    assert allowed.why_not is not None


def test_the_initiator_may_not_do_a_task_that_differs_from_the_start(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:differsFrom="begin"'))
    both = replace(desk.initiator, grants=(Grant("releasing_unit", "990200"), Grant("reviewer", "990200")))
    desk.start("single", actor=both)

    assert desk.inbox(both) == ()
    assert len(desk.inbox(desk.reviewer)) == 1


def test_form_data_are_refused_with_field_rule_and_cure_in_both_languages(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")

    with pytest.raises(FormRefused) as refusal:
        desk.complete(
            desk.reviewer, {"outcome": "return", "opinion": "  ", "score": -1, "paper": f"file:{new_id()}"}
        )

    problems = {problem.path: problem for problem in refusal.value.problems}
    assert {path: problem.rule for path, problem in problems.items()} == {
        "opinion": "minLength",
        "score": "minimum",
        "paper": "file",
    }
    assert problems["opinion"].message.zh == "“意见”必填。"
    assert problems["opinion"].message.en == "“Opinion” is required."
    assert problems["opinion"].mend is not None
    assert len(desk.inbox(desk.reviewer)) == 1


def test_a_refused_completion_is_recorded_as_refused(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    outsider = person("operator")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(UserTaskNotFound):
        desk.complete(outsider, {"outcome": "agree"}, task_id)

    with desk.database.read() as session:
        (event,) = events_of_stream(session, "system:commands")
    assert (event.outcome, event.actor_id) == ("refused", outsider.person_id)


def test_a_refused_form_stands_in_the_trail_of_its_instance(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(FormRefused):
        desk.complete(desk.reviewer, {"outcome": "no such outcome"}, task_id)

    with desk.database.read() as session:
        event = events_of_stream(session, f"instance:{started.id}")[-1]
    assert (event.outcome, event.actor_id) == ("refused", desk.reviewer.person_id)
    assert event.element_id is not None
    assert event.asked is not None
    assert event.asked["problems"][0]["path"] == "outcome"


def test_a_draft_survives_and_belongs_to_its_author(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)
    desk.claim(desk.reviewer, task_id)

    desk.perform(lambda s: desk.engine.save_task_draft(s, desk.reviewer, task_id, {"opinion": "初稿"}))
    desk.perform(lambda s: desk.engine.save_task_draft(s, desk.reviewer, task_id, {"opinion": "二稿"}))

    with desk.database.read() as session:
        detail = desk.engine.task(session, desk.reviewer, task_id)
        other = desk.engine.task(session, desk.other_reviewer, task_id)
    assert detail.data == {"opinion": "二稿"}
    assert detail.draft_saved_at == desk.clock.now()
    assert other.data == {}
    desk.complete(desk.reviewer, {"outcome": "agree"}, task_id)
    with desk.database.read() as session:
        assert desk.engine.task(session, desk.reviewer, task_id).draft_saved_at is None


def test_drafts_of_finished_tasks_go_with_the_next_draft(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    desk.start("single")
    first, second = (task.id for task in desk.inbox(desk.reviewer))
    for task_id in (first, second):
        desk.claim(desk.reviewer, task_id)
    desk.perform(lambda s: desk.engine.save_task_draft(s, desk.reviewer, first, {"opinion": "初稿"}))
    desk.complete(desk.reviewer, {"outcome": "agree"}, first)

    desk.perform(lambda s: desk.engine.save_task_draft(s, desk.reviewer, second, {"opinion": "另一件"}))

    with desk.database.read() as session:
        assert list(session.scalars(select(UserTaskDraft.task_id))) == [second]


def test_a_completion_keeps_what_the_person_saw_and_said(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    done = desk.complete(desk.reviewer, {"outcome": "agree", "opinion": "材料齐全"})

    with desk.database.read() as session:
        kept = select(UserTask.snapshot, UserTask.snapshot_digest, UserTask.form_digest)
        document, snapshot_digest, form_digest = session.execute(
            kept.where(UserTask.id == done.task_id)
        ).one()
        schema = fetch_json(session, str(form_digest))
        (event,) = [
            event
            for event in events_of_stream(session, f"instance:{started.id}")
            if event.action == "user_task.completed"
        ]
    assert hashlib.sha256(str(document).encode()).hexdigest() == snapshot_digest
    snapshot = json.loads(str(document))
    assert snapshot["data"] == {"outcome": "agree", "opinion": "材料齐全"}
    assert snapshot["form"] == form_digest
    assert schema["title"] == "审查"
    assert event.asked is not None
    assert event.asked["snapshot"] == snapshot_digest
    assert (event.reason, event.clause) == ("材料齐全", "9.1a")


def test_the_initiator_withdraws_with_a_reason_where_the_element_allows_it(desk: Desk) -> None:
    desk.deploy("single", single_task(attributes='zujian:withdraw="true"'))
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(FormRefused):
        desk.perform(lambda s: desk.engine.withdraw(s, desk.initiator, task_id, " "))
    with pytest.raises(WithdrawalNotAllowed):
        desk.perform(lambda s: desk.engine.withdraw(s, desk.reviewer, task_id, "不需要了"))
    done = desk.perform(lambda s: desk.engine.withdraw(s, desk.initiator, task_id, "不需要了"))

    assert (done.outcome, done.instance_status) == ("withdraw", "completed")
    with desk.database.read() as session:
        detail = desk.engine.task(session, desk.initiator, task_id)
    assert (detail.row.status, detail.history[0].opinion) == ("withdrawn", "不需要了")


def test_withdrawal_is_refused_where_the_element_does_not_allow_it(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(WithdrawalNotAllowed):
        desk.perform(lambda s: desk.engine.withdraw(s, desk.initiator, task_id, "不需要了"))


def test_a_completed_task_cannot_be_completed_again(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    done = desk.complete(desk.reviewer, {"outcome": "agree"})

    with pytest.raises(UserTaskNotOpen):
        desk.complete(desk.other_reviewer, {"outcome": "agree"}, done.task_id)
    with pytest.raises(UserTaskNotOpen):
        desk.claim(desk.other_reviewer, done.task_id)


def test_who_sees_a_task_without_being_a_candidate_may_not_complete_it(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    task_id = desk.only_task(desk.reviewer)

    with pytest.raises(NotACandidate):
        desk.complete(desk.initiator, {"outcome": "agree"}, task_id)
