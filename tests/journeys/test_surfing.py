"""The way of a component into the market and out of it, always in a real Chromium."""

from __future__ import annotations

import pytest

from domain.catalogue.states import State
from domain.people.permissions import OPERATOR, PROVIDER
from tests.journeys.ends import reaches
from tests.journeys.theatre import Theatre
from webapp.catalogue.starting import LISTING, PUBLISHING

pytestmark = pytest.mark.browser

IN_BROWSER = True


@reaches(
    "component-creation/created",
    "component-onboarding/onboarded",
    "onboarding-api-unhosted/variant_done",
    "security-assessment/passed",
    "component-listing/listed",
    "component-publishing/published",
    "component-publishing/unpublished",
)
def test_a_component_is_brought_to_the_market_and_taken_out_of_it(theatre: Theatre) -> None:
    journey = theatre.draft("统一认证中心", isHosting=0, buildMode="新建").created()
    journey.start(LISTING, PROVIDER).start(PUBLISHING, OPERATOR, action="publish").expect(State.PUBLISHED)

    journey.start(PUBLISHING, OPERATOR, action="unpublish").expect(State.LISTED)

    journey.expect_ends(
        "component-creation/created",
        "component-onboarding/onboarded",
        "onboarding-api-unhosted/variant_done",
        "security-assessment/passed",
        "component-listing/listed",
        "component-publishing/published",
        "component-publishing/unpublished",
    )
