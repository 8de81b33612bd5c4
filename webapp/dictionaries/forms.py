"""The table of values as a form: one line per value, read without script."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.catalogue.dictionary_rules import MAX_ENTRIES, DictionaryKind, Entry
from kernel.errors import FieldProblem
from kernel.language import Text
from webapp.languages import in_language

EMPTY_LINES = 3
_PLACE = re.compile(r"code-(\d{1,3})")


@dataclass(slots=True)
class Line:
    """One line of the form; ``errors`` by field, ``is_new`` where the code may be written."""

    number: int
    code: str
    zh: str
    en: str
    position: str
    is_active: bool
    is_locked: bool
    is_new: bool
    errors: dict[str, list[str]] = field(default_factory=dict)

    def entry(self) -> Entry:
        """Return the value that the line stands for."""
        return Entry(self.code, Text(self.zh, self.en), self.is_active, self.is_locked)


@dataclass(slots=True)
class EditionForm:
    """All lines, what the change is for, and what is wrong with the whole."""

    lines: list[Line]
    purpose: str = ""
    errors: list[str] = field(default_factory=list)

    def entries(self) -> list[Entry]:
        """Return the values in the order asked for."""
        return [line.entry() for line in self.lines if line.code or line.zh or line.en]

    def show(self, problems: Sequence[FieldProblem]) -> None:
        """Put each problem beside its line; what belongs to none goes on top."""
        filled = [line for line in self.lines if line.code or line.zh or line.en]
        for problem in problems:
            words = in_language(problem.message)
            if problem.mend:
                words += f" {in_language(problem.mend)}"
            part = problem.path.split(".")
            if len(part) == 3 and part[1].isdecimal() and int(part[1]) < len(filled):
                filled[int(part[1])].errors.setdefault(part[2], []).append(words)
            else:
                self.errors.append(words)


def of_entries(kind: DictionaryKind, entries: Sequence[Entry]) -> EditionForm:
    """Return the form of the values in force, with empty lines where the dictionary is open."""
    lines = [
        Line(n, e.code, e.text.zh, e.text.en, str(n + 1), e.is_active, e.is_locked, is_new=False)
        for n, e in enumerate(entries)
    ]
    return EditionForm([*lines, *_empty(kind, len(lines))])


def from_request(kind: DictionaryKind, values: Mapping[str, str], known: Sequence[Entry]) -> EditionForm:
    """Read the form: lines without a code, or marked for removal, are left out; positions put in order."""
    codes = {entry.code for entry in known}
    numbers = sorted(int(match[1]) for name in values if (match := _PLACE.fullmatch(name)))
    lines = []
    for number in numbers[: MAX_ENTRIES + 1]:
        line = _line(kind, values, number, codes)
        if f"remove-{number}" not in values and (line.code or line.zh or line.en):
            lines.append(line)
    lines.sort(key=lambda line: (int(line.position) if line.position.isdecimal() else 10_000, line.number))
    for place, line in enumerate(lines):
        line.number, line.position = place, str(place + 1)
    return EditionForm([*lines, *_empty(kind, len(lines))], values.get("purpose", "").strip())


def _line(kind: DictionaryKind, values: Mapping[str, str], number: int, codes: set[str]) -> Line:
    code, zh, en, position = (
        values.get(f"{name}-{number}", "").strip() for name in ("code", "zh", "en", "position")
    )
    locked = code in kind.locked
    # A locked value shows no box to untick.
    active = locked or f"active-{number}" in values
    return Line(number, code, zh, en, position[:4], active, locked, code not in codes)


def _empty(kind: DictionaryKind, start: int) -> list[Line]:
    count = EMPTY_LINES if kind.is_open else 0
    return [Line(start + n, "", "", "", "", True, False, is_new=True) for n in range(count)]
