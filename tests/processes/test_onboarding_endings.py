"""Stories of the onboarding (P02) that stop: withdrawn, refused, revoked, overdue, or of another kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.catalogue.states import State
from engine.bpmn.model import ElementKind
from tests.processes import assessments
from tests.processes.onboarding_case import (
    AGAINST,
    KEY,
    adapted,
    agreed,
    as_agent,
    assessed,
    cleared,
    in_rework,
    onboarding,
    prepared,
    until_review,
)
from tests.processes.story import VERSION_ID, Story, shipped_net


def test_the_releasing_unit_cancels_before_the_start() -> None:
    story = onboarding().withdraw("start_onboarding")

    story.expect_ended_with("cancelled").expect_asked("WITHDRAW").expect_state(State.CANCELLED)
    assert story.desk.calls[-1] == ("lifecycle.cleanup", {"versionId": VERSION_ID, "reason": "业务调整"})


def test_the_provider_withdraws_with_a_reason_while_preparing() -> None:
    story = onboarding().complete("start_onboarding", outcome="start")

    story.complete("prepare", reason="产品停产", outcome="withdraw").expect_ended_with("cancelled")


def test_who_prepared_may_not_confirm_the_mode() -> None:
    story = prepared(onboarding(providerType="third_party"))

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("confirm_mode", by=story.people["prepare"], outcome="confirm")


def test_the_provider_withdraws_while_adapting() -> None:
    story = prepared(onboarding()).complete("adapt", reason="产品停产", outcome="withdraw")

    story.expect_ended_with("cancelled")


def test_the_initiator_withdraws_during_the_tests() -> None:
    assessed().withdraw("test_component").expect_ended_with("cancelled")


def test_the_provider_withdraws_instead_of_applying() -> None:
    story = cleared(assessed())

    story.complete("apply_for_review", reason="产品停产", outcome="withdraw").expect_ended_with("cancelled")


def test_the_review_refuses_and_everything_is_cleaned_up() -> None:
    story = until_review().complete("review_onboarding", outcome="refuse", opinion="不符合架构要求")

    story.expect_ended_with("cancelled").expect_state(State.CANCELLED)
    assert story.catalogue.asked[-1] == "REFUSE_ONBOARDING"
    assert story.desk.calls[-1][1]["reason"] == "不符合架构要求"


def test_the_initiator_withdraws_during_the_review() -> None:
    until_review().withdraw("review_onboarding").expect_ended_with("cancelled")


@pytest.mark.parametrize("element", ["prepare", "test_component", "apply_for_review"])
def test_whoever_took_part_may_not_review(element: str) -> None:
    story = until_review()

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("review_onboarding", by=story.people[element], outcome="refuse", opinion="否")


def test_rework_left_open_for_thirty_days_is_extended_by_the_releasing_unit() -> None:
    story = in_rework().time_passes(days=29).expect_waiting_at("rework")

    story.time_passes(days=1).expect_waiting_at("decide_overdue").expect_state(State.REWORK)
    story.complete("decide_overdue", reason="等待上游修复", outcome="extend").expect_waiting_at("rework")
    story.time_passes(days=30).expect_waiting_at("decide_overdue")


def test_overdue_rework_is_withdrawn_with_a_reason() -> None:
    story = in_rework().time_passes(days=30)

    story.complete("decide_overdue", reason="不再建设", outcome="withdraw").expect_ended_with("cancelled")


def test_the_provider_withdraws_during_rework() -> None:
    story = in_rework().complete("rework", reason="无法修复", outcome="withdraw")

    story.expect_ended_with("cancelled").expect_state(State.CANCELLED)


def test_an_onboarded_version_is_sent_to_rework_again() -> None:
    story = onboarding(start_event="sent_to_rework", against=AGAINST)

    story.expect_waiting_at("rework").expect_asked("REOPEN").expect_state(State.REWORK)
    assert story.task("rework").prefill == {"round": 1, "answers": AGAINST}


def test_the_initiator_withdraws_during_the_verification() -> None:
    agreed(until_review()).withdraw("deploy_or_verify").expect_ended_with("cancelled")


def connecting() -> Story:
    """Tell of an API whose variant is under way, a process of its own."""
    return adapted(prepared(onboarding()))


def examining() -> Story:
    """Tell of an assessment without a conclusion, a process of its own."""
    open_items = [{"item": "static", "problem": "未检测：未提交源码", "report": "示例检测中心"}]
    return assessed(assessments.saying("inconclusive", against=AGAINST, open_items=open_items))


# How to get to each step of the onboarding, and to one of each process that it calls.
STEPS: dict[str, Callable[[], Story]] = {
    "start_onboarding": onboarding,
    "prepare": lambda: onboarding().complete("start_onboarding", outcome="start"),
    "confirm_mode": lambda: prepared(onboarding(providerType="third_party")),
    "adapt": lambda: prepared(onboarding()),
    "declare_network": connecting,
    "examine": examining,
    "test_component": assessed,
    "trial_run": lambda: cleared(assessed(trialRequired=True)),
    "apply_for_review": lambda: cleared(assessed()),
    "review_onboarding": until_review,
    "rework": in_rework,
    "decide_overdue": lambda: in_rework().time_passes(days=30),
    "return_agent_access": as_agent,
    "deploy_or_verify": lambda: agreed(until_review()),
}


def test_the_releasing_unit_revokes_the_authorisation_at_every_step() -> None:
    elements = shipped_net().processes[KEY].elements.values()
    steps = {element.id for element in elements if element.kind is ElementKind.USER_TASK}
    assert steps == set(STEPS) - {"declare_network", "examine"}

    for element, tell in STEPS.items():
        story = tell().expect_waiting_at(element)
        story.message("authorisation.revoked", reason="更换提供方")

        story.expect_ended_with("cancelled").expect_state(State.DRAFT)
        assert story.topics[-2:] == ["lifecycle.revoke", "notices.send"], element


def test_a_revocation_without_a_reason_is_refused() -> None:
    story = onboarding()

    with pytest.raises(AssertionError, match="needs a reason"):
        story.message("authorisation.revoked")
