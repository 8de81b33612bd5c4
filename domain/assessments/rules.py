"""How findings become results: pure functions over plain values.

A check passes only when it ran to its end and no severity exceeds its limit. Findings that are uncertain
(matched by name only, or disputed by the provider) do not fail a check by themselves: people judge them.
Source: draft standard, clauses 8.1.1 and 8.2.4; readings A22 and A23
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from domain.assessments.items import LIMITED_SEVERITIES, ItemStatus
from kernel.canonical import canonical_bytes

Verdict = Literal["passed", "below_baseline", "inconclusive"]
# What people may still decide: whatever is neither passed, nor failed, nor beside the point.
UNDECIDED = frozenset(
    {ItemStatus.DISPUTED, ItemStatus.INCONCLUSIVE, ItemStatus.NOT_CHECKED, ItemStatus.RUNNING}
)
SETTLED = frozenset({ItemStatus.PASSED, ItemStatus.SUBSTITUTED, ItemStatus.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding as the baseline sees it."""

    severity: str
    is_uncertain: bool = False
    is_false_positive: bool = False


@dataclass(frozen=True, slots=True)
class Excess:
    """A severity of which there are more findings than the limit allows."""

    severity: str
    found: int
    limit: int


Limits = Mapping[tuple[str, str], int | None]


def limits_of(baseline: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int | None]:
    """Index the rows of the baseline by check and severity; None means no limit."""
    return {(str(row["item"]), str(row["severity"])): _whole(row["limit"]) for row in baseline}


def counts(findings: Iterable[Weighed]) -> dict[str, int]:
    """Count what is not a false positive, by severity."""
    found: dict[str, int] = {}
    for finding in findings:
        if not finding.is_false_positive:
            found[finding.severity] = found.get(finding.severity, 0) + 1
    return found


def excesses(item: str, findings: Iterable[Weighed], limits: Limits) -> list[Excess]:
    """Return every severity above its limit.

    A check without a row in the baseline is held to nothing at all of any severity: a table that forgot
    it must not let it through.
    """
    found = counts(findings)
    over = []
    for severity in LIMITED_SEVERITIES:
        limit = limits.get((item, severity), 0)
        if limit is not None and found.get(severity, 0) > limit:
            over.append(Excess(severity, found[severity], limit))
    return over


def judge(
    item: str, scanned: str, findings: Sequence[Weighed], limits: Limits
) -> tuple[ItemStatus, list[Excess]]:
    """Return the result of a check from what its tool said and found.

    ``scanned`` is what the tool came to: run to its end (``passed`` or ``failed``, whatever its own idea
    of failing), or ``inconclusive``, ``not_checked``, ``not_applicable``.
    """
    certain = [finding for finding in findings if not finding.is_uncertain]
    over = excesses(item, certain, limits)
    if over:
        return ItemStatus.FAILED, over
    if scanned in (ItemStatus.INCONCLUSIVE, ItemStatus.NOT_CHECKED, ItemStatus.NOT_APPLICABLE):
        return ItemStatus(scanned), []
    if scanned not in (ItemStatus.PASSED, ItemStatus.FAILED):
        return ItemStatus.INCONCLUSIVE, []
    over = excesses(item, findings, limits)
    return (ItemStatus.DISPUTED, over) if over else (ItemStatus.PASSED, [])


def conclude(statuses: Iterable[str]) -> Verdict:
    """Return what the whole comes to: one failed check fails it, one undecided leaves it open."""
    found = set(statuses)
    if ItemStatus.FAILED in found:
        return "below_baseline"
    return "passed" if found and found <= SETTLED else "inconclusive"


def fingerprint(item: str, tool: str, rule: str, place: str, evidence: str, component: str) -> str:
    """Return what knows a finding again: all of it but the version of the tool."""
    return hashlib.sha256(canonical_bytes([item, tool, rule, place, evidence, component])).hexdigest()


def _whole(value: object) -> int | None:
    """Read a limit; what is no whole number counts as 0, the strictest."""
    if value is None:
        return None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
