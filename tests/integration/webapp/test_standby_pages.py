"""The page of the standby library costs the same however many pairs and gaps it shows."""

from __future__ import annotations

from itertools import pairwise

from domain.catalogue import queries
from domain.catalogue.queries import VersionFilter, VersionRow
from domain.catalogue.states import State
from domain.standby.models import CoreComponent, StandbyPair
from kernel.actor import system_actor
from kernel.clock import now
from kernel.ids import new_id
from tests.counting import counted
from tests.factories.versions import put_in_state
from tests.integration.webapp.catalogue_desk import CatalogueDesk

PLATFORM = system_actor("platform")


def keep(desk: CatalogueDesk, rows: list[VersionRow]) -> None:
    """Put each into the library as the main component of the next, and mark it as core."""
    with desk.platform.database.write() as session:
        for one, other in pairwise(rows):
            session.add(
                StandbyPair(
                    id=new_id(),
                    open_pair=str(new_id()),
                    main_id=one.component_id,
                    standby_id=other.component_id,
                    region_code=one.region_code,
                    similarity=80,
                    switch_notes="改用备用版地址",
                    added_at=now(),
                )
            )
            session.add(
                CoreComponent(
                    component_id=one.component_id,
                    region_code=one.region_code,
                    basis="一网通办",
                    marked_at=now(),
                )
            )


def test_more_pairs_and_gaps_ask_the_database_no_more_often(catalogue_desk: CatalogueDesk) -> None:
    database = catalogue_desk.platform.database
    with database.write() as session:
        rows = list(queries.versions(session, PLATFORM, VersionFilter(region_code="990100")).rows)[:6]
        put_in_state(session, rows[0].id, State.PUBLISHED)
    operator = catalogue_desk.visitor("yunying1")
    keep(catalogue_desk, rows[:2])
    operator.get("/standby")
    with counted(database) as few:
        page = operator.get("/standby").text
    assert rows[0].name in page

    keep(catalogue_desk, rows[1:])
    with counted(database) as many:
        page = operator.get("/standby").text

    assert all(f'/standby/{row.id}"' in page for row in rows[:5])
    assert len(many.statements) == len(few.statements), f"{few}\n---\n{many}"
