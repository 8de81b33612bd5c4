"""Write what the tests show, for the product's page and for the reference."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from domain.conformance.matrix import FOLDER, MEANS, Row, Status, counts, matrix
from tools.conformance.faults import Fault
from tools.conformance.proofs import ROOT, Proof

SHOWN = FOLDER / "shown.json"
REFERENCE = ROOT / "docs" / "reference" / "conformance.md"
_HEAD = """# Conformance

Written by `make conformance` from `domain/conformance` and the tests; do not edit. Each row is a requirement
of the draft standard TC609-4-2026-XX. *Covered* means that a test exercises the values of the acceptance text
through services or HTTP, and that a seeded fault in the product turns that test red
([how](../how-to/cover-a-requirement.md)).

"""


def shown(found: Iterable[Proof], red: Iterable[Fault]) -> str:
    """Return the content of ``shown.json``: tests and noticed faults by requirement."""
    tests: dict[str, list[str]] = defaultdict(list)
    for proof in found:
        for requirement in proof.requirements:
            tests[requirement].append(proof.test)
    noticed = Counter(requirement for fault in red for requirement in fault.requirements)
    rows = {key: {"tests": sorted(tests[key]), "faults": noticed[key]} for key in sorted(tests)}
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def reference(rows: Sequence[Row]) -> str:
    """Return the page of the reference."""
    numbers = counts(rows)
    lines = [
        _HEAD + f"{len(rows)} requirements: {numbers['covered']} covered, {numbers['planned']} planned, "
        f"{numbers['not_applicable']} not applicable.\n",
        "| requirement | clause | what | status | by | shown by |",
        "|---|---|---|---|---|---|",
        *(_line(row) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def write(found: Sequence[Proof], red: Sequence[Fault]) -> None:
    """Write both files."""
    SHOWN.write_text(shown(found, red), encoding="utf-8")
    REFERENCE.write_text(reference(matrix()), encoding="utf-8")


def _line(row: Row) -> str:
    each = row.requirement
    status = row.status.value.replace("_", " ")
    by = _means(row.means) if row.status is Status.COVERED else (row.note.en if row.note else "")
    tests = " ".join(f"`{test.removeprefix('tests/')}`" for test in row.tests)
    cells = (each.id, each.clause, f"{each.text.zh} / {each.text.en}", status, by, tests)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _means(means: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{kind} {', '.join(means[kind])}" for kind in MEANS if kind in means)
