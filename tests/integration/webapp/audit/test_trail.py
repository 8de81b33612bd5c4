"""The trail of a case: found, read, verified, exported, and every reading of it recorded."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text

from kernel import audit
from kernel.audit import AuditSearch
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.cases import Case
from tests.integration.webapp.modeler.desk import KEY

SEARCHES = (
    ("text=体征", True),
    ("text=不存在的组件", False),
    (f"process={KEY}", True),
    ("process=another", False),
    ("role=reviewer", True),
    ("role=provider", False),
    ("status=completed&outcome=finished", True),
    ("status=active", False),
    ("outcome=refused", False),
    ("person=示例zhang", True),
    ("person=无此人", False),
    ("since=2001-01-01&until=2001-12-31", False),
    ("since=2001-01-01", True),
    ("since=not-a-day&status=not-a-status", True),
)


def test_cases_are_found_by_what_they_are(case: Case, supervisor: Visitor) -> None:
    pages = {query: supervisor.get(f"/audit?{query}") for query, _is_found in SEARCHES}

    assert {page.status_code for page in pages.values()} == {200}
    assert {query: case.case_number in page.text for query, page in pages.items()} == dict(SEARCHES)


def test_a_trail_tells_who_did_what_when_and_why(case: Case, supervisor: Visitor) -> None:
    page = supervisor.get(f"/audit/instances/{case.instance_id}").text

    assert case.case_number in page
    assert "示例zhang" in page
    assert "同意接入。" in page
    assert "办结任务" in page


def test_a_trail_can_be_narrowed_to_refusals(case: Case, supervisor: Visitor) -> None:
    page = supervisor.get(f"/audit/instances/{case.instance_id}?show=refused").text

    assert "同意接入。" not in page


def test_every_reading_and_searching_by_a_supervisor_is_recorded(case: Case, supervisor: Visitor) -> None:
    supervisor.get(f"/audit/instances/{case.instance_id}")
    supervisor.get("/audit?text=体征")

    with case.database.read() as session:
        reads = audit.search(session, AuditSearch(outcome="read"))
    assert {read.action for read in reads} == {"instance.read", "audit.searched"}
    assert case.instance_id in {read.instance_id for read in reads}
    assert {read.actor_name for read in reads} == {"示例jiandu"}


def test_a_chain_is_verified_on_the_page(case: Case, supervisor: Visitor) -> None:
    supervisor.get(f"/audit/instances/{case.instance_id}")

    page = supervisor.post(f"/audit/instances/{case.instance_id}/verification").text

    assert "记录完整，未被改动" in page


def test_all_chains_are_verified_and_that_is_recorded(case: Case, supervisor: Visitor) -> None:
    supervisor.get("/audit/verification")

    page = supervisor.post("/audit/verification").text

    assert "记录完整，未被改动" in page
    with case.database.read() as session:
        assert audit.search(session, AuditSearch(action_prefix="audit.verified"))


def test_an_altered_event_is_located(case: Case, supervisor: Visitor) -> None:
    stream = f"instance:{case.instance_id}"
    _alter(case, stream)
    supervisor.get("/audit/verification")

    page = supervisor.post("/audit/verification").text

    assert "记录遭到改动" in page
    assert stream in page
    assert "第 2 条" in page


def test_a_trail_is_exported_as_json_and_as_a_table(case: Case, supervisor: Visitor) -> None:
    document = supervisor.client.get(f"/audit/instances/{case.instance_id}/trail.json")
    table = supervisor.client.get(f"/audit/instances/{case.instance_id}/trail.csv")

    assert {"instance.started", "user_task.completed"} <= {
        event["content"]["action"] for event in document.json["events"]
    }
    rows = list(csv.reader(io.StringIO(table.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][3] == "操作"
    assert any("同意接入。" in cell for row in rows for cell in row)
    assert f"{case.case_number}-trail.csv" in table.headers["Content-Disposition"]


def test_sign_ins_and_deployments_are_browsable(supervisor: Visitor) -> None:
    page = supervisor.get("/audit/streams").text

    assert "登录" in page
    assert "查阅与检索" in page
    assert supervisor.get("/audit/streams?outcome=refused&since=2001-01-01").status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "system_administrator", "security_administrator"])
def test_nobody_else_reads_the_trail(case: Case, role: str) -> None:
    visitor = case.visitor("other", role)
    paths = ("/audit", "/audit/streams", "/audit/verification", f"/audit/instances/{case.instance_id}")

    assert {visitor.get(path).status_code for path in paths} == {403}


def test_the_pages_speak_english(case: Case, supervisor: Visitor) -> None:
    supervisor.client.set_cookie("language", "en")

    page = supervisor.get(f"/audit/instances/{case.instance_id}").text

    assert "Task completed" in page
    assert "Do the work" in page


def _alter(case: Case, stream: str) -> None:
    """Change an event as somebody with the database in their hands would, past the triggers."""
    with case.database.write() as session:
        if session.get_bind().dialect.name == "sqlite":
            names = session.scalars(text("select name from sqlite_master where type = 'trigger'")).all()
            for name in names:
                session.execute(text(f'drop trigger "{name}"'))
        else:
            session.execute(text("alter table audit_event disable trigger all"))
        session.execute(
            text(
                "update audit_event set content = replace(content, 'done', 'gone')"
                " where stream = :stream and sequence = 2"
            ),
            {"stream": stream},
        )
