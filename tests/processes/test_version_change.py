"""Stories of a change of a listed component (P13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.catalogue.states import State
from engine.runtime.effects import MessageThrown
from tests.processes import papers
from tests.processes.onboarding_case import (
    PASSING,
    adapted,
    agreed,
    applied,
    cleared,
    connected,
    prepared,
    verified,
)
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "version-change"
NEW_ID = "0199a000-0000-7000-8000-000000000002"
WINDOW = "2026-03-05T22:00:00+08:00"
PLANS = {
    "summary": "调整目标服务器",
    "windowStart": WINDOW,
    "windowEnd": "2026-03-06T02:00:00+08:00",
    "impact": "抖动1分钟",
    "rollbackPlan": "恢复原值",
}
HEALTHY = {"measured": True, "healthy": True}


def classified(passed: bool = True, **found: Any) -> dict[str, Any]:
    """Return what the classification yields."""
    return {
        "passed": passed,
        "riskScore": 20,
        "riskLevel": "low",
        "isHighRisk": False,
        "contractLevel": "not_checked",
        "breaches": [],
        "problems": "" if passed else "remark: 不得超过1000个字符",
        "windowStart": WINDOW,
        **found,
    }


ASKED_FOR: Mapping[str, str] = {"causeId": "cause-7"}


def change(
    kind: str,
    answers: Mapping[str, Answer] | None = None,
    state: State = State.PUBLISHED,
    cause: Mapping[str, str] = ASKED_FOR,
) -> Story:
    """Tell of a provider who starts a change."""
    desk: dict[str, Answer] = {
        **PASSING,
        "changes.classify": classified(),
        "changes.announce": {"sunsetDate": "2026-09-05" if kind == "版本" else None},
        "changes.apply": {"ok": True, "problem": None},
        "changes.sample": HEALTHY,
        "changes.update_catalogue": {"digest": "d-2", "receipt": "r-2"},
        "changes.announce_sunset": {"sunsetDate": "2026-09-05"},
        **(answers or {}),
    }
    return Story(KEY, desk, state).start(
        changeId="ch-1",
        changeType=kind,
        **cause,
        versionId=VERSION_ID,
        componentId="c-1",
        name="统一网络资源服务",
        buildMode="解耦与重构",
        technicalField="1",
        isHosting=0,
        releasingUnitId=papers.UNIT,
        providerUnitId=papers.PROVIDER_UNIT,
        record=papers.record(),
    )


def described(story: Story) -> Story:
    """Fill in a change of the catalogue data."""
    return story.complete("fill_catalogue", summary="改简介", record={"remark": "新简介"}, outcome="submit")


def configured(story: Story) -> Story:
    """Fill in a change of the configuration."""
    record = {"apiInfo": {"targetServers": [{"host": "b.svc.example:8443", "rank": 100}]}}
    return story.complete("fill_configuration", **PLANS, record=record, outcome="submit")


def reviewed(story: Story) -> Story:
    """Agree in the review of a configuration."""
    return story.complete("review_change", outcome="agree")


def keys_of(story: Story) -> list[tuple[str, str | None]]:
    """Return the messages that were thrown, each with its correlation key."""
    return [(effect.name, effect.key) for effect in story.history if isinstance(effect, MessageThrown)]


def test_a_change_of_the_catalogue_holds_when_the_operator_agrees() -> None:
    story = described(change("目录信息")).expect_waiting_at("review_catalogue")
    assert "changes.update_catalogue" not in story.topics

    story.complete("review_catalogue", outcome="agree")

    story.expect_ended_with("changed").expect_asked()
    payload = story.expect_thrown("change.finished")
    assert payload["causeId"] == "cause-7"
    # The case that asked for it waits for it by its own number.
    assert keys_of(story) == [("change.finished", "cause-7")]
    assert story.statements[-1] == {"changeId": "ch-1", "status": "finished"}


def test_a_change_that_nobody_asked_for_is_told_by_its_version() -> None:
    story = described(change("目录信息", cause={})).complete("review_catalogue", outcome="agree")

    assert keys_of(story.expect_ended_with("changed")) == [("change.finished", VERSION_ID)]


def test_what_the_provider_filled_in_is_submitted_as_a_proposal() -> None:
    story = described(change("目录信息"))

    assert story.statements[0]["proposal"]["record"] == {"remark": "新简介"}


def test_a_broken_rule_leads_back_with_what_is_wrong() -> None:
    answers = iter([classified(False), classified()])
    story = described(change("目录信息", {"changes.classify": lambda _asked: next(answers)}))

    prefill = story.expect_waiting_at("fill_catalogue").task("fill_catalogue").prefill
    assert prefill is not None
    assert prefill["returned"] == "remark: 不得超过1000个字符"
    described(story).expect_waiting_at("review_catalogue")


def test_a_returned_change_brings_the_opinion() -> None:
    story = described(change("目录信息")).complete("review_catalogue", outcome="return", opinion="请写明依据")

    prefill = story.expect_waiting_at("fill_catalogue").task("fill_catalogue").prefill
    assert prefill is not None
    assert prefill["returned"] == "请写明依据"


def test_a_refused_change_ends_and_tells_its_cause() -> None:
    story = described(change("目录信息")).complete("review_catalogue", outcome="refuse", opinion="不准确")

    story.expect_ended_with("refused")
    assert story.expect_thrown("change.failed")["causeId"] == "cause-7"
    assert keys_of(story) == [("change.failed", "cause-7")]
    assert story.statements[-1] == {"changeId": "ch-1", "status": "refused", "reason": "不准确"}


@pytest.mark.parametrize(
    ("kind", "task"),
    [
        ("目录信息", "fill_catalogue"),
        ("配置", "fill_configuration"),
        ("策略", "fill_policy"),
        ("版本", "fill_version"),
    ],
)
def test_the_provider_withdraws_what_is_not_submitted_yet(kind: str, task: str) -> None:
    story = change(kind).withdraw(task)

    story.expect_ended_with("refused").expect_asked()
    assert story.expect_thrown("change.failed")["reason"] == "业务调整"


def test_each_kind_has_a_form_of_its_own() -> None:
    for kind, task in (
        ("目录信息", "fill_catalogue"),
        ("配置", "fill_configuration"),
        ("策略", "fill_policy"),
        ("版本", "fill_version"),
    ):
        change(kind).expect_waiting_at(task)


def test_the_provider_withdraws_during_the_reviews() -> None:
    described(change("目录信息")).withdraw("review_catalogue").expect_ended_with("refused")
    configured(change("配置")).withdraw("review_change").expect_ended_with("refused")
    high_risk().withdraw("approve_high_risk").expect_ended_with("refused")


def test_a_configuration_is_applied_in_its_window_watched_and_kept() -> None:
    story = reviewed(configured(change("配置"))).expect_waiting_at()
    assert story.topics == ["changes.classify", "changes.announce"]

    story.time_passes(days=3, hours=12, minutes=59)
    assert "changes.apply" not in story.topics
    story.time_passes(minutes=1)
    assert "changes.apply" in story.topics

    story.time_passes(minutes=30)
    story.expect_ended_with("changed")
    assert story.topics.count("changes.sample") == 3
    assert story.topics[-1] == "changes.update_catalogue"


def test_a_policy_goes_the_same_way() -> None:
    record = {"apiInfo": {"rateLimit": 50}}
    story = change("策略").complete("fill_policy", **PLANS, record=record, outcome="submit")

    reviewed(story).time_passes(days=4).expect_ended_with("changed")


def high_risk() -> Story:
    """Tell of a change that the reviewer has to approve."""
    risky = {"changes.classify": classified(isHighRisk=True, riskLevel="high", riskScore=75)}
    return reviewed(configured(change("配置", risky))).expect_waiting_at("approve_high_risk")


def test_a_high_risk_is_approved_by_the_reviewer_as_well() -> None:
    story = high_risk()

    assert story.task("approve_high_risk").role == "reviewer"
    story.complete("approve_high_risk", outcome="agree").time_passes(days=4).expect_ended_with("changed")


def test_a_high_risk_is_returned_and_refused() -> None:
    high_risk().complete("approve_high_risk", outcome="return", opinion="窗口太短").expect_waiting_at(
        "fill_configuration"
    )
    high_risk().complete("approve_high_risk", outcome="refuse", opinion="风险过高").expect_ended_with(
        "refused"
    )


@pytest.mark.parametrize("element", ["change_requested", "fill_configuration", "review_change"])
def test_whoever_took_part_does_not_approve_the_risk(element: str) -> None:
    story = high_risk()

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("approve_high_risk", by=story.people[element], outcome="agree")


def test_whoever_filled_in_the_change_does_not_review_it() -> None:
    story = configured(change("配置"))

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("review_change", by=story.people["fill_configuration"], outcome="agree")


def test_a_change_that_cannot_be_applied_ends_rolled_back() -> None:
    story = reviewed(configured(change("配置", {"changes.apply": {"ok": False, "problem": None}})))

    story.time_passes(days=4).expect_ended_with("rolled back")
    assert "changes.sample" not in story.topics
    assert story.statements[-1]["status"] == "rolled_back"


def test_a_component_that_gets_worse_has_its_configuration_back() -> None:
    answers = iter([HEALTHY, {"measured": True, "healthy": False}])
    story = reviewed(configured(change("配置", {"changes.sample": lambda _asked: next(answers)})))

    story.time_passes(days=4).expect_ended_with("rolled back")

    assert story.topics[-1] == "changes.restore"
    assert story.expect_thrown("change.failed")["causeId"] == "cause-7"


NOT_MEASURED = {"changes.sample": {"measured": False, "healthy": False}}


@pytest.mark.parametrize(("outcome", "result"), [("ok", "changed"), ("bad", "rolled back")])
def test_what_the_platform_could_not_measure_is_stated_by_the_operator(outcome: str, result: str) -> None:
    story = reviewed(configured(change("配置", NOT_MEASURED))).time_passes(days=4)

    story.expect_waiting_at("state_monitoring")
    story.complete("state_monitoring", evidence="错误率0.1%，P95 80毫秒", outcome=outcome)

    story.expect_ended_with(result)
    stated = next(one for one in story.statements if one.get("check") == "change_monitoring")
    assert stated["passed"] is (outcome == "ok")


VERSION: dict[str, Answer] = {
    "catalogue.open_draft": lambda asked: {
        "ok": True,
        "versionId": NEW_ID,
        "componentId": "c-1",
        "releasingUnitId": papers.UNIT,
        "record": papers.record(version=asked["version"]),
    },
    "catalogue.check_basics": lambda asked: {
        "passed": True,
        "mandatoryLikeness": 0,
        "duplicateThreshold": 60,
        "reviewRegions": {"province": "990000", "city": "990100"},
        "record": asked["record"],
    },
    "catalogue.record_authorisation": {"authorisationId": "a-1"},
    "catalogue.load_version": {
        "record": papers.catalogue_data(),
        "componentId": "c-1",
        "releasingUnitId": papers.UNIT,
        "providerUnitId": papers.PROVIDER_UNIT,
        "state": "PUBLISHED",
    },
    "catalogue.check_listing": {"passed": True, "expired": False, "digest": "d-1"},
    "catalogue.record_listing": {"listedAt": "2026-03-02T01:00:00Z"},
    "directory.push": {"catalogueId": "k-1", "receipt": "r-1"},
    "directory.receipt": {"present": True},
    "market.publish": {"ok": True, "marketIndexId": "m-1", "publishedAt": "2026-03-05T14:00:00Z"},
}


def renewed(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a new version up to its creation; the state followed is that of the new version."""
    story = change("版本", {**VERSION, **(answers or {})}, State.DRAFT)
    story.complete(
        "fill_version", **PLANS, newVersion="2.0.0", compatibilityPlan="双版本并行6个月", outcome="submit"
    )
    return story.expect_waiting_at("fill_basics")


