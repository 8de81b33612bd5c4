"""Lists: what is found, by whom, and page by page."""

from __future__ import annotations

import pytest

from engine.api import InboxFilter, InstanceFilter, InstanceNotFound
from kernel.errors import Invalid
from kernel.ids import new_id
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.samples import parallel_reviews, single_service, single_task


def test_the_inbox_is_paged_by_key_without_gap_or_repetition(desk: Desk) -> None:
    desk.deploy("single", single_task())
    for number in range(5):
        desk.start("single", title=f"组件{number}")

    seen: list[str] = []
    after = None
    with desk.database.read() as session:
        while True:
            page = desk.engine.inbox(session, desk.reviewer, InboxFilter(limit=2, after=after))
            seen += [row.instance_title for row in page.rows]
            after = page.next
            if after is None:
                break

    assert seen == [f"组件{number}" for number in range(5)]


def test_the_task_that_is_due_first_comes_first(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.deploy("urgent", single_task("urgent", 'zujian:deadline="2D"'))
    desk.start("single")
    desk.start("urgent")

    assert [row.process_key for row in desk.inbox(desk.reviewer)] == ["urgent", "single"]


def test_the_inbox_is_filtered_by_text_and_process(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single", title="统一身份认证")
    desk.start("single", title="百分之百%")

    with desk.database.read() as session:
        by_title = desk.engine.inbox(session, desk.reviewer, InboxFilter(text="身份")).rows
        by_sign = desk.engine.inbox(session, desk.reviewer, InboxFilter(text="%")).rows
        other = desk.engine.inbox(session, desk.reviewer, InboxFilter(process_keys=("other",))).rows

    assert [row.instance_title for row in by_title] == ["统一身份认证"]
    assert [row.instance_title for row in by_sign] == ["百分之百%"]
    assert other == ()


def test_done_and_started_lists_follow_the_person(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.start("single")
    desk.start("single")
    first = desk.inbox(desk.reviewer)[0]
    desk.complete(desk.reviewer, {"outcome": "agree"}, first.id)

    assert [row.id for row in desk.inbox(desk.reviewer, "done")] == [first.id]
    assert len(desk.inbox(desk.initiator, "started")) == 1


def test_a_cursor_that_we_did_not_make_is_refused(desk: Desk) -> None:
    with desk.database.read() as session, pytest.raises(Invalid):
        desk.engine.inbox(session, desk.reviewer, InboxFilter(after="bm9uc2Vuc2U"))


def test_supervisors_find_instances_by_subject_person_role_day_and_outcome(desk: Desk) -> None:
    desk.deploy("single", single_task())
    subject_id = new_id()
    wanted = desk.start("single", subject_type="component_version", subject_id=subject_id)
    desk.complete(desk.reviewer, {"outcome": "agree"})
    desk.start("single")
    today = desk.clock.now().date()

    def found(**facts: object) -> list[object]:
        with desk.database.read() as session:
            page = desk.engine.instances(session, desk.supervisor, InstanceFilter(**facts))  # type: ignore[arg-type]  # any field
        return [row.id for row in page.rows]

    assert found(subject_id=subject_id) == [wanted.id]
    assert found(person_id=desk.reviewer.person_id) == [wanted.id]
    assert len(found(role="reviewer")) == 2
    assert found(outcome="finished") == [wanted.id]
    assert found(status="completed") == [wanted.id]
    assert len(found(started_from=today, started_to=today)) == 2
    assert found(text="000001") == [wanted.id]


def test_an_instance_is_seen_by_its_people_and_supervisors_of_its_region_only(desk: Desk) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service")
    province = person("supervisor", region="990000", permissions=["instance.read_all"])
    elsewhere = person("supervisor", region="990300", permissions=["instance.read_all"])

    with desk.database.read() as session:
        assert desk.engine.instance(session, province, started.id).row.id == started.id
        assert desk.engine.instance(session, desk.initiator, started.id).row.id == started.id
        for stranger in (elsewhere, desk.reviewer):
            with pytest.raises(InstanceNotFound):
                desk.engine.instance(session, stranger, started.id)
            assert desk.engine.instances(session, stranger, InstanceFilter()).rows == ()


def test_somebody_with_two_roles_sees_both_kinds_of_tasks_in_one_order(desk: Desk) -> None:
    desk.deploy("parallel", parallel_reviews())
    for _ in range(3):
        desk.start("parallel")
    both = person("reviewer", "operator")

    seen: list[str] = []
    after = None
    with desk.database.read() as session:
        while True:
            page = desk.engine.inbox(session, both, InboxFilter(limit=4, after=after))
            seen += [row.element_id for row in page.rows]
            after = page.next
            if after is None:
                break

    assert seen == ["first", "second"] * 3
