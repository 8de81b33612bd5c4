"""Reads about the licence policy: the edition in force, and those before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.licences.models import LicencePolicyEdition

# What holds until the security administrator decides otherwise; proposed values.
_ALLOWED: Final = (
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "EPL-2.0",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MPL-2.0",
    "MulanPSL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
)
_DENIED: Final = (
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "BUSL-1.1",
    "Elastic-2.0",
    "JSON",
    "SSPL-1.0",
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One edition; edition 0 is what the product comes with."""

    edition: int
    allowed: frozenset[str]
    denied: frozenset[str]
    reason: str
    set_by: str
    effective_at: datetime | None


def current_policy(session: Session) -> PolicyRow:
    """Return the edition in force."""
    row = session.scalar(select(LicencePolicyEdition).order_by(LicencePolicyEdition.edition.desc()).limit(1))
    return _row(row) if row is not None else shipped_policy()


def policy_editions(session: Session) -> list[PolicyRow]:
    """Return every edition, newest first, down to the one that the product comes with."""
    query = select(LicencePolicyEdition).order_by(LicencePolicyEdition.edition.desc()).limit(200)
    return [*(_row(row) for row in session.scalars(query)), shipped_policy()]


def shipped_policy() -> PolicyRow:
    """Return the edition that the product comes with."""
    return PolicyRow(0, frozenset(_ALLOWED), frozenset(_DENIED), "", "", None)


def _row(row: LicencePolicyEdition) -> PolicyRow:
    return PolicyRow(
        row.edition,
        frozenset(row.allowed),
        frozenset(row.denied),
        row.reason,
        row.set_by_name,
        row.effective_at,
    )
