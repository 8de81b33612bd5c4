"""People as the pages show them: names instead of ids, words instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people import queries
from domain.people.permissions import ROLES
from domain.people.queries import GrantRow, PersonRow, UnitRow
from domain.people.service import UNIT_KINDS
from webapp.languages import gettext as _
from webapp.languages import in_language, language

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownGrant:
    """One grant in words; ``status`` is proposed or active."""

    id: UUID
    person_id: UUID
    person: str
    role: str
    region: str
    unit: str
    status: str
    proposed_by: str
    proposed_at: datetime
    period: str


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One person in words."""

    id: UUID
    name: str
    user_name: str
    unit: str
    region: str
    is_active: bool
    last_sign_in_at: datetime | None
    grants: tuple[ShownGrant, ...]
    is_verified: bool
    is_unused: bool


def persons(session: Session, rows: Sequence[PersonRow]) -> list[ShownPerson]:
    """Show persons with their grants."""
    names = _region_names(session)
    shown = {grant.id: grant for grant in grants(session, [grant for row in rows for grant in row.grants])}
    return [
        ShownPerson(
            id=row.id,
            name=row.name,
            user_name=row.user_name or "",
            unit=row.unit_name,
            region=names.get(row.region_code, row.region_code),
            is_active=row.is_active,
            last_sign_in_at=row.last_sign_in_at,
            grants=tuple(shown[grant.id] for grant in row.grants),
            is_verified=row.is_verified,
            is_unused=row.is_unused,
        )
        for row in rows
    ]


def grants(session: Session, rows: Iterable[GrantRow]) -> list[ShownGrant]:
    """Show grants with the names of people, units and regions."""
    rows = list(rows)
    regions = _region_names(session)
    units = queries.unit_names(session, {row.unit_id for row in rows if row.unit_id})
    people = {row.person_id for row in rows} | {row.proposed_by for row in rows if row.proposed_by}
    names = queries.person_names(session, people)
    return [
        ShownGrant(
            id=row.id,
            person_id=row.person_id,
            person=names.get(row.person_id, ""),
            role=in_language(ROLES[row.role]),
            region=regions.get(row.region_code, row.region_code),
            unit=units.get(row.unit_id, "") if row.unit_id else _("不限单位"),
            status=row.status,
            proposed_by=names.get(row.proposed_by, "") if row.proposed_by else _("系统初始化"),
            proposed_at=row.proposed_at,
            period=f"{row.starts_on or '…'} – {row.ends_on or '…'}" if row.starts_on or row.ends_on else "",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree, as deep as it stands."""

    unit: UnitRow
    depth: int
    kind: str
    region: str


def tree(session: Session) -> list[Branch]:
    """Return the units, each below the one above it, roots by region and name."""
    rows = queries.units(session)
    known = {row.id for row in rows}
    words, regions = dict(kinds()), dict(region_choices(session))
    below: dict[UUID | None, list[UnitRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[Branch] = []

    def climb(parent: UUID | None, depth: int) -> None:
        for row in below.get(parent, ()):
            found.append(Branch(row, depth, words[row.kind], regions.get(row.region_code, row.region_code)))
            climb(row.id, depth + 1)

    climb(None, 0)
    return found


def kinds() -> Choices:
    """Return the kinds of units, in words."""
    words = {
        "releasing": _("发布单位"),
        "provider": _("提供方"),
        "operator": _("运营方"),
        "reviewer": _("审核方"),
        "supervisor": _("数据主管部门"),
        "user": _("使用方"),
        "platform": _("平台"),
    }
    return [(kind, words[kind]) for kind in UNIT_KINDS]


def unit_choices(session: Session) -> Choices:
    """Return the units to choose from."""
    return [(str(row.id), row.name) for row in queries.units(session)]


def region_choices(session: Session) -> Choices:
    """Return the regions to choose from."""
    return list(_region_names(session).items())


def grant_choices(session: Session) -> dict[str, Any]:
    """Return what the form of a new grant offers."""
    return {
        "roles": [(key, in_language(text)) for key, text in ROLES.items()],
        "regions": region_choices(session),
        "units": [("", _("不限单位")), *unit_choices(session)],
    }


def _region_names(session: Session) -> dict[str, str]:
    english = language() == "en"
    return {row.code: row.name_en if english else row.name for row in queries.regions(session)}
