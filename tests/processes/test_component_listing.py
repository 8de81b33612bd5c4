"""Stories of the listing (P04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.catalogue.states import State
from engine.bpmn.model import Net
from tests.processes import assessments, papers
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "component-listing"
ELIGIBLE = {
    "passed": True,
    "expired": False,
    "reviewRegions": {"province": "990000", "city": "990100"},
}
AGAINST = [{"finding": "静态应用安全测试（SAST）：未通过，高危1项（上限0）"}]


def listing(answers: Mapping[str, Answer] | None = None, net: Net | None = None, **facts: Any) -> Story:
    """Tell of a provider who starts the listing of an onboarded version."""
    desk: dict[str, Answer] = {
        "catalogue.load_version": {
            "record": papers.catalogue_data(),
            "componentId": "c-1",
            "releasingUnitId": papers.UNIT,
            "providerUnitId": papers.PROVIDER_UNIT,
        },
        "catalogue.check_listing": {**ELIGIBLE, "digest": "d-1"},
        "catalogue.record_listing": {"listedAt": "2026-03-02T01:00:00Z"},
        "directory.push": {"catalogueId": "k-1", "receipt": "r-1"},
        **(answers or {}),
    }
    return Story(KEY, desk, State.ONBOARDED, net=net).start(versionId=VERSION_ID, **facts)


def completed(story: Story) -> Story:
    return story.complete("complete_catalogue_data", record=papers.catalogue_data(), outcome="submit")


def confirmed(story: Story) -> Story:
    return completed(story).complete("confirm_listing", outcome="confirm")


def test_an_onboarded_version_is_listed() -> None:
    story = confirmed(listing()).expect_state(State.LISTING_REVIEW)

    story.complete("approve_listing", outcome="agree")

    story.expect_ended_with("listed").expect_asked("SUBMIT_LISTING", "APPROVE_LISTING")
    story.expect_thrown("component.listed")
    assert story.topics[-1] == "notices.send"


def test_a_called_listing_leaves_the_publishing_to_its_caller() -> None:
    story = confirmed(listing(callerCaseId="case-1"))

    story.complete("approve_listing", outcome="agree").expect_ended_with("listed")
    assert story.topics[-1] == "directory.push"


def test_the_provider_withdraws_while_completing_the_data() -> None:
    story = listing().complete("complete_catalogue_data", reason="暂缓", outcome="withdraw")

    story.expect_ended_with("withdrawn").expect_state(State.ONBOARDED).expect_asked()


def test_a_listing_without_its_reports_is_refused_by_the_form() -> None:
    incomplete = papers.catalogue_data()
    del incomplete["componentDetails"]["resources"]["securityTestReport"]

    with pytest.raises(AssertionError, match="securityTestReport"):
        listing().complete("complete_catalogue_data", record=incomplete, outcome="submit")


def test_an_api_without_its_data_is_refused_by_the_form() -> None:
    incomplete = papers.catalogue_data()
    del incomplete["apiInfo"]

    with pytest.raises(AssertionError, match="apiInfo"):
        listing().complete("complete_catalogue_data", record=incomplete, outcome="submit")


def test_the_releasing_unit_returns_the_data() -> None:
    story = completed(listing()).complete("confirm_listing", reason="简介有误", outcome="return")

    story.expect_waiting_at("complete_catalogue_data")


def test_the_initiator_withdraws_before_the_confirmation() -> None:
    completed(listing()).withdraw("confirm_listing").expect_ended_with("withdrawn").expect_asked()


def test_a_version_that_is_not_eligible_goes_back() -> None:
    story = confirmed(listing({"catalogue.check_listing": {"passed": False, "expired": False}}))

    story.expect_waiting_at("complete_catalogue_data").expect_state(State.ONBOARDED)


def expired(verdict: str) -> Story:
    answers = iter([{"passed": True, "expired": True}, {"passed": True, "expired": False}])
    desk: dict[str, Answer] = {
        **assessments.saying(verdict, against=AGAINST, hosting="unhosted"),
        "catalogue.check_listing": lambda _asked: next(answers),
    }
    return confirmed(listing(desk))


def test_an_expired_assessment_is_repeated_and_checked_again() -> None:
    story = expired("passed")

    story.expect_waiting_at("approve_listing").expect_state(State.LISTING_REVIEW)
    opened = next(asked for topic, asked in story.desk.calls if topic == "assessment.open")
    assert (opened["subjectId"], opened["caller"]) == (VERSION_ID, "listing")


def test_a_repeated_assessment_that_fails_reopens_the_onboarding() -> None:
    story = expired("below_baseline")

    story.expect_ended_with("reopened").expect_state(State.ONBOARDED)
    payload = story.expect_thrown("onboarding.reopened")
    assert (payload["versionId"], payload["isHosting"]) == (VERSION_ID, 0)
    assert payload["against"] == AGAINST


@pytest.mark.parametrize(("scope", "region"), [(0, "990000"), (1, "990100")])
def test_the_scope_says_who_approves(scope: int, region: str) -> None:
    record = {**papers.catalogue_data(), "publicScope": scope}
    story = listing().complete("complete_catalogue_data", record=record, outcome="submit")

    story.complete("confirm_listing", outcome="confirm")

    assert story.task("approve_listing").region == region


def test_the_approver_returns_with_an_opinion() -> None:
    story = confirmed(listing()).complete("approve_listing", outcome="return", opinion="图标不符")

    story.expect_waiting_at("complete_catalogue_data").expect_state(State.ONBOARDED)
    confirmed(story).expect_waiting_at("approve_listing").expect_state(State.LISTING_REVIEW)


def test_the_approver_refuses() -> None:
    story = confirmed(listing()).complete("approve_listing", outcome="refuse", opinion="与规划不符")

    story.expect_ended_with("refused").expect_asked("SUBMIT_LISTING", "REFUSE_LISTING")


def test_the_initiator_withdraws_before_the_decision() -> None:
    story = confirmed(listing()).withdraw("approve_listing")

    story.expect_ended_with("withdrawn").expect_state(State.ONBOARDED)


@pytest.mark.parametrize("element", ["listing_requested", "complete_catalogue_data", "confirm_listing"])
def test_whoever_took_part_may_not_approve(element: str) -> None:
    story = confirmed(listing())

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("approve_listing", by=story.people[element], outcome="agree")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
