"""The library of standby components on both databases: two at once, and what the trail says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.people.permissions import OPERATOR, USER, permissions_of
from domain.people.queries import actor_for
from domain.samples.people import SamplePerson, sample_person_id
from domain.standby import queries, service
from domain.standby.errors import PairExists
from kernel import audit
from kernel.actor import Actor, Grant, system_actor
from kernel.database import Database
from kernel.files import FileStore
from kernel.unit_of_work import perform
from tests.integration.domain.sample_versions import imported_version

ActAs = Callable[[str], Actor]
PLATFORM = system_actor("platform")


def actor_of(session: Session, user_name: str) -> Actor:
    """Return the actor of a sample person."""
    person_id = sample_person_id(session, user_name)
    assert person_id is not None
    return actor_for(session, person_id)


def add(session: Session, operator: Actor, main: UUID, standby: UUID) -> UUID:
    """Put one component beside another."""
    first, other = (catalogue.version_detail(session, operator, each) for each in (main, standby))
    return service.add_standby(session, operator, first, other, 80, "改用备用地址")


@pytest.fixture
def versions(session: Session, act_as: ActAs, store: FileStore) -> list[UUID]:
    """Import two components."""
    return [imported_version(session, act_as("fabu1"), store, sample) for sample in (0, 1)]


@pytest.mark.parametrize("what", ["pair", "core"])
def test_of_two_who_do_the_same_at_once_the_second_sees_what_the_first_did(
    database: Database, people: dict[str, SamplePerson], store: FileStore, what: str
) -> None:
    with database.write() as session:
        operator, releasing = actor_of(session, "yunying1"), actor_of(session, "fabu1")
        main, standby = (imported_version(session, releasing, store, sample) for sample in (0, 1))

    def act(session: Session, basis: str) -> None:
        if what == "pair":
            add(session, operator, main, standby)
        else:
            detail = catalogue.version_detail(session, operator, main)
            service.mark_core(session, operator, detail, basis)

    ends: list[str] = []

    def second() -> None:
        try:
            perform(database, "standby.test", operator, lambda session: act(session, "second"))
            ends.append("done")
        except PairExists as error:
            ends.append(error.message.en)

    follower = Thread(target=second)
    with database.write() as session:
        act(session, "first")
        session.flush()
        follower.start()
        # Long enough for the second to look and to wait for the first; too short only makes it easier.
        follower.join(0.5)
    follower.join()

    with database.read() as session:
        pairs = queries.pairs(session, operator)
        core = [row.basis for row in queries.core_components(session, operator)]
    expected = (
        (["This standby is in the library already"], 1, []) if what == "pair" else (["done"], 0, ["second"])
    )
    assert (ends, len(pairs), core) == expected


def test_marking_a_core_component_keeps_what_it_rested_on_before_and_after(
    session: Session, act_as: ActAs, versions: list[UUID]
) -> None:
    operator = act_as("yunying1")
    detail = catalogue.version_detail(session, operator, versions[0])

    for basis in ("一网通办依赖", " 政务大厅依赖 "):
        service.mark_core(session, operator, detail, basis)

    events = audit.events_of_stream(session, f"component:{versions[0]}")
    said = [(event.before, event.after) for event in events if event.action == "standby.core_marked"]
    assert said == [
        (None, {"basis": "一网通办依赖"}),
        ({"basis": "一网通办依赖"}, {"basis": "政务大厅依赖"}),
    ]


def test_a_grant_of_another_role_shows_no_library(
    session: Session, act_as: ActAs, versions: list[UUID]
) -> None:
    operator = act_as("yunying1")
    add(session, operator, *versions)
    elsewhere = replace(
        operator,
        grants=(Grant(OPERATOR, "990200"), Grant(USER, "990000")),
        permissions=permissions_of({OPERATOR, USER}),
    )

    assert len(queries.pairs(session, operator)) == 1
    assert queries.pairs(session, elsewhere) == []