def created(story: Story) -> Story:
    """Create the new version."""
    story.complete("fill_basics", record=papers.record(version="2.0.0"), outcome="submit")
    story.complete("authorise_provider", **papers.authorisation(), outcome="submit")
    return story.complete("accept_mandate", outcome="accept").expect_waiting_at("start_onboarding")


def onboarded(story: Story) -> Story:
    """Onboard the new version."""
    return verified(agreed(applied(cleared(connected(adapted(prepared(created(story))))))))


def listed(story: Story) -> Story:
    """List the new version."""
    onboarded(story).complete(
        "complete_catalogue_data", record=papers.catalogue_data(), outcome="submit"
    ).complete("confirm_listing", outcome="confirm")
    return story.complete("approve_listing", outcome="agree").expect_state(State.LISTED)


def published(story: Story) -> Story:
    """Publish the new version in its window."""
    listed(story).expect_waiting_at().time_passes(days=5).expect_waiting_at("publishing_settings")
    settings = {"category": "基础支撑", "publicScope": 1}
    return story.complete("publishing_settings", settings=settings, outcome="publish")


def test_a_new_version_goes_the_whole_way_and_the_old_one_is_deprecated() -> None:
    story = published(renewed()).expect_state(State.PUBLISHED)

    story.time_passes(minutes=30).expect_ended_with("changed").expect_state(State.DEPRECATED)

    opened = next(parameters for topic, parameters in story.desk.calls if topic == "catalogue.open_draft")
    assert (opened["fromVersionId"], opened["version"]) == (VERSION_ID, "2.0.0")
    noted = next(one for one in story.statements if "newVersionId" in one)
    assert noted == {"changeId": "ch-1", "newVersionId": NEW_ID}
    watched = [asked["versionId"] for topic, asked in story.desk.calls if topic == "changes.sample"]
    assert watched == [NEW_ID] * 3


