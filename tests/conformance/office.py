"""A small platform for acceptance tests of the catalogue: the sample people, no components, SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from domain.samples.components import sample_records
from domain.samples.people import seed_sample_people
from kernel.settings import Settings
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from webapp import create_app
from webapp.wiring import build_platform

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BASE = "/api/v1/components"


@dataclass(frozen=True, slots=True)
class Office(CatalogueDesk):
    """People at their pages, and a program that calls the interface as a person of the releasing unit."""

    def call(self, method: str, path: str, body: Any = None, who: str = "fabu1") -> TestResponse:
        """Call the interface for programs with a key of its own."""
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        return self.app.test_client().open(
            path, method=method, json=body, auth=(who, self.people[who].password), headers=headers
        )

    def broken(self, record: dict[str, Any], stage: str = "creation") -> set[str]:
        """Return the rules that a record breaks, by way of the interface."""
        answer = self.call("POST", f"{BASE}/validate", {"record": record, "stage": stage})
        assert answer.status_code == 200, answer.text
        return {breach["rule"] for breach in answer.get_json()["breaches"]}

    def take_in(self, *records: dict[str, Any]) -> list[dict[str, Any]]:
        """Import records over the interface and return the rows of the report."""
        answer = self.call("POST", f"{BASE}/import", list(records))
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.get_json()["rows"]
        return rows

    def detail(self, version_id: str) -> dict[str, Any]:
        """Return a version as the interface shows it."""
        found: dict[str, Any] = self.call("GET", f"{BASE}/{version_id}").get_json()
        return found

    def page(self, who: str, path: str) -> str:
        """Return a page as a signed-in person sees it."""
        return self.visitor(who).get(path).get_data(as_text=True)


def good(**changes: Any) -> dict[str, Any]:
    """Return the first sample, which meets every rule, without its files and with some fields changed.

    A field set to ``...`` is left out.
    """
    record = {**sample_records()[0], **changes}
    return {key: value for key, value in record.items() if value is not ...}


def api(**changes: Any) -> dict[str, Any]:
    """Return the record with another ``apiInfo``."""
    return good(apiInfo={**sample_records()[0]["apiInfo"], **changes})


def details(**changes: Any) -> dict[str, Any]:
    """Return the record with other ``componentDetails``."""
    return good(componentDetails={**sample_records()[0]["componentDetails"], **changes})


def extended(**changes: Any) -> dict[str, Any]:
    """Return the record with another ``extension``; a key set to ``...`` is left out."""
    extension = {**sample_records()[0]["extension"], **changes}
    return good(extension={key: value for key, value in extension.items() if value is not ...})


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """Open the office."""
    shutil.copyfile(sqlite_template, tmp_path / "zujian.sqlite3")
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'zujian.sqlite3'}",
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )
    with closing(build_platform(settings)) as platform:
        with platform.database.write() as session:
            people = {person.user_name: person for person in seed_sample_people(session)}
        app = create_app(settings, platform)
        app.config["TESTING"] = True
        yield Office(app, platform, people)
