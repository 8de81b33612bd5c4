"""Reads of the market: search and detail, by what is open to the actor's regions.

A version released for a city is seen there only (A11); one released for the province is
seen in all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.market.errors import EntryNotFound
from domain.market.models import MarketBigram, MarketEntry
from domain.people import queries as people
from domain.text_search import bigrams, normalise
from kernel.actor import Actor, system_actor
from kernel.territory import region_range


@dataclass(frozen=True, slots=True)
class MarketRow:
    """An entry in a list."""

    id: UUID
    version_id: UUID
    component_id: UUID
    name: str
    version: str
    remark: str
    image: str
    layer: str
    capability_class: str
    technical_field: str
    use_requirements: str
    is_charge: str
    public_scope: int
    region_code: str
    unit_name: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class MarketDetail:
    """An entry with the Table 1 record; internal addresses of the API are left out."""

    row: MarketRow
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFilter:
    """What to look for; None does not filter. ``text`` is searched in the name."""

    text: str | None = None
    layer: str | None = None
    capability_class: str | None = None
    technical_field: str | None = None
    use_requirements: str | None = None


@dataclass(frozen=True, slots=True)
class MarketPage:
    """A page, newest first; ``next`` is the cursor, ``total`` counts all pages."""

    rows: tuple[MarketRow, ...]
    next: UUID | None
    total: int


def settings_of(session: Session, version_id: UUID) -> Mapping[str, Any]:
    """Return with which settings a version was published; none where it never was."""
    found = session.scalar(select(MarketEntry.settings).where(MarketEntry.version_id == version_id))
    return found or {}


def search(
    session: Session,
    actor: Actor,
    wanted: MarketFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = 24,
) -> MarketPage:
    """Return published components that are open to the actor.

    Raises:
        NotAllowed: the actor may not read the market.
    """
    actor.require("market.read")
    conditions = [MarketEntry.is_visible, _open_to(actor), *_conditions(wanted or MarketFilter())]
    total = session.scalar(select(func.count()).select_from(MarketEntry).where(*conditions)) or 0
    query = select(MarketEntry).where(*conditions).order_by(MarketEntry.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(MarketEntry.id < after)
    rows = _rows(session, list(session.scalars(query)))
    return MarketPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None, total)


def entry(session: Session, actor: Actor, entry_id: UUID) -> MarketDetail:
    """Return one entry with its record.

    Raises:
        NotAllowed: the actor may not read the market.
        EntryNotFound: no such entry, hidden, or not open to the actor's regions.
    """
    actor.require("market.read")
    query = select(MarketEntry).where(MarketEntry.id == entry_id, MarketEntry.is_visible, _open_to(actor))
    found = session.scalar(query)
    if found is None:
        raise EntryNotFound
    record = dict(catalogue.version_detail(session, system_actor(), found.version_id).record)
    api = record.get("apiInfo")
    if isinstance(api, Mapping):
        inner = ("targetServers", "forwardPath")
        record["apiInfo"] = {key: value for key, value in api.items() if key not in inner}
    return MarketDetail(_rows(session, [found])[0], record)


def is_shown(session: Session, version_id: UUID) -> bool:
    """Tell whether the market shows a version to anybody."""
    query = select(MarketEntry.id).where(MarketEntry.version_id == version_id, MarketEntry.is_visible)
    return session.scalar(query) is not None


def _open_to(actor: Actor) -> ColumnElement[bool]:
    if actor.is_system:
        return true()
    conditions: list[ColumnElement[bool]] = []
    for region in sorted({grant.region_code for grant in actor.grants}):
        low, high = region_range(region)
        province_low, province_high = region_range(f"{region[:2]}0000")
        within = MarketEntry.region_code.between(low, high)
        province_wide = MarketEntry.region_code.between(province_low, province_high)
        conditions += [within, and_(province_wide, MarketEntry.public_scope == 0)]
    return or_(false(), *conditions)


def _conditions(wanted: MarketFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (MarketEntry.layer, wanted.layer),
        (MarketEntry.capability_class, wanted.capability_class),
        (MarketEntry.technical_field, wanted.technical_field),
        (MarketEntry.use_requirements, wanted.use_requirements),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.text and normalise(wanted.text):
        conditions.append(MarketEntry.id.in_(_named_like(wanted.text)))
    return conditions


def _named_like(text: str) -> Select[UUID]:
    """Return the entries whose names hold every bigram of the text."""
    plain = normalise(text)
    query = select(MarketBigram.entry_id)
    if len(plain) == 1:
        starts = MarketBigram.gram.startswith(plain, autoescape=True)
        return query.where(or_(starts, MarketBigram.gram.endswith(plain, autoescape=True)))
    grams = bigrams(plain)
    return (
        query.where(MarketBigram.gram.in_(grams))
        .group_by(MarketBigram.entry_id)
        .having(func.count() == len(grams))
    )


def _rows(session: Session, entries: list[MarketEntry]) -> tuple[MarketRow, ...]:
    units = people.unit_names(session, {one.unit_id for one in entries})
    return tuple(
        MarketRow(
            id=one.id,
            version_id=one.version_id,
            component_id=one.component_id,
            name=one.name,
            version=one.version,
            remark=one.remark,
            image=one.image,
            layer=one.layer,
            capability_class=one.capability_class,
            technical_field=one.technical_field,
            use_requirements=one.use_requirements,
            is_charge=one.is_charge,
            public_scope=one.public_scope,
            region_code=one.region_code,
            unit_name=units.get(one.unit_id, ""),
            published_at=one.published_at,
        )
        for one in entries
    )
