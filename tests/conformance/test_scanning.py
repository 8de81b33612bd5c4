"""What the scans prove: composition, weaknesses, attacks, secrets, error codes, compatible contracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.samples.artefacts import LANGUAGES, write_artefact
from domain.samples.artefacts.archives import zip_of
from domain.samples.artefacts.plants import PRIVATE_KEY, SECRETS, TOKEN
from handlers.scanning.artefacts import open_artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.composition import compose
from handlers.scanning.dynamic import scan_dynamic
from handlers.scanning.error_probe import probe_error_codes
from handlers.scanning.results import ScanStatus
from handlers.scanning.secrets import scan_secrets
from handlers.scanning.vulnerabilities import match_vulnerabilities
from tests.integration.scanning import services
from tests.integration.scanning.lookups import ImportedRecords


@pytest.mark.requirement("R-8.1.1a")
def test_a_vulnerable_library_is_found_with_component_version_and_number(
    bench: Workbench, tmp_path: Path
) -> None:
    path = write_artefact("jar", tmp_path, planted=True)

    with open_artefact(bench, path, path.name) as artefact:
        sbom = compose(bench, artefact).sbom
    assert sbom is not None
    matched = match_vulnerabilities(sbom, ImportedRecords())

    assert matched.status is ScanStatus.FAILED
    found = matched.findings[0]
    assert found.component == "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"
    assert "CVE-2021-44228" in found.identifiers
    assert found.evidence.startswith("org.apache.logging.log4j:log4j-core 2.14.1")


@pytest.mark.requirement("R-8.2.4a2")
def test_a_project_of_each_language_yields_its_dependencies(bench: Workbench, tmp_path: Path) -> None:
    listed = {}
    for language in LANGUAGES:
        path = write_artefact(language, tmp_path, planted=False)
        with open_artefact(bench, path, path.name) as artefact:
            sbom = compose(bench, artefact).sbom
        listed[language] = [component.purl for component in sbom.libraries] if sbom else []

    assert listed == {
        "java": ["pkg:maven/org.apache.logging.log4j/log4j-core@2.24.3"],
        "c": ["pkg:conan/zlib@1.3.1", "pkg:vcpkg/fmt@11.0.2"],
        "python": ["pkg:pypi/pyyaml@6.0.2"],
        "go": ["pkg:golang/golang.org/x/text@v0.21.0"],
        "javascript": ["pkg:npm/lodash@4.17.21"],
    }


@pytest.mark.requirement("R-8.1.1c", "R-8.2.4b")
def test_the_fault_of_a_running_service_is_found_and_the_attacks_are_kept(bench: Workbench) -> None:
    with services.component(planted=True) as (address, seen):
        result = scan_dynamic(bench, services.document(), address)

    assert result.status is ScanStatus.FAILED
    rules = {finding.rule for finding in result.findings}
    assert {"ST-IgnoredAuth", "D-CRASH", "D-TRACE", "D-SENSITIVE", "D-EXPOSURE"} <= rules
    assert any("passwd" in request for request in seen)
    assert result.report_digest is not None
    report = bench.files.path(result.report_digest).read_text(encoding="utf-8")
    assert '"interactions"' in report
    assert '"status": 500' in report


@pytest.mark.requirement("R-8.1.1c")
def test_an_address_that_does_not_answer_is_not_checked(bench: Workbench) -> None:
    with services.component(planted=True) as (address, _seen):
        pass

    silent = scan_dynamic(bench, services.document(), address)
    foreign = scan_dynamic(bench, services.document(), "http://192.0.2.1:8080")

    assert (silent.status, foreign.status) == (ScanStatus.NOT_CHECKED, ScanStatus.NOT_CHECKED)
    assert "does not answer" in silent.summary.en
    assert "outside the networks" in foreign.summary.en


@pytest.mark.requirement("R-8.2.4c")
def test_key_password_token_and_private_key_are_each_found_and_masked(
    bench: Workbench, tmp_path: Path
) -> None:
    planted = {
        "key.properties": "aliyun.accessKeyId=" + SECRETS[0],
        "password.yml": "spring:\n  datasource:\n    password: " + SECRETS[4],
        "token.js": f'const session = "{TOKEN}";',
        "server.key": PRIVATE_KEY,
    }
    path = tmp_path / "artefact.zip"
    path.write_bytes(zip_of({name: text.encode() for name, text in planted.items()}))

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_secrets(bench, artefact)

    assert sorted({it.place.partition(":")[0] for it in result.findings}) == sorted(planted)
    assert result.status is ScanStatus.FAILED
    assert result.report_digest is not None
    shown = json.dumps(result.to_json()) + bench.files.path(result.report_digest).read_text(encoding="utf-8")
    for secret in (SECRETS[0], SECRETS[4], TOKEN, PRIVATE_KEY.splitlines()[1]):
        assert secret not in shown


@pytest.mark.requirement("R-6.2c1")
def test_a_wrong_request_is_answered_with_a_code_of_the_dictionary(bench: Workbench) -> None:
    with services.component(planted=False) as (address, _seen):
        kept = probe_error_codes(bench, services.document(), address)
    with services.component(planted=True) as (address, _seen):
        broken = probe_error_codes(bench, services.document("SOMETHING-ELSE-HERE"), address)

    assert kept.status is ScanStatus.PASSED
    assert kept.looked_at["errors"] == 3
    assert broken.status is ScanStatus.FAILED
    assert {finding.rule for finding in broken.findings} == {"EC-UNREGISTERED"}
