"""Operation: one set of processes and one baseline for the province and its cities."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from kernel.errors import NotAllowed
from kernel.unit_of_work import perform
from tests.conformance.lives import Town
from webapp.baseline import service
from webapp.catalogue import starting
from webapp.catalogue.starting import CreationAsked

CITY = "990100"


def created(town: Town, user_name: str) -> UUID:
    """Start a creation as a person of a releasing unit and return the instance."""
    actor, asked = town.actor(user_name), CreationAsked(f"示例{user_name}联动组件", "1.0.0", "解耦与重构")
    return perform(
        town.platform.database,
        "instance.start",
        actor,
        lambda session: starting.start_creation(session, town.platform.engine, actor, asked),
    ).id


@pytest.mark.requirement("R-11.1a")
def test_province_and_city_run_the_same_definitions_and_no_city_lowers_the_baseline(town: Town) -> None:
    engine, supervisor = town.platform.engine, town.actor("jiandu")
    begun = [created(town, user_name) for user_name in ("fabu1", "fabu2")]
    with town.platform.database.read() as session:
        rows = [engine.instance(session, supervisor, instance_id).row for instance_id in begun]
        standing, _checks = service.baseline_in_service(session, engine)
    assert [row.region_code for row in rows] == ["990000", CITY]
    assert len({(row.process_key, row.process_version) for row in rows}) == 1

    of_province = town.actor("secadmin")
    of_city = replace(
        of_province, grants=tuple(replace(grant, region_code=CITY) for grant in of_province.grants)
    )
    strict = next(row for row in standing.limits if row.limit == 0)
    laxer = {(strict.scope, strict.item, strict.severity): 3}
    with town.platform.database.write() as session, pytest.raises(NotAllowed):
        service.set_limits(session, engine, of_city, laxer, "本市放宽", standing.edition)
    with town.platform.database.read() as session:
        assert service.baseline_in_service(session, engine)[0] == standing

    with town.platform.database.write() as session:
        changed = service.set_limits(session, engine, of_province, laxer, "全省统一调整", standing.edition)
    assert changed.edition == standing.edition + 1
