"""Stories of the compliance delisting (P06c)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes.delisting_case import CASE_NUMBER, WHY, delisting, said, taken_down
from tests.processes.story import Story, flows_not_walked, stories_of

KEY = "compliance-delisting"


def registered(**facts: Any) -> Story:
    """Tell of a regulation that takes effect on 1 June."""
    regulation = {
        "regulationTitle": "公共数据条例",
        "regulationClause": "第十二条",
        "effectiveDate": "2026-06-01",
    }
    return delisting(KEY, initiator="审核甲", **{**regulation, **facts})


def affected(answer: str = "not_adaptable") -> Story:
    """Tell it up to what the provider says."""
    story = registered().complete("analyse_impact", affected="个人信息查询", outcome="affected", reason=WHY)
    return story.complete("state_adaptability", plan="无法在施行前完成", outcome=answer)


def concluded(outcome: str = "cannot_adapt") -> Story:
    """Tell it up to the conclusion."""
    return affected().complete("conclude", by="审核乙", outcome=outcome, reason=WHY)


def answered(story: Story, outcome: str) -> Story:
    """Let another reviewer decide."""
    return story.complete("approve", by="审核丙", outcome=outcome, reason=WHY)


def test_what_cannot_be_adapted_is_delisted_by_the_day_of_the_regulation() -> None:
    story = taken_down(answered(concluded(), "agree"))

    story.expect_ended_with("delisted")
    asked = next(parameters for topic, parameters in story.desk.calls if topic == "takedown.announce")
    assert asked["notAfter"] == "2026-06-01"
    assert said(story, "delisting.conclude")[0]["conclusion"] == "cannot_adapt"
    assert said(story, "delisting.request")


def test_what_is_not_affected_stays() -> None:
    story = registered().complete("analyse_impact", outcome="not_affected", reason=WHY)

    story.expect_ended_with("kept")


def test_a_silent_provider_leaves_the_conclusion_to_the_reviewer() -> None:
    story = registered().complete("analyse_impact", affected="全部", outcome="affected", reason=WHY)

    story.time_passes(days=15).expect_waiting_at("conclude")
    story.complete("conclude", outcome="not_affected", reason=WHY).expect_ended_with("kept")


def test_a_change_that_makes_it_compliant_keeps_it() -> None:
    story = affected("adaptable").expect_waiting_at().message("change.finished", CASE_NUMBER)

    story.complete("verify_compliance", outcome="compliant", reason=WHY).expect_ended_with("kept")


def test_another_change_of_the_version_does_not_end_the_waiting() -> None:
    story = affected("adaptable")

    assert story.awaited == {("change.finished", CASE_NUMBER), ("change.failed", CASE_NUMBER)}


def test_a_change_that_does_not_suffice_or_failed_is_concluded_on() -> None:
    story = affected("adaptable").message("change.finished", CASE_NUMBER)
    story.complete("verify_compliance", outcome="not_compliant", reason=WHY).expect_waiting_at("conclude")

    affected("adaptable").message("change.failed", CASE_NUMBER).expect_waiting_at("conclude")


def test_the_day_of_the_regulation_ends_the_waiting() -> None:
    story = affected("adaptable").time_passes(days=100)

    story.expect_waiting_at("conclude")
    story.complete("conclude", outcome="adaptable", reason=WHY).time_passes(seconds=1)
    story.expect_waiting_at("conclude")


def test_who_registered_or_concluded_does_not_approve() -> None:
    story = concluded()

    for person in ("审核甲", "审核乙"):
        with pytest.raises(AssertionError, match="may not complete"):
            story.complete("approve", by=person, outcome="agree", reason=WHY)


def test_a_return_is_completed_or_withdrawn() -> None:
    story = answered(concluded(), "return").complete("complete_request", outcome="resubmit", reason=WHY)
    taken_down(answered(story, "agree")).expect_ended_with("delisted")

    story = answered(concluded(), "return").complete("complete_request", outcome="withdraw", reason=WHY)
    story.expect_ended_with("kept")


def test_a_refusal_and_a_withdrawal_restore_what_was() -> None:
    answered(concluded(), "refuse").expect_ended_with("kept")

    story = concluded().withdraw("approve")
    story.expect_ended_with("kept")
    assert said(story, "delisting.decide")[-1]["decision"] == "withdraw"


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
