"""Stories of the forced delisting (P06a)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.processes.delisting_case import WHY, delisting, on_day, said, taken_down
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "forced-delisting"
BRANCHES = ("composition", "static", "dynamic", "vulnerabilities", "secrets")
PASSED = {"verdict": "passed", "findings": [], "openItems": []}
AGAINST = [{"finding": "静态应用安全测试（SAST）：未通过，高危1项（上限0）"}]
FAILED = {"verdict": "failed", "findings": [{"item": "static"}], "openItems": [], "against": AGAINST}
PASSING_SCAN: dict[str, Answer] = {
    "assessment.open": {
        "assessmentId": "0199a000-0000-7000-8000-00000000a55e",
        "form": "1",
        "hosting": "hosted",
        "hasApi": True,
        "hasEndpoint": True,
    },
    **{f"assessment.{name}": {"status": {}} for name in BRANCHES},
    "assessment.summarise": PASSED,
    "assessment.archive": {"reportDigest": "d" * 64},
}


def opened(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a case that a reviewer opened."""
    desk: dict[str, Answer] = {
        **PASSING_SCAN,
        "delisting.serve_notice": {"deadlineAt": on_day(30), "noticeId": "n-1"},
        "delisting.suspend": {"suspended": True},
        "delisting.deadline": {"isDue": False},
        **(answers or {}),
    }
    return delisting(KEY, desk, initiator="审核甲", cause="vulnerable", evidence="检测报告")


def served(severity: str = "normal", answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell it up to the notice."""
    return opened(answers).complete(
        "draft_notice", by="审核甲", requirements="修复漏洞", days=30, severity=severity, outcome="submit"
    )


def replied(severity: str = "normal", answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell it up to the verification."""
    return served(severity, answers).complete("rectify", reply="已修复", outcome="reply")


def overdue() -> Story:
    """Tell it up to the reviewer's decision after the deadline."""
    return served().time_passes(days=30).expect_waiting_at("decide_start")


def asked() -> Story:
    """Tell it up to the approval."""
    return overdue().complete("decide_start", by="审核乙", outcome="submit", reason=WHY)


def answered(story: Story, outcome: str) -> Story:
    """Let another reviewer decide."""
    return story.complete("approve", by="审核丙", outcome=outcome, reason=WHY)


def test_a_deadline_that_passed_leads_to_the_delisting() -> None:
    story = taken_down(answered(asked(), "agree"))

    story.expect_ended_with("delisted")
    assert said(story, "delisting.open")[0]["kind"] == "forced"
    assert said(story, "delisting.request")


def test_a_fault_mended_in_time_closes_the_case() -> None:
    story = replied().complete("verify_rectification", outcome="pass", reason=WHY)

    story.expect_ended_with("kept")
    assert said(story, "delisting.verify")[0]["passed"] is True


def test_a_mended_version_that_was_suspended_goes_on_to_the_recovery() -> None:
    story = replied("high").complete("verify_rectification", outcome="pass", reason=WHY)

    story.expect_ended_with("kept")
    assert story.expect_thrown("recovery.requested") == {"versionId": VERSION_ID}


def test_a_scan_that_fails_is_shown_to_the_operator_too() -> None:
    failing = {"assessment.summarise": FAILED}
    story = replied(answers=failing).expect_waiting_at("verify_rectification")

    prefill = story.task("verify_rectification").prefill
    assert prefill == {"rescan": "未通过", "against": AGAINST}
    with pytest.raises(AssertionError, match="verify_rectification"):
        story.complete("verify_rectification", outcome="pass", **prefill)
    story.complete("verify_rectification", outcome="pass", reason=WHY, **prefill)
    heard = said(story, "delisting.verify")[0]
    assert (heard["passed"], heard["rescanPassed"], heard["reason"]) == (True, False, WHY)


def test_what_was_not_mended_goes_back_until_the_deadline() -> None:
    story = replied().complete("verify_rectification", outcome="fail", reason=WHY)
    story.expect_waiting_at("rectify")

    late = replied(answers={"delisting.deadline": {"isDue": True}})
    late.complete("verify_rectification", outcome="fail", reason=WHY).expect_waiting_at("decide_start")


def test_the_reviewer_may_withdraw_the_notice_or_stop_after_the_deadline() -> None:
    opened().withdraw("draft_notice").expect_ended_with("kept")

    overdue().complete("decide_start", outcome="stop", reason=WHY).expect_ended_with("kept")


def test_who_opened_or_asked_does_not_approve() -> None:
    story = asked()

    for person in ("审核甲", "审核乙"):
        with pytest.raises(AssertionError, match="may not complete"):
            story.complete("approve", by=person, outcome="agree", reason=WHY)


def test_a_return_is_completed_or_withdrawn() -> None:
    story = answered(asked(), "return").complete("complete_request", outcome="resubmit", reason=WHY)
    taken_down(answered(story, "agree")).expect_ended_with("delisted")

    story = answered(asked(), "return").complete("complete_request", outcome="withdraw", reason=WHY)
    story.expect_ended_with("kept")


def test_a_refusal_and_a_withdrawal_restore_what_was() -> None:
    answered(asked(), "refuse").expect_ended_with("kept")
    asked().withdraw("approve").expect_ended_with("kept")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