def test_an_old_version_that_is_not_published_any_more_is_left_alone() -> None:
    gone = {**VERSION["catalogue.load_version"], "state": "SUSPENDED"}  # type: ignore[dict-item]  # a value
    story = published(renewed({"catalogue.load_version": gone})).time_passes(minutes=30)

    story.expect_ended_with("changed").expect_state(State.PUBLISHED)
    assert "changes.announce_sunset" not in story.topics


def test_a_creation_that_is_cancelled_ends_the_change() -> None:
    story = renewed().complete("fill_basics", reason="合并建设", outcome="cancel")

    story.expect_ended_with("refused").expect_state(State.CANCELLED)


def test_an_onboarding_that_ends_ends_the_change() -> None:
    story = created(renewed()).withdraw("start_onboarding")

    story.expect_ended_with("refused").expect_state(State.CANCELLED)


def test_a_listing_that_is_refused_ends_the_change() -> None:
    story = onboarded(renewed()).complete(
        "complete_catalogue_data", record=papers.catalogue_data(), outcome="submit"
    )
    story.complete("confirm_listing", outcome="confirm")

    story.complete("approve_listing", outcome="refuse", opinion="与规划不符")

    story.expect_ended_with("refused").expect_state(State.ONBOARDED)


def test_a_new_version_that_is_not_published_leaves_the_old_one_as_it_was() -> None:
    story = listed(renewed()).time_passes(days=5)

    story.complete("publishing_settings", reason="政策调整", outcome="stop")

    story.expect_ended_with("rolled back").expect_state(State.LISTED)


def test_a_new_version_that_goes_wrong_is_taken_back_out_of_the_market() -> None:
    bad = {"changes.sample": {"measured": True, "healthy": False}}
    story = published(renewed(bad)).time_passes(minutes=10)

    story.expect_ended_with("rolled back").expect_state(State.LISTED)
    assert story.topics[-1] == "market.unpublish"
    assert story.desk.calls[-1][1]["versionId"] == NEW_ID


def told_of_all_kinds() -> None:
    """Tell what the tests above tell with parameters."""
    for kind, task in (
        ("目录信息", "fill_catalogue"),
        ("配置", "fill_configuration"),
        ("策略", "fill_policy"),
        ("版本", "fill_version"),
    ):
        test_the_provider_withdraws_what_is_not_submitted_yet(kind, task)
    for outcome, result in (("ok", "changed"), ("bad", "rolled back")):
        test_what_the_platform_could_not_measure_is_stated_by_the_operator(outcome, result)


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, [*stories_of(globals()), told_of_all_kinds]) == []
