"""The migrations lead to the very schema that the models describe, and back."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

import domain.models
import engine.models
import kernel.audit.models
import kernel.files
import webapp.api.models
from kernel.database import Base, Database
from webapp import schema

MODELS = (domain.models, engine.models, kernel.audit.models, kernel.files, webapp.api.models)


def test_upgrading_from_empty_leaves_no_difference_with_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert MODELS
    assert differences == []


def test_the_newest_step_can_be_undone_and_done_again(database: Database) -> None:
    before = set(inspect(database.engine).get_table_names())

    schema.downgrade(database, "-1")
    between_is_current = schema.is_current(database)
    schema.upgrade(database)

    assert not between_is_current
    assert schema.is_current(database)
    assert set(inspect(database.engine).get_table_names()) == before


def test_every_step_can_be_undone(database: Database) -> None:
    schema.downgrade(database, "base")

    left = set(inspect(database.engine).get_table_names())

    assert left <= {"alembic_version"}
