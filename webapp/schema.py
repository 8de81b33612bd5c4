"""Bring a database to the newest schema, and tell whether it is there.

The migrations lie beside the packages, in a checkout and once installed; no configuration file is
needed, because the connection is handed over.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from kernel.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(database: Database, revision: str = "heads") -> None:
    """Run every migration up to ``revision``; those done before are passed over."""
    with database.engine.execution_options(zujian_write=True).begin() as connection:
        command.upgrade(_configuration(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Undo migrations down to ``revision``, such as ``-1`` or ``base``."""
    with database.engine.execution_options(zujian_write=True).begin() as connection:
        command.downgrade(_configuration(connection), revision)


def is_current(database: Database) -> bool:
    """Tell whether the database stands at the newest schema that this code knows."""
    with database.engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
        return found == set(ScriptDirectory.from_config(_configuration(connection)).get_heads())


def _configuration(connection: Connection) -> Config:
    configuration = Config(attributes={"connection": connection})
    # A percent sign would be read as an interpolation.
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return configuration
