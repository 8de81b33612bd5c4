"""A sample component as imported, for rooms that hang things on a version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.service import import_components
from domain.samples.components import sample_records
from kernel.actor import Actor
from kernel.files import FileStore


def imported_version(session: Session, importer: Actor, store: FileStore, sample: int = 0) -> UUID:
    """Import one sample component, without attachments, and return its version."""
    record = without_files(sample_records()[sample])
    [row] = import_components(session, importer, [record], source="test", store=store).rows
    session.flush()
    assert row.version_id is not None, row.breaches
    return row.version_id


def without_files(record: dict[str, Any]) -> dict[str, Any]:
    """Return a sample record that names no documents."""
    return {**record, "extension": {k: v for k, v in record["extension"].items() if k != "documents"}}
