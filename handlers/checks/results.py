"""What a check says: a status, a summary, and findings that can be answered one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kernel.language import Text


class Severity(StrEnum):
    """How much a finding weighs: an error fails the check, the others are shown."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Status(StrEnum):
    """The outcome of one check run."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Finding:
    """One broken rule, with what was seen (``evidence``) and where (``place``)."""

    rule: str
    severity: Severity
    message: Text
    evidence: str = ""
    place: str = ""
    clause: str = ""


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check; ``check`` is its key, for example ``health``."""

    check: str
    status: Status
    summary: Text
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


@dataclass(frozen=True)
class Rule:
    """A rule of a check: its id, weight, clause and the sentence that explains a breach."""

    id: str
    severity: Severity
    clause: str
    message: Text

    def broken(self, *, place: str = "", evidence: object = "") -> Finding:
        """Return the finding for a breach seen at ``place``."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            message=self.message,
            evidence=str(evidence)[:500],
            place=place,
            clause=self.clause,
        )


def concluded(
    check: str, looked_at: Text, findings: Iterable[Finding], not_checked: Text | None = None
) -> CheckResult:
    """Conclude a check from its findings.

    An error fails it. Otherwise a reason in ``not_checked`` makes it not checked, even when other parts
    of it went well: a check passes only when all of it was carried out.
    """
    found = tuple(findings)
    errors = sum(1 for finding in found if finding.severity is Severity.ERROR)
    warnings = sum(1 for finding in found if finding.severity is Severity.WARNING)
    if errors:
        said = Text(f"{looked_at.zh}：{errors} 项错误", f"{looked_at.en}: {_count(errors, 'error')}")
        return CheckResult(check, Status.FAILED, said, found)
    if not_checked is not None:
        said = Text(
            f"{looked_at.zh}：未检测，{not_checked.zh}", f"{looked_at.en}: not checked, {not_checked.en}"
        )
        return CheckResult(check, Status.NOT_CHECKED, said, found)
    if warnings:
        said = Text(
            f"{looked_at.zh}：通过，{warnings} 项提醒",
            f"{looked_at.en}: passed with {_count(warnings, 'warning')}",
        )
    else:
        said = Text(f"{looked_at.zh}：通过", f"{looked_at.en}: passed")
    return CheckResult(check, Status.PASSED, said, found)


def nothing_failed(results: Iterable[CheckResult]) -> bool:
    """Say whether no check failed; one that did not run does not count as failed here."""
    return all(result.status is not Status.FAILED for result in results)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
