"""The inbox as people use it: see, claim, fill in, be refused, submit, go on."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from domain.credentials.vault import make_key_file
from engine.api import InboxFilter
from kernel import audit
from kernel.actor import system_actor
from kernel.clock import ManualClock
from tests.factories.people import REGION, SamplePerson, make_person
from tests.integration.engine.samples import single_task
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.inbox import approval
from webapp.wiring import Platform

TASK = re.compile(r'href="/tasks/([0-9a-f-]{36})[?"]')


@pytest.fixture
def initiator(platform: Platform) -> SamplePerson:
    approval.deploy(platform)
    return make_person(
        platform.database, "unit", ["releasing_unit"], unit="示例市发布单位（示例）", unit_kind="releasing"
    )


@pytest.fixture
def reviewer(platform: Platform) -> SamplePerson:
    return make_person(platform.database, "reviewer", ["reviewer"])


@pytest.fixture
def visitor(client: FlaskClient, initiator: SamplePerson, platform: Platform) -> Visitor:
    """Sign in the initiator of a fresh approval."""
    approval.start(platform, initiator)
    visitor = Visitor(client)
    visitor.sign_in(initiator)
    return visitor


def first_task(visitor: Visitor, view: str = "claimable") -> str:
    found = TASK.search(visitor.get(f"/tasks?view={view}").text)
    assert found is not None
    return f"/tasks/{found.group(1)}"


def submit_material(visitor: Visitor) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")
    answer = visitor.post(f"{task}/complete", {"name": "地图", "outcome": "submit", "revision": "1"})
    assert answer.status_code == 303, answer.text


def signed_in_as(visitor: Visitor, person: SamplePerson) -> Visitor:
    visitor.post("/sign-out")
    visitor.sign_in(person)
    return visitor


def test_a_task_waits_with_those_who_may_do_it(visitor: Visitor) -> None:
    page = visitor.get("/tasks?view=claimable")

    assert approval.TITLE in page.text
    assert "填写材料" in page.text
    assert "领取任务" in page.text
    assert "剩 " in page.text


def test_an_unclaimed_task_is_read_only_until_it_is_claimed(visitor: Visitor) -> None:
    task = first_task(visitor)

    before = visitor.get(task)
    claimed = visitor.post(f"{task}/claim")
    after = visitor.get(claimed.location)

    assert 'id="task-form"' not in before.text
    assert claimed.status_code == 303
    assert 'id="task-form"' in after.text
    assert "已领取" in after.text


def test_a_refused_form_comes_back_with_every_problem_beside_its_field(visitor: Visitor) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    answer = visitor.post(f"{task}/complete", {"limit": "many", "servers.0._row": "1", "outcome": "submit"})

    assert answer.status_code == 422
    assert "有 3 处需要修改" in answer.text
    for field in ("field-name", "field-limit", "field-servers-0-host"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
    assert 'value="many"' in answer.text


def test_a_draft_survives_and_is_there_again_later(visitor: Visitor, initiator: SamplePerson) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    saved = visitor.post(f"{task}/draft", {"name": "写了一半"})
    by_script = visitor.post(f"{task}/draft", {"name": "写了一大半"}, headers={"HX-Request": "true"})
    signed_in_as(visitor, initiator)
    later = visitor.get(task)

    assert saved.status_code == 303
    assert "保存" in by_script.text
    assert "<html" not in by_script.text
    assert 'value="写了一大半"' in later.text
    assert "有草稿" in later.text


def test_rows_are_added_without_script(visitor: Visitor) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    answer = visitor.post(f"{task}/complete", {"name": "地图", "row.add": "servers"})
    page = visitor.get(answer.location)

    assert answer.status_code == 303
    assert "servers.0.host" in page.text
    assert 'value="地图"' in page.text


def test_submitting_leads_to_the_next_task(
    visitor: Visitor, initiator: SamplePerson, platform: Platform
) -> None:
    approval.start(platform, initiator, "示例消息服务 2.0.0")
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    answer = visitor.post(f"{task}/complete", {"name": "地图", "outcome": "submit"})
    following = visitor.get(visitor.get(answer.location).location)

    assert answer.status_code == 303
    assert "已提交" in following.text
    assert "示例消息服务 2.0.0" in following.text


def test_an_opinion_is_mandatory_on_a_return_and_goes_to_the_history(
    visitor: Visitor, initiator: SamplePerson, reviewer: SamplePerson
) -> None:
    submit_material(visitor)
    signed_in_as(visitor, reviewer)
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    refused = visitor.post(f"{task}/complete", {"outcome": "return", "opinion": "  "})
    returned = visitor.post(f"{task}/complete", {"outcome": "return", "opinion": "缺少测试报告"})
    signed_in_as(visitor, initiator)
    again = visitor.get(first_task(visitor))

    assert refused.status_code == 422
    assert "field-opinion-error" in refused.text
    assert returned.status_code == 303
    assert "缺少测试报告" in again.text
    assert "退回" in again.text


def test_who_submitted_may_not_approve_and_is_told_so(
    visitor: Visitor, initiator: SamplePerson, platform: Platform, client: FlaskClient
) -> None:
    both = make_person(
        platform.database,
        "both",
        ["releasing_unit", "reviewer"],
        unit="示例市发布单位（示例）",
        unit_kind="releasing",
    )
    signed_in_as(visitor, both)
    submit_material(visitor)
    with platform.database.read() as session:
        rows = platform.engine.inbox(session, initiator.actor, InboxFilter("started")).rows
    task = f"/tasks/{rows[0].id}"

    page = visitor.get(task)
    answer = visitor.post(f"{task}/claim")

    assert "领取任务" not in page.text
    assert answer.status_code == 403
    assert "回避" in answer.text


def test_of_two_who_claim_one_wins_and_the_other_is_told(
    visitor: Visitor, reviewer: SamplePerson, platform: Platform
) -> None:
    other = make_person(platform.database, "other", ["reviewer"])
    submit_material(visitor)
    signed_in_as(visitor, other)
    task = first_task(visitor)
    with platform.database.write() as session:
        platform.engine.claim_user_task(session, reviewer.actor, UUID(task.rpartition("/")[2]))

    answer = visitor.post(f"{task}/claim")

    assert answer.status_code == 409
    assert "已被他人领取" in answer.text


def test_the_initiator_withdraws_with_a_reason(visitor: Visitor) -> None:
    submit_material(visitor)
    task = first_task(visitor, "started")

    page = visitor.get(task)
    without = visitor.post(f"{task}/withdraw", {"reason": ""})
    answer = visitor.post(f"{task}/withdraw", {"reason": "材料有误"})

    assert "撤回" in page.text
    assert without.status_code == 422
    assert answer.status_code == 303


def test_withdrawing_is_no_outcome_of_the_reviewer(visitor: Visitor, reviewer: SamplePerson) -> None:
    submit_material(visitor)
    signed_in_as(visitor, reviewer)
    task = first_task(visitor)

    claimed = visitor.get(visitor.post(f"{task}/claim").location)

    assert 'value="agree"' in claimed.text
    assert 'value="withdraw"' not in claimed.text


def test_a_unit_of_the_component_gives_up_at_its_own_step_though_another_began(
    visitor: Visitor, initiator: SamplePerson, platform: Platform
) -> None:
    actor = system_actor("test", frozenset({"definition.deploy"}))
    files = {**single_task("own-step", 'zujian:withdraw="true"', "releasing_unit")}
    files["forms/review.json"] = json.dumps(approval.REVIEW).encode()
    with platform.database.write() as session:
        platform.engine.deploy_files(session, actor, "own-step", files)
        platform.engine.start_instance(
            session,
            actor,
            "own-step",
            {},
            title="整改",
            region_code=REGION,
            unit_id=initiator.unit_id,
            check_role=False,
        )

    task = f"/tasks/{TASK.findall(visitor.get('/tasks?view=claimable&process=own-step').text)[0]}"
    claimed = visitor.get(visitor.post(f"{task}/claim").location)

    assert 'value="withdraw"' in claimed.text


def test_several_tasks_are_claimed_at_once(
    visitor: Visitor, initiator: SamplePerson, platform: Platform
) -> None:
    approval.start(platform, initiator, "第二件")
    ids = set(TASK.findall(visitor.get("/tasks?view=claimable").text))

    answer = visitor.post("/tasks/claim", {"task": sorted(ids)})

    assert answer.status_code == 303
    assert "已领取 2 项" in visitor.get(answer.location).text


def test_the_list_is_filtered_by_process_and_text(visitor: Visitor) -> None:
    found = visitor.get("/tasks?view=claimable&text=地图&process=sample-approval")
    nothing = visitor.get("/tasks?view=claimable&process=other")

    assert approval.TITLE in found.text
    assert "搜索“地图”" in found.text
    assert "没有符合条件的任务" in nothing.text


def test_open_work_is_filtered_by_processes_that_have_cases(visitor: Visitor, platform: Platform) -> None:
    actor = system_actor("test", frozenset({"definition.deploy"}))
    with platform.database.write() as session:
        platform.engine.deploy_files(session, actor, "quiet", single_task("quiet"))

    offered = {
        view: set(re.findall(r'name="process" value="([^"]+)"', visitor.get(f"/tasks?view={view}").text))
        for view in ("claimable", "done")
    }
    chosen = visitor.get("/tasks?view=claimable&process=quiet").text

    assert offered == {"claimable": {"sample-approval"}, "done": {"sample-approval", "quiet"}}
    assert 'value="quiet"' in chosen


def test_an_overdue_task_says_by_how_much(
    client: FlaskClient, platform: Platform, initiator: SamplePerson, clock: ManualClock
) -> None:
    approval.start(platform, initiator)
    clock.advance(timedelta(days=9))
    visitor = Visitor(client)
    visitor.sign_in(initiator)

    page = visitor.get("/tasks?view=overdue")

    assert approval.TITLE in page.text
    assert "超时 1 天" in page.text  # due at the end of the seventh day


def test_a_file_is_stored_named_and_given_out_to_those_who_see_the_task(
    visitor: Visitor, reviewer: SamplePerson
) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")
    report = (BytesIO(b"%PDF-1.4 report"), "../测试报告.pdf")

    visitor.post(
        f"{task}/draft", {"name": "地图", "report.upload": report}, content_type="multipart/form-data"
    )
    page = visitor.get(task)
    link = re.search(r'href="(/files/[^"]+)"', page.text)
    assert link is not None
    url = link.group(1).replace("&amp;", "&")
    sent = visitor.client.get(url, buffered=True)
    signed_in_as(visitor, reviewer)
    forbidden = visitor.get(url.partition("?")[0])

    assert "测试报告.pdf" in page.text
    assert sent.data == b"%PDF-1.4 report"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert ".." not in sent.headers["Content-Disposition"]
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert forbidden.status_code == 404


def test_an_upload_by_script_answers_the_reference(visitor: Visitor) -> None:
    answer = visitor.post("/files", {"file": (BytesIO(b"text"), "a.txt")}, content_type="multipart/form-data")

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["reference"].startswith("file:")
    assert visitor.post("/files", {}).status_code == 400


def test_the_approval_sheet_shows_every_step(visitor: Visitor, reviewer: SamplePerson) -> None:
    submit_material(visitor)
    signed_in_as(visitor, reviewer)

    sheet = visitor.get(f"{first_task(visitor)}/print")

    assert "审批单" in sheet.text
    assert "填写材料" in sheet.text
    assert "ZJ-990100-" in sheet.text


def test_the_page_speaks_english_from_end_to_end(visitor: Visitor) -> None:
    visitor.post("/language", {"language": "en"})

    page = visitor.get("/tasks?view=claimable")

    assert "Fill in" in page.text
    assert "Sample approval" in page.text
    assert 'lang="en"' in page.text


def test_what_is_refused_is_in_the_trail_of_its_instance(visitor: Visitor, platform: Platform) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")
    visitor.post(f"{task}/complete", {"outcome": "submit"})

    with platform.database.read() as session:
        (event,) = audit.search(session, audit.AuditSearch(outcome="refused"))
    assert event.action == "user_task.complete"
    assert event.stream == f"instance:{event.instance_id}"


def test_a_secret_typed_into_a_form_is_kept_encrypted_and_nowhere_else(
    visitor: Visitor, platform: Platform
) -> None:
    make_key_file(platform.settings.credentials_key_path)
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    visitor.post(f"{task}/draft", {"name": "地图", "token": "hush-hush"})
    refused = visitor.post(f"{task}/complete", {"token": "hush-hush", "outcome": "submit", "revision": "1"})
    kept = re.search(r'name="token.kept" value="(secret:[0-9a-f-]{36})"', refused.text)
    assert kept is not None
    done = visitor.post(
        f"{task}/complete",
        {"name": "地图", "token": "", "token.kept": kept.group(1), "outcome": "submit", "revision": "1"},
    )

    assert (refused.status_code, done.status_code) == (422, 303)
    assert "hush-hush" not in refused.text
    with platform.database.read() as session:
        names = inspect(session.get_bind()).get_table_names()
        rows = [str(tuple(row)) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    assert any(kept.group(1).removeprefix("secret:").replace("-", "") in row.replace("-", "") for row in rows)
    assert not [row for row in rows if "hush-hush" in row]


def test_without_a_key_a_secret_is_refused_with_the_cure(visitor: Visitor) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")

    answer = visitor.post(f"{task}/complete", {"name": "地图", "token": "hush-hush", "outcome": "submit"})

    assert answer.status_code == 503
    assert "zujian init" in answer.text
    assert "hush-hush" not in answer.text
