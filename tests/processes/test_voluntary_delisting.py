"""Stories of the voluntary delisting (P06d), and its migration period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes.delisting_case import (
    FILE,
    USER_UNIT,
    WHY,
    delisting,
    on_day,
    said,
    taken_down,
)
from tests.processes.story import Answer, Story, flows_not_walked, stories_of

KEY, PERIOD = "voluntary-delisting", "migration-period"
PLAN = {"reason": "业务调整", "migrationPlan": FILE, "successor": "新版本", "offlineDate": "2026-06-30"}
ORDER = {"orderId": "o-1", "number": "DD-1", "unitId": USER_UNIT, "application": "一网通办"}
MIGRATING = {
    "orders": [ORDER, {**ORDER, "orderId": "o-2", "number": "DD-2"}],
    "offlineAt": on_day(100),
}
DESK: dict[str, Answer] = {
    "delisting.check_plan": {"passed": True, "problems": [], "orders": [], "isMandatory": False},
    "delisting.ask_to_migrate": MIGRATING,
    "delisting.look_for_calls": {"calls": 0, "lastCallAt": None},
}


def applied(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a provider that applies."""
    return delisting(KEY, {**DESK, **(answers or {})}, initiator="提供甲", reason="业务调整")


def planned(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell it up to the opinion of the releasing unit."""
    return applied(answers).complete("supply_plan", by="提供甲", plan=PLAN, outcome="submit")


def reviewed(outcome: str = "agree", answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell it up to the decision of the reviewer."""
    story = planned(answers).complete("releasing_opinion", by="发布甲", outcome="agree", reason=WHY)
    return story.complete("review", by="审核甲", outcome=outcome, reason=WHY)


def confirmed(story: Story, count: int = 2) -> Story:
    """Let the holders of so many orders confirm."""
    for _ in range(count):
        story.complete("confirm_migration", outcome="migrated")
    return story


def still_called(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a period that ends with calls going on."""
    desk: dict[str, Answer] = {
        "delisting.look_for_calls": {"calls": 3, "lastCallAt": None},
        **(answers or {}),
    }
    return confirmed(reviewed(answers=desk)).expect_waiting_at("decide_end")


def test_a_planned_reviewed_and_migrated_version_is_delisted() -> None:
    story = taken_down(confirmed(reviewed()))

    story.expect_ended_with("delisted")
    assert said(story, "delisting.decide")[0]["offlineDate"] == "2026-06-30"
    assert [one["orderId"] for one in said(story, "delisting.confirm_migration")] == ["o-1", "o-2"]
    assert story.topics.index("delisting.enter") < story.topics.index("delisting.ask_to_migrate")


def test_without_orders_nobody_is_waited_for() -> None:
    reviewed(answers={"delisting.ask_to_migrate": {**MIGRATING, "orders": []}}).expect_waiting_at()


def test_a_plan_without_its_file_is_not_submitted() -> None:
    story = applied()

    for missing in ("migrationPlan", "reason", "offlineDate"):
        plan = {name: value for name, value in PLAN.items() if name != missing}
        with pytest.raises(AssertionError):
            story.complete("supply_plan", plan=plan, outcome="submit")


def test_a_plan_that_does_not_hold_comes_back() -> None:
    checks = iter([False, True])
    answer = lambda _asked: {  # noqa: E731  # the desk takes functions
        "passed": next(checks),
        "problems": ["下线日期"],
        "orders": [],
        "isMandatory": False,
    }
    story = applied({"delisting.check_plan": answer}).complete("supply_plan", plan=PLAN, outcome="submit")

    story.expect_waiting_at("supply_plan")
    story.complete("supply_plan", plan=PLAN, outcome="submit").expect_waiting_at("releasing_opinion")


def test_the_provider_withdraws_before_anybody_decides() -> None:
    applied().withdraw("supply_plan").expect_ended_with("kept")
    planned().withdraw("releasing_opinion").expect_ended_with("kept")
    story = planned().complete("releasing_opinion", by="发布甲", outcome="agree", reason=WHY)
    story.withdraw("review").expect_ended_with("kept")
    assert said(story, "delisting.decide")[-1]["decision"] == "withdraw"


def test_the_releasing_unit_returns_or_refuses() -> None:
    planned().complete("releasing_opinion", outcome="return", reason=WHY).expect_waiting_at("supply_plan")
    planned().complete("releasing_opinion", outcome="refuse", reason=WHY).expect_ended_with("kept")


def test_the_reviewer_refuses_or_has_the_plan_completed() -> None:
    reviewed("refuse").expect_ended_with("kept")

    story = reviewed("return").complete("complete_plan", plan=PLAN, outcome="resubmit")
    story.complete("review", by="审核甲", outcome="agree", reason=WHY)
    story.expect_waiting_at("confirm_migration", "confirm_migration")


def test_a_returned_plan_may_fail_again_or_be_withdrawn() -> None:
    checks = iter([True, False])
    answer = lambda _asked: {  # noqa: E731  # the desk takes functions
        "passed": next(checks),
        "problems": ["方案"],
        "orders": [],
        "isMandatory": False,
    }
    story = reviewed("return", {"delisting.check_plan": answer})
    story.complete("complete_plan", plan=PLAN, outcome="resubmit").expect_waiting_at("complete_plan")

    story = reviewed("return").complete("complete_plan", outcome="withdraw", reason=WHY)
    story.expect_ended_with("kept")


def test_who_applied_or_gave_an_opinion_does_not_review() -> None:
    story = planned().complete("releasing_opinion", by="发布甲", outcome="agree", reason=WHY)

    for person in ("提供甲", "发布甲"):
        with pytest.raises(AssertionError, match="may not complete"):
            story.complete("review", by=person, outcome="agree", reason=WHY)


def test_the_date_ends_the_waiting_for_holders() -> None:
    story = confirmed(reviewed(), 1).time_passes(days=101)

    assert "delisting.end_grace" in story.topics


def test_calls_that_go_on_are_decided_on_by_the_operator() -> None:
    story = still_called().complete("decide_end", outcome="extend", offlineDate="2026-08-01", reason=WHY)
    assert said(story, "delisting.postpone")[0]["offlineDate"] == "2026-08-01"
    story.expect_waiting_at("confirm_migration", "confirm_migration")

    taken_down(still_called().complete("decide_end", outcome="execute", reason=WHY)).expect_ended_with(
        "delisted"
    )


def test_a_stop_needs_the_reviewer() -> None:
    story = still_called().complete("decide_end", by="运营甲", outcome="stop", reason=WHY)
    story.complete("consent_stop", outcome="agree", reason=WHY).expect_ended_with("kept")
    assert said(story, "delisting.decide")[-1]["decision"] == "stop"

    story = still_called().complete("decide_end", by="运营甲", outcome="stop", reason=WHY)
    story.complete("consent_stop", outcome="refuse", reason=WHY)
    story.expect_waiting_at("confirm_migration", "confirm_migration")


def test_the_provider_asks_to_withdraw_meanwhile() -> None:
    story = reviewed().message("delisting.withdrawal", reason="业务恢复")

    story.expect_waiting_at("decide_end")


def test_the_stories_take_every_flow() -> None:
    stories: Any = stories_of(globals())

    assert flows_not_walked(KEY, stories) == []
    assert flows_not_walked(PERIOD, stories) == []
