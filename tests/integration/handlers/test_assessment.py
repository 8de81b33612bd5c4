"""The security assessment on the platform: real engine, tables, room and people."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.assessments import queries as assessments
from domain.assessments import service
from domain.assessments.errors import AssessmentClosed
from domain.assessments.queries import AssessmentDetail
from domain.samples.components import sample_records, write_attachments
from engine.api import InboxFilter, TaskRow
from kernel.actor import Actor, system_actor
from kernel.audit import events_of_stream
from kernel.files import find_file
from kernel.signing import verify
from kernel.unit_of_work import perform
from tests.integration.handlers.conftest import NAMES, ActAs, Bench
from webapp.catalogue.importing import import_records
from webapp.cli.shipped import deploy_shipped
from webapp.demo.samples import at_local_services
from webapp.wiring import Platform

KEY = "security-assessment"
PLATFORM = system_actor("platform")


class Case:
    """One assessment of a version, started as a caller would, with the people around it."""

    def __init__(self, platform: Platform, act_as: ActAs, version_id: UUID) -> None:
        self.platform, self.act_as, self.version_id = platform, act_as, version_id
        deploy_shipped(platform, replace=False)
        self.operators = (act_as("yunying1"), act_as("yunying2"))

    def start(self) -> Case:
        """Start the process and run every job that is due."""
        variables = {
            "subjectType": "version",
            "subjectId": str(self.version_id),
            "versionId": str(self.version_id),
            "caller": "onboarding",
        }
        engine = self.platform.engine
        self.instance = perform(
            self.platform.database,
            "instance.start",
            PLATFORM,
            lambda session: engine.start_instance(
                session,
                PLATFORM,
                KEY,
                variables,
                title="安全评估",
                region_code="990100",
                check_role=False,
            ),
        )
        return self.run()

    def run(self) -> Case:
        """Run every job that is due."""
        while self.platform.engine.run_due(self.platform.database, 50):
            pass
        return self

    def task(self, actor: Actor) -> TaskRow:
        """Return the open task of the case that the actor sees."""
        with self.platform.database.read() as session:
            rows = self.platform.engine.inbox(session, actor, InboxFilter(limit=50)).rows
        return next(row for row in rows if row.instance_id == self.instance.id)

    def complete(self, actor: Actor, data: Mapping[str, Any]) -> Case:
        """Claim and complete the open task."""
        engine, task = self.platform.engine, self.task(actor)
        database = self.platform.database
        perform(database, "user_task.claim", actor, lambda s: engine.claim_user_task(s, actor, task.id))
        perform(
            database,
            "user_task.complete",
            actor,
            lambda session: engine.complete_user_task(session, actor, task.id, dict(data)),
        )
        return self.run()

    @property
    def detail(self) -> AssessmentDetail:
        """Return the newest assessment of the version."""
        with self.platform.database.read() as session:
            rows = assessments.assessments_of(session, PLATFORM, self.version_id)
            return assessments.assessment_detail(session, PLATFORM, rows[0].id)


@pytest.fixture
def version_id(platform: Platform, act_as: ActAs, tmp_path: Path) -> UUID:
    """Import an unhosted API of which nothing was handed in and whose service does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    records = [record for record in sample_records() if record["name"] == NAMES[0]]
    write_attachments(records, tmp_path)
    silent = at_local_services(records, port)
    report = import_records(platform, act_as("fabu1"), silent, "test", attachments_root=tmp_path)
    version_id = report.rows[0].version_id
    assert version_id is not None
    return version_id


@pytest.fixture
def case(platform: Platform, act_as: ActAs, version_id: UUID) -> Case:
    """Give a case on the imported component."""
    return Case(platform, act_as, version_id)


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_nothing_handed_in_is_not_checked_and_waits_for_an_operator(case: Case) -> None:
    case.start()

    detail = case.detail
    assert detail.row.standing == "in_review"
    assert {item.item: item.status for item in detail.items}["artefact"] == "not_applicable"
    assert {item.item: item.status for item in detail.items}["static"] == "not_checked"
    assert detail.row.baseline_edition == 1


def test_what_an_operator_confirms_fails_and_is_filed_with_a_signature(case: Case) -> None:
    operator = case.start().operators[0]

    case.complete(operator, {"outcome": "confirmed", "opinion": "源码和报告均未提交"})

    row = case.detail.row
    assert (row.standing, row.valid_until) == ("failed", None)
    assert row.report_file_id is not None
    with case.platform.database.read() as session:
        file = find_file(session, row.report_file_id)
        standing = assessments.standing_of(session, case.version_id)
    with case.platform.files.open(file.digest) as stream:
        envelope = orjson.loads(stream.read())
    assert verify(envelope)
    assert envelope["digest"] == row.report_digest
    envelope["document"]["standing"] = "passed"
    assert not verify(envelope)
    assert standing is not None
    assert not standing.is_passed
    assert any("静态应用安全测试" in text.zh for text in standing.against)


@pytest.mark.parametrize("topic", ["lifecycle.revoke", "lifecycle.cleanup", "takedown.end_other_cases"])
def test_an_assessment_ends_with_the_case_that_asked_for_it(case: Case, bench: Bench, topic: str) -> None:
    operator = case.start().operators[0]

    bench.run(topic, versionId=str(case.version_id), reason="更换提供方")

    row = case.detail.row
    assert (row.standing, row.valid_until) == ("cancelled", None)
    assert row.decided_at is not None
    with pytest.raises(AssessmentClosed):
        perform(
            case.platform.database,
            "test",
            operator,
            lambda session: service.confirm_failed(session, operator, row.id, "未提交"),
        )
    with case.platform.database.read() as session:
        trail = events_of_stream(session, f"instance:{case.instance.id}")
    (ended,) = [event for event in trail if event.action == "assessment.cancelled"]
    assert (ended.reason, ended.after) == ("更换提供方", {"standing": "cancelled", "was": "in_review"})


def test_what_is_decided_is_not_cancelled(case: Case, bench: Bench) -> None:
    case.start().complete(case.operators[0], {"outcome": "confirmed", "opinion": "源码和报告均未提交"})

    bench.run("lifecycle.revoke", versionId=str(case.version_id), reason="更换提供方")

    assert case.detail.row.standing == "failed"
