"""Which versions nobody has called for six calendar months (9.2b), and what a delisting goes back to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalogue.models import Component, ComponentVersion, StateChange
from domain.catalogue.states import Event, State
from domain.delisting import queries as delisting
from domain.delisting.kinds import IDLE_MONTHS, idle_since, is_idle
from domain.usage import queries as usage
from kernel.calendar import add_months, day_of
from kernel.clock import now

IN_CATALOGUE: Final = (State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED)
_RESTARTS: Final = (Event.RESUME, Event.APPROVE_RELISTING)


@dataclass(frozen=True, slots=True)
class IdleVersion:
    """A version without a real call for six calendar months, where it belongs and since when."""

    id: UUID
    name: str
    version: str
    state: State
    region_code: str
    unit_id: UUID
    provider_unit_id: UUID | None
    is_mandatory: bool
    idle_since: date


def idle_candidates(session: Session) -> list[IdleVersion]:
    """Return every version that is idle today and has no open case of delisting, longest idle first."""
    today = day_of(now())
    # Whoever was listed less than six months ago need not be looked at; a day is left for the zone.
    earliest = datetime.combine(add_months(today, -IDLE_MONTHS), datetime.max.time(), tzinfo=now().tzinfo)
    rows = session.execute(
        select(ComponentVersion, Component.name)
        .join(Component, Component.id == ComponentVersion.component_id)
        .where(
            ComponentVersion.state.in_([state.value for state in IN_CATALOGUE]),
            ComponentVersion.listed_at <= earliest,
        )
    ).all()
    days = idle_days(session, [row[0] for row in rows])
    under_way = delisting.versions_with_open_case(session, days)
    found = [
        IdleVersion(
            id=version.id,
            name=name,
            version=version.version_raw,
            state=State(version.state),
            region_code=version.region_code,
            unit_id=version.unit_id,
            provider_unit_id=version.provider_unit_id,
            is_mandatory=version.use_requirements == "强制",
            idle_since=days[version.id],
        )
        for version, name in rows
        if version.id in days and version.id not in under_way and is_idle(days[version.id], today)
    ]
    return sorted(found, key=lambda one: (one.idle_since, one.id))


def idle_candidate(session: Session, version_id: UUID) -> date | None:
    """Return since when a version in the catalogue is idle, or None where it is not idle today."""
    version = session.get(ComponentVersion, version_id, populate_existing=True)
    if version is None or State(version.state) not in IN_CATALOGUE:
        return None
    since = idle_days(session, [version]).get(version_id)
    return since if is_idle(since, day_of(now())) else None


def idle_days(session: Session, versions: Iterable[ComponentVersion]) -> dict[UUID, date]:
    """Return the day from which the idle clock of each listed version runs.

    The latest of listing, last real call, end of a suspension and the decision to keep it (A32).
    """
    listed = {version.id: version.listed_at for version in versions if version.listed_at is not None}
    calls = usage.last_real_calls(session, listed)
    resumed = _last_changes(session, listed)
    kept = delisting.retained_on(session, listed)
    found = {}
    for version_id, listed_at in listed.items():
        since = idle_since(listed_at, calls.get(version_id), resumed.get(version_id), kept.get(version_id))
        if since is not None:
            found[version_id] = since
    return found


def delist_from(session: Session, version_id: UUID) -> State | None:
    """Return the state in which a version was when its delisting was asked for."""
    query = select(ComponentVersion.delist_from).where(ComponentVersion.id == version_id)
    remembered = session.scalar(query)
    return State(remembered) if remembered else None


def _last_changes(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    query = (
        select(StateChange.version_id, func.max(StateChange.changed_at))
        .where(
            StateChange.version_id.in_(list(version_ids)),
            StateChange.event.in_([event.value for event in _RESTARTS]),
        )
        .group_by(StateChange.version_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
