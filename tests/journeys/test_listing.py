"""The listing of an onboarded component (P04) on its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.catalogue.states import State
from domain.people.permissions import PROVIDER
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import LISTING

API = "统一认证中心"
# The assessment has lapsed by then, the authorisation of a year has not.
EXPIRED_AFTER_DAYS = 200


def onboarded(theatre: Theatre) -> Journey:
    """Bring an unhosted interface to where its provider may apply for the listing."""
    return theatre.draft(API, isHosting=0, buildMode="新建").until(State.ONBOARDED)


@reaches(
    "component-listing/withdrawn_by_provider",
    "component-listing/withdrawn_by_releasing_unit",
    "component-listing/listing_withdrawn",
)
def test_a_listing_is_withdrawn_at_each_of_its_stages(theatre: Theatre) -> None:
    journey = onboarded(theatre)

    for form, state in (
        ("catalogue-data", State.ONBOARDED),
        ("confirm-listing", State.ONBOARDED),
        ("approve-listing", State.LISTING_REVIEW),
    ):
        journey.say(stops=(form,)).start(LISTING, PROVIDER).expect(state)
        journey.withdraw("暂缓上架").expect(State.ONBOARDED)

    journey.expect_ends(
        "component-listing/withdrawn_by_provider",
        "component-listing/withdrawn_by_releasing_unit",
        "component-listing/listing_withdrawn",
    )


@reaches("component-listing/listing_refused", "component-listing/listed")
def test_a_listing_is_returned_refused_and_started_again(theatre: Theatre) -> None:
    journey = onboarded(theatre)
    journey.say(
        {
            "confirm-listing": [{"outcome": "return", "reason": "简介有误"}],
            "approve-listing": [
                {"outcome": "return", "opinion": "图标不符"},
                {"outcome": "refuse", "opinion": "与规划不符"},
            ],
        }
    )

    journey.start(LISTING, PROVIDER).expect(State.ONBOARDED)
    assert journey.answered["catalogue-data"] == 3

    journey.start(LISTING, PROVIDER).expect(State.LISTED)
    journey.expect_ends("component-listing/listing_refused", "component-listing/listed")


@reaches("component-listing/sent_to_rework")
def test_an_expired_assessment_that_fails_when_repeated_reopens_the_onboarding(theatre: Theatre) -> None:
    journey = onboarded(theatre)
    with theatre.by_services():
        journey.time_passes(days=EXPIRED_AFTER_DAYS)

    journey.say({"examine": [{"outcome": "confirmed", "opinion": "报告已过期"}]}, stops=("rework",))
    journey.start(LISTING, PROVIDER)

    journey.expect(State.REWORK).expect_waiting_at("rework")
    # What stands against it came along with the message.
    findings = [row["finding"] for row in open_form(journey)["answers"]]
    assert len(findings) == 4
    assert all("未检测" in finding for finding in findings)
    journey.expect_ends("component-listing/sent_to_rework")


def open_form(journey: Journey) -> Mapping[str, Any]:
    """Return what the form of the open task is filled with."""
    actor, row = journey.task()
    with journey.theatre.platform.database.read() as session:
        return journey.theatre.platform.engine.task(session, actor, row.id).data
