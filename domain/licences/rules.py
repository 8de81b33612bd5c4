"""Judging a licence by the policy: allowed, denied or unknown.

An expression is allowed when every licence that binds is allowed; where one may choose (OR), one allowed
choice is enough. What cannot be read is unknown, never allowed. Source: SPDX specification 2.3, annex D
"""

import re
from collections.abc import Set
from typing import Final, Literal

Judged = Literal["allowed", "denied", "unknown"]
LONGEST: Final = 1_000
_TOKEN: Final = re.compile(r"\(|\)|[A-Za-z0-9.+:-]+")
_WORST_FIRST: Final[tuple[Judged, ...]] = ("denied", "unknown", "allowed")


def judge_licence(expression: str, allowed: Set[str], denied: Set[str]) -> Judged:
    """Judge one licence or SPDX expression; letters count alike in either case."""
    text = expression.strip()
    if not text or len(text) > LONGEST or _TOKEN.sub("", text).strip():
        return "unknown"
    reader = _Reader(
        _TOKEN.findall(text), {name.casefold() for name in allowed}, {name.casefold() for name in denied}
    )
    try:
        judged = reader.either()
    except (IndexError, ValueError):
        return "unknown"
    return judged if reader.is_at_end else "unknown"


class _Reader:
    """Reads ``A AND (B OR C WITH exception)`` and judges it on the way."""

    def __init__(self, tokens: list[str], allowed: set[str], denied: set[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.allowed = allowed
        self.denied = denied
        self.depth = 0

    @property
    def is_at_end(self) -> bool:
        return self.place == len(self.tokens)

    def either(self) -> Judged:
        choices = [self.all_of()]
        while self._take("OR"):
            choices.append(self.all_of())
        return max(choices, key=_WORST_FIRST.index)

    def all_of(self) -> Judged:
        parts = [self.one()]
        while self._take("AND"):
            parts.append(self.one())
        return min(parts, key=_WORST_FIRST.index)

    def one(self) -> Judged:
        word = self.tokens[self.place]
        self.place += 1
        if word == "(":
            self.depth += 1
            if self.depth > 20:
                raise ValueError("nested too deeply")
            judged = self.either()
            if not self._take(")"):
                raise ValueError("a bracket is not closed")
            return judged
        if word.upper() in ("AND", "OR", "WITH", ")"):
            raise ValueError(word)
        if self._take("WITH"):
            self.place += 1
        return self._named(word.casefold())

    def _named(self, name: str) -> Judged:
        if name in self.denied:
            return "denied"
        return "allowed" if name in self.allowed else "unknown"

    def _take(self, word: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place].upper() == word:
            self.place += 1
            return True
        return False
