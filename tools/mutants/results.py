"""What became of mutants, kept in a file, so that a long hunt can be stopped and taken up again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.mutants.operators import Mutant

# A mutant's key, and its number among the mutants of the same key: one line may hold two equal constants.
Name = tuple[str, int]


def named(mutants: Sequence[Mutant]) -> Iterator[tuple[Name, Mutant]]:
    """Give every mutant with a name that no other one has; all mutants of a file must be among them."""
    seen = Counter[str]()
    for mutant in mutants:
        seen[mutant.key] += 1
        yield (mutant.key, seen[mutant.key]), mutant


def read_results(path: Path | None) -> dict[Name, str]:
    """Read the outcome of each mutant, the newest where there are several."""
    if path is None or not path.exists():
        return {}
    entries = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {(entry["mutant"], entry["nth"]): entry["outcome"] for entry in entries}


def write_result(path: Path | None, name: Name, outcome: str, line: int, tests: int) -> None:
    """Add the outcome of one mutant, at once, so that nothing is lost when the hunt is stopped."""
    if path is not None:
        entry = {"mutant": name[0], "nth": name[1], "outcome": outcome, "line": line, "tests": tests}
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
