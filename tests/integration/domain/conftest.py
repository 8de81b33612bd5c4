"""A database with the sample people, and shortcuts to act as them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain.people.queries import actor_for
from domain.samples.people import SamplePerson, sample_person_id, seed_sample_people
from kernel.actor import Actor
from kernel.database import Database
from kernel.files import FileStore

ActAs = Callable[[str], Actor]


@pytest.fixture
def people(database: Database) -> dict[str, SamplePerson]:
    """Seed the sample people, by user name."""
    with database.write() as session:
        return {person.user_name: person for person in seed_sample_people(session)}


@pytest.fixture
def session(database: Database, people: dict[str, SamplePerson]) -> Iterator[Session]:
    """Open one transaction on the seeded database; it is rolled back at the end."""
    with Session(database.engine.execution_options(zujian_write=True), expire_on_commit=False) as session:
        yield session
        session.rollback()


@pytest.fixture
def act_as(session: Session) -> ActAs:
    """Give the actor of a sample person by user name."""

    def find(user_name: str) -> Actor:
        person_id = sample_person_id(session, user_name)
        assert person_id is not None, user_name
        return actor_for(session, person_id)

    return find


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """Open an empty file store."""
    return FileStore(tmp_path / "files")
