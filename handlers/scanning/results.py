"""What a scan says: a status, normalised findings, and where the raw report lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handlers.checks.results import CheckResult, Finding, Severity, Status
from kernel.language import Text

MAX_FINDINGS = 500
MAX_EVIDENCE = 500


class ScanStatus(StrEnum):
    """The outcome of one scan; only ``passed`` is passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    INCONCLUSIVE = "inconclusive"


class ScanSeverity(StrEnum):
    """How much a finding weighs, in the words that vulnerability records use."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The weight as a number, critical 4 down to info 0."""
        return 4 - list(ScanSeverity).index(self)


FAILS_AT = ScanSeverity.HIGH


@dataclass(frozen=True, kw_only=True)
class ScanFinding:
    """One thing that a tool found.

    ``evidence`` never holds a clear secret. ``identifiers`` are the names by which others know the
    finding (CVE, CNVD, CWE); ``component`` is the package URL of the library concerned, if there is one;
    ``possible`` marks what was matched by name only.
    """

    tool: str
    version: str
    rule: str
    severity: ScanSeverity
    message: Text
    place: str = ""
    evidence: str = ""
    clause: str = ""
    identifiers: tuple[str, ...] = ()
    component: str = ""
    fixed_in: tuple[str, ...] = ()
    possible: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the finding as a plain document."""
        return {
            "tool": self.tool,
            "version": self.version,
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message.to_json(),
            "place": self.place,
            "evidence": self.evidence,
            "clause": self.clause,
            "identifiers": list(self.identifiers),
            "component": self.component,
            "fixedIn": list(self.fixed_in),
            "possible": self.possible,
        }


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """The outcome of one scan; ``scan`` is its key, for example ``secrets``.

    ``looked_at`` says what was seen (counts, languages, date of the data), ``report_digest`` where the raw
    report lies, ``network_cut`` whether the tool ran without any network (None: no tool process).
    """

    scan: str
    status: ScanStatus
    tool: str
    version: str
    summary: Text
    findings: tuple[ScanFinding, ...] = ()
    looked_at: Mapping[str, Any] = field(default_factory=dict)
    report_digest: str | None = None
    seconds: float = 0.0
    network_cut: bool | None = None

    def count(self, severity: ScanSeverity) -> int:
        """Count the findings of one severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def worst(self) -> ScanSeverity | None:
        """The gravest severity found, or None."""
        return max((finding.severity for finding in self.findings), key=lambda it: it.rank, default=None)

    def to_json(self) -> dict[str, Any]:
        """Return the result as a plain document."""
        return {
            "scan": self.scan,
            "status": self.status.value,
            "tool": self.tool,
            "version": self.version,
            "summary": self.summary.to_json(),
            "findings": [finding.to_json() for finding in self.findings],
            "lookedAt": dict(self.looked_at),
            "reportDigest": self.report_digest,
            "seconds": round(self.seconds, 3),
            "networkCut": self.network_cut,
        }

    def to_check(self, check: str) -> CheckResult:
        """Return the result as a run of a check: inconclusive counts as not checked, with its cause."""
        status = Status.NOT_CHECKED if self.status is ScanStatus.INCONCLUSIVE else Status(self.status.value)
        return CheckResult(check, status, self.summary, tuple(_as_check_finding(it) for it in self.findings))


def concluded_scan(
    scan: str,
    tool: tuple[str, str],
    title: Text,
    findings: Iterable[ScanFinding],
    *,
    not_checked: Text | None = None,
    looked_at: Mapping[str, Any] | None = None,
    report_digest: str | None = None,
    seconds: float = 0.0,
    network_cut: bool | None = None,
) -> ScanResult:
    """Conclude a scan from its findings; ``tool`` is (name, version).

    A finding of high severity or above fails it. Otherwise a reason in ``not_checked`` makes it not
    checked, even where other parts of it went well.
    """
    found = tuple(sorted(findings, key=lambda it: (-it.severity.rank, it.place, it.rule)))
    seen = dict(looked_at or {})
    if len(found) > MAX_FINDINGS:
        seen["findingsLeftOut"] = len(found) - MAX_FINDINGS
    status, said = _verdict(title, found, not_checked)
    return ScanResult(
        scan=scan,
        status=status,
        tool=tool[0],
        version=tool[1],
        summary=said,
        findings=found[:MAX_FINDINGS],
        looked_at=seen,
        report_digest=report_digest,
        seconds=seconds,
        network_cut=network_cut,
    )


def not_checked_scan(
    scan: str, tool: tuple[str, str], title: Text, reason: Text, *, looked_at: Mapping[str, Any] | None = None
) -> ScanResult:
    """Say that nothing was looked at, and why."""
    return concluded_scan(scan, tool, title, (), not_checked=reason, looked_at=looked_at)


def inconclusive_scan(
    scan: str,
    tool: tuple[str, str],
    title: Text,
    cause: Text,
    *,
    seconds: float = 0.0,
    report_digest: str | None = None,
) -> ScanResult:
    """Say that a tool did not come to an end, and what stopped it."""
    return ScanResult(
        scan=scan,
        status=ScanStatus.INCONCLUSIVE,
        tool=tool[0],
        version=tool[1],
        summary=Text(f"{title.zh}：未得出结论，{cause.zh}", f"{title.en}: inconclusive, {cause.en}"),
        report_digest=report_digest,
        seconds=seconds,
    )


def _verdict(
    title: Text, findings: tuple[ScanFinding, ...], not_checked: Text | None
) -> tuple[ScanStatus, Text]:
    counts = Counter(finding.severity for finding in findings)
    zh = "、".join(f"{_ZH[it]} {counts[it]}" for it in ScanSeverity if counts[it])
    en = ", ".join(f"{counts[it]} {it.value}" for it in ScanSeverity if counts[it])
    if any(finding.severity.rank >= FAILS_AT.rank for finding in findings):
        return ScanStatus.FAILED, Text(f"{title.zh}：未通过（{zh}）", f"{title.en}: failed ({en})")
    if not_checked is not None:
        return ScanStatus.NOT_CHECKED, Text(
            f"{title.zh}：未检测，{not_checked.zh}", f"{title.en}: not checked, {not_checked.en}"
        )
    if findings:
        return ScanStatus.PASSED, Text(f"{title.zh}：通过（{zh}）", f"{title.en}: passed ({en})")
    return ScanStatus.PASSED, Text(f"{title.zh}：通过，无发现", f"{title.en}: passed, nothing found")


def _as_check_finding(finding: ScanFinding) -> Finding:
    names = " ".join((*finding.identifiers, finding.component, finding.evidence)).strip()
    return Finding(
        rule=finding.rule[:80],
        severity=_CHECK_SEVERITY[finding.severity],
        message=finding.message,
        evidence=names[:MAX_EVIDENCE],
        place=finding.place,
        clause=finding.clause,
    )


_ZH = {
    ScanSeverity.CRITICAL: "严重",
    ScanSeverity.HIGH: "高危",
    ScanSeverity.MEDIUM: "中危",
    ScanSeverity.LOW: "低危",
    ScanSeverity.INFO: "提示",
}
_CHECK_SEVERITY = {
    ScanSeverity.CRITICAL: Severity.ERROR,
    ScanSeverity.HIGH: Severity.ERROR,
    ScanSeverity.MEDIUM: Severity.WARNING,
    ScanSeverity.LOW: Severity.WARNING,
    ScanSeverity.INFO: Severity.INFO,
}
