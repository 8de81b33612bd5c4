"""The filing of emergency plans (P09) on its pages: in time, late, ended with its version; and the scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain.catalogue.states import State
from domain.people.permissions import REVIEWER
from kernel.calendar import day_of
from kernel.clock import now
from tests.journeys.cases import newest_case
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import COMPLIANCE

API = "统一认证中心"
FILL = "emergency-plan-filing/fill-plan"
EXAMINE = "emergency-plan-filing/examine"
# The day of the listing is not counted, and the 15th day after it is over.
OVERDUE_AFTER_DAYS = 17


@dataclass(frozen=True)
class Late:
    """Three listed versions after the 15 days of their filings; two of them have handed in nothing."""

    examined: Journey
    urged: Journey
    rectified: Journey


@pytest.fixture(scope="module")
def late(theatre: Theatre) -> Late:
    """Let three versions be listed and the time of their filings pass."""
    examined, urged, rectified = (listed(theatre) for _ in range(3))
    examined.take_up()
    theatre.time_passes(days=OVERDUE_AFTER_DAYS)
    return Late(examined, urged, rectified)


def listed(theatre: Theatre) -> Journey:
    """Bring an unhosted interface into the catalogue, whose plan nobody files yet."""
    journey = theatre.draft(API, isHosting=0, buildMode="新建").say(stops=(EXAMINE,))
    return journey.leave(FILL).until(State.LISTED)


@reaches("emergency-plan-filing/filed", "emergency-plan-overdue/in_time")
def test_a_plan_that_is_being_examined_is_in_time(late: Late) -> None:
    late.examined.go_on().expect_waiting_at("examine")

    late.examined.say({EXAMINE: [{"outcome": "agree", "reason": "完整"}]}).go_on()

    late.examined.expect_ends("emergency-plan-filing/filed", "emergency-plan-overdue/in_time")


@reaches(
    "emergency-plan-filing/reminded",
    "emergency-plan-filing/overdue_handled",
    "emergency-plan-overdue/urged",
    "emergency-plan-filing/filed",
)
def test_a_late_plan_is_urged_returned_and_filed(late: Late) -> None:
    late.urged.say({"decide-overdue": [{"outcome": "urge", "reason": "请尽快补报"}]}).go_on()
    late.urged.say({EXAMINE: [{"outcome": "return", "reason": "流程不清"}]}).take_up()

    assert late.urged.answered["fill-plan"] == 2
    late.urged.expect_ends(
        "emergency-plan-filing/reminded",
        "emergency-plan-filing/overdue_handled",
        "emergency-plan-overdue/urged",
        "emergency-plan-filing/filed",
    )


@reaches(
    "emergency-plan-overdue/rectification_asked",
    "emergency-plan-filing/overdue_handled",
    "emergency-plan-filing/ended",
)
def test_a_delisting_ends_the_filing_of_a_late_plan(late: Late) -> None:
    late.rectified.say({"decide-overdue": [{"outcome": "rectify", "reason": "多次催办未果"}]}).go_on()

    delisted(late.rectified)

    late.rectified.expect_ends(
        "emergency-plan-overdue/rectification_asked",
        "emergency-plan-filing/overdue_handled",
        "emergency-plan-filing/ended",
    )


def delisted(journey: Journey) -> None:
    """Let a version be delisted because of a regulation that comes into force at once."""
    regulation = {
        "regulationTitle": "示例省公共数据条例（虚构）",
        "regulationClause": "第十二条",
        "effectiveDate": day_of(now() + timedelta(days=1)).isoformat(),
    }
    with journey.theatre.by_services():
        journey.start(COMPLIANCE, REVIEWER, **regulation).time_passes(days=2)
    journey.expect(State.DELISTED)


@reaches("plan-review-scan/scanned")
def test_every_day_it_is_looked_for_plans_to_review(theatre: Theatre, late: Late) -> None:
    newest_case(theatre, "plan-review-scan").expect_ends("plan-review-scan/scanned")
