"""Chinese text found by two neighbouring characters, and how alike two texts are.

A row per bigram is portable and indexed on every database; LIKE over a million rows is
neither fast nor tolerant of full and half width.
"""

import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]  # the package ships no types

_SPACE_RUN: Final = regex.compile(r"\p{White_Space}+")


def normalise(text: str) -> str:
    """Return the form in which names are compared and searched.

    NFKC, trimmed, white space collapsed to one space, case-folded.
    """
    return str(_SPACE_RUN.sub(" ", unicodedata.normalize("NFKC", text)).strip(" ").casefold())


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of the normalised text.

    A text of a single character is its own only gram; an empty one has none.
    """
    plain = normalise(text)
    if len(plain) < 2:
        return frozenset([plain] if plain else [])
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))


def likeness(left: str, right: str) -> float:
    """Return Dice's coefficient of the two texts' bigrams, 0.0 to 1.0."""
    first, second = bigrams(left), bigrams(right)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0
