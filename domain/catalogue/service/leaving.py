"""Gather what the state machine must know of a version that is suspended or on its way out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalogue.leaving import Leaving
from domain.catalogue.models import ComponentVersion, StateChange
from domain.catalogue.queries.idle import idle_days
from domain.catalogue.states import Event, State
from domain.delisting import queries as delisting
from domain.orders import queries as orders
from domain.suspension import queries as suspension
from kernel.calendar import day_of
from kernel.clock import now

# Every live order must have been told this in the case before the version is taken down.
TAKEDOWN_NOTICE = "takedown"


def leaving_facts(session: Session, version: ComponentVersion) -> Leaving:
    """Return the facts of a version at this instant; one that was never listed has none."""
    if version.listed_at is None:
        return Leaving(at=now(), today=day_of(now()))
    case = delisting.open_case(session, version.id)
    return Leaving(
        at=now(),
        today=day_of(now()),
        case=case,
        suspension=suspension.open_suspension(session, version.id),
        record_digest=version.record_digest,
        delist_from=version.delist_from,
        idle_since=idle_days(session, [version]).get(version.id),
        untold=orders.untold(session, version.id, case.id, TAKEDOWN_NOTICE) if case else 0,
        not_migrated=orders.not_migrated(session, version.id),
        delisted_on=_delisted_on(session, version),
        unsettled=orders.unsettled(session, version.id),
    )


def _last_change(session: Session, version_id: UUID, events: tuple[Event, ...]) -> datetime | None:
    query = select(func.max(StateChange.changed_at)).where(
        StateChange.version_id == version_id, StateChange.event.in_([event.value for event in events])
    )
    return session.scalar(query)


def _delisted_on(session: Session, version: ComponentVersion) -> date | None:
    if version.state != State.DELISTED:
        return None
    at = _last_change(session, version.id, (Event.EXECUTE,))
    return None if at is None else day_of(at)
