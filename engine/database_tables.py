"""The tables of the engine, made straight from the models where no migrations run."""

from __future__ import annotations

import engine.models
import kernel.audit.models
import kernel.files
from kernel.database import Base, Database

__all__ = ["create_tables"]

_ROOMS = (engine.models, kernel.audit.models, kernel.files)


def create_tables(database: Database) -> None:
    """Create the tables of engine and kernel that are missing, with the protection of the audit trail.

    For programs that embed the engine. Databases of the platform are made by its migrations.
    """
    ours = [
        Base.metadata.tables[mapper.local_table.name]  # type: ignore[attr-defined]  # every mapper has a table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.partition(".")[0] in {"engine", "kernel"}
    ]
    with database.engine.execution_options(zujian_write=True).begin() as connection:
        Base.metadata.create_all(connection, tables=ours)
