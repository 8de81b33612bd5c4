"""The inspection of an uploaded artefact: what is taken, what is refused, and what is kept of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.samples.artefacts import write_artefact
from domain.samples.artefacts.archives import jar_of
from domain.samples.artefacts.plants import DATABASE_PASSWORD
from kernel.files import store_file
from kernel.unit_of_work import perform
from tests.integration.handlers.conftest import Bench

LIBRARY = {"cn/example/a.txt": b"a"}


def inspected(bench: Bench, version_id: UUID, name: str, content: bytes) -> Mapping[str, Any]:
    """Upload a file as a provider does and inspect it as the process does."""
    stored = perform(
        bench.platform.database,
        "file.store",
        bench.initiator,
        lambda session: store_file(session, bench.platform.files, io.BytesIO(content), name, bench.initiator),
    )
    artefact = {"file": stored.reference, "kind": "jar"}
    return bench.run("artefact.inspect", versionId=str(version_id), artefact=artefact)


@pytest.mark.requirement("R-8.2.3b1")
@pytest.mark.parametrize("kind", ["jar", "war", "docker_archive", "oci_archive"])
def test_jar_war_and_image_are_accepted_and_their_digest_is_stored(
    bench: Bench, version_id: UUID, tmp_path: Path, kind: str
) -> None:
    path = write_artefact(kind, tmp_path, planted=False)

    output = inspected(bench, version_id, path.name, path.read_bytes())

    assert output["passed"] is True
    assert output["kind"] == kind
    assert output["digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert bench.platform.files.path(output["digest"]).read_bytes() == path.read_bytes()
    assert bench.runs(version_id)["artefact.inspect"].status == "passed"


@pytest.mark.requirement("R-8.2.3b1")
def test_a_windows_program_is_refused(bench: Bench, version_id: UUID) -> None:
    output = inspected(bench, version_id, "setup.exe", b"MZ\x90\x00" + bytes(600))

    assert output["passed"] is False
    run = bench.runs(version_id)["artefact.malware"]
    assert [(finding.rule, finding.severity) for finding in run.findings] == [("I-TYPE", "error")]


@pytest.mark.requirement("R-6.2b1")
def test_an_artefact_with_a_database_password_keeps_the_gate_closed(bench: Bench, version_id: UUID) -> None:
    settings = f"spring:\n  datasource:\n    password: {DATABASE_PASSWORD}\n"
    content = jar_of("cn.example", "notice", "1.0.0", {**LIBRARY, "application.yml": settings.encode()})

    output = inspected(bench, version_id, "notice.jar", content)

    assert output["passed"] is False
    runs = bench.runs(version_id)
    assert (runs["artefact.inspect"].status, runs["artefact.secrets"].status) == ("failed", "failed")
    finding = runs["artefact.secrets"].findings[0]
    assert (finding.rule, finding.place) == ("configured-password", "application.yml:3")
    assert DATABASE_PASSWORD not in finding.evidence


def test_an_artefact_that_is_not_there_is_a_finding(bench: Bench, version_id: UUID) -> None:
    output = bench.run("artefact.inspect", versionId=str(version_id), artefact={})

    assert output == {"passed": False, "digest": "", "kind": ""}
    assert bench.runs(version_id)["artefact.malware"].findings[0].rule == "I-MISSING"
