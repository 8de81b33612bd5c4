"""Security assessments and admissions on the platform, with the people and the real tools."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.assessments import queries
from domain.assessments.queries import AssessmentDetail, ItemRow
from domain.assessments.service.reports import today
from domain.samples.artefacts.advisories import ADVISORIES
from domain.samples.components import sample_records, write_attachments
from engine.api import InboxFilter, TaskRow
from kernel.actor import Actor, system_actor
from kernel.files import store_file
from kernel.unit_of_work import perform
from tests.integration.webapp.catalogue_desk import CatalogueDesk, record
from webapp.catalogue.importing import import_records
from webapp.demo.samples import at_local_services

PLATFORM = system_actor("platform")
COMMITMENT = "本单位承诺所附检测报告真实有效，源码与所报摘要一致，并承担相应责任。"


class Case:
    """One process instance with the people who work on it."""

    def __init__(self, desk: CatalogueDesk, instance_id: UUID) -> None:
        self.desk, self.platform, self.instance_id = desk, desk.platform, instance_id

    def run(self) -> Case:
        """Run every job that is due."""
        while self.platform.engine.run_due(self.platform.database, 20):
            pass
        return self

    def task(self, user_name: str) -> TaskRow | None:
        """Return the open task of the case that a person may do."""
        actor = self.desk.actor(user_name)
        with self.platform.database.read() as session:
            rows = self.platform.engine.inbox(session, actor, InboxFilter(limit=100)).rows
        return next((row for row in rows if row.instance_id == self.instance_id), None)

    def data(self, user_name: str) -> Mapping[str, Any]:
        """Return what the form of the open task is filled with."""
        row, actor = self.task(user_name), self.desk.actor(user_name)
        assert row is not None
        with self.platform.database.read() as session:
            return self.platform.engine.task(session, actor, row.id).data

    def complete(self, user_name: str, data: Mapping[str, Any]) -> Case:
        """Complete the open task as a person, and run what follows."""
        row, actor = self.task(user_name), self.desk.actor(user_name)
        assert row is not None, f"nothing is open for {user_name}"
        perform(
            self.platform.database,
            "user_task.complete",
            actor,
            lambda session: self.platform.engine.complete_user_task(session, actor, row.id, dict(data)),
        )
        return self.run()

    @property
    def outcome(self) -> tuple[str, str | None]:
        """Return the status of the instance and its result or error."""
        with self.platform.database.read() as session:
            row = self.platform.engine.instance(session, self.desk.actor("jiandu"), self.instance_id).row
        return row.status, row.outcome


def assess(desk: CatalogueDesk, version_id: UUID) -> Case:
    """Start the assessment of a version as the onboarding would, and run the tools."""
    variables = {
        "subjectType": "version",
        "subjectId": str(version_id),
        "versionId": str(version_id),
        "caller": "onboarding",
    }
    engine = desk.platform.engine
    started = perform(
        desk.platform.database,
        "instance.start",
        PLATFORM,
        lambda session: engine.start_instance(
            session,
            PLATFORM,
            "security-assessment",
            variables,
            title="安全评估",
            region_code="990100",
            check_role=False,
        ),
    )
    return Case(desk, started.id).run()


def newest(desk: CatalogueDesk, version_id: UUID) -> AssessmentDetail:
    """Return the newest assessment of a version."""
    with desk.platform.database.read() as session:
        rows = queries.assessments_of(session, PLATFORM, version_id)
        return queries.assessment_detail(session, PLATFORM, rows[0].id)


def items(detail: AssessmentDetail) -> dict[str, ItemRow]:
    """Return the checks of an assessment by name."""
    return {item.item: item for item in detail.items}


def plain_component(desk: CatalogueDesk, name: str = "示例离线工具") -> UUID:
    """Import an unhosted component without API and address: everything but dynamic tests applies to it."""
    given = record(name=name, isHosting=0)
    extension = {key: value for key, value in given["extension"].items() if key != "serviceAddress"}
    report = import_records(desk.platform, desk.actor("fabu1"), [{**given, "extension": extension}], "test")
    version_id = report.rows[0].version_id
    assert version_id is not None, report.rows[0]
    return version_id


def api_component(desk: CatalogueDesk, name: str, document: Mapping[str, Any], folder: Path) -> UUID:
    """Import an unhosted API with its document, at an address where nothing answers."""
    sample = sample_records()[0]
    own = {"apiName": name, "apiCode": "notices", "publicPath": "/open/notices"}
    given = {**sample, "name": name, "componentId": name, "apiInfo": {**sample["apiInfo"], **own}}
    write_attachments([given], folder)
    (folder / given["extension"]["documents"]["apiDocument"]).write_text(json.dumps(document))
    actor, moved = desk.actor("fabu1"), at_local_services([given], 9)
    [row] = import_records(desk.platform, actor, moved, "test", attachments_root=folder).rows
    assert row.version_id is not None, row
    return row.version_id


def hand_in(desk: CatalogueDesk, version_id: UUID, path: Path, kind: str = "source") -> None:
    """Hand in source or a bill of materials through the page."""
    visitor = desk.visitor("fabu1")
    visitor.get(f"/assessments/versions/{version_id}")
    upload = (io.BytesIO(path.read_bytes()), path.name)
    answer = visitor.post(f"/assessments/versions/{version_id}/materials", {"kind": kind, "file": upload})
    assert answer.status_code == 303
    assert path.name in visitor.get(f"/assessments/versions/{version_id}").text


def hand_in_reports(desk: CatalogueDesk, version_id: UUID, *checks: str) -> None:
    """Hand in a third-party report for each check through the page."""
    visitor = desk.visitor("fabu1")
    for check in checks:
        visitor.get(f"/assessments/versions/{version_id}")
        said = {
            "item": check,
            "issuer": "示例检测中心",
            "issued_on": (today() - timedelta(days=10)).isoformat(),
            "valid_until": (today() + timedelta(days=200)).isoformat(),
            "subject_digest": "ab" * 32,
            "scope": "全部源码",
            "commitment": COMMITMENT,
            "file": (io.BytesIO(b"%PDF-1.4 " + check.encode()), "report.pdf"),
        }
        assert visitor.post(f"/assessments/versions/{version_id}/reports", said).status_code == 303


def judgements(open_items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Accept the report at hand for everything that is open."""
    return [{**row, "verdict": "substitute", "reason": "报告覆盖本版本全部源码"} for row in open_items]


def import_advisories(desk: CatalogueDesk, ecosystem: str = "Maven", day: str = "2026-11-01") -> None:
    """Import the sample advisories of an ecosystem through the page."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for advisory in ADVISORIES:
            archive.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    visitor = desk.visitor("secadmin")
    visitor.get("/baseline/data")
    said = {
        "ecosystem": ecosystem,
        "sha256": hashlib.sha256(content.getvalue()).hexdigest(),
        "data_as_of": day,
        "file": (io.BytesIO(content.getvalue()), "all.zip"),
    }
    assert visitor.post("/baseline/data", said).status_code == 303


def stored(desk: CatalogueDesk, user_name: str, path: Path) -> tuple[str, str]:
    """Store a file for a person; return its reference and digest."""
    actor: Actor = desk.actor(user_name)
    file = perform(
        desk.platform.database,
        "file.store",
        actor,
        lambda session: store_file(
            session, desk.platform.files, io.BytesIO(path.read_bytes()), path.name, actor
        ),
    )
    return file.reference, file.digest
