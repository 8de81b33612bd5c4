"""A platform with sample people and two imported components, and jobs that run one handler by hand."""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.checks.queries import CheckRunRow, check_runs
from domain.people.queries import actor_for
from domain.samples.components import sample_records, write_attachments
from domain.samples.people import sample_person_id, seed_sample_people
from engine.api import HandlerResult, InstanceFacts, JobContext, ListenerCall
from kernel.actor import Actor, system_actor
from kernel.files import store_file
from kernel.ids import new_id
from kernel.settings import Settings
from kernel.unit_of_work import perform
from tests.unit.handlers.checks.servers import endpoint
from webapp.catalogue.importing import import_records
from webapp.demo.samples import at_local_services
from webapp.wiring import Platform, build_platform

ActAs = Callable[[str], Actor]
NAMES = ("统一网络资源服务", "统一融合调度")


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    """Wire a platform that may probe this machine, with the sample people."""
    loopback = (ipaddress.ip_network("127.0.0.0/8"),)
    platform = build_platform(replace(settings, probe_allowed_networks=loopback))
    perform(platform.database, "sample.seed", system_actor("set-up"), seed_sample_people)
    yield platform
    platform.close()


@pytest.fixture
def served() -> Iterator[int]:
    """Serve a healthy endpoint at ``/health`` and give its port."""
    with endpoint() as (port, _):
        yield port


@pytest.fixture
def act_as(platform: Platform) -> ActAs:
    """Give the actor of a sample person by user name."""

    def find(user_name: str) -> Actor:
        with platform.database.read() as session:
            person_id = sample_person_id(session, user_name)
            assert person_id is not None, user_name
            return actor_for(session, person_id)

    return find


@pytest.fixture
def versions(platform: Platform, act_as: ActAs, served: int, tmp_path: Path) -> dict[str, UUID]:
    """Import two unhosted APIs whose services answer on this machine; give their versions by name."""
    records = [record for record in sample_records() if record["name"] in NAMES]
    write_attachments(records, tmp_path)
    moved = at_local_services(records, served)
    for record in moved:
        record["extension"]["serviceAddress"] = f"http://localhost:{served}"
    report = import_records(platform, act_as("fabu1"), moved, "test", attachments_root=tmp_path)
    return {row.name: row.version_id for row in report.rows if row.version_id is not None}


@pytest.fixture
def version_id(versions: dict[str, UUID]) -> UUID:
    """Give the version of the first imported component."""
    return versions[NAMES[0]]


class Bench:
    """Runs one handler or listener as the engine would."""

    def __init__(self, platform: Platform, act_as: ActAs) -> None:
        self.platform = platform
        self.initiator = act_as("fabu1")
        self.case: InstanceFacts | None = None

    def facts(self) -> InstanceFacts:
        """Describe a case of the province that the first releasing person opened, or the one that was set."""
        if self.case is not None:
            return self.case
        return InstanceFacts(
            id=new_id(),
            case_number="ZJ-990100-2026-000001",
            title="测试",
            business_key=None,
            definition_key="test",
            definition_version=1,
            element_id="element",
            region_code="990100",
            unit_id=self.initiator.unit_id,
            initiator_id=self.initiator.person_id,
            subject_type=None,
            subject_id=None,
            variables={},
        )

    def run(self, topic: str, job_id: UUID | None = None, **parameters: Any) -> Mapping[str, Any]:
        """Run the handler of a topic and record its result; return what reaches the process."""
        contract = self.platform.engine.registry.find_handler(topic)
        assert contract is not None, topic
        job = JobContext(
            job_id=job_id or new_id(),
            topic=topic,
            parameters=parameters,
            instance=self.facts(),
            database=self.platform.database,
            attempt=1,
        )
        result: HandlerResult = contract.function(job)
        apply = result.apply
        if apply is None:
            return result.data
        more = perform(self.platform.database, "job.test", system_actor(), apply)
        return {**result.data, **(more or {})}

    def listen(self, topic: str, actor: Actor, **parameters: Any) -> None:
        """Call a listener in a transaction, with the acting person."""
        contract = self.platform.engine.registry.find_listener(topic)
        assert contract is not None, topic
        call = ListenerCall(
            topic=topic,
            parameters=parameters,
            output={},
            actor=actor,
            instance=self.facts(),
            element_id="element",
            clauses=("9.1a",),
        )
        perform(self.platform.database, "test", actor, lambda session: contract.function(session, call))

    def preparation(self) -> dict[str, Any]:
        """Return a preparation form that passes, with a record of the rework that is in the store."""
        record = perform(
            self.platform.database,
            "file.store",
            self.initiator,
            lambda session: store_file(
                session, self.platform.files, io.BytesIO(b"rework"), "rework.txt", self.initiator
            ),
        )
        return {
            "selfChecks": dict.fromkeys(("functional", "performance", "security"), "passed"),
            "sourceSystem": "示例市政务服务系统",
            "reworkRecord": record.reference,
            "buildModeRecord": "已加固。",
        }

    def runs(self, version_id: UUID) -> dict[str, CheckRunRow]:
        """Return the latest check runs of a version by name."""
        with self.platform.database.read() as session:
            return {run.check: run for run in check_runs(session, version_id)}


@pytest.fixture
def bench(platform: Platform, act_as: ActAs) -> Bench:
    """Give the bench on which handlers are run."""
    return Bench(platform, act_as)
