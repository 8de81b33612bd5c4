"""What Table 3 gives for each region, from catalogue and orders as they were at the end of a period."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionAt
from domain.evaluation.errors import EvaluationNotFound
from domain.evaluation.models import MaturityEvidence, MaturityLevel
from domain.evaluation.rules import Period, building_score, maturity_score, reuse_score
from domain.orders import queries as orders
from domain.people import queries as people
from domain.people.permissions import regions_for, require
from domain.suspension import queries as suspensions
from kernel.actor import Actor
from kernel.clock import now
from kernel.territory import covers


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionEvaluation:
    """One region in one period; what lies in its cities belongs to a province.

    ``reliable`` is the share of its components, in percent, that were not suspended in the period: an
    indicator that is not scored (A47). ``level`` and ``total`` are None while no maturity is recognised.
    """

    region_code: str
    built: int
    building: Decimal
    required: int
    used: int
    reuse: Decimal
    level: int | None
    maturity: Decimal | None
    total: Decimal | None
    reliable: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A piece of evidence for one level."""

    id: UUID
    region_code: str
    period: str
    level: int
    file_id: UUID
    note: str
    handed_in_by: UUID | None
    handed_in_at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """The regions of a period, and what follows: those to honour, the best first, and candidates for an exit.

    A candidate stood in the catalogue for the whole period and nobody held an order for it at the end.
    Being one delists nothing: each way out has conditions of its own (9.2).
    """

    regions: tuple[RegionEvaluation, ...]
    honoured: tuple[RegionEvaluation, ...]
    candidates: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Figures:
    """What is counted at the end of a period: catalogue and orders as they were, read once."""

    standing: list[VersionAt]
    in_use: Collection[UUID]
    suspended: Collection[UUID]
    levels: Mapping[str, int]


def results(session: Session, actor: Actor, of: Period) -> Results:
    """Return the figures of a period in the regions that the actor oversees, and what follows from them.

    Raises:
        NotAllowed: the actor may not read evaluations.
    """
    require(actor, "evaluation.read")
    figures = _figures(session, of)
    regions = _regions(session, actor, figures)
    scored = [row for row in regions if row.total is not None]
    before = {one.version_id for one in catalogue.in_catalogue_at(session, of.begins_at)}
    return Results(
        regions=tuple(regions),
        honoured=tuple(sorted(scored, key=lambda row: (-(row.total or 0), row.region_code))),
        candidates=tuple(
            one.version_id
            for one in figures.standing
            if one.version_id in before.difference(figures.in_use) and _oversees(actor, one.region_code)
        ),
    )


def evaluation(session: Session, actor: Actor, region_code: str, of: Period) -> RegionEvaluation:
    """Return the figures of one region in a period.

    Raises:
        NotAllowed: the actor may not read evaluations.
        EvaluationNotFound: no such region, or not the actor's to see.
    """
    require(actor, "evaluation.read")
    for found in _regions(session, actor, _figures(session, of)):
        if found.region_code == region_code:
            return found
    raise EvaluationNotFound


def evidence(session: Session, actor: Actor, region_code: str, of: Period) -> list[EvidenceRow]:
    """Return what a region handed in for a period, by level.

    Raises:
        NotAllowed: the actor may not read evaluations.
        EvaluationNotFound: not the actor's to see.
    """
    _refuse_stranger(actor, region_code)
    query = (
        select(MaturityEvidence)
        .where(MaturityEvidence.region_code == region_code, MaturityEvidence.period == of.key)
        .order_by(MaturityEvidence.level, MaturityEvidence.id)
    )
    return [_row(found) for found in session.scalars(query)]


def piece_of_evidence(session: Session, actor: Actor, evidence_id: UUID) -> EvidenceRow:
    """Return one piece of evidence.

    Raises:
        NotAllowed: the actor may not read evaluations.
        EvaluationNotFound: no such piece, or not the actor's to see.
    """
    found = session.get(MaturityEvidence, evidence_id)
    if found is None:
        raise EvaluationNotFound
    _refuse_stranger(actor, found.region_code)
    return _row(found)


def _refuse_stranger(actor: Actor, region_code: str) -> None:
    require(actor, "evaluation.read")
    if not _oversees(actor, region_code):
        raise EvaluationNotFound


def _oversees(actor: Actor, region_code: str) -> bool:
    """Tell whether the actor reads evaluations there; a grant of another role gives no sight of them."""
    return actor.is_system or any(
        covers(overseen, region_code) for overseen in regions_for(actor, "evaluation.read")
    )


def _figures(session: Session, of: Period) -> _Figures:
    moment = min(of.ends_at, now())
    levels = session.scalars(select(MaturityLevel).where(MaturityLevel.period == of.key))
    return _Figures(
        standing=catalogue.in_catalogue_at(session, moment),
        in_use=orders.versions_in_use_at(session, moment),
        suspended=suspensions.suspended_between(session, of.begins_at, moment),
        levels={row.region_code: row.level for row in levels},
    )


def _regions(session: Session, actor: Actor, figures: _Figures) -> list[RegionEvaluation]:
    codes = sorted(row.code for row in people.regions(session) if _oversees(actor, row.code))
    return [
        _evaluated(
            code,
            [one for one in figures.standing if covers(code, one.region_code)],
            figures.in_use,
            figures.suspended,
            figures.levels.get(code),
        )
        for code in codes
    ]


def _evaluated(
    region_code: str,
    standing: list[VersionAt],
    in_use: Collection[UUID],
    suspended: Collection[UUID],
    level: int | None,
) -> RegionEvaluation:
    """Count components, not versions: several versions of one are one component (A48)."""
    built = {one.component_id for one in standing}
    required = {one.component_id for one in standing if one.is_mandatory}
    used = {one.component_id for one in standing if one.version_id in in_use} & required
    stopped = {one.component_id for one in standing if one.version_id in suspended}
    building, reuse = building_score(len(built)), reuse_score(len(used), len(required))
    maturity = None if level is None else maturity_score(level)
    return RegionEvaluation(
        region_code=region_code,
        built=len(built),
        building=building,
        required=len(required),
        used=len(used),
        reuse=reuse,
        level=level,
        maturity=maturity,
        total=None if maturity is None else building + maturity + reuse,
        reliable=100 * (len(built) - len(stopped)) // len(built) if built else None,
    )


def _row(found: MaturityEvidence) -> EvidenceRow:
    return EvidenceRow(**{name: getattr(found, name) for name in EvidenceRow.__dataclass_fields__})
