"""A database with the sample people, and shortcuts to act as them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from domain.people.queries import actor_for
from domain.samples.people import SamplePerson, sample_person_id, seed_sample_people
from kernel.actor import Actor
from kernel.database import Database
from kernel.files import FileStore
from tests.conftest import BACKENDS, copied_database, empty_database

ActAs = Callable[[str], Actor]


@dataclass(frozen=True, slots=True)
class Seeded:
    """A database with the sample people, for all tests that roll back what they do."""

    database: Database
    people: dict[str, SamplePerson]


SharedBy = Callable[[pytest.FixtureRequest, str, bool], Seeded]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedBy]:
    """Give the seeded database of a kind, by the test clock or by the real one, made when first asked for."""
    made: dict[tuple[str, bool], Seeded] = {}

    def seeded(request: pytest.FixtureRequest, backend: str, is_clock_stopped: bool) -> Seeded:
        key = backend, is_clock_stopped
        if key not in made:
            database = Database(copied_database(request, backend, tmp_path_factory.mktemp("people")))
            made[key] = Seeded(database, _seed(database))
        return made[key]

    yield seeded
    for each in made.values():
        each.database.dispose()


@pytest.fixture
def is_committing(request: pytest.FixtureRequest) -> bool:
    """Tell whether the test asks for the database itself, to commit; then it has one of its own."""
    return "database" in signature(request.function).parameters


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Name the kind of database, once of each kind."""
    kind: str = request.param
    return kind


@pytest.fixture
def seeded(
    request: pytest.FixtureRequest,
    backend: str,
    is_committing: bool,
    shared: SharedBy,
    tmp_path: Path,
) -> Iterator[Seeded]:
    """Give a database with the sample people: shared, or for a test that commits its own."""
    is_clock_stopped = "clock" in request.fixturenames
    if is_clock_stopped:
        request.getfixturevalue("clock")
    if not is_committing:
        yield shared(request, backend, is_clock_stopped)
        return
    with empty_database(request, backend, tmp_path) as url:
        database = Database(url)
        yield Seeded(database, _seed(database))
        database.dispose()


@pytest.fixture
def database(seeded: Seeded) -> Database:
    """Give the seeded database of a test that commits."""
    return seeded.database


@pytest.fixture
def people(seeded: Seeded) -> dict[str, SamplePerson]:
    """Give the sample people by user name."""
    return seeded.people


def _seed(database: Database) -> dict[str, SamplePerson]:
    with database.write() as session:
        return {person.user_name: person for person in seed_sample_people(session)}


@pytest.fixture
def session(seeded: Seeded) -> Iterator[Session]:
    """Open one transaction on the seeded database; it is rolled back at the end."""
    with Session(
        seeded.database.engine.execution_options(zujian_write=True), expire_on_commit=False
    ) as session:
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
