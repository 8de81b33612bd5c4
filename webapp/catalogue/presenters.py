"""The list of versions in words: states as badges, codes as words, what may be filtered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionRow
from domain.catalogue.states import STATE_TEXT, State
from domain.people import queries as people
from kernel.language import Text
from webapp.catalogue.record import word
from webapp.languages import in_language, language
from webapp.words import words

Choices = list[tuple[str, str]]
Key = TypeVar("Key")

_TONES: Mapping[State, str] = {
    State.REWORK: "warn",
    State.DEPRECATED: "warn",
    State.SUSPENDED: "bad",
    State.DELISTING: "warn",
    State.LISTED: "brand",
    State.PUBLISHED: "ok",
    State.ONBOARDED: "brand",
}


@dataclass(frozen=True, slots=True)
class StateBadge:
    """A state as the badge macro takes it."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One version in the list."""

    id: UUID
    name: str
    version: str
    state: StateBadge
    form: str
    layer: str
    capability: str
    unit: str
    provider: str
    updated_at: datetime


def lines(session: Session, rows: Iterable[VersionRow]) -> list[Line]:
    """Finish the rows of a page."""
    rows = list(rows)
    wanted = {row.unit_id for row in rows} | {row.provider_unit_id for row in rows if row.provider_unit_id}
    units = people.unit_names(session, wanted)
    return [
        Line(
            id=row.id,
            name=row.name,
            version=row.version,
            state=state_badge(row.state),
            form=word(words("technicalField"), row.technical_field),
            layer=word(words("layer"), row.layer),
            capability=word(words("capabilityClass"), row.capability_class),
            unit=units.get(row.unit_id, ""),
            provider=units.get(row.provider_unit_id, "") if row.provider_unit_id else "",
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def state_badge(state: State) -> StateBadge:
    """Return the badge of a state."""
    return StateBadge(in_language(STATE_TEXT[state]), _TONES.get(state, ""))


def filter_choices(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Choices]:
    """Return what the list can be filtered by, besides regions, with how many versions each class holds."""

    def counted(key: str, dimension: str) -> Choices:
        numbers = counts[dimension]
        return [(code, f"{label} ({numbers.get(code, 0)})") for code, label in choices(words(key))]

    return {
        "states": choices(STATE_TEXT),
        "forms": counted("technicalField", "form"),
        "layers": counted("layer", "layer"),
        "capabilities": counted("capabilityClass", "capability"),
        "uses": counted("useRequirements", "use"),
    }


def region_choices(session: Session) -> Choices:
    """Return the regions to filter by."""
    english = language() == "en"
    return [(row.code, row.name_en if english else row.name) for row in people.regions(session)]


def build_modes() -> Choices:
    """Return the ways to build a component."""
    return choices(words("buildMode"))


def choices(texts: Mapping[Key, Text]) -> Choices:
    """Return the codes and words of a dictionary."""
    return [(str(key), in_language(text)) for key, text in texts.items()]
