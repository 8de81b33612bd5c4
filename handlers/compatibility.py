"""The API document of a new version beside that of the version before it: compatible within a major line.

A change of a version compares the contract that was proposed; here stands the document that is handed in,
whichever way the new version came to be.

Source: draft standard, clause 6.2 d; Semantic Versioning 2.0.0
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail, VersionFilter
from domain.catalogue.rules import RuleBreach
from domain.catalogue.semantics import Level, fit_breach, major_of, predecessor
from domain.checks.names import COMPATIBILITY
from handlers.checks.openapi import DocumentUnreadable
from handlers.checks.results import CheckResult, Finding, Severity, concluded
from handlers.environment import PLATFORM
from handlers.scanning.contracts import ContractComparison, compare_contracts
from kernel.language import Text

MAX_SHOWN: Final = 100
_LOOKED_AT: Final = Text("与上一版本的接口兼容性", "Compatibility with the version before")
_NO_DOCUMENT: Final = Text(
    "两个版本之一没有可读的接口文档", "one of the two versions has no readable API document"
)


def version_before(session: Session, detail: VersionDetail) -> VersionDetail | None:
    """Return the listed version that this one follows within its major line, or None for the first of it."""
    rows = queries.versions(
        session, PLATFORM, VersionFilter(component_id=detail.component_id), limit=500
    ).rows
    line = major_of(detail.row.canonical)
    listed = {
        row.canonical: row.id
        for row in rows
        if row.listed_at is not None and row.id != detail.id and major_of(row.canonical) == line
    }
    before = predecessor(detail.row.canonical, listed)
    return queries.version_detail(session, PLATFORM, listed[before]) if before else None


def check_compatibility(
    before: str, new: str, old_document: bytes | None, document: bytes | None
) -> CheckResult:
    """Compare two API documents and hold the step between the two canonical numbers against what changed."""
    try:
        if old_document is None or document is None:
            raise DocumentUnreadable("none")
        compared = compare_contracts(old_document, document)
    except DocumentUnreadable:
        return concluded(COMPATIBILITY, _LOOKED_AT, [], _NO_DOCUMENT)
    breach = fit_breach(before, new, Level(compared.needed))
    return concluded(COMPATIBILITY, _LOOKED_AT, list(_findings(breach, compared)) if breach else [])


def _findings(breach: RuleBreach, compared: ContractComparison) -> Iterator[Finding]:
    """Yield a finding for each change that asks for more than the number says."""
    asking = [each for each in compared.changes if each.weight is compared.needed]
    for change in asking[:MAX_SHOWN]:
        yield Finding(
            rule=breach.rule_id,
            severity=Severity.ERROR,
            message=Text(
                f"{change.message.zh}；{breach.message.zh}", f"{change.message.en}. {breach.message.en}"
            ),
            evidence=change.evidence,
            place=change.place,
            clause=breach.clause,
        )
