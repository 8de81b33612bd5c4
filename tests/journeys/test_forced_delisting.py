"""The forced delisting (P06a) on its pages, with the take-down that it calls."""

from __future__ import annotations

from domain.catalogue.states import State
from domain.people.permissions import REVIEWER
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import FORCED

API = "统一认证中心"


def opened(journey: Journey) -> Journey:
    """Let a reviewer open a case."""
    return journey.start(FORCED, REVIEWER, cause="vulnerable", evidence="检测报告第3章（示例，纯属虚构）")


@reaches(
    "forced-delisting/withdrawn",
    "forced-delisting/kept",
    "forced-delisting/refused",
    "forced-delisting/to_recovery",
    "forced-delisting/delisted",
    "component-takedown/delisted",
)
def test_a_vulnerable_version_is_kept_four_times_and_delisted_at_last(theatre: Theatre) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建").until(State.PUBLISHED)

    opened(journey.say(stops=("draft-notice",))).withdraw("误立案")
    journey.expect_ends("forced-delisting/withdrawn").expect(State.PUBLISHED)

    opened(journey.say())
    journey.expect_ends("forced-delisting/kept").expect(State.PUBLISHED)

    today = {"requirements": "当日修复", "days": 0, "severity": "normal"}
    opened(journey.say({"draft-notice": [today]}, stops=("rectify",)))
    journey.say({"approve": [{"outcome": "refuse"}]}).time_passes(days=1)
    journey.expect_ends("forced-delisting/refused").expect(State.PUBLISHED)

    opened(journey.say({"draft-notice": [{**today, "severity": "high"}]}))
    journey.expect_ends("forced-delisting/to_recovery").expect(State.SUSPENDED)

    opened(journey.say({"draft-notice": [{**today, "severity": "critical"}]}, stops=("rectify",)))
    journey.say().time_passes(days=1)
    journey.expect_ends("forced-delisting/delisted", "component-takedown/delisted").expect(State.DELISTED)
