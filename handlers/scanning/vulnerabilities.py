"""Known vulnerabilities of libraries, matched offline against OSV records that an administrator imported.

Source: draft standard, clause 8.1.1; OSV schema 1.6, evaluation of affected versions
"""

from __future__ import annotations

import importlib.metadata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from packageurl import PackageURL

from handlers.scanning.osv import affects, fixed_versions, grade, osv_key
from handlers.scanning.results import ScanFinding, ScanResult, concluded_scan, not_checked_scan
from handlers.scanning.sbom import Sbom, SbomComponent
from kernel.language import Text

SCAN = "vulnerabilities"
TITLE = Text("依赖漏洞库比对", "Known vulnerabilities")
CLAUSE = "8.1.1"
RULE = "KNOWN-VULNERABILITY"
_MESSAGE = Text("依赖含已知漏洞，请升级或更换", "A library has a known vulnerability, upgrade or replace it")


class VulnerabilityLookup(Protocol):
    """The imported records; ecosystems bear the names that OSV gives them (Maven, PyPI, npm, Go, …)."""

    def data_as_of(self, ecosystem: str) -> date | None:
        """Return the date of the data of an ecosystem, None where none was imported."""
        ...

    def advisories(self, ecosystem: str, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the OSV records that name a package."""
        ...


def tool() -> tuple[str, str]:
    """Name the library that compares versions."""
    return "univers", importlib.metadata.version("univers")


def match_vulnerabilities(sbom: Sbom, lookup: VulnerabilityLookup) -> ScanResult:
    """Match every library; what no data set covers, and what has no version, was not checked."""
    if not sbom.components:
        return not_checked_scan(SCAN, tool(), TITLE, Text("清单为空", "the list is empty"))
    findings: list[ScanFinding] = []
    as_of: dict[str, str] = {}
    left_out: dict[str, int] = defaultdict(int)
    unreadable = 0
    for component in sbom.libraries:
        key = osv_key(component.purl)
        if key is None or not key.version:
            left_out["?" if key is None else "version"] += 1
            continue
        known = lookup.data_as_of(key.ecosystem)
        if known is None:
            left_out[key.ecosystem] += 1
            continue
        as_of[key.ecosystem] = known.isoformat()
        for record in lookup.advisories(key.ecosystem, key.name):
            hit = affects(record, key)
            unreadable += hit is None
            if hit:
                findings.append(_finding(component, record, key.possible))
    return concluded_scan(
        SCAN,
        tool(),
        TITLE,
        findings,
        not_checked=_left_out(left_out, unreadable),
        looked_at={
            "components": len(sbom.libraries),
            "matched": len(sbom.libraries) - sum(left_out.values()),
            "dataAsOf": dict(sorted(as_of.items())),
        },
        report_digest=sbom.digest,
    )


def _finding(component: SbomComponent, record: Mapping[str, Any], possible: bool) -> ScanFinding:
    names = (str(record.get("id", "")), *map(str, record.get("aliases") or ()))
    label = tool()
    return ScanFinding(
        tool=label[0],
        version=label[1],
        rule=RULE,
        severity=grade(record),
        message=_MESSAGE,
        place=component.place,
        evidence=f"{component.label}: {record.get('summary') or record.get('details') or ''}"[:300],
        clause=CLAUSE,
        identifiers=tuple(sorted(names, key=_familiar)),
        component=component.purl,
        fixed_in=fixed_versions(record, PackageURL.from_string(component.purl)),
        possible=possible,
    )


def _familiar(name: str) -> tuple[int, str]:
    """Put the numbers that officials know first."""
    order = ("CVE-", "CNVD-", "CNNVD-")
    return next((place for place, start in enumerate(order) if name.startswith(start)), len(order)), name


def _left_out(left_out: Mapping[str, int], unreadable: int) -> Text | None:
    if unreadable:
        return Text(f"{unreadable} 条漏洞记录无法比较版本", f"{unreadable} records could not be compared")
    if not left_out:
        return None
    return Text("；".join(_reasons_zh(left_out)), "; ".join(_reasons_en(left_out)))


def _reasons_zh(left_out: Mapping[str, int]) -> Iterator[str]:
    for ecosystem, count in sorted(left_out.items()):
        if ecosystem == "version":
            yield f"{count} 个依赖未注明版本"
        elif ecosystem == "?":
            yield f"{count} 个依赖不属于任何漏洞库"
        else:
            yield f"未导入 {ecosystem} 漏洞库（{count} 个依赖）"


def _reasons_en(left_out: Mapping[str, int]) -> Iterator[str]:
    for ecosystem, count in sorted(left_out.items()):
        if ecosystem == "version":
            yield f"{count} libraries without a version"
        elif ecosystem == "?":
            yield f"{count} libraries that no data set covers"
        else:
            yield f"no data set of {ecosystem} was imported ({count} libraries)"
