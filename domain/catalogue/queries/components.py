"""A component with all its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.errors import ComponentNotFound
from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.queries.rows import VersionFilter, VersionRow
from domain.catalogue.queries.versions import versions
from domain.catalogue.standing import visible_to
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
    best = min(ordered, key=lambda row: _rank(row.state))
    return ComponentDetail(component_id, best.name, best, tuple(ordered))


def best_versions(session: Session, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the version by which each of the components is shown, where the actor may see one.

    Raises:
        NotAllowed: the actor may not read components.
    """
    query = select(
        ComponentVersion.component_id,
        ComponentVersion.id,
        ComponentVersion.version_canonical,
        ComponentVersion.state,
    ).where(ComponentVersion.component_id.in_(set(ids)), visible_to(actor))
    # The lowest precedence and the last choice first, so that what is better replaces it.
    found = sorted(session.execute(query), key=lambda row: Precedence(row.version_canonical))
    found.sort(key=lambda row: _rank(State(row.state)), reverse=True)
    return {row.component_id: row.id for row in found}


def _rank(state: State) -> int:
    if state in _BEST_FIRST:
        return _BEST_FIRST.index(state)
    return len(_BEST_FIRST) + (state in (State.CANCELLED, State.ARCHIVED))


def component_names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the components that exist."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Component.id, Component.name).where(Component.id.in_(wanted)))
    return {row.id: row.name for row in rows}
