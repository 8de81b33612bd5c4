"""The compliance delisting (P06c) on its pages."""

from __future__ import annotations

from datetime import timedelta

from domain.catalogue.states import State
from domain.people.permissions import PROVIDER, REVIEWER
from kernel.calendar import day_of
from kernel.clock import now
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import CHANGE, COMPLIANCE

API = "统一认证中心"


def registered(journey: Journey, in_days: int) -> Journey:
    """Let a reviewer register a regulation that takes effect in so many days."""
    return journey.start(
        COMPLIANCE,
        REVIEWER,
        regulationTitle="示例省公共数据条例（虚构）",
        regulationClause="第十二条",
        effectiveDate=day_of(now() + timedelta(days=in_days)).isoformat(),
    )


@reaches(
    "compliance-delisting/not_affected",
    "compliance-delisting/refused",
    "compliance-delisting/compliant",
    "compliance-delisting/delisted",
    "component-takedown/delisted",
)
def test_a_version_stays_three_times_and_goes_by_the_day_of_the_regulation(theatre: Theatre) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建").until(State.PUBLISHED)

    registered(journey.say({"analyse-impact": [{"outcome": "not_affected"}]}), 60)
    journey.expect_ends("compliance-delisting/not_affected").expect(State.PUBLISHED)

    registered(journey.say({"approve": [{"outcome": "refuse"}]}), 60)
    journey.expect_ends("compliance-delisting/refused").expect(State.PUBLISHED)

    registered(journey.say({"state-adaptability": [{"outcome": "adaptable"}]}), 60)
    changed = {"summary": "去除法规不再允许的用途", "record": {"remark": "不再用于已被禁止的用途（示例）。"}}
    journey.say({"change-catalogue": [changed]}).start(CHANGE, PROVIDER, changeType="目录信息")
    journey.expect_ends("compliance-delisting/compliant").expect(State.PUBLISHED)

    registered(journey.say(), 1).expect(State.DELISTING).time_passes(days=1)
    journey.expect_ends("compliance-delisting/delisted", "component-takedown/delisted")
    journey.expect(State.DELISTED)
