"""Inspection of an artefact (制品检测): its form, and malware by rules of our own with yara-x.

Source: draft standard, clauses 8.2.3 b and 8.3.1 a
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handlers.scanning import tools
from handlers.scanning.artefacts import Artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ChildLimits, ScannerFailed, run_child
from handlers.scanning.intake import I_UNREAD, TOOL, ArtefactRefused
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    ScanSeverity,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from kernel.language import Text

SCAN = "artefact"
TITLE = Text("制品检测", "Artefact inspection")
RULES = Path(__file__).with_name("rules") / "malware" / "malware.yar"
LIMITS = ChildLimits(seconds=300, cpu_seconds=400)
CLAUSE = "8.2.3b"
_PROGRAM = Path(__file__).with_name("malware.py")


def refused_result(refused: ArtefactRefused) -> ScanResult:
    """Return the failed inspection of an artefact that was not taken in."""
    return concluded_scan(SCAN, TOOL, TITLE, [refused.finding])


def inspect_artefact(bench: Workbench, artefact: Artefact) -> ScanResult:
    """Look for malware in everything that the artefact holds, libraries brought along included."""
    try:
        tool = yara()
    except tools.ToolMissing as missing:
        return not_checked_scan(SCAN, ("yara-x", ""), TITLE, missing.cure)
    command = [sys.executable, "-E", "-s", str(_PROGRAM), str(artefact.tree), str(RULES)]
    try:
        outcome = run_child(command, artefact.work, LIMITS).require()
        document = json.loads(outcome.stdout)
    except ScannerFailed as failed:
        return inconclusive_scan(SCAN, tool, TITLE, failed.cause, seconds=failed.seconds)
    except ValueError as error:
        cause = Text(f"报告无法读取：{error}", f"its report cannot be read: {error}")
        return inconclusive_scan(SCAN, tool, TITLE, cause)
    unread = [*artefact.unread, *document["skipped"]]
    findings = [*_findings(document, tool), *(I_UNREAD.found(place=place) for place in artefact.unread)]
    return concluded_scan(
        SCAN,
        tool,
        TITLE,
        findings,
        not_checked=Text(f"未能读取 {unread[0]}", f"{unread[0]} could not be read") if unread else None,
        looked_at={
            "kind": artefact.kind.value,
            "digest": artefact.digest,
            "files": document["files"],
            "unpackedBytes": artefact.unpacked_bytes,
            "languages": list(artefact.languages),
            "links": artefact.links,
        },
        report_digest=bench.keep_report(json.dumps(document, indent=1).encode()),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def yara() -> tuple[str, str]:
    """Name the library that matches the rules.

    Raises:
        ToolMissing: it is not installed.
    """
    if importlib.util.find_spec("yara_x") is None:
        raise tools.ToolMissing("yara-x", "yara-x")
    return "yara-x", importlib.metadata.version("yara-x")


def _findings(document: Mapping[str, Any], tool: tuple[str, str]) -> Iterator[ScanFinding]:
    for entry in document["found"]:
        facts = entry["metadata"]
        yield ScanFinding(
            tool=tool[0],
            version=tool[1],
            rule=entry["rule"],
            severity=ScanSeverity(facts["grade"]),
            message=Text(facts["zh"], facts["en"]),
            place=entry["place"],
            clause=CLAUSE,
        )
