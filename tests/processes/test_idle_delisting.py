"""Stories of the idle delisting (P06b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes.delisting_case import WHY, delisting, said, taken_down
from tests.processes.story import Answer, Story, flows_not_walked, stories_of

KEY = "idle-delisting"
IDLE = {"eligible": True, "flags": ["mandatory"], "idleSince": "2025-09-01"}


def candidate(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a candidate that the scan found."""
    return delisting(KEY, {"delisting.register_idle": IDLE, **(answers or {})}, initiator="")


def evaluated(operator: str = "delist", reviewer: str = "delist") -> Story:
    """Tell it up to both opinions."""
    story = candidate().complete("explain", explanation="业务尚未上线", outcome="submit")
    story.expect_waiting_at("operator_opinion", "reviewer_opinion")
    story.complete("operator_opinion", by="运营甲", outcome=operator, reason=WHY)
    return story.complete("reviewer_opinion", by="审核甲", outcome=reviewer, reason=WHY)


def requested() -> Story:
    """Tell it up to the approval."""
    return evaluated().complete("request_delisting", by="运营乙", outcome="submit", reason=WHY)


def answered(story: Story, outcome: str) -> Story:
    """Let another reviewer decide."""
    return story.complete("approve", by="审核乙", outcome=outcome, reason=WHY)


def test_two_who_see_no_value_and_an_approval_delist_it() -> None:
    story = taken_down(answered(requested(), "agree"))

    story.expect_ended_with("delisted")
    assert [one["role"] for one in said(story, "delisting.opinion")] == ["operator", "reviewer"]
    assert "takedown.look_for_calls" in story.topics


def test_what_is_no_candidate_any_more_ends_at_once() -> None:
    candidate(
        {"delisting.register_idle": {"eligible": False, "flags": [], "idleSince": None}}
    ).expect_ended_with("kept")


@pytest.mark.parametrize("opinions", [("keep", "delist"), ("delist", "keep"), ("keep", "keep")])
def test_one_who_wants_to_keep_it_is_enough(opinions: tuple[str, str]) -> None:
    story = evaluated(*opinions)

    story.expect_ended_with("kept")
    assert story.desk.calls[-1][1]["retain"] is True


def test_one_who_keeps_it_ends_the_case() -> None:
    evaluated("keep", "delist").expect_ended_with("kept")


def test_silence_counts_as_not_confirmed() -> None:
    story = candidate().time_passes(days=15)
    story.expect_waiting_at("operator_opinion", "reviewer_opinion")

    story.time_passes(days=29).expect_waiting_at("operator_opinion", "reviewer_opinion")
    story.time_passes(days=2).expect_ended_with("kept")


def test_who_evaluated_or_asked_does_not_approve() -> None:
    story = requested()

    for person in ("运营甲", "审核甲", "运营乙"):
        with pytest.raises(AssertionError, match="may not complete"):
            story.complete("approve", by=person, outcome="agree", reason=WHY)


def test_the_operator_may_stop_before_asking() -> None:
    evaluated().complete("request_delisting", outcome="stop", reason=WHY).expect_ended_with("kept")


def test_a_return_is_completed_and_decided_again() -> None:
    story = answered(requested(), "return").complete("complete_request", outcome="resubmit", reason=WHY)

    taken_down(answered(story, "agree")).expect_ended_with("delisted")


def test_a_return_may_be_withdrawn_and_a_refusal_keeps_it() -> None:
    story = answered(requested(), "return").complete("complete_request", outcome="withdraw", reason=WHY)
    story.expect_ended_with("kept")
    assert said(story, "delisting.decide")[-1]["decision"] == "withdraw"

    answered(requested(), "refuse").expect_ended_with("kept")


def test_a_call_in_the_grace_period_keeps_it() -> None:
    story = candidate({"takedown.look_for_calls": {"callsFound": True}})
    story.complete("explain", explanation="—", outcome="submit")
    story.complete("operator_opinion", outcome="delist", reason=WHY)
    story.complete("reviewer_opinion", outcome="delist", reason=WHY)
    story.complete("request_delisting", outcome="submit", reason=WHY)

    taken_down(answered(story, "agree")).expect_ended_with("kept")


def test_nothing_is_decided_without_a_reason() -> None:
    story = requested()
    data: dict[str, Any] = {"outcome": "agree", "reason": "  "}

    with pytest.raises(AssertionError):
        story.complete("approve", **data)


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
