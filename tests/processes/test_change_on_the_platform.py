"""Changes on the whole platform: a new version that takes over in its window, and what waits for a change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.catalogue import queries
from domain.catalogue.states import State
from domain.changes.kinds import Status
from domain.changes.queries import changes_of
from domain.people.permissions import PROVIDER
from kernel.actor import system_actor
from kernel.clock import ManualClock, now, use_clock
from tests.processes import test_on_the_platform as on_the_platform
from tests.processes.test_on_the_platform import Component, Theatre, published, suspected, window
from webapp.catalogue.starting import CHANGE, COMPLIANCE, NoSuchCause

pytestmark = pytest.mark.slow

# The stage of the other stories on the whole platform, built once more for this file.
theatre = on_the_platform.theatre


def next_version(days: int = 2) -> dict[str, Any]:
    """Return what a provider says about a new version of the component."""
    said = {key: value for key, value in window(days).items() if key != "record"}
    return {
        **said,
        "summary": "新增批量查询",
        "newVersion": "9.0.0",
        "compatibilityPlan": "旧接口保留半年",
        "rollbackPlan": "流量切回旧版本",
    }


def successor_of(component: Component) -> Component:
    """Return the version that a change brings; the case is about that one from its draft on."""
    theatre, version_id = component.theatre, component.version_id
    with theatre.platform.database.read() as session:
        page = queries.component_page(session, system_actor("platform"), component.detail.component_id)
    (newer,) = [row for row in page.versions if row.id != version_id]
    return Component(theatre, newer.id, {}, ())


def pass_time(component: Component, *hours: float) -> None:
    """Let time pass in steps; after each, everything that is due is done."""
    clock = ManualClock(now())
    for each in hours:
        clock.advance(timedelta(hours=each, minutes=1))
        with use_clock(clock):
            component.go_on()


def test_a_new_version_goes_the_whole_way_and_takes_over_in_its_window(theatre: Theatre) -> None:
    component = published(theatre)
    component.say({"change-version": [next_version()]})

    component.start(CHANGE, PROVIDER, changeType="版本")
    successor = successor_of(component)
    successor.go_on().expect(State.LISTED)
    component.expect(State.PUBLISHED)

    pass_time(successor, 48, 1, 1, 1)

    successor.expect(State.PUBLISHED)
    component.expect(State.DEPRECATED)
    with theatre.platform.database.read() as session:
        change = changes_of(session, component.version_id)[0]
    assert (change.status, change.new_version_id) == (Status.FINISHED, successor.version_id)
    assert change.sunset_on is not None
    # The provider opened the case; that it authorised itself is not recorded.
    mandate = successor.detail.authorisation
    assert mandate is not None
    assert (mandate.provider_unit_id, mandate.granted_by) == (component.detail.provider_unit_id, None)


def catalogue_change(component: Component, **options: str) -> Component:
    """Change the introduction of a component."""
    said = {"summary": "更新简介", "record": {"remark": f"简介更新 {len(options)}"}}
    return component.say({"change-catalogue": [said]}).start(
        CHANGE, PROVIDER, changeType="目录信息", **options
    )


def test_a_compliance_case_waits_for_the_change_that_it_asked_for(theatre: Theatre) -> None:
    component = suspected(published(theatre))
    with pytest.raises(NoSuchCause):
        catalogue_change(component, causeId="ZJ-000000-2026-000000")

    catalogue_change(component, causeId="")
    assert component.outcomes_of(CHANGE) == ["changed"]
    assert component.outcomes_of(COMPLIANCE) == [None]

    catalogue_change(component)
    assert component.outcomes_of(CHANGE) == ["changed", "changed"]
    assert component.outcomes_of(COMPLIANCE) == ["kept"]
