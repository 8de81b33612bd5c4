"""The creation of a component (P01) on its pages."""

from __future__ import annotations

from domain.catalogue.states import State
from tests.journeys.ends import reaches
from tests.journeys.theatre import Theatre

API = "统一认证中心"


@reaches("component-creation/created")
def test_a_component_is_created(theatre: Theatre) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建").created()

    journey.expect(State.ONBOARDED).expect_ends("component-creation/created")
