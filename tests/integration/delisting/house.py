"""A platform with published versions, and shortcuts to delist them as people do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update

from domain.catalogue import queries
from domain.catalogue.models import ComponentVersion
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import State
from domain.delisting import queries as cases
from domain.delisting.queries import CaseRow
from domain.gateway import service as gateway
from domain.market import service as market
from domain.orders.registering import Granted
from domain.people.permissions import PERMISSIONS
from domain.people.queries import actor_for, unit_by_name
from domain.samples.people import sample_person_id, seed_sample_people
from engine.api import InboxFilter, InstanceRef
from kernel.actor import Actor, system_actor
from kernel.clock import ManualClock, now
from kernel.files import store_file
from kernel.unit_of_work import perform
from tests.unit.domain.records import valid_record
from webapp.catalogue.importing import import_records
from webapp.catalogue.starting import start_on_version
from webapp.cli.check import definition_files
from webapp.cli.shipped import in_calling_order
from webapp.orders.importing import register_order
from webapp.wiring import Platform

PLATFORM = system_actor("platform", frozenset(PERMISSIONS))
WHY = "经核实"
HOLDER = "示例市政务服务中心"


@dataclass
class House:
    """One platform whose clock is moved by hand."""

    platform: Platform
    clock: ManualClock

    def seed(self) -> House:
        """Add the sample people."""
        perform(self.platform.database, "sample.seed", PLATFORM, seed_sample_people)
        return self

    def deploy(self, *keys: str) -> House:
        """Deploy some of the shipped processes, in the order in which they call each other."""
        folder = self.platform.settings.processes_dir
        files = {key: definition_files(folder / key / f"{key}.bpmn") for key in keys}
        for key in in_calling_order(files):
            self._deploy(key, files[key])
        return self

    def _deploy(self, key: str, files: Mapping[str, bytes]) -> None:
        perform(
            self.platform.database,
            "definition.deploy",
            PLATFORM,
            lambda session: self.platform.engine.deploy_files(session, PLATFORM, key, dict(files), "test"),
            stream="system:definitions",
        )

    def actor(self, user_name: str) -> Actor:
        """Return a sample person as they are now."""
        with self.platform.database.read() as session:
            person_id = sample_person_id(session, user_name)
            assert person_id is not None, user_name
            return actor_for(session, person_id)

    def published(self, count: int = 1, state: State = State.PUBLISHED) -> list[UUID]:
        """Import versions and put them into the market with their routes, as listed now."""
        records = [_record(number) for number in range(1, count + 1)]
        report = import_records(self.platform, self.actor("fabu2"), records, "test", Path("/nonexistent"))
        found = [row.version_id for row in report.rows if row.version_id is not None]
        assert len(found) == count, [breach.rule_id for row in report.rows for breach in row.breaches]
        for version_id in found:
            self._place(version_id, state)
        return found

    def _place(self, version_id: UUID, state: State) -> None:
        with self.platform.database.write() as session:
            provider = unit_by_name(session, "示例科技07有限公司（示例）")
            assert provider is not None
            session.execute(
                update(ComponentVersion)
                .where(ComponentVersion.id == version_id)
                .values(state=State.PUBLISHED.value, listed_at=now(), provider_unit_id=provider.id)
            )
            market.publish(session, PLATFORM, version_id, {})
            gateway.record_route(session, PLATFORM, version_id, "production")
            session.execute(
                update(ComponentVersion).where(ComponentVersion.id == version_id).values(state=state.value)
            )

    def order(self, version_id: UUID, number: str = "DD-1") -> UUID:
        """Register an order of a unit."""
        with self.platform.database.write() as session:
            unit = unit_by_name(session, HOLDER)
            assert unit is not None
            detail = queries.version_detail(session, PLATFORM, version_id)
            granted = Granted(
                version_id=version_id,
                number=number,
                holder_unit_id=unit.id,
                application="一网通办",
                purpose="身份核验",
                granted_on="2026-01-01",
            )
            made = register_order(session, self.actor("yunying1"), detail, granted)
            assert made is not None
            return made

    def file(self) -> str:
        """Store a file and return its reference."""
        with self.platform.database.write() as session:
            stored = store_file(
                session, self.platform.files, BytesIO(b"%PDF-1.7\n"), "方案.pdf", self.actor("tigong1")
            )
            return stored.reference

    def start(self, key: str, by: str, version_id: UUID, **options: Any) -> InstanceRef:
        """Start a process on a version, as its page does, and let it run."""
        actor = self.actor(by)
        engine = self.platform.engine
        started = perform(
            self.platform.database,
            "instance.start",
            actor,
            lambda session: start_on_version(
                session, engine, actor, key, queries.version_detail(session, actor, version_id), options
            ),
        )
        self.run()
        return started

    def do(self, element: str, by: str, version_id: UUID, **data: Any) -> House:
        """Complete the open task of an element as a person, and let what follows run."""
        actor, engine = self.actor(by), self.platform.engine
        with self.platform.database.read() as session:
            rows = engine.inbox(session, actor, InboxFilter(view="claimable", limit=200)).rows
        task = next(row for row in rows if row.element_id == element and row.subject_id == version_id)
        perform(
            self.platform.database,
            "user_task.complete",
            actor,
            lambda session: engine.complete_user_task(session, actor, task.id, data),
        )
        self.run()
        return self

    def waiting(self, version_id: UUID) -> set[str]:
        """Return the elements at which people are waited for on a version."""
        found: set[str] = set()
        for user_name in ("fabu2", "tigong1", "yunying1", "yunying2", "shenhe1", "shenhe2", "shiyong"):
            actor = self.actor(user_name)
            with self.platform.database.read() as session:
                rows = self.platform.engine.inbox(
                    session, actor, InboxFilter(view="claimable", limit=200)
                ).rows
            found |= {row.element_id for row in rows if row.subject_id == version_id}
        return found

    def pass_time(self, **time: float) -> House:
        """Move the clock and run what fell due."""
        self.clock.advance(timedelta(**time))
        self.run()
        return self

    def run(self) -> None:
        """Run every due job."""
        while self.platform.engine.run_due(self.platform.database, 50):
            continue

    def detail(self, version_id: UUID) -> VersionDetail:
        """Return the version as it is now."""
        with self.platform.database.read() as session:
            return queries.version_detail(session, PLATFORM, version_id)

    def case(self, version_id: UUID) -> CaseRow:
        """Return the newest case of a version."""
        with self.platform.database.read() as session:
            return cases.cases_of_version(session, version_id)[0]

    def steps(self, version_id: UUID) -> list[str]:
        """Return the transitions that took place, in order."""
        return [change.transition for change in self.detail(version_id).history if change.transition > "S23"]


def _record(number: int) -> dict[str, Any]:
    record = valid_record()
    record["name"] = f"{record['name']}之{number}"
    record.pop("componentId", None)
    record["componentDetails"].pop("resources", None)
    record["extension"].pop("documents", None)
    api = record["apiInfo"]
    api["apiName"], api["apiCode"] = f"{api['apiName']}{number}", f"{api['apiCode']}-{number}"
    api["publicPath"] = f"{api['publicPath']}/{number}"
    return record


def titles(rows: Iterable[Any]) -> list[str]:
    """Return the Chinese titles of notices."""
    return [row.title.zh for row in rows]
