"""Entries of the market in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.market.queries import MarketRow
from domain.people import queries as people
from webapp.catalogue.record import EMBLEMS, word
from webapp.languages import language
from webapp.words import words


@dataclass(frozen=True, slots=True)
class Card:
    """One published component."""

    id: UUID
    name: str
    version: str
    remark: str
    emblem: str
    form: str
    layer: str
    capability: str
    use: str
    charge: str
    scope: str
    region: str
    unit: str
    is_mandatory: bool
    published_at: datetime


def card(row: MarketRow, regions: Mapping[str, str]) -> Card:
    """Finish one entry."""
    return Card(
        id=row.id,
        name=row.name,
        version=row.version,
        remark=row.remark,
        emblem=EMBLEMS.get(row.image, "package"),
        form=word(words("technicalField"), row.technical_field),
        layer=word(words("layer"), row.layer),
        capability=word(words("capabilityClass"), row.capability_class),
        use=word(words("useRequirements"), row.use_requirements),
        charge=word(words("isCharge"), row.is_charge),
        scope=word(words("publicScope"), row.public_scope),
        region=regions.get(row.region_code, row.region_code),
        unit=row.unit_name,
        is_mandatory=row.use_requirements == "强制",
        published_at=row.published_at,
    )


def region_names(session: Session) -> dict[str, str]:
    """Return the names of the regions by code."""
    english = language() == "en"
    return {row.code: row.name_en if english else row.name for row in people.regions(session)}
