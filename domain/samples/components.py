"""The sample records, and importing them with generated attachments."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue.service import ImportReport, import_components
from domain.samples.attachments import write_attachment
from kernel.actor import Actor
from kernel.files import FileStore

SOURCE = "samples/components.json"
INVALID_SOURCE = "samples/invalid-component.json"


def sample_records() -> list[dict[str, Any]]:
    """Return the 20 sample records, read anew each time."""
    return _read("components.json")


def invalid_record() -> dict[str, Any]:
    """Return the record that breaks nearly every rule of Table 1."""
    return _read("invalid-component.json")[0]


def import_samples(session: Session, actor: Actor, store: FileStore) -> ImportReport:
    """Import the sample records with their generated attachments.

    Raises:
        NotAllowed: the actor may not import components.
    """
    records = sample_records()
    with TemporaryDirectory(prefix="zujian-samples-") as folder:
        root = Path(folder)
        write_attachments(records, root)
        return import_components(session, actor, records, source=SOURCE, store=store, attachments_root=root)


def write_attachments(records: list[dict[str, Any]], root: Path) -> int:
    """Generate every file that the records name below ``root``; return how many there are."""
    count = 0
    for record in records:
        for kind, path in _named_files(record):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(write_attachment(record, kind))
            count += 1
    return count


def _named_files(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        *record["componentDetails"]["resources"].items(),
        *record["extension"]["documents"].items(),
    ]


def _read(name: str) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(
        files("domain.samples").joinpath(name).read_text(encoding="utf-8")
    )
    return records
