"""Figures of a region in words; scores carry one decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from flask import url_for

from domain.evaluation.queries import EvidenceRow, RegionEvaluation
from domain.evaluation.rules import LEVELS
from webapp.languages import gettext as _
from webapp.languages import in_language


@dataclass(frozen=True, slots=True)
class ShownRegion:
    """One line of the table."""

    code: str
    name: str
    built: int
    building: str
    maturity: str
    reuse: str
    total: str
    reliable: str


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One piece of evidence with the address of its file."""

    level: str
    note: str
    url: str
    by: str
    at: datetime


def shown(row: RegionEvaluation, names: Mapping[str, str]) -> ShownRegion:
    """Finish one region."""
    share = _("%(used)s / %(required)s", used=row.used, required=row.required)
    return ShownRegion(
        code=row.region_code,
        name=names.get(row.region_code, row.region_code),
        built=row.built,
        building=_score(row.building),
        maturity=_("未认定") if row.maturity is None else f"c{row.level} · {_score(row.maturity)}",
        reuse=f"{share} · {_score(row.reuse)}" if row.required else f"{_('不适用')} · {_score(row.reuse)}",
        total=_("未认定") if row.total is None else _score(row.total),
        reliable=_("不适用") if row.reliable is None else f"{row.reliable}%",
    )


def shown_evidence(piece: EvidenceRow, names: Mapping[UUID, str]) -> ShownEvidence:
    """Finish one piece of evidence."""
    return ShownEvidence(
        level=in_language(LEVELS[piece.level]),
        note=piece.note,
        url=url_for("files.download", file_id=piece.file_id, evidence=piece.id),
        by=names.get(piece.handed_in_by, "") if piece.handed_in_by else "",
        at=piece.handed_in_at,
    )


def _score(value: Decimal) -> str:
    return f"{value:.1f}"
