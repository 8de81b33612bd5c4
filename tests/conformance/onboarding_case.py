"""One version that a provider was mandated with, and its onboarding on the platform's own services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.states import Event
from domain.checks.names import DUPLICATE_REVIEW
from domain.checks.queries import CheckRunRow, check_runs
from domain.checks.service import CheckRunInput, record_check_run
from domain.people.permissions import RELEASING_UNIT
from domain.people.queries import unit_by_name
from engine.api import TaskDetail, TaskRow
from kernel.actor import Actor, system_actor
from kernel.errors import Invalid
from kernel.files import store_file
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.processes import papers
from webapp.demo.cast import Cast
from webapp.demo.stage import sample_cast
from webapp.wiring import Platform

PLATFORM = system_actor("platform")
T = TypeVar("T")
ONBOARDING = "component-onboarding"
PROVIDER_UNIT = "示例科技07有限公司（示例）"


@dataclass
class Case:
    """An onboarding, or one of its variants, with the people who may act on it."""

    platform: Platform
    act_as: Callable[[str], Actor]
    version_id: UUID
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        """Gather the sample people."""
        self.cast = sample_cast(self.platform)

    @property
    def detail(self) -> queries.VersionDetail:
        """Return the version as it is now."""
        return self.read(lambda session: queries.version_detail(session, PLATFORM, self.version_id))

    @property
    def opener(self) -> Actor:
        """Return somebody of the releasing unit."""
        detail = self.detail
        return self.cast.with_role(RELEASING_UNIT, detail.region_code, detail.unit_id)

    def read(self, question: Callable[[Session], T]) -> T:
        """Ask the database something."""
        with self.platform.database.read() as session:
            return question(session)

    def runs(self, check: str) -> list[CheckRunRow]:
        """Return the runs of a check, the newest first."""
        found = self.read(lambda session: check_runs(session, self.version_id))
        return [run for run in found if run.check == check]

    def authorise(self) -> Case:
        """Let the sample provider take on the version."""
        opener = self.opener
        case = CaseFacts(instance_id=new_id(), initiator_id=opener.person_id)

        def mandate(session: Session) -> None:
            provider = unit_by_name(session, PROVIDER_UNIT)
            assert provider is not None
            if service.assess_basics(session, PLATFORM, self.version_id).review_needed:
                # What the reviewer finds of it is shown by other tests.
                record_check_run(session, passed(self.version_id, DUPLICATE_REVIEW))
            service.record_authorisation(
                session, opener, self.version_id, provider.id, "全部", None, case=case
            )
            service.request_transition(session, PLATFORM, self.version_id, Event.AUTHORIZE, case=case)

        perform(self.platform.database, "test.mandate", opener, mandate)
        return self

    def start(self, key: str = ONBOARDING, **variables: Any) -> Case:
        """Start a process as another process would call it, opened by the releasing unit."""
        opener, detail = self.opener, self.detail
        given = {
            "versionId": str(self.version_id),
            "componentId": str(detail.row.component_id),
            "releasingUnitId": str(detail.unit_id),
            "providerUnitId": str(detail.provider_unit_id),
            "providerType": "own",
            "technicalField": detail.row.technical_field,
            "isHosting": detail.row.is_hosting,
            "buildMode": "解耦与重构",
            "record": dict(detail.record),
            **variables,
        }
        perform(
            self.platform.database,
            "test.start",
            opener,
            lambda session: self.platform.engine.start_instance(
                session,
                opener,
                key,
                given,
                subject_type="component_version",
                subject_id=self.version_id,
                region_code=detail.region_code,
                unit_id=detail.unit_id,
                check_role=False,
            ),
        )
        return self

    def run(self) -> Case:
        """Run every job that is due."""
        while self.platform.engine.run_due(self.platform.database):
            pass
        return self

    def open_task(self, element: str | None = None) -> tuple[Actor, TaskRow]:
        """Run what is due; return an open task, of the element if it can be, with somebody who may do it."""
        self.run()
        found = first = self.cast.next_task(self.platform, self.version_id, set())
        passed_by: set[UUID] = set()
        while found is not None and element not in (None, found[1].element_id):
            passed_by.add(found[1].id)
            found = self.cast.next_task(self.platform, self.version_id, passed_by)
        found = found or first
        assert found is not None, "nothing is open"
        return found

    @property
    def waits_at(self) -> str:
        """Return the element of the open task."""
        return self.open_task()[1].element_id

    def detail_of_task(self) -> TaskDetail:
        """Return the open task with its form and what it offers."""
        actor, row = self.open_task()
        return self.read(lambda session: self.platform.engine.task(session, actor, row.id))

    def complete(self, expected: str, **data: Any) -> Case:
        """Complete the open task, which has to be the expected one."""
        actor, row = self.open_task(expected)
        assert row.element_id == expected, row.element_id
        perform(
            self.platform.database,
            "user_task.complete",
            actor,
            lambda session: self.platform.engine.complete_user_task(session, actor, row.id, data),
        )
        return self

    def refuses(self, expected: str, **data: Any) -> bool:
        """Tell whether the open task refuses the data as invalid."""
        try:
            self.complete(expected, **data)
        except Invalid:
            return True
        return False

    def file(self, name: str = "report.txt") -> str:
        """Store a file as the provider and return its reference."""
        path = Path(self.platform.settings.data_dir) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("示例内容", encoding="utf-8")

        def keep(session: Session) -> str:
            with path.open("rb") as content:
                provider = self.act_as("tigong1")
                return store_file(session, self.platform.files, content, name, provider).reference

        return perform(self.platform.database, "file.store", self.act_as("tigong1"), keep)

    def preparation(self, **changed: Any) -> dict[str, Any]:
        """Return the material of the preparation with the files that the version brought along."""
        held = {each.kind: each.file.reference for each in self.detail.attachments}
        whole = papers.preparation(**{"reworkRecord": self.file(), **changed})
        record = whole["record"]
        reports = record["componentDetails"]["resources"]
        record["componentDetails"]["resources"] = {kind: held[kind] for kind in reports}
        documents = record["extension"]["documents"]
        record["extension"]["documents"] = {kind: held.get(kind) or self.file() for kind in documents}
        return whole


def mandated(desk: CatalogueDesk, name: str) -> Case:
    """Mandate the provider of one of the sample components."""
    return Case(desk.platform, desk.actor, desk.version_id(name)).authorise()


def passed(version_id: UUID, check: str) -> CheckRunInput:
    """Return the run of a check that passed."""
    return CheckRunInput(version_id=version_id, check=check, status="passed", summary=Text("—", "—"))
