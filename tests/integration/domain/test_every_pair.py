"""Every pair of state and event that the table does not have, asked of the service one after the other."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import domain.catalogue.models as catalogue
from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import TransitionForbidden
from domain.catalogue.states import PLATFORM, TRANSITIONS, Event, State, transition
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from domain.samples.people import sample_person_id
from kernel.actor import Actor, system_actor
from kernel.audit.models import AuditEvent
from kernel.database import Base
from kernel.files import FileStore
from kernel.ids import new_id
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.leaving import in_catalogue, put_into

NAMES = {RELEASING_UNIT: "fabu2", PROVIDER: "tigong1", OPERATOR: "yunying1", REVIEWER: "shenhe1"}
TABLES = [
    mapper.local_table
    for mapper in Base.registry.mappers
    if mapper.class_.__module__ == catalogue.__name__
]  # fmt: skip


def everything(session: Session) -> list[Any]:
    """Return every row of the catalogue and how long the trail is."""
    rows = [set(map(str, session.execute(select(table)))) for table in TABLES]
    return [*rows, session.scalar(select(func.count()).select_from(AuditEvent))]


def test_every_pair_outside_the_table_is_refused_and_changes_nothing(
    session: Session, act_as: ActAs, store: FileStore, tmp_path: Path
) -> None:
    version_id = in_catalogue(session, act_as, store, tmp_path).version_id
    actors: dict[str, Actor] = {role: act_as(name) for role, name in NAMES.items()}
    actors[PLATFORM] = system_actor("platform")
    # Somebody who might ask for the event elsewhere, so that nothing but the state stands against it.
    may_ask = {row.event: [actors[role] for role in row.roles] for row in TRANSITIONS}
    case = CaseFacts(instance_id=new_id(), initiator_id=sample_person_id(session, "fabu2"))
    refused = 0

    for state in State:
        put_into(session, version_id, state)
        before = everything(session)
        for event in (each for each in Event if transition(state, each) is None):
            for actor in may_ask[event]:
                with pytest.raises(TransitionForbidden):
                    service.request_transition(session, actor, version_id, event, reason="理由", case=case)
                assert not {*session.new, *session.dirty, *session.deleted}
            refused += 1
        session.expire_all()
        assert everything(session) == before, state

    inside = sum(len(row.sources) for row in TRANSITIONS)
    assert refused == len(list(product(State, Event))) - inside
