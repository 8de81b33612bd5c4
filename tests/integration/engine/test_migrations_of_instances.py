"""Running instances on a newer version: dry run, consent, batch; claims, drafts and timers are kept."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from engine.api import (
    ActionNotAllowed,
    CompletedTask,
    FourEyesViolated,
    MigrationPlan,
    MigrationVerdict,
    OperationNotOpen,
    Resume,
    Suspend,
    TechnicalFailure,
)
from kernel.audit import events_of_stream, verify
from kernel.errors import Invalid, NotAllowed
from tests.integration.engine.desk import CITY, Desk, person
from tests.integration.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    files,
    node,
    review_form,
    start,
    timer,
    user_task,
)
from tests.integration.engine.samples import single_service, single_task, task_with_timeout
from tests.integration.engine.test_concurrency import at_once

Files = dict[str, bytes]


def answer_and_confirm(days: int = 30) -> Files:
    """Return the process with a timeout, with another time and one more task behind."""
    return files(
        "timeout",
        diagram(
            "timeout",
            start(),
            user_task("answer", "provider"),
            boundary("too_late", "answer", timer(f"P{days}D")),
            user_task("confirm", "provider"),
            end(),
            end("given_up", "overdue"),
            *chain("begin", "answer", "confirm", "done"),
            *chain("too_late", "given_up"),
        ),
    )


def two_tasks(first: str = "one", second: str = "two", role: str = "reviewer", **form: Any) -> Files:
    """Return two tasks, the second by somebody else."""
    return files(
        "pair",
        diagram(
            "pair",
            start(),
            user_task(first, role, "review.json"),
            user_task(second, role, "review.json", f'zujian:differsFrom="{first}"'),
            end(),
            *chain("begin", first, second, "done"),
        ),
        review={**review_form(), **form},
    )


def plan(version_id: UUID, **facts: Any) -> MigrationPlan:
    """Return a plan for the whole city."""
    return MigrationPlan(version_id=version_id, **{"region_code": CITY, **facts})


def try_out(desk: Desk, wanted: MigrationPlan) -> tuple[MigrationVerdict, ...]:
    """Return what the dry run says."""
    with desk.database.read() as session:
        return desk.engine.try_migration(session, desk.administrator, wanted)


def migrate(desk: Desk, wanted: MigrationPlan) -> tuple[MigrationVerdict, ...]:
    """Ask, consent and carry out; returns what became of each instance."""
    actor = desk.administrator
    request = desk.perform(lambda s: desk.engine.request_migration(s, actor, wanted, "流程修订"), actor)
    desk.consent(request.id)
    while desk.engine.run_migration(desk.database, request.id, limit=2):
        pass
    with desk.database.read() as session:
        return desk.engine.migration_results(session, request.id)


def test_an_instance_goes_on_in_the_new_version_with_its_timer(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    desk.clock.advance(timedelta(days=2))
    newer = desk.deploy("timeout", answer_and_confirm())

    (moved,) = migrate(desk, plan(newer))

    assert (moved.instance_id, moved.is_movable, moved.version) == (started.id, True, 2)
    desk.clock.advance(timedelta(days=1))
    assert desk.run_jobs() == 1
    assert desk.instance(started.id).row.outcome == "overdue"


def test_the_task_behind_is_the_new_versions(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    migrate(desk, plan(desk.deploy("timeout", answer_and_confirm())))
    provider = person("provider")

    desk.complete(provider)

    assert [task.element_id for task in desk.inbox(provider)] == ["confirm"]
    desk.complete(provider)
    assert desk.instance(started.id).row.status == "completed"


def test_claim_draft_and_case_stay_and_the_form_is_the_new_one(desk: Desk) -> None:
    desk.deploy("pair", two_tasks())
    desk.start("pair", title="甲")
    task_id = desk.only_task(desk.reviewer)
    desk.claim(desk.reviewer, task_id)
    desk.perform(
        lambda s: desk.engine.save_task_draft(s, desk.reviewer, task_id, {"opinion": "写了一半"}),
        desk.reviewer,
    )
    newer = desk.deploy("pair", two_tasks("first", title="新表"))

    migrate(desk, plan(newer, mapping={"pair": {"one": "first"}}))

    with desk.database.read() as session:
        detail = desk.engine.task(session, desk.reviewer, task_id)
    assert (detail.row.element_id, detail.row.assignee_id) == ("first", desk.reviewer.person_id)
    assert detail.row.name.en == "first"
    assert (detail.data["opinion"], detail.form_schema["title"]) == ("写了一半", "新表")
    desk.complete(desk.reviewer, {"outcome": "agree"}, task_id)


def test_four_eyes_know_who_did_an_element_under_its_new_name(desk: Desk) -> None:
    desk.deploy("pair", two_tasks())
    started = desk.start("pair")
    desk.complete(desk.reviewer, {"outcome": "agree"})
    newer = desk.deploy("pair", two_tasks("first"))
    migrate(desk, plan(newer, mapping={"pair": {"one": "first"}}))
    (task,) = desk.inbox(desk.other_reviewer)

    with pytest.raises(FourEyesViolated):
        desk.complete(desk.reviewer, {"outcome": "agree"}, task.id)

    desk.complete(desk.other_reviewer, {"outcome": "agree"}, task.id)
    assert desk.instance(started.id).row.status == "completed"


def test_four_eyes_that_only_the_new_version_asks_for_hold_for_the_open_task(desk: Desk) -> None:
    old = two_tasks()
    old["pair.bpmn"] = old["pair.bpmn"].replace(b'zujian:differsFrom="one"', b"")
    desk.deploy("pair", old)
    desk.start("pair")
    desk.complete(desk.reviewer, {"outcome": "agree"})
    migrate(desk, plan(desk.deploy("pair", two_tasks())))
    (task,) = desk.inbox(desk.other_reviewer)

    with pytest.raises(FourEyesViolated):
        desk.complete(desk.reviewer, {"outcome": "agree"}, task.id)


def test_four_eyes_hold_for_a_task_that_opens_after_the_migration(desk: Desk) -> None:
    desk.deploy(
        "pair",
        files(
            "pair",
            diagram(
                "pair",
                start(),
                user_task("one"),
                user_task("between"),
                end(),
                *chain("begin", "one", "between", "done"),
            ),
        ),
    )
    desk.start("pair")
    desk.complete(desk.reviewer)
    newer = desk.deploy(
        "pair",
        files(
            "pair",
            diagram(
                "pair",
                start(),
                user_task("first"),
                user_task("between"),
                user_task("last", attributes='zujian:differsFrom="first"'),
                end(),
                *chain("begin", "first", "between", "last", "done"),
            ),
        ),
    )
    migrate(desk, plan(newer, mapping={"pair": {"one": "first"}}))
    desk.complete(desk.other_reviewer)

    (task,) = desk.inbox(desk.other_reviewer)
    with pytest.raises(FourEyesViolated):
        desk.complete(desk.reviewer, {}, task.id)


def test_the_dry_run_says_why_each_instance_has_to_stay_and_changes_nothing(desk: Desk) -> None:
    desk.deploy("single", single_task())
    started = desk.start("single")
    newer = desk.deploy(
        "single",
        files(
            "single", diagram("single", start(), user_task("other"), end(), *chain("begin", "other", "done"))
        ),
    )

    (verdict,) = try_out(desk, plan(newer))

    assert (verdict.case_number, verdict.is_movable) == (started.case_number, False)
    assert [(reason.rule, reason.element_id) for reason in verdict.reasons] == [("migrate.element", "review")]
    assert desk.instance(started.id).row.process_version == 1
    assert try_out(desk, plan(newer, mapping={"single": {"review": "other"}}))[0].is_movable


def test_what_cannot_move_stays_and_holds_up_none_of_the_others(desk: Desk) -> None:
    desk.deploy("pair", two_tasks())
    stays, moves = desk.start("pair", title="留"), desk.start("pair", title="走")
    task = next(task for task in desk.inbox(desk.reviewer) if task.instance_title == "走")
    desk.complete(desk.reviewer, {"outcome": "agree"}, task.id)
    newer = desk.deploy(
        "pair",
        files(
            "pair",
            diagram(
                "pair",
                start(),
                user_task("zero"),
                user_task("two"),
                end(),
                *chain("begin", "zero", "two", "done"),
            ),
        ),
    )

    found = {each.instance_id: each for each in migrate(desk, plan(newer))}

    assert (found[stays.id].is_movable, found[moves.id].is_movable) == (False, True)
    assert found[stays.id].reasons[0].rule == "migrate.element"
    assert desk.instance(stays.id).row.process_version == 1
    (left,) = (task for task in desk.inbox(desk.reviewer) if task.instance_title == "留")
    desk.complete(desk.reviewer, {"outcome": "agree"}, left.id)
    # The trail still tells of the element that the new version no longer has.
    detail = desk.instance(moves.id)
    assert "one" in {entry.element_id for entry in detail.timeline}
    with desk.database.read() as session:
        assert desk.engine.task(session, desk.supervisor, task.id).form_schema["title"] == "审查"


def test_a_version_in_which_a_join_would_starve_is_refused(desk: Desk) -> None:
    desk.deploy("single", single_task(form=False))
    desk.start("single")
    newer = desk.deploy(
        "single",
        files(
            "single",
            diagram(
                "single",
                start(),
                node("parallelGateway", "fork"),
                user_task("review"),
                user_task("more"),
                node("parallelGateway", "join"),
                end(),
                *chain("begin", "fork", "review", "join", "done"),
                *chain("fork", "more", "join"),
            ),
        ),
    )

    (verdict,) = try_out(desk, plan(newer))

    assert [(each.rule, each.element_id) for each in verdict.reasons] == [("soundness.incident", "join")]


def test_a_migration_runs_only_after_consent_and_tries_each_instance_once(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    desk.start("timeout")
    newer = desk.deploy("timeout", answer_and_confirm())
    actor = desk.administrator
    request = desk.perform(lambda s: desk.engine.request_migration(s, actor, plan(newer), "修订"), actor)

    with pytest.raises(OperationNotOpen):
        desk.engine.run_migration(desk.database, request.id)
    desk.consent(request.id)

    assert len(desk.engine.run_migration(desk.database, request.id)) == 1
    assert desk.engine.run_migration(desk.database, request.id) == ()


def test_the_plan_is_checked_before_it_is_asked_for(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    newer = desk.deploy("timeout", answer_and_confirm())

    with pytest.raises(Invalid):
        try_out(desk, plan(newer, mapping={"timeout": {"answer": "nowhere"}}))
    with pytest.raises(NotAllowed):
        try_out(desk, plan(newer, region_code="110000"))


def test_only_the_versions_named_are_migrated(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    desk.start("timeout")
    desk.deploy("timeout", answer_and_confirm(10))
    second = desk.start("timeout")
    newer = desk.deploy("timeout", answer_and_confirm(20))

    assert [each.instance_id for each in try_out(desk, plan(newer, from_versions=(2,)))] == [second.id]


def test_a_suspended_instance_goes_along_and_stays_suspended(desk: Desk) -> None:
    plain = files(
        "timeout",
        diagram(
            "timeout", start(), user_task("answer", "provider"), end(), *chain("begin", "answer", "done")
        ),
    )
    desk.deploy("timeout", plain)
    started = desk.start("timeout")
    desk.operate(started.id, Suspend())

    migrate(desk, plan(desk.deploy("timeout", task_with_timeout())))

    desk.clock.advance(timedelta(days=4))
    assert desk.run_jobs() == 0
    desk.operate(started.id, Resume())
    assert desk.run_jobs() == 1
    assert desk.instance(started.id).row.outcome == "overdue"


def test_the_trail_says_from_which_version_to_which_and_by_whom(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    migrate(desk, plan(desk.deploy("timeout", answer_and_confirm())))

    with desk.database.read() as session:
        event = events_of_stream(session, f"instance:{started.id}")[-1]
        assert verify(session).ok
    assert (event.action, event.reason) == ("instance.migrated", "流程修订")
    assert (event.before, event.after) == ({"version": 1}, {"version": 2})
    assert (event.asked or {})["consentedBy"] == str(desk.consenter.person_id)


def test_a_migration_and_a_completion_at_the_same_moment_both_count(desk: Desk) -> None:
    desk.deploy("timeout", task_with_timeout())
    started = desk.start("timeout")
    newer = desk.deploy("timeout", answer_and_confirm())
    provider, actor = person("provider"), desk.administrator
    task_id = desk.only_task(provider)
    request = desk.perform(lambda s: desk.engine.request_migration(s, actor, plan(newer), "修订"), actor)
    desk.consent(request.id)

    completed, moved = at_once(
        [
            partial(desk.complete, provider, {}, task_id),
            partial(desk.engine.run_migration, desk.database, request.id),
        ]
    )

    row = desk.instance(started.id).row
    if isinstance(completed, CompletedTask) and row.status == "completed":
        assert all(not each.is_movable for each in moved)
    else:
        assert row.process_version == 2
    with desk.database.read() as session:
        assert verify(session).ok


def probing() -> Files:
    """Return the process of one service task, which has another name there."""
    (name, content), *_ = single_service().items()
    return {name: content.replace(b"check", b"probe").replace(b"probes.run", b"checks.run")}


def test_a_failed_job_is_resolved_under_the_new_name_of_its_element(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    desk.failures = [TechnicalFailure("silent") for _ in range(3)]
    for _ in range(3):
        desk.run_jobs()
        desk.clock.advance(timedelta(minutes=2))

    migrate(desk, plan(desk.deploy("service", probing()), mapping={"service": {"check": "probe"}}))
    with desk.database.read() as session:
        (incident,) = desk.engine.incidents(session, desk.operator)
    desk.perform(
        lambda s: desk.engine.resolve_incident(s, desk.operator, incident.id, "人工核对", {"passed": True})
    )

    assert incident.element_id == "probe"
    assert desk.instance(started.id).row.status == "completed"


@pytest.mark.parametrize("failures", [0, 1, 3])
def test_a_handler_may_be_at_work_while_its_instance_moves(desk: Desk, failures: int) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    newer = desk.deploy("service", probing())
    desk.failures = [TechnicalFailure("silent") for _ in range(failures)]

    def migrate_meanwhile() -> None:
        desk.meanwhile = lambda: None
        migrate(desk, plan(newer, mapping={"service": {"check": "probe"}}))

    desk.meanwhile = migrate_meanwhile
    for _ in range(3):
        desk.run_jobs()
        desk.clock.advance(timedelta(minutes=2))

    row = desk.instance(started.id).row
    assert (row.process_version, row.status) == (2, "incident" if failures == 3 else "completed")


def test_a_task_that_only_the_old_version_has_can_still_be_looked_at(desk: Desk) -> None:
    parts = (start(), user_task("confirm", "provider"), end())
    late = (user_task("answer", "provider"), boundary("too_late", "answer", timer("P3D")), end("answered"))
    ways = (*chain("begin", "answer", "answered"), *chain("too_late", "confirm", "done"))
    desk.deploy("timeout", files("timeout", diagram("timeout", *parts, *late, *ways)))
    desk.start("timeout")
    provider = person("provider")
    given_up = desk.only_task(provider)
    desk.clock.advance(timedelta(days=4))
    desk.run_jobs()

    only_confirm = diagram("timeout", *parts, *chain("begin", "confirm", "done"))
    migrate(desk, plan(desk.deploy("timeout", files("timeout", only_confirm))))

    with desk.database.read() as session:
        detail = desk.engine.task(session, provider, given_up)
    assert (detail.row.status, detail.data) == ("cancelled", {})
    with pytest.raises(ActionNotAllowed):
        desk.perform(lambda s: desk.engine.take_back_user_task(s, provider, given_up, ""), provider)
