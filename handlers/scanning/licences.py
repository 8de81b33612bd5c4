"""Licences of libraries against a policy: allowed, denied, or for a person to decide.

Source: draft standard, clause 11.6.1 a; SPDX licence expressions (SPDX 2.3, annex D)
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from boolean import Expression, ParseError
from license_expression import (
    ExpressionError,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

from handlers.scanning.intake import ScanRule
from handlers.scanning.results import ScanFinding, ScanResult, ScanSeverity, concluded_scan, not_checked_scan
from handlers.scanning.sbom import Sbom, SbomComponent
from kernel.language import Text

SCAN = "licences"
TITLE = Text("许可证合规", "Licences")
CLAUSE = "11.6.1a"
_MAX_EXPRESSION = 500


class Verdict(StrEnum):
    """What the policy says of one library."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class LicencePolicy:
    """SPDX identifiers that are allowed and denied; what is on neither list goes to a person."""

    allowed: frozenset[str]
    denied: frozenset[str]


L_DENIED = ScanRule(
    "LIC-DENIED",
    ScanSeverity.HIGH,
    CLAUSE,
    Text("许可证在禁用清单上，请更换该依赖", "The licence is on the deny list, replace the library"),
)
L_REVIEW = ScanRule(
    "LIC-REVIEW",
    ScanSeverity.MEDIUM,
    CLAUSE,
    Text(
        "许可证未知或不在清单上，需人工审查",
        "The licence is unknown or on neither list, a person must decide",
    ),
)


def tool() -> tuple[str, str]:
    """Name the library that reads licence expressions."""
    return "license-expression", importlib.metadata.version("license-expression")


def check_licences(sbom: Sbom, policy: LicencePolicy) -> ScanResult:
    """Hold every library against the policy; one for a person leaves the check not checked."""
    label = tool()
    if not sbom.libraries:
        nothing = Text("清单中没有依赖", "the list holds no library")
        return not_checked_scan(SCAN, label, TITLE, nothing) if not sbom.components else _nothing(label)
    findings = list(_findings(sbom, policy, label))
    waiting = sum(1 for finding in findings if finding.rule == L_REVIEW.id)
    left = Text(f"{waiting} 项需人工审查", f"{waiting} for a person to decide") if waiting else None
    return concluded_scan(
        SCAN,
        label,
        TITLE,
        findings,
        not_checked=left,
        looked_at={"components": len(sbom.libraries), "forReview": waiting},
        report_digest=sbom.digest,
    )


def verdict(licences: tuple[str, ...], policy: LicencePolicy) -> Verdict:
    """Say what the policy holds of a library with these licences; all of them apply together."""
    if not licences:
        return Verdict.UNKNOWN
    verdicts = [_of_expression(licence, policy) for licence in licences]
    if Verdict.DENIED in verdicts:
        return Verdict.DENIED
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.ALLOWED


def _nothing(label: tuple[str, str]) -> ScanResult:
    return concluded_scan(SCAN, label, TITLE, (), looked_at={"components": 0})


def _findings(sbom: Sbom, policy: LicencePolicy, label: tuple[str, str]) -> Iterator[ScanFinding]:
    for component in sbom.libraries:
        held = verdict(component.licences, policy)
        if held is not Verdict.ALLOWED:
            yield _finding(L_DENIED if held is Verdict.DENIED else L_REVIEW, component, label)


def _finding(rule: ScanRule, component: SbomComponent, label: tuple[str, str]) -> ScanFinding:
    return ScanFinding(
        tool=label[0],
        version=label[1],
        rule=rule.id,
        severity=rule.severity,
        message=rule.message,
        place=component.place,
        evidence=f"{component.label}: {', '.join(component.licences) or '?'}"[:500],
        clause=rule.clause,
        component=component.purl,
    )


def _of_expression(licence: str, policy: LicencePolicy) -> Verdict:
    try:
        parsed = _spdx().parse(_normalised(licence)[:_MAX_EXPRESSION])
    except (ExpressionError, ParseError, AttributeError, TypeError, RecursionError):
        return Verdict.UNKNOWN
    return Verdict.UNKNOWN if parsed is None else _of_node(parsed, policy)


@lru_cache(maxsize=1)
def _spdx() -> Licensing:
    """Return the known licences; reading them takes a moment that a start should not cost."""
    return get_spdx_licensing()


def _of_node(node: Expression, policy: LicencePolicy) -> Verdict:
    """Of a choice the best counts, of a conjunction the worst."""
    if isinstance(node, LicenseWithExceptionSymbol):
        # The exception may lift what the licence is denied for: that is for a person.
        base = _of_symbol(str(node.license_symbol.key), policy)
        return Verdict.UNKNOWN if base is Verdict.DENIED else base
    if isinstance(node, LicenseSymbol):
        return _of_symbol(str(node.key), policy)
    parts = [_of_node(part, policy) for part in node.args]
    order = (Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.DENIED)
    if node.operator == "OR" or type(node).__name__ == "OR":
        return min(parts, key=order.index)
    return max(parts, key=order.index)


def _of_symbol(key: str, policy: LicencePolicy) -> Verdict:
    forms = {key, _UPGRADED.get(key, key)}
    if forms & policy.denied:
        return Verdict.DENIED
    return Verdict.ALLOWED if forms & policy.allowed else Verdict.UNKNOWN


def _normalised(licence: str) -> str:
    """Turn the usual ways of writing a licence outside SPDX into its identifier."""
    plain = re.sub(r"[^a-z0-9.+]+", " ", licence.lower()).strip()
    plain = re.sub(r"^the | license$| licence$|^https?.*/licenses?/", "", plain).strip()
    return _SPELLINGS.get(plain, licence)


_SPELLINGS = {
    "mit": "MIT",
    "apache 2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license version 2.0": "Apache-2.0",
    "apache software": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "bsd 3 clause": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "bsd 2 clause": "BSD-2-Clause",
    "isc": "ISC",
    "mulan psl v2": "MulanPSL-2.0",
    "mulanpsl 2.0": "MulanPSL-2.0",
    "eclipse public license v1.0": "EPL-1.0",
    "eclipse public license v2.0": "EPL-2.0",
    "mozilla public license version 2.0": "MPL-2.0",
    "gnu general public license v3.0": "GPL-3.0-only",
    "gnu general public license version 2": "GPL-2.0-only",
}
# Identifiers that SPDX has replaced, and what a list may hold in their stead.
_UPGRADED = {
    **{
        f"{name}-{number}": f"{name}-{number}-only"
        for name in ("GPL", "LGPL", "AGPL")
        for number in ("2.0", "3.0")
    },
    "LGPL-2.1": "LGPL-2.1-only",
    "GPL-2.0+": "GPL-2.0-or-later",
    "GPL-3.0+": "GPL-3.0-or-later",
}
