"""The voluntary delisting (P06d) on its pages, with its migration period and the reminders in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.catalogue.states import State
from domain.people.permissions import PROVIDER
from kernel.calendar import day_of
from kernel.clock import now
from tests.journeys.cases import newest_case
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import VOLUNTARY
from webapp.demo.usage import Usage

API = "统一认证中心"
REMINDED = 7


def applied(journey: Journey) -> Journey:
    """Let the provider apply."""
    return journey.start(VOLUNTARY, PROVIDER, reason="业务调整，由新版本承接（示例）")


def plan(in_days: int) -> dict[str, Any]:
    """Return a plan to go offline in so many days."""
    return {"plan": {"offlineDate": day_of(now() + timedelta(days=in_days)).isoformat()}}


def asked_to_stop(journey: Journey, reason: str) -> Journey:
    """Let the provider ask to withdraw, on the page of use."""
    person = journey.theatre.person_of(journey.actor(PROVIDER))
    person.visit(f"/components/{journey.version_id}/use")
    form = f'form[action="/components/{journey.version_id}/withdrawal"]'
    person.put(f'{form} [name="reason"]', [reason])
    person.press(f"{form} button")
    return journey.go_on()


@reaches(
    "voluntary-delisting/refused",
    "voluntary-delisting/stopped",
    "migration-period/stopped",
    "migration-reminder-scan/scanned",
    "voluntary-delisting/delisted",
    "migration-period/over",
    "component-takedown/delisted",
)
def test_a_version_is_refused_to_go_stays_after_all_and_goes_when_its_users_have_moved(
    theatre: Theatre,
) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建").until(State.PUBLISHED)
    usage = Usage(theatre.platform, theatre.cast)
    usage.order([journey.version_id])
    assert not usage.refused

    applied(journey.say({"releasing-opinion": [{"outcome": "refuse"}]}))
    journey.expect_ends("voluntary-delisting/refused").expect(State.PUBLISHED)

    applied(journey.say({"supply-plan": [plan(REMINDED + 1)]}, stops=("confirm-migration",)))
    journey.expect(State.DEPRECATED).time_passes(days=1)
    newest_case(theatre, "migration-reminder-scan").expect_ends("migration-reminder-scan/scanned")
    asked_to_stop(journey.say({"decide-end": [{"outcome": "stop"}]}), "使用方尚需保留（示例）")
    journey.expect_ends("voluntary-delisting/stopped", "migration-period/stopped").expect(State.PUBLISHED)

    applied(journey.say())
    journey.expect_ends("voluntary-delisting/delisted", "migration-period/over")
    journey.expect_ends("component-takedown/delisted")
    journey.expect(State.DELISTED)
