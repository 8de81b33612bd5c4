"""What a version promises to those who call it: clause 6.2 d."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue import queries, service
from domain.catalogue.states import State
from domain.checks.names import COMPATIBILITY
from kernel.actor import system_actor
from kernel.files import store_file
from tests.conformance.running import (
    Site,
    act_as,
    bench,
    database_url,
    platform,
    served,
    settings,
    site,
    version_id,
    versions,
)
from tests.factories.versions import put_in_state

__all__ = [
    "act_as", "bench", "database_url", "platform", "served", "settings", "site", "version_id", "versions",
]  # fmt: skip

PLATFORM = system_actor("platform")
Edit = Callable[[dict[str, Any]], object]
CITY = {"name": "city", "in": "query", "schema": {"type": "string"}}


def handed_in(site: Site, number: str, edit: Edit) -> UUID:
    """Open a further version with what the listed one has, and hand in its API document with an edit."""
    releasing = site.act_as("fabu1")
    with site.platform.database.write() as session:
        old = queries.version_detail(session, PLATFORM, site.version_id)
        born = service.open_draft(
            session, releasing, "", number, "解耦与重构",
            component_id=old.component_id, from_version_id=site.version_id,
        )  # fmt: skip
        assert born.version_id is not None, born.problem
        held = next(each.file for each in old.attachments if each.kind == "apiDocument")
        with site.platform.files.open(held.digest) as stream:
            document = json.load(stream)
        edit(document)
        content = io.BytesIO(json.dumps(document).encode())
        file = store_file(session, site.platform.files, content, "openapi.json", releasing)
        service.attach_file(session, releasing, born.version_id, "apiDocument", file.id)
        return born.version_id


def found(site: Site, number: str, edit: Edit) -> tuple[bool, str, set[tuple[str, str]]]:
    """Hand a version in; return whether that passed, the state of the check, and what it found."""
    version_id = handed_in(site, number, edit)
    answer = site.bench.run(
        "checks.preparation", versionId=str(version_id), preparation=site.bench.preparation()
    )
    run = site.bench.runs(version_id)[COMPATIBILITY]
    return answer["passed"], run.status, {(each.rule, each.clause) for each in run.findings}


def takes(**parameter: Any) -> Edit:
    """Return the edit that adds a parameter to the operation."""
    return lambda document: document["paths"]["/query"]["post"].update(parameters=[{**CITY, **parameter}])


@pytest.mark.requirement("R-6.2d2")
def test_a_new_version_stays_compatible_with_the_one_before_within_its_major_line(site: Site) -> None:
    with site.platform.database.write() as session:
        put_in_state(session, site.version_id, State.LISTED)

    def moved(document: dict[str, Any]) -> None:
        document["paths"]["/other"] = document["paths"].pop("/query")

    refused = (False, "failed", {("S-VER-02", "6.2d")})
    assert found(site, "1.3.1", takes(required=False)) == (False, "failed", {("S-VER-03", "6.2d")})
    assert found(site, "1.4.0", moved) == refused
    assert found(site, "1.5.0", takes(required=True)) == refused
    assert found(site, "1.6.0", takes(required=False)) == (True, "passed", set())


@pytest.mark.requirement("R-6.2d2")
def test_the_first_version_of_a_major_line_is_held_against_none(site: Site) -> None:
    with site.platform.database.write() as session:
        put_in_state(session, site.version_id, State.LISTED)

    version_id = handed_in(site, "2.0.0", takes(required=True))
    answer = site.bench.run(
        "checks.preparation", versionId=str(version_id), preparation=site.bench.preparation()
    )

    assert answer["passed"]
    assert COMPATIBILITY not in site.bench.runs(version_id)
