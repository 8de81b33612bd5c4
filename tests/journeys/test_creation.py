"""The creation of a component (P01) on its pages."""

from __future__ import annotations

from typing import Any

import pytest

from domain.catalogue.states import State
from tests.journeys.cases import Case, newest_case
from tests.journeys.ends import reaches
from tests.journeys.persons import Refused
from tests.journeys.theatre import Journey, Theatre
from webapp.demo import kinds

CREATION = "component-creation"
API, OUTSIDE = "统一认证中心", "统一融合调度"


def own(theatre: Theatre, **changes: Any) -> Journey:
    """Draft an unhosted API of the releasing unit's own."""
    return theatre.draft(API, **{"isHosting": 0, "buildMode": "新建", **changes})


def asked_for(theatre: Theatre, name: str, version: str = "1.0.0") -> Case:
    """Let a releasing unit ask for a new component on the page that creates one."""
    person = theatre.person_of(theatre.cast.permitted("component.start_creation"))
    person.visit("/components/new")
    for field, value in (("name", name), ("version", version), ("build_mode", "新建")):
        person.put(f'[name="{field}"]', [value])
    person.press('button[value="case"]')
    theatre.driver.run_jobs()
    return newest_case(theatre, CREATION)


@reaches("component-creation/created")
def test_a_component_is_created_and_onboarded(theatre: Theatre) -> None:
    own(theatre).created().expect(State.ONBOARDED).expect_ends("component-creation/created")


@reaches("component-creation/nothing_created")
def test_who_finds_no_free_name_creates_nothing(theatre: Theatre) -> None:
    case = asked_for(theatre, own(theatre).detail.name)

    case.complete("choose_other_name", outcome="cancel", reason="沿用已有组件")

    case.expect_ends("component-creation/nothing_created")


@reaches("component-creation/creation_cancelled")
def test_the_releasing_unit_cancels_instead_of_filling_in(theatre: Theatre) -> None:
    case = asked_for(theatre, "示例新建组件（不再建设）")

    case.complete("fill_basics", outcome="cancel", reason="不再建设")

    case.expect_ends("component-creation/creation_cancelled")


@reaches("component-creation/creation_refused")
def test_a_duplicate_is_refused(theatre: Theatre) -> None:
    refused = {"outcome": "refuse", "opinion": "与已有组件重复", "duplicateDecision": "duplicate"}
    journey = own(theatre).say({"review-duplication": [refused]}).created()

    journey.expect(State.CANCELLED).expect_ends("component-creation/creation_refused")


@reaches("component-creation/mandate_withdrawn")
def test_the_mandate_is_withdrawn_before_the_provider_answers(theatre: Theatre) -> None:
    journey = own(theatre).say(stops=("accept-mandate",)).created()

    journey.withdraw().expect(State.CANCELLED).expect_ends("component-creation/mandate_withdrawn")


@reaches("component-creation/admission_refused", "external-admission/refused_licence")
def test_a_product_under_a_denied_licence_ends_the_creation(theatre: Theatre) -> None:
    journey = theatre.draft(OUTSIDE)
    product = dict(kinds.product(journey.detail.name, "1")["application"])
    journey.say({"product": [{"application": {**product, "licence": "SSPL-1.0"}}]}).created()

    journey.expect(State.CANCELLED)
    journey.expect_ends("component-creation/admission_refused", "external-admission/refused_licence")


def test_a_form_that_says_nothing_is_refused_with_every_field_that_is_missing(theatre: Theatre) -> None:
    case = asked_for(theatre, "示例新建组件（未填写）")

    with pytest.raises(Refused, match="处需要修改"):
        case.complete("fill_basics", outcome="submit")
