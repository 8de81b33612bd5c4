"""Stories of the filing of an emergency plan (P09), of what is overdue, and of the scans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes.delisting_case import FILE, PROVIDER_UNIT, WHY, on_day, said
from tests.processes.story import MONDAY, VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY, OVERDUE = "emergency-plan-filing", "emergency-plan-overdue"
GRADE = {
    "criteria": "影响范围与时长",
    "notifications": [{"contact": "值班长", "channel": "电话", "minutes": 15}],
    "measures": "切换备用线路",
    "recoveryMinutes": 60,
}
PLAN = {"grades": {"general": GRADE, "severe": GRADE, "major": GRADE}, "file": FILE}
OPENED = {
    "versionId": VERSION_ID,
    "covered": False,
    "dueAt": on_day(16),
    "remindFirstAt": on_day(7),
    "remindSecondAt": on_day(12),
    "remindThirdAt": on_day(14),
    "providerUnitId": PROVIDER_UNIT,
}


def listed(
    answers: Mapping[str, Answer] | None = None, start: str = "component_listed", **facts: Any
) -> Story:
    """Tell of a version that was listed just now."""
    desk: dict[str, Answer] = {
        "plan.open_filing": OPENED,
        "plan.check": {"passed": True, "problems": []},
        "plan.file": {"onTime": True},
        "plan.mark_overdue": {"overdue": True},
        **(answers or {}),
    }
    return Story(KEY, desk, None).start(start, **facts)


def submitted(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell it up to the examination."""
    return listed(answers).complete("fill_plan", by="提供甲", plan=PLAN, outcome="submit")


def overdue() -> Story:
    """Tell of a plan that did not come."""
    return listed().time_passes(days=17).expect_waiting_at("decide_overdue", "fill_plan")


def test_a_complete_plan_is_filed() -> None:
    story = submitted().complete("examine", outcome="agree", reason=WHY)

    story.expect_ended_with("filed")
    assert said(story, "plan.submit")[0]["plan"] == PLAN


def test_a_plan_that_is_filed_already_is_enough() -> None:
    listed({"plan.open_filing": {**OPENED, "covered": True}}).expect_ended_with("covered")


def test_an_operator_asks_for_a_missing_plan() -> None:
    story = listed(start="review_requested", versionId=VERSION_ID, cause="missing")

    assert story.desk.calls[0][1]["cause"] == "missing"
    story.expect_waiting_at("fill_plan")


def test_what_is_missing_comes_back_to_the_provider() -> None:
    checks = iter([False, True])
    answer = lambda _asked: {"passed": next(checks), "problems": ["缺少重大等级"]}  # noqa: E731
    story = listed({"plan.check": answer}).complete("fill_plan", plan=PLAN, outcome="submit")

    story.expect_waiting_at("fill_plan")
    story.complete("fill_plan", plan=PLAN, outcome="submit").expect_waiting_at("examine")


def test_the_operator_returns_a_plan_with_a_reason() -> None:
    story = submitted().complete("examine", outcome="return", reason="流程不清")

    prefill = story.task("fill_plan").prefill
    assert prefill is not None
    assert prefill["problems"] == ["流程不清"]


def test_who_filled_in_the_plan_does_not_examine_it() -> None:
    with pytest.raises(AssertionError, match="may not complete"):
        submitted().complete("examine", by="提供甲", outcome="agree", reason=WHY)


def test_reminders_go_out_on_days_seven_twelve_and_fourteen() -> None:
    story = listed()

    for days, reminders in ((6, 0), (7, 1), (11, 1), (12, 2), (13, 2), (14, 3)):
        story.time_passes(days=days - (story.now - MONDAY).days)
        assert story.topics.count("plan.remind") == reminders, days


def test_a_late_plan_is_decided_on_and_can_still_be_filed() -> None:
    for outcome, topic in (
        ("urge", "plan.restrict"),
        ("restrict", "plan.restrict"),
        ("rectify", "plan.ask_for_rectification"),
    ):
        story = overdue().complete("decide_overdue", outcome=outcome, reason=WHY)
        assert story.topics[-1] == topic
        story.complete("fill_plan", plan=PLAN, outcome="submit")
        story.complete("examine", outcome="agree", reason=WHY).expect_ended_with("filed")


def test_a_plan_in_examination_is_on_time() -> None:
    story = submitted({"plan.mark_overdue": {"overdue": False}}).time_passes(days=17)

    story.expect_waiting_at("examine")


def test_filing_ends_the_decision_on_the_delay() -> None:
    story = overdue().complete("fill_plan", plan=PLAN, outcome="submit")

    story.complete("examine", outcome="agree", reason=WHY).expect_ended_with("filed")


def test_a_delisting_ends_everything_of_the_filing() -> None:
    story = overdue().message("version.delisted")

    story.expect_ended_with("delisted")
    assert story.topics[-1] == "plan.end_filing"


@pytest.mark.parametrize("grade", ["general", "severe", "major"])
@pytest.mark.parametrize("field", sorted(GRADE))
def test_no_grade_is_handed_in_half(grade: str, field: str) -> None:
    half = {name: value for name, value in GRADE.items() if name != field}
    plan = {**PLAN, "grades": {**PLAN["grades"], grade: half}}  # type: ignore[dict-item]

    with pytest.raises(AssertionError):
        listed().complete("fill_plan", plan=plan, outcome="submit")


@pytest.mark.parametrize(
    ("key", "topic"),
    [
        ("idle-scan", "scan.idle"),
        ("plan-review-scan", "scan.plan_review"),
        ("catalogue-review-scan", "scan.catalogue_review"),
        ("migration-reminder-scan", "scan.migration_reminders"),
    ],
)
def test_a_scan_asks_its_handler_and_ends(key: str, topic: str) -> None:
    story = Story(key, {topic: {"found": 2, "started": 1}}, None).start("every_day")

    story.expect_ended_with("done")
    assert story.topics == [topic]
    assert (
        flows_not_walked(
            key, [lambda: Story(key, {topic: {"found": 0, "started": 0}}, None).start("every_day")]
        )
        == []
    )


def test_the_stories_take_every_flow() -> None:
    stories: Any = stories_of(globals())

    assert flows_not_walked(KEY, stories) == []
    assert flows_not_walked(OVERDUE, stories) == []
