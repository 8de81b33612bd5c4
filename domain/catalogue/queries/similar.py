"""Components that resemble a record, by the bigrams of their names, introductions and core functions.

Source: TC609-4-2026-XX, 5.3.1a (no building twice what is mandatory already)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalogue.models import Component, ComponentBigram, ComponentVersion, RecordSnapshot
from domain.catalogue.states import State
from domain.text_search import bigrams, likeness

# What counts how much; a part that either of the two lacks counts neither way.
_NAME, _REMARK, _FUNCTIONS = 0.6, 0.25, 0.15
_CANDIDATES: Final = 20
_ENDED: Final = (State.CANCELLED.value, State.ARCHIVED.value, State.DELISTED.value)


@dataclass(frozen=True, slots=True)
class SimilarComponent:
    """A component that resembles the record; ``score`` runs from 0.0 to 1.0."""

    version_id: UUID
    component_id: UUID
    name: str
    score: float
    is_mandatory: bool


def similar_components(
    session: Session,
    record: Mapping[str, Any],
    *,
    exclude_component: UUID | None = None,
    limit: int = 5,
) -> list[SimilarComponent]:
    """Return the components most like the record, best first, above zero."""
    own = _parts(str(record.get("name") or ""), record)
    candidates = _candidates(session, own[0], exclude_component)
    rows = session.execute(
        select(
            ComponentVersion.id,
            ComponentVersion.component_id,
            ComponentVersion.use_requirements,
            Component.name,
            RecordSnapshot.content,
        )
        .join(Component, Component.id == ComponentVersion.component_id)
        .join(RecordSnapshot, RecordSnapshot.digest == ComponentVersion.record_digest)
        .where(ComponentVersion.component_id.in_(candidates), ComponentVersion.state.not_in(_ENDED))
        .order_by(ComponentVersion.id)
    )
    best: dict[UUID, SimilarComponent] = {}
    for row in rows:
        score = _score(own, _parts(row.name, row.content))
        if row.component_id not in best or best[row.component_id].score <= score:
            best[row.component_id] = SimilarComponent(
                row.id, row.component_id, row.name, score, row.use_requirements == "强制"
            )
    ranked = sorted(best.values(), key=lambda one: (-one.score, one.name))
    return [one for one in ranked if one.score > 0][:limit]


def _parts(name: str, record: Mapping[str, Any]) -> tuple[str, str, str]:
    details = record.get("componentDetails")
    functions = details.get("coreFunctions") if isinstance(details, Mapping) else None
    return name, str(record.get("remark") or ""), str(functions or "")


def _score(own: tuple[str, str, str], other: tuple[str, str, str]) -> float:
    parts = [
        (weight, likeness(mine, theirs))
        for weight, mine, theirs in zip((_NAME, _REMARK, _FUNCTIONS), own, other, strict=True)
        if mine and theirs
    ]
    whole = sum(weight for weight, _likeness in parts)
    return round(sum(weight * alike for weight, alike in parts) / whole, 2) if whole else 0.0


def _candidates(session: Session, name: str, exclude: UUID | None) -> list[UUID]:
    grams = bigrams(name)
    if not grams:
        return []
    query = (
        select(ComponentBigram.component_id)
        .where(ComponentBigram.gram.in_(grams))
        .group_by(ComponentBigram.component_id)
        .order_by(func.count().desc(), ComponentBigram.component_id)
        .limit(_CANDIDATES)
    )
    if exclude is not None:
        query = query.where(ComponentBigram.component_id != exclude)
    return list(session.scalars(query))
