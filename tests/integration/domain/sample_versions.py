"""A sample component as imported, for rooms that hang things on a version."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.service import import_components
from domain.samples.components import sample_records
from kernel.actor import Actor
from kernel.files import FileStore


def imported_version(session: Session, importer: Actor, store: FileStore, sample: int = 0) -> UUID:
    """Import one sample component, without attachments, and return its version."""
    record = sample_records()[sample]
    record["extension"] = {key: value for key, value in record["extension"].items() if key != "documents"}
    [row] = import_components(session, importer, [record], source="test", store=store).rows
    session.flush()
    assert row.version_id is not None, row.breaches
    return row.version_id
