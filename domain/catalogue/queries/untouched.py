"""Which records of the catalogue nobody touched for so long that their releasing unit is to look at them."""

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.models import ComponentVersion
from domain.catalogue.queries.idle import IN_CATALOGUE
from domain.catalogue.queries.rows import VersionRow
from domain.catalogue.queries.versions import versions_in_catalogue
from kernel.calendar import day_of
from kernel.clock import SHANGHAI, now

UNTOUCHED_DAYS: Final = 180


def untouched_versions(session: Session) -> list[VersionRow]:
    """Return the versions in the catalogue that were touched last more than 180 natural days ago.

    Source: TC609-4-2026-XX, 11.3.2a
    """
    last_day = day_of(now()) - timedelta(days=UNTOUCHED_DAYS)
    query = select(ComponentVersion.id).where(
        ComponentVersion.state.in_([state.value for state in IN_CATALOGUE]),
        ComponentVersion.updated_at < datetime.combine(last_day, time(), SHANGHAI),
    )
    return versions_in_catalogue(session, session.scalars(query))
