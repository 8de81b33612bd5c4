"""A platform that may run sample artefacts and call services on this machine, for the acceptance tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.checks.names import ARTEFACT_INSPECTION
from domain.checks.service import CheckRunInput, Status, record_check_run
from domain.credentials.vault import make_key_file
from domain.samples.services.packing import python_archive
from kernel.actor import Actor
from kernel.files import StoredFile, store_file
from kernel.language import Text
from kernel.settings import Settings
from tests.integration.handlers.conftest import (
    Bench,
    act_as,
    bench,
    platform,
    served,
    version_id,
    versions,
)
from webapp.wiring import Platform

__all__ = [
    "Site", "act_as", "bench", "database_url", "platform", "served", "settings", "site", "version_id",
    "versions",
]  # fmt: skip

SWITCH = {"DATABASE_ADDRESS": "127.0.0.1:9"}


class Site:
    """Where the acceptance tests of running components work: one version, its artefact, its checks."""

    def __init__(
        self, platform: Platform, bench: Bench, act_as: Callable[[str], Actor], version_id: UUID
    ) -> None:
        self.platform = platform
        self.bench = bench
        self.act_as = act_as
        self.version_id = version_id

    def upload(self, *, switch: bool = True, content: bytes | None = None) -> StoredFile:
        """Store the sample component, with or without its test switch, or any other archive."""
        manifest = {"testSwitch": SWITCH} if switch else {}
        packed = python_archive("component", manifest) if content is None else content
        with self.platform.database.write() as session:
            return store_file(
                session, self.platform.files, BytesIO(packed), "component.zip", self.act_as("tigong1")
            )

    def check(self, name: str, status: Status, subject: str | None = None) -> None:
        """Record how a check came out."""
        with self.platform.database.write() as session:
            record_check_run(
                session,
                CheckRunInput(
                    version_id=self.version_id,
                    check=name,
                    status=status,
                    summary=Text("—", "—"),
                    subject=subject,
                    region_code="990100",
                ),
            )

    def inspected(self, **given: Any) -> StoredFile:
        """Upload an artefact that passed its inspection."""
        file = self.upload(**given)
        self.check(ARTEFACT_INSPECTION, "passed", file.digest)
        return file

    def run(self, topic: str, **parameters: Any) -> Mapping[str, Any]:
        """Run the handler of a topic on the version."""
        return self.bench.run(topic, versionId=str(self.version_id), **parameters)

    def deploy(
        self, file: StoredFile, health_path: str | None = "/health", **variables: str
    ) -> Mapping[str, Any]:
        """Deploy an artefact with some variables."""
        settings: dict[str, Any] = {
            "environment": [{"name": name, "value": value} for name, value in variables.items()]
        }
        if health_path is not None:
            settings["healthPath"] = health_path
        artefact = {"file": file.reference, "kind": "python"}
        return self.run("deployment.deploy", artefact=artefact, settings=settings)

    def status_of(self, check: str) -> str:
        """Return how the latest run of a check came out."""
        return self.bench.runs(self.version_id)[check].status

    def rules_of(self, check: str) -> set[str]:
        """Return the rules that the latest run of a check found broken."""
        return {finding.rule for finding in self.bench.runs(self.version_id)[check].findings}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give one empty SQLite database: what runs does not depend on where its rows lie."""
    path = tmp_path / "zujian.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let this platform run artefacts and keep credentials."""
    make_key_file(settings.credentials_key_path)
    return replace(settings, local_deployments=True, deployment_start_seconds=10)


@pytest.fixture
def site(
    platform: Platform, bench: Bench, act_as: Callable[[str], Actor], version_id: UUID
) -> Iterator[Site]:
    """Give the site; whatever was started there is ended."""
    yield Site(platform, bench, act_as, version_id)
    for deployment_id in platform.runner.driver.known():
        platform.runner.driver.stop(deployment_id)
