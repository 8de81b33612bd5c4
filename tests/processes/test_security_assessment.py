"""Stories of the security assessment (P03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes import assessments
from tests.processes.assessments import BRANCHES
from tests.processes.story import VERSION_ID, Story, flows_not_walked, stories_of

KEY = "security-assessment"
AGAINST = [{"finding": "静态应用安全测试（SAST）：未检测，未提交源码"}]
OPEN = [{"item": "static", "problem": "未检测：未提交源码", "report": "示例检测中心"}]


def assessed(*verdicts: str, **opened: Any) -> Story:
    """Tell of an assessment that was just called; ``verdicts`` are what the summaries say in turn."""
    desk = assessments.saying(*verdicts, against=AGAINST, open_items=OPEN, **opened)
    return Story(KEY, desk, None).start(
        subjectType="version", subjectId=VERSION_ID, versionId=VERSION_ID, caller="onboarding"
    )


def judged(story: Story, verdict: str = "substitute") -> Story:
    judgement = {**OPEN[0], "verdict": verdict, "reason": "示例检测中心报告第3章"}
    return story.complete("examine", judgements=[judgement], outcome="settled", by="operator one")


def asked(story: Story, topic: str) -> Mapping[str, Any]:
    return next(parameters for called, parameters in story.desk.calls if called == topic)


def applicable(story: Story) -> dict[str, bool]:
    return {row["item"]: row["applies"] for row in asked(story, "assessment.summarise")["checks"]}


def test_five_branches_join_before_the_summary_and_a_passed_one_is_archived() -> None:
    story = assessed("passed")

    story.expect_ended_with("passed")
    assert story.topics[0] == "assessment.open"
    assert sorted(story.topics[1:6]) == sorted(f"assessment.{name}" for name in BRANCHES)
    assert story.topics[6:] == ["assessment.summarise", "assessment.archive"]


def test_one_check_below_the_baseline_is_an_error_for_the_caller() -> None:
    story = assessed("below_baseline")

    story.expect_failed_with("security.failed")
    assert "assessment.archive" not in story.topics


def test_two_operators_settle_what_machines_could_not_and_the_report_is_archived() -> None:
    story = judged(assessed("inconclusive").expect_waiting_at("examine"))
    story.expect_waiting_at("second_examine").complete("second_examine", outcome="agree", by="operator two")

    story.expect_ended_with("passed")
    assert [sorted(said) for said in story.statements] == [
        ["assessmentId", "judgements"],
        ["assessmentId", "opinion"],
    ]


def test_the_second_operator_is_another_one_than_the_first() -> None:
    story = judged(assessed("inconclusive"))

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("second_examine", outcome="agree", by="operator one")


def test_the_second_operator_sends_the_judgement_back() -> None:
    story = judged(assessed("inconclusive"))
    story.complete("second_examine", outcome="return", opinion="报告未覆盖本版本", by="operator two")

    prefill = story.expect_waiting_at("examine").task("examine").prefill
    assert prefill is not None
    assert prefill["judgements"][0]["verdict"] == "substitute"


def test_what_the_operator_confirms_is_an_error_for_the_caller() -> None:
    story = assessed("inconclusive").complete("examine", outcome="confirmed", opinion="源码确未提交")

    story.expect_failed_with("security.failed")
    assert story.statements[-1]["reason"] == "源码确未提交"


def test_a_rescan_runs_every_branch_again() -> None:
    story = assessed("inconclusive", "passed").complete("examine", outcome="rescan", opinion="已补交源码")

    story.expect_ended_with("passed")
    assert all(story.topics.count(f"assessment.{name}") == 2 for name in BRANCHES)


def test_settling_needs_a_verdict_and_a_reason_and_knows_no_way_to_let_something_through() -> None:
    story = assessed("inconclusive")

    for wrong in ({}, {"verdict": "substitute"}, {"verdict": "passed", "reason": "放行"}):
        with pytest.raises(AssertionError, match="examine"):
            story.complete("examine", judgements=[{**OPEN[0], **wrong}], outcome="settled")
    with pytest.raises(AssertionError, match="examine"):
        story.complete("examine", outcome="passed")


def test_the_table_says_which_checks_apply() -> None:
    everything = dict.fromkeys(
        ("composition", "artefact", "static", "dynamic", "vulnerabilities", "secrets", "api_risk"), True
    )

    assert applicable(assessed(form="1")) == everything
    assert applicable(assessed(form="3", hosting="unhosted")) == {**everything, "artefact": False}
    # Nothing is uploaded in the onboarding of an agent or a data service, so nothing is there to inspect.
    assert applicable(assessed(form="2", hasApi=False)) == {
        **everything,
        "artefact": False,
        "api_risk": False,
    }
    assert applicable(assessed(form="4")) == {**everything, "artefact": False}
    assert applicable(assessed(form="5", hasApi=False, hasEndpoint=False)) == {
        **everything,
        "dynamic": False,
        "api_risk": False,
    }
    assert applicable(assessed(form="5", hasApi=False)) == {**everything, "api_risk": False}
    assert applicable(assessed(form="external", hosting="external", hasApi=False, hasEndpoint=False)) == {
        **everything,
        "static": False,
        "dynamic": False,
        "api_risk": False,
    }


def test_the_baseline_limits_every_check_and_severity_and_admissions_by_rows_of_their_own() -> None:
    rows = asked(assessed(), "assessment.summarise")["baseline"]

    limits = {(row["item"], row["severity"]): row["limit"] for row in rows}
    assert len(rows) == len(limits) == 7 * 4
    assert {limits[item, "critical"] for item, _severity in limits} == {0}
    assert {limits[item, "high"] for item, _severity in limits} == {0}
    assert {row["edition"] for row in rows} == {1}


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
