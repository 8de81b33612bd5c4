"""What a person is to start although no task says so: the listing of a version that was onboarded.

Source: draft standard, clause 9.1c, item 4
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionFilter, VersionRow
from domain.catalogue.states import State
from domain.people.permissions import RELEASING_UNIT
from engine.api import Engine, InstanceFilter
from kernel.actor import Actor
from webapp.catalogue import starting

SHOWN = 5


@dataclass(frozen=True, slots=True)
class NextStart:
    """A version whose listing its releasing unit is to apply for."""

    title: str
    url: str


def listings_to_start(session: Session, engine: Engine, actor: Actor) -> list[NextStart]:
    """Return the onboarded versions of the actor's releasing units for which no listing is under way."""
    if RELEASING_UNIT not in actor.roles:
        return []
    onboarded = queries.versions(session, actor, VersionFilter(state=State.ONBOARDED), limit=SHOWN).rows
    return [
        NextStart(f"{row.name} {row.version}", url_for("catalogue.version", version_id=row.id))
        for row in onboarded
        if actor.has_role(RELEASING_UNIT, row.region_code, row.unit_id)
        and not _is_under_way(session, engine, actor, row)
    ]


def _is_under_way(session: Session, engine: Engine, actor: Actor, row: VersionRow) -> bool:
    wanted = InstanceFilter(
        subject_type=starting.SUBJECT, subject_id=row.id, process_keys=(starting.LISTING,), limit=20
    )
    return any(case.ended_at is None for case in engine.instances(session, actor, wanted).rows)
