"""What people were told, kept outside the database: one file per process, synced at every acknowledgement.

A worker writes *asked* before it asks the engine and *acknowledged* after the engine has answered. What was
acknowledged must be in the database, and what is in the database must have been asked. A process that is
killed between the commit and its note leaves something asked and unanswered, which both may be.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

Entry = Literal["asked", "acknowledged", "refused", "unavailable", "crashed"]
# Losing one of these when the machine loses power loses nothing that anybody was told.
_UNSYNCED: Final = frozenset({"asked", "refused", "unavailable"})


class Ledger:
    """The file of one process."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / f"{name}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, entry: Entry, what: str, **facts: Any) -> None:
        """Add one line; an acknowledgement is on the disk when this returns."""
        line = json.dumps({"entry": entry, "what": what, **facts}, ensure_ascii=False)
        os.write(self._file, f"{line}\n".encode())
        if entry not in _UNSYNCED:
            os.fsync(self._file)


def read_ledger(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the lines of every process; a last line that a kill cut off says nothing."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(line)
