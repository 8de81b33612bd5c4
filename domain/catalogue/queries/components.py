"""A component with all its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.errors import ComponentNotFound
from domain.catalogue.models import Component
from domain.catalogue.queries.rows import VersionFilter, VersionRow
from domain.catalogue.queries.versions import versions
from domain.catalogue.states import State
from domain.catalogue.versions import Precedence
from kernel.actor import Actor

# A component shows its best version: these states come first, in this order.
_BEST_FIRST = (State.PUBLISHED, State.DEPRECATED, State.LISTED, State.SUSPENDED, State.DELISTING)


@dataclass(frozen=True, slots=True)
class ComponentDetail:
    """A component; ``versions`` run from the highest precedence down, ``best`` is shown first."""

    id: UUID
    name: str
    best: VersionRow
    versions: tuple[VersionRow, ...]


def component_page(session: Session, actor: Actor, component_id: UUID) -> ComponentDetail:
    """Return a component with the versions that the actor may see.

    Raises:
        NotAllowed: the actor may not read components.
        ComponentNotFound: no such component, or none of its versions is visible.
    """
    page = versions(session, actor, VersionFilter(component_id=component_id), limit=500)
    if not page.rows:
        raise ComponentNotFound(component_id)
    ordered = sorted(page.rows, key=lambda row: Precedence(row.canonical), reverse=True)
    best = min(ordered, key=_rank)
    return ComponentDetail(component_id, best.name, best, tuple(ordered))


def _rank(row: VersionRow) -> int:
    if row.state in _BEST_FIRST:
        return _BEST_FIRST.index(row.state)
    return len(_BEST_FIRST) + (row.state in (State.CANCELLED, State.ARCHIVED))


def component_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the components that exist."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Component.id, Component.name).where(Component.id.in_(wanted)))
    return {row.id: row.name for row in rows}
