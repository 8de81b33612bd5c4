"""Alembic's entry: the one place of the migrations that imports our models."""

from alembic import context
from sqlalchemy import Connection

import domain.models
import engine.models
import kernel.audit.models
import kernel.files
import webapp.api.models
from kernel.database import Base, Database
from kernel.settings import Settings

__all__ = ["domain", "engine", "kernel", "webapp"]


def run(connection: Connection) -> None:
    """Run the migrations on an open connection."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(Settings.from_environment().database_url)
    with database.engine.execution_options(zujian_write=True).begin() as connection:
        run(connection)
    database.dispose()
