"""The publishing of a listed component, and taking it out of the market again (P05), on their pages."""

from __future__ import annotations

from domain.catalogue.states import State
from domain.people.permissions import OPERATOR
from tests.journeys.ends import reaches
from tests.journeys.theatre import Theatre
from webapp.catalogue.starting import PUBLISHING

API = "统一认证中心"
HOLD_DAYS = 7


@reaches(
    "component-publishing/not_published",
    "component-publishing/published",
    "component-publishing/stays_published",
    "component-publishing/unpublished",
)
def test_a_component_is_held_back_published_and_taken_out_of_the_market(theatre: Theatre) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建").until(State.LISTED)

    journey.say({"publishing-settings": [{"outcome": "stop", "reason": "政策调整"}]})
    journey.start(PUBLISHING, OPERATOR, action="publish").expect(State.LISTED)

    journey.say({"publishing-settings": [{"outcome": "hold", "reason": "等待宣传窗口"}]})
    journey.start(PUBLISHING, OPERATOR, action="publish").expect(State.LISTED)
    journey.time_passes(days=HOLD_DAYS).expect(State.PUBLISHED)

    journey.say(stops=("unpublishing-reason",))
    journey.start(PUBLISHING, OPERATOR, action="unpublish")
    journey.withdraw("仍需使用").expect(State.PUBLISHED)

    journey.say({"unpublishing-reason": [{"reason": "内容更新"}]})
    journey.start(PUBLISHING, OPERATOR, action="unpublish").expect(State.LISTED)

    journey.expect_ends(
        "component-publishing/not_published",
        "component-publishing/published",
        "component-publishing/stays_published",
        "component-publishing/unpublished",
    )
