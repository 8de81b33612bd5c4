"""Which components stand in the catalogue, now or at an earlier instant by the steps that were kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from domain.catalogue.models import ComponentVersion, StateChange
from domain.catalogue.states import State

_STANDING = (State.LISTED.value, State.PUBLISHED.value)


@dataclass(frozen=True, slots=True)
class VersionAt:
    """A version that was listed or published then; whether it was mandatory is what its record said then."""

    version_id: UUID
    component_id: UUID
    region_code: str
    is_mandatory: bool


def in_catalogue_at(session: Session, moment: datetime) -> list[VersionAt]:
    """Return every version that was listed or published just before an instant."""
    last = (
        select(StateChange.version_id, func.max(StateChange.number).label("number"))
        .where(StateChange.changed_at < moment)
        .group_by(StateChange.version_id)
        .subquery()
    )
    query = (
        select(ComponentVersion, StateChange.use_requirements)
        .join(last, last.c.version_id == ComponentVersion.id)
        .join(
            StateChange,
            and_(StateChange.version_id == last.c.version_id, StateChange.number == last.c.number),
        )
        .where(StateChange.to_state.in_(_STANDING))
        .order_by(ComponentVersion.id)
    )
    return [
        VersionAt(one.id, one.component_id, one.region_code, (then or one.use_requirements) == "强制")
        for one, then in session.execute(query)
    ]


def components_in_states(session: Session, ids: Collection[UUID], states: Collection[State]) -> set[UUID]:
    """Return those of the components of which a version is in one of the states now."""
    query = select(ComponentVersion.component_id).where(
        ComponentVersion.component_id.in_(list(ids)),
        ComponentVersion.state.in_([state.value for state in states]),
    )
    return set(session.scalars(query))
