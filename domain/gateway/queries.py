"""Reads about recorded routes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.gateway.models import RecordedRoute
from kernel.actor import system_actor


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A recorded route; ``targets`` are ``{"host": ..., "rank": ...}`` objects."""

    id: UUID
    version_id: UUID
    stage: str
    public_path: str
    forward_path: str
    targets: tuple[dict[str, Any], ...]
    protocols: tuple[str, ...]
    rate_limit: int
    timeout_ms: int
    enforced: bool
    recorded_at: datetime


def routes(session: Session, version_id: UUID) -> list[RouteRow]:
    """Return the standing routes of a version, oldest first."""
    query = select(RecordedRoute).where(
        RecordedRoute.version_id == version_id, RecordedRoute.removed_at.is_(None)
    )
    return [_row(route) for route in session.scalars(query.order_by(RecordedRoute.id))]


def other_paths(session: Session, version_id: UUID) -> list[tuple[str, str]]:
    """Return (public path, component name) of the standing routes of other components."""
    own = catalogue.version_detail(session, system_actor(), version_id).component_id
    query = (
        select(RecordedRoute.public_path, RecordedRoute.component_id)
        .where(RecordedRoute.component_id != own, RecordedRoute.removed_at.is_(None))
        .distinct()
        .order_by(RecordedRoute.public_path)
    )
    found = session.execute(query).all()
    names = catalogue.component_names(session, {row.component_id for row in found})
    return [(row.public_path, names.get(row.component_id, "")) for row in found]


def _row(route: RecordedRoute) -> RouteRow:
    return RouteRow(
        id=route.id,
        version_id=route.version_id,
        stage=route.stage,
        public_path=route.public_path,
        forward_path=route.forward_path,
        targets=tuple(route.targets),
        protocols=tuple(route.protocols),
        rate_limit=route.rate_limit,
        timeout_ms=route.timeout_ms,
        enforced=route.enforced,
        recorded_at=route.recorded_at,
    )
