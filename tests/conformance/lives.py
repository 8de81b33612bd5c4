"""The life of a component from its creation on, told on the platform's own processes and pages.

People answer as in the demonstration up to a form; from there on a test says what they do.
"""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from domain.samples.components import write_attachments
from kernel.language import Text
from kernel.settings import Settings
from tests.conformance.office import REPOSITORY, Office, good
from tests.conformance.onboarding_case import Case
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.conftest import Stage, staged
from tests.unattacked import no_attacks
from tests.unit.handlers.checks.servers import endpoint
from webapp import create_app
from webapp.catalogue.importing import import_records
from webapp.demo import answers
from webapp.demo.driver import Driver
from webapp.wiring import build_platform

ENOUGH = Text("到此为止", "Far enough")


@dataclass(frozen=True, slots=True)
class Town(Office):
    """An office with every process in service, whose platform may ask services on this machine."""

    folder: Path
    port: int
    visitors: dict[str, Visitor]

    def visitor(self, user_name: str) -> Visitor:
        """Return the browser of a person, who signs in once."""
        if user_name not in self.visitors:
            self.visitors[user_name] = super(Town, self).visitor(user_name)
        return self.visitors[user_name]

    def record(self, name: str, code: str, **changes: Any) -> dict[str, Any]:
        """Return a complete record whose service answers on this machine; ``code`` tells its API apart."""
        whole = good(name=name, componentId=..., isHosting=0)
        api = {
            **whole["apiInfo"],
            "apiName": f"{name}接口",
            "apiCode": code,
            "publicPath": f"/{code}",
            "targetServers": [{"host": f"localhost:{self.port}", "rank": 100}],
        }
        extension = {
            **whole["extension"],
            "serviceAddress": f"http://localhost:{self.port}",
            "healthPath": "/health",
            "accessPolicies": [{"sourceCidr": "127.0.0.1/32", "port": self.port, "protocol": "TCP"}],
        }
        return {**whole, "apiInfo": api, "extension": extension, **changes}

    def component(self, name: str, code: str, **changes: Any) -> Life:
        """Import a component with its files and return its life, which has not begun."""
        record = self.record(name, code, **changes)
        write_attachments([record], self.folder)
        report = import_records(self.platform, self.actor("fabu1"), [record], "test", self.folder)
        (row,) = report.rows
        assert row.version_id is not None, row.breaches
        return Life(self.platform, self.actor, row.version_id)


class Life(Case):
    """One version that people of the demonstration bring on, until a test takes over."""

    def until(self, form: str, **told: Mapping[str, Any]) -> Life:
        """Let people answer until a form is open; ``told`` says what is answered otherwise, by form."""
        differing = {name.replace("_", "-"): said for name, said in told.items()}

        def answer(asked: str, scene: answers.Scene) -> Mapping[str, Any]:
            return {**answers.answer(asked, scene), **differing.get(asked, {})}

        driver = Driver(self.platform, self.cast, lambda text: None, answer, stops={form: ENOUGH})
        result = driver.drive(self.version_id)
        assert result.outcome is ENOUGH, result
        return self

    def published(self) -> Life:
        """Let people bring the version into the market."""
        driver = Driver(self.platform, self.cast, lambda text: None, stops={})
        result = driver.drive(self.version_id)
        assert result.kind == "published", result
        return self


@pytest.fixture(scope="module")
def town(
    request: pytest.FixtureRequest,
    stages: dict[str, Stage],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """Open the town, for all the tests of a module."""
    stage = staged(request, "sqlite", stages, tmp_path_factory)
    folder = tmp_path_factory.mktemp("town") / "data"
    shutil.copytree(stage.folder, folder)
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'zujian.sqlite3'}",
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )
    loopback = (ipaddress.ip_network("127.0.0.0/8"),)
    settings = replace(settings, probe_allowed_networks=loopback, local_deployments=True)
    with no_attacks(), endpoint() as (port, _seen), closing(build_platform(settings)) as platform:
        app = create_app(settings, platform)
        app.config["TESTING"] = True
        yield Town(app, platform, stage.people, folder / "given", port, {})
        for deployment_id in platform.runner.driver.known():
            platform.runner.driver.stop(deployment_id)
