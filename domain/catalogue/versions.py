"""Version numbers: the forms that Table 1 accepts, their canonical form and precedence.

Source: TC609-4-2026-XX, Table 1 version and 6.2d; Semantic Versioning 2.0.0, clauses 2,
9, 10 and 11 (precedence)
"""

import re
from functools import total_ordering
from typing import Any, Final

MAX_LENGTH: Final = 64
_NUMBER = r"(?:0|[1-9][0-9]*)"
_PLAIN: Final = re.compile(
    rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})(?:\.(?P<patch>{_NUMBER}))?(?: build-(?P<build>[0-9]+))?"
)
_FOUR: Final = re.compile(
    rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER})\.(?P<build>[0-9]+)"
)
_IDENTIFIER = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER: Final = re.compile(
    rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER})"
    rf"(?:-(?P<pre>{_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+(?P<meta>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


def canonical_version(raw: Any, *, strict: bool = False) -> str | None:
    """Return the canonical SemVer of a version, or None when no form fits.

    ``5.0`` becomes ``5.0.0``; ``5.0.0.13124`` and ``5.0.0 build-13124`` become
    ``5.0.0+build.13124``. ``strict`` refuses versions of two parts.
    """
    if not isinstance(raw, str) or len(raw) > MAX_LENGTH:
        return None
    plain = _PLAIN.fullmatch(raw) or _FOUR.fullmatch(raw)
    if plain is not None:
        if strict and plain["patch"] is None:
            return None
        core = f"{plain['major']}.{plain['minor']}.{plain['patch'] or 0}"
        return core if plain["build"] is None else f"{core}+build.{int(plain['build'])}"
    return raw if _SEMVER.fullmatch(raw) else None


def core_of(canonical: str) -> str:
    """Return the canonical version without build metadata: builds of it are sisters (A02)."""
    return canonical.partition("+")[0]


@total_ordering
class Precedence:
    """The place of a canonical version in order; build metadata only breaks ties (A01)."""

    def __init__(self, canonical: str) -> None:
        match = _SEMVER.fullmatch(canonical)
        if match is None:
            raise ValueError(f"not a canonical version: {canonical!r}")
        core = tuple(int(match[part]) for part in ("major", "minor", "patch"))
        pre, meta = match["pre"], match["meta"]
        # A release comes after each of its pre-releases; a build after none.
        self._key = (core, pre is None, _identifiers(pre), meta is not None, _identifiers(meta))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Precedence) and self._key == other._key

    def __lt__(self, other: "Precedence") -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _identifiers(dotted: str | None) -> tuple[tuple[bool, int, str], ...]:
    """Return a sortable form: numbers before words, numbers by size, words by ASCII."""
    if dotted is None:
        return ()
    return tuple((False, int(part), "") if part.isdigit() else (True, 0, part) for part in dotted.split("."))
