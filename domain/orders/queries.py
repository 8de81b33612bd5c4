"""Reads about orders: of a version for those who decide, of a unit for its people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from domain.orders.errors import OrderNotFound
from domain.orders.models import OrderNotice, UseOrder
from domain.orders.states import LIVE, OrderState
from domain.people import queries as people
from domain.people.permissions import OPERATOR, REVIEWER, SUPERVISOR, USER
from kernel.actor import Actor
from kernel.calendar import day_of
from kernel.territory import region_range

_BY_REGION = frozenset({OPERATOR, REVIEWER, SUPERVISOR})


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as it is shown."""

    id: UUID
    number: str
    version_id: UUID
    holder_unit_id: UUID
    holder_unit_name: str
    holder_region_code: str
    application: str
    purpose: str
    state: OrderState
    granted_on: str
    ends_on: str | None
    migrated_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    final_statement: dict[str, Any] | None
    has_dispute: bool
    settled_at: datetime | None
    region_code: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders, newest first; ``next`` is the cursor of the next page, or None."""

    rows: tuple[OrderRow, ...]
    next: UUID | None


def holders(session: Session, version_id: UUID) -> list[OrderRow]:
    """Return the live orders of a version, oldest first: everyone who must be told."""
    query = select(UseOrder).where(
        UseOrder.version_id == version_id, UseOrder.state.in_([state.value for state in LIVE])
    )
    return _rows(session, session.scalars(query.order_by(UseOrder.id)))


def live_count(session: Session, version_id: UUID) -> int:
    """Return how many orders of a version are live."""
    query = select(func.count()).where(
        UseOrder.version_id == version_id, UseOrder.state.in_([state.value for state in LIVE])
    )
    return session.scalar(query) or 0


def of_version(session: Session, version_id: UUID) -> list[OrderRow]:
    """Return every order of a version, newest first."""
    query = select(UseOrder).where(UseOrder.version_id == version_id).order_by(UseOrder.id.desc())
    return _rows(session, session.scalars(query))


def visible(session: Session, actor: Actor, *, after: UUID | None = None, limit: int = 50) -> OrderPage:
    """Return the orders that the actor may see: the own unit's, or those of the own regions.

    Raises:
        NotAllowed: the actor may not read orders.
    """
    actor.require("order.read")
    query = select(UseOrder).where(_visible_to(actor)).order_by(UseOrder.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(UseOrder.id < after)
    rows = _rows(session, session.scalars(query))
    return OrderPage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def order(session: Session, actor: Actor, order_id: UUID) -> OrderRow:
    """Return one order.

    Raises:
        NotAllowed: the actor may not read orders.
        OrderNotFound: no such order, or not the actor's to see.
    """
    if not actor.is_system:
        actor.require("order.read")
    condition = UseOrder.id == order_id
    if not actor.is_system:
        condition = and_(condition, _visible_to(actor))
    found = session.scalar(select(UseOrder).where(condition))
    if found is None:
        raise OrderNotFound
    return _rows(session, [found])[0]


def versions_in_use_at(session: Session, moment: datetime) -> set[UUID]:
    """Return the versions for which an order stood just before an instant."""
    day = day_of(moment - timedelta(microseconds=1)).isoformat()
    query = select(UseOrder.version_id).where(
        UseOrder.granted_on <= day,
        or_(UseOrder.ends_on.is_(None), UseOrder.ends_on >= day),
        or_(UseOrder.ended_at.is_(None), UseOrder.ended_at >= moment),
    )
    return set(session.scalars(query))


def untold(session: Session, version_id: UUID, case_id: UUID, kind: str) -> int:
    """Count the live orders of a version whose holders were not told something in a case."""
    told = select(OrderNotice.order_id).where(OrderNotice.case_id == case_id, OrderNotice.kind == kind)
    query = select(func.count()).where(
        UseOrder.version_id == version_id,
        UseOrder.state.in_([state.value for state in LIVE]),
        UseOrder.id.not_in(told),
    )
    return session.scalar(query) or 0


def not_migrated(session: Session, version_id: UUID) -> int:
    """Count the live orders of a version whose holders have not confirmed that they moved away."""
    query = select(func.count()).where(
        UseOrder.version_id == version_id,
        UseOrder.state.in_([state.value for state in LIVE]),
        UseOrder.migrated_at.is_(None),
    )
    return session.scalar(query) or 0


def unsettled(session: Session, version_id: UUID) -> int:
    """Count the orders of a version that are live, in dispute, or ended without a settled statement."""
    open_ = or_(
        UseOrder.state.in_([state.value for state in LIVE]),
        UseOrder.has_dispute,
        and_(UseOrder.final_statement.is_not(None), UseOrder.settled_at.is_(None)),
    )
    return session.scalar(select(func.count()).where(UseOrder.version_id == version_id, open_)) or 0


def told(session: Session, case_id: UUID) -> list[tuple[UUID, str, datetime]]:
    """Return (order, kind, when) of everything that holders were told in a case."""
    query = (
        select(OrderNotice.order_id, OrderNotice.kind, OrderNotice.told_at)
        .where(OrderNotice.case_id == case_id)
        .order_by(OrderNotice.id)
    )
    return [(order_id, kind, told_at) for order_id, kind, told_at in session.execute(query)]


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for grant in actor.grants:
        if grant.role in _BY_REGION:
            conditions.append(UseOrder.region_code.between(*region_range(grant.region_code)))
        elif grant.role == USER:
            unit_id = grant.unit_id or actor.unit_id
            if unit_id is not None:
                conditions.append(UseOrder.holder_unit_id == unit_id)
    return or_(false(), *conditions)


def _rows(session: Session, orders: Iterable[UseOrder]) -> list[OrderRow]:
    found = list(orders)
    names = people.unit_names(session, {one.holder_unit_id for one in found})
    return [
        OrderRow(
            id=one.id,
            number=one.number,
            version_id=one.version_id,
            holder_unit_id=one.holder_unit_id,
            holder_unit_name=names.get(one.holder_unit_id, ""),
            holder_region_code=one.holder_region_code,
            application=one.application,
            purpose=one.purpose,
            state=OrderState(one.state),
            granted_on=one.granted_on,
            ends_on=one.ends_on,
            migrated_at=one.migrated_at,
            ended_at=one.ended_at,
            end_reason=one.end_reason,
            final_statement=one.final_statement,
            has_dispute=one.has_dispute,
            settled_at=one.settled_at,
            region_code=one.region_code,
        )
        for one in found
    ]
