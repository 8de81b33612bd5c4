"""Static analysis of the provider's source with rules of our own, by opengrep.

Source: draft standard, clause 8.1.1; weaknesses by their CWE numbers
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from handlers.scanning import tools
from handlers.scanning.artefacts import Artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.child import MIB, ChildLimits, ScannerFailed, run_child
from handlers.scanning.languages import SOURCE_SUFFIXES
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

SCAN = "static"
TITLE = Text("静态应用安全测试", "Static analysis")
RULES = Path(__file__).with_name("rules") / "static"
LIMITS = ChildLimits(seconds=600, cpu_seconds=900, output_bytes=64 * MIB)
CLAUSE = "8.1.1"
_MAX_FILE_BYTES = 5_000_000
_NO_SOURCE = Text(
    "制品只含编译结果，请提供源码或第三方报告",
    "the artefact holds compiled code only, hand in its source or a third-party report",
)
_SYNTAX = Path(__file__).with_name("python_syntax.py")
_UNREADABLE_BY_RULES = {".jsp"}


def scan_static(bench: Workbench, artefact: Artefact) -> ScanResult:
    """Match our rules against the provider's own source."""
    try:
        tool = tools.opengrep(bench.tool_cache)
    except tools.ToolMissing as missing:
        return not_checked_scan(SCAN, ("opengrep", ""), TITLE, missing.cure)
    except ScannerFailed as failed:
        return inconclusive_scan(SCAN, ("opengrep", ""), TITLE, failed.cause)
    suffixes = set(SOURCE_SUFFIXES) - _UNREADABLE_BY_RULES
    source, count = stage(artefact, "static", lambda path: path.suffix.lower() in suffixes)
    if count == 0:
        return not_checked_scan(SCAN, tool.label, TITLE, _NO_SOURCE, looked_at={"files": 0})
    rules, report = artefact.work / "static-rules.yaml", artefact.work / "static.json"
    rules.write_text(json.dumps({"rules": rules_of_our_own()}), encoding="utf-8")
    try:
        outcome = run_child(_command(tool.path, rules, source, report), artefact.work, LIMITS).require(0, 1)
        document = json.loads(report.read_bytes())
        broken = _broken_python(source, artefact.work)
    except ScannerFailed as failed:
        return inconclusive_scan(SCAN, tool.label, TITLE, failed.cause, seconds=failed.seconds)
    except (OSError, ValueError) as error:
        cause = Text(f"报告无法读取：{error}", f"its report cannot be read: {error}")
        return inconclusive_scan(SCAN, tool.label, TITLE, cause)
    scanned = {str(path) for path in document.get("paths", {}).get("scanned", [])}
    return concluded_scan(
        SCAN,
        tool.label,
        TITLE,
        _findings(document, source, tool.label),
        not_checked=_left_out(document, artefact, source, count, scanned, broken),
        looked_at={"files": len(scanned), "sourceFiles": count, "languages": list(artefact.languages)},
        report_digest=bench.keep_report(_report_without_secrets(document)),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def rules_of_our_own() -> list[dict[str, Any]]:
    """Return the rules of all languages; the core of opengrep reads no YAML with aliases, so we do."""
    rules: list[dict[str, Any]] = []
    for path in sorted(RULES.glob("*.yaml")):
        rules += yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    return rules


def _command(program: Path, rules: Path, source: Path, report: Path) -> list[str]:
    return [
        *(str(program), "scan", "--experimental", "-f", str(rules), "--json", "--json-output", str(report)),
        *("-j", "1", "-q", "--no-git-ignore", "--x-ignore-semgrepignore-files", "--disable-nosem"),
        *("--timeout", "20", "--max-target-bytes", str(_MAX_FILE_BYTES)),
        str(source),
    ]


def _findings(document: Mapping[str, Any], source: Path, tool: tuple[str, str]) -> Iterator[ScanFinding]:
    for entry in document.get("results", []):
        extra = entry.get("extra", {})
        facts = extra.get("metadata", {})
        place = Path(entry["path"]).relative_to(source).as_posix()
        yield ScanFinding(
            tool=tool[0],
            version=tool[1],
            rule=str(entry["check_id"]).rpartition(".")[2],
            severity=ScanSeverity(facts.get("grade", "medium")),
            message=Text(str(facts.get("zh", "")), str(extra.get("message", ""))),
            place=f"{place}:{entry['start']['line']}",
            evidence=without_secrets(_line(source / place, entry["start"]["line"])),
            clause=CLAUSE,
            identifiers=(str(facts["cwe"]),) if "cwe" in facts else (),
        )


def _broken_python(source: Path, work: Path) -> list[str]:
    """Name the Python files that do not parse: opengrep reads on in them and says nothing."""
    if next(source.rglob("*.py"), None) is None:
        return []
    command = [sys.executable, "-I", "-S", str(_SYNTAX), str(source)]
    outcome = run_child(command, work, ChildLimits(seconds=120)).require()
    return [str(place) for place in json.loads(outcome.stdout)]


def _line(path: Path, number: int) -> str:
    """Return one line of a file; opengrep itself shows lines only to those who sign in."""
    with path.open("rb") as content:
        for count, line in enumerate(content, start=1):
            if count == number:
                return line.decode("utf-8", "replace").strip()[:300]
    return ""


def _left_out(
    document: Mapping[str, Any],
    artefact: Artefact,
    source: Path,
    count: int,
    scanned: set[str],
    broken: list[str],
) -> Text | None:
    """Say what was not looked at: files that were skipped or not understood, and compiled code."""
    errors = [entry for entry in document.get("errors", []) if entry.get("level") != "info"]
    places = [str(entry.get("path", "")) for entry in errors if entry.get("path")]
    places += broken
    if places:
        place = places[0].removeprefix(f"{source}/")
        return Text(
            f"{len(places)} 处源码未能解析，如 {place}", f"{len(places)} places not parsed, as {place}"
        )
    if errors:
        said = str(errors[0].get("message", ""))[:200]
        return Text(f"工具报错：{said}", f"the tool reports: {said}")
    if len(scanned) < count:
        missed = count - len(scanned)
        return Text(f"{missed} 个源文件被跳过", f"{missed} source files were skipped")
    if any(path.suffix == ".class" for path in artefact.tree.rglob("*.class") if "!" not in str(path)):
        return _NO_SOURCE
    return None


def _report_without_secrets(document: Mapping[str, Any]) -> bytes:
    return without_secrets(json.dumps(document, ensure_ascii=False, indent=1)).encode()
