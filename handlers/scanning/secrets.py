"""Secrets in code, configuration, images and compiled classes, by gitleaks with rules of our own.

Source: draft standard, clauses 8.2.4 c and 6.2 b
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from handlers.scanning import tools
from handlers.scanning.artefacts import Artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ChildLimits, ScannerFailed, run_child
from handlers.scanning.class_constants import ClassUnreadable, constants_of
from handlers.scanning.languages import own_files
from handlers.scanning.masking import without_secrets
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    ScanSeverity,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from handlers.scanning.staging import stage
from kernel.language import Text

SCAN = "secrets"
TITLE = Text("密钥与敏感信息监测", "Secrets")
CONFIGURATION = Path(__file__).with_name("rules") / "secrets" / "gitleaks.toml"
LIMITS = ChildLimits(seconds=300, cpu_seconds=400)
CLAUSE = "8.2.4c"
_CONSTANTS = ".constants.txt"
_CLOUD = ("aliyun-access-key-id", "tencent-secret-id", "cloud-secret-key", "alibaba-", "aws-")
_PASSWORDS = (
    "configured-password",
    "password-in-code",
    "password-in-address",
    "password-in-jdbc",
    "curl-auth-user",
)
_PROSE = (".md", ".rst", ".adoc", ".html", ".txt")


def scan_secrets(bench: Workbench, artefact: Artefact) -> ScanResult:
    """Look for secrets in everything that the provider made."""
    try:
        tool = tools.gitleaks()
    except tools.ToolMissing as missing:
        return not_checked_scan(SCAN, ("gitleaks", ""), TITLE, missing.cure)
    # Without class files: their strings are laid out as text.
    folder, count = stage(artefact, "secrets", lambda path: path.suffix != ".class")
    classes, unread = _lay_out_constants(artefact, folder)
    report = artefact.work / "secrets.json"
    command = [
        *(str(tool.path), "dir", str(folder), "-c", str(CONFIGURATION), "-f", "json", "-r", str(report)),
        *("--no-banner", "--no-color", "--exit-code", "0", "--redact", "--ignore-gitleaks-allow"),
        *("-i", str(artefact.work), "--max-target-megabytes", "64", "--log-level", "error"),
    ]
    try:
        outcome = run_child(command, artefact.work, LIMITS, environment={"GOMAXPROCS": "2"}).require()
        entries = json.loads(report.read_bytes())
    except ScannerFailed as failed:
        return inconclusive_scan(SCAN, tool.label, TITLE, failed.cause, seconds=failed.seconds)
    except (OSError, ValueError) as error:
        cause = Text(f"报告无法读取：{error}", f"its report cannot be read: {error}")
        return inconclusive_scan(SCAN, tool.label, TITLE, cause)
    return concluded_scan(
        SCAN,
        tool.label,
        TITLE,
        _once_each(_findings(entries, folder, tool.label)),
        not_checked=_left_out([*unread, *artefact.unread]),
        looked_at={"files": count, "classes": classes},
        report_digest=bench.keep_report(without_secrets(json.dumps(entries, indent=1)).encode()),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def _lay_out_constants(artefact: Artefact, folder: Path) -> tuple[int, list[str]]:
    """Write the constant strings of every own class as a text file; return how many, and what failed."""
    count, unread = 0, []
    for path in own_files(artefact.tree):
        if path.suffix != ".class":
            continue
        place = path.relative_to(artefact.tree)
        try:
            lines = constants_of(path.read_bytes())
        except ClassUnreadable:
            unread.append(place.as_posix())
            continue
        target = folder / place.with_name(place.name + _CONSTANTS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        count += 1
    return count, unread


def _findings(
    entries: Sequence[dict[str, Any]], folder: Path, tool: tuple[str, str]
) -> Iterator[ScanFinding]:
    for entry in entries:
        place = Path(entry["File"]).relative_to(folder).as_posix()
        rule = str(entry["RuleID"])
        compiled = place.endswith(_CONSTANTS)
        yield ScanFinding(
            tool=tool[0],
            version=tool[1],
            rule=rule,
            severity=_severity(rule, place, compiled),
            message=_MESSAGES.get(_kind(rule), _OTHER),
            place=place.removesuffix(_CONSTANTS) if compiled else f"{place}:{entry['StartLine']}",
            evidence=without_secrets(str(entry.get("Match", "")))[:200],
            clause=CLAUSE,
            identifiers=("CWE-798",),
        )


def _once_each(findings: Iterator[ScanFinding]) -> list[ScanFinding]:
    """Keep one finding per place and kind: our rules and those of gitleaks overlap."""
    kept: dict[tuple[str, str], ScanFinding] = {}
    for finding in sorted(findings, key=lambda it: it.rule):
        key = (finding.place, _kind(finding.rule))
        if key not in kept or kept[key].severity.rank < finding.severity.rank:
            kept[key] = finding
    specific = {place for place, kind in kept if kind != "other"}
    return [it for (place, kind), it in kept.items() if kind != "other" or place not in specific]


def _kind(rule: str) -> str:
    if rule.startswith("private-key"):
        return "private_key"
    if rule.startswith(_CLOUD):
        return "cloud"
    if rule in _PASSWORDS:
        return "password"
    return "token" if rule == "jwt" or "token" in rule else "other"


def _severity(rule: str, place: str, compiled: bool) -> ScanSeverity:
    """Grade a finding: examples in prose weigh little, what only looks like a key weighs less."""
    if place.lower().endswith(_PROSE) and not compiled:
        return ScanSeverity.LOW
    if _kind(rule) in ("private_key", "cloud"):
        return ScanSeverity.CRITICAL
    return ScanSeverity.MEDIUM if rule == "generic-api-key" else ScanSeverity.HIGH


def _left_out(unread: Sequence[str]) -> Text | None:
    if not unread:
        return None
    return Text(
        f"{len(unread)} 个文件未能读取，如 {unread[0]}", f"{len(unread)} files not read, as {unread[0]}"
    )


_MESSAGES = {
    "private_key": Text(
        "私钥不得写入制品，请移除并更换", "A private key must not be in the artefact, remove and replace it"
    ),
    "cloud": Text(
        "云平台访问密钥不得写入制品，请移除并更换",
        "A cloud access key must not be in the artefact, remove and replace it",
    ),
    "password": Text(
        "密码不得硬编码，请改由环境变量或配置中心注入并更换",
        "A password must not be hard-coded, inject it from the environment and replace it",
    ),
    "token": Text("令牌不得硬编码，请移除并更换", "A token must not be hard-coded, remove and replace it"),
}
_OTHER = Text("疑似密钥，请确认，不得硬编码", "This looks like a key, which must not be hard-coded; confirm")
