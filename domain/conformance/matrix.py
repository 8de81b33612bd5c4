"""The matrix of conformance: requirement, how it is met, and the tests that show it.

Source: draft standard TC609-4-2026-XX; docs/how-to/cover-a-requirement.md
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from kernel.language import Text

FOLDER: Final = Path(__file__).parent
# What may meet a requirement: an element of a diagram, a check, a control of the services, a report or page.
MEANS: Final = ("element", "check", "control", "report")


class Status(StrEnum):
    """How a requirement stands."""

    COVERED = "covered"
    PLANNED = "planned"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement; ``modality`` is the standard's own word, ``roles`` who it binds."""

    id: str
    clause: str
    modality: str
    text: Text
    roles: tuple[str, ...]
    kind: str
    acceptance: str

    @property
    def chapter(self) -> str:
        """Return the chapter, or the table, that the clause stands in."""
        return self.clause.split(".")[0].split(" ")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix.

    ``means`` maps element, check, control and report to names; ``tests`` are test ids; ``faults`` counts the
    seeded faults that turned one of these tests red when they were last tried.
    """

    requirement: Requirement
    status: Status
    means: Mapping[str, tuple[str, ...]]
    note: Text | None
    tests: tuple[str, ...] = ()
    faults: int = 0


class CoverageMalformed(ValueError):
    """A coverage file cannot be read as such; the message names file, requirement and cure."""


@cache
def requirements() -> Mapping[str, Requirement]:
    """Return the requirements by id, in the order of the standard."""
    rows = json.loads((FOLDER / "requirements.json").read_text(encoding="utf-8"))
    return {
        row["id"]: Requirement(
            id=row["id"],
            clause=row["clause"],
            modality=row["modality"],
            text=Text(row["zh"], row["en"]),
            roles=tuple(row["role"]),
            kind=row["kind"],
            acceptance=row["acceptance"],
        )
        for row in rows
    }


def matrix() -> list[Row]:
    """Return a row for each requirement, in the order of the standard.

    Raises:
        CoverageMalformed: a coverage file names an unknown requirement, or one twice, or says too little.
    """
    told = coverage(sorted((FOLDER / "coverage").glob("*.toml")))
    shown = _shown()
    return [
        _with_proof(told.get(each.id) or Row(each, Status.PLANNED, {}, None), shown.get(each.id, {}))
        for each in requirements().values()
    ]


def coverage(files: Iterable[Path]) -> dict[str, Row]:
    """Read what the coverage files say, by requirement."""
    rows: dict[str, Row] = {}
    for file in files:
        for requirement_id, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if requirement_id in rows:
                raise CoverageMalformed(f"{file.name}: {requirement_id} stands in another file too")
            rows[requirement_id] = _row(file.name, requirement_id, entry)
    return rows


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Count the rows by status; every status is named."""
    found = Counter(row.status for row in rows)
    return {status.value: found[status] for status in Status}


def _row(file: str, requirement_id: str, entry: Mapping[str, Any]) -> Row:
    requirement = requirements().get(requirement_id)
    if requirement is None:
        raise CoverageMalformed(f"{file}: {requirement_id} is no requirement of requirements.json")
    unknown = set(entry) - {"status", "note", *MEANS}
    if unknown:
        raise CoverageMalformed(f"{file}: {requirement_id} has unknown keys {sorted(unknown)}")
    status = Status(entry.get("status", Status.COVERED))
    means = {kind: tuple(entry[kind]) for kind in MEANS if entry.get(kind)}
    note = Text(entry["note"]["zh"], entry["note"]["en"]) if "note" in entry else None
    if status is Status.COVERED and not means:
        raise CoverageMalformed(f"{file}: {requirement_id} is covered by what? Name one of {MEANS}")
    if status is not Status.COVERED and note is None:
        raise CoverageMalformed(f"{file}: {requirement_id} is {status.value}: say why in note.zh and note.en")
    return Row(requirement, status, means, note)


def _with_proof(row: Row, shown: Mapping[str, Any]) -> Row:
    tests = tuple(shown.get("tests", ()))
    return Row(row.requirement, row.status, row.means, row.note, tests, int(shown.get("faults", 0)))


def _shown() -> Mapping[str, Mapping[str, Any]]:
    path = FOLDER / "shown.json"
    loaded: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return loaded
