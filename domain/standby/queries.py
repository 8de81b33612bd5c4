"""Reads of the library: pairs, core components, and the report of gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.catalogue import queries as catalogue
from domain.catalogue.states import State
from domain.people.permissions import regions_for, require
from domain.standby.models import CoreComponent, StandbyPair
from kernel.actor import Actor
from kernel.territory import region_range

_USABLE = frozenset({State.LISTED, State.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A pair that stands; ``is_usable`` tells whether the standby is listed or published now."""

    id: UUID
    main_id: UUID
    main_name: str
    standby_id: UUID
    standby_name: str
    similarity: int
    switch_notes: str
    added_at: datetime
    is_usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreRow:
    """A component on which core business depends, with the number of usable standbys that it has."""

    component_id: UUID
    name: str
    basis: str
    standbys: int


def pairs(session: Session, actor: Actor, main_id: UUID | None = None) -> list[PairRow]:
    """Return the standing pairs of the actor's regions, or those of one component, the most alike first.

    Raises:
        NotAllowed: the actor may not read the library.
    """
    require(actor, "standby.read")
    query = select(StandbyPair).where(
        StandbyPair.open_pair.is_not(None), _within(actor, StandbyPair.region_code)
    )
    if main_id is not None:
        query = query.where(StandbyPair.main_id == main_id)
    found = list(session.scalars(query.order_by(StandbyPair.similarity.desc(), StandbyPair.id)))
    ids = {one.main_id for one in found} | {one.standby_id for one in found}
    names, usable = catalogue.component_names(session, ids), _usable(session, ids)
    return [
        PairRow(
            id=one.id,
            main_id=one.main_id,
            main_name=names.get(one.main_id, ""),
            standby_id=one.standby_id,
            standby_name=names.get(one.standby_id, ""),
            similarity=one.similarity,
            switch_notes=one.switch_notes,
            added_at=one.added_at,
            is_usable=one.standby_id in usable,
        )
        for one in found
    ]


def core_components(session: Session, actor: Actor) -> list[CoreRow]:
    """Return the core components of the actor's regions; those without a standby are the gaps.

    Raises:
        NotAllowed: the actor may not read the library.
    """
    require(actor, "standby.read")
    query = select(CoreComponent).where(_within(actor, CoreComponent.region_code))
    found = list(session.scalars(query.order_by(CoreComponent.component_id)))
    names = catalogue.component_names(session, {one.component_id for one in found})
    ready = [pair.main_id for pair in pairs(session, actor) if pair.is_usable]
    return [
        CoreRow(
            component_id=one.component_id,
            name=names.get(one.component_id, ""),
            basis=one.basis,
            standbys=ready.count(one.component_id),
        )
        for one in found
    ]


def gaps_among(core: Iterable[CoreRow]) -> list[CoreRow]:
    """Return those of the core components that have not one usable standby."""
    return [row for row in core if row.standbys == 0]


def _usable(session: Session, ids: set[UUID]) -> set[UUID]:
    return catalogue.components_in_states(session, ids, _USABLE)


def _within(actor: Actor, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    if actor.is_system:
        return column.is_not(None)
    reaches = map(region_range, regions_for(actor, "standby.read"))
    return or_(false(), *(column.between(low, high) for low, high in reaches))
