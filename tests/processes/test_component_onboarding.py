"""Stories of the onboarding (P02) that go on; test_onboarding_endings.py has those that stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.catalogue.states import State
from tests.processes import assessments, papers, test_onboarding_endings, variants
from tests.processes.onboarding_case import (
    AGAINST,
    KEY,
    adapted,
    agreed,
    applied,
    as_agent,
    assessed,
    cleared,
    connected,
    in_rework,
    mended,
    onboarding,
    prepared,
    until_review,
    verified,
)
from tests.processes.story import VERSION_ID, Story, flows_not_walked, stories_of


def test_an_unhosted_api_is_onboarded() -> None:
    story = verified(agreed(until_review()))

    story.expect_ended_with("onboarded").expect_state(State.ONBOARDED)
    story.expect_asked("START_ONBOARDING", "SUBMIT_ASSESSMENT", "APPLY_REVIEW", "CONFIRM_ONBOARDED")
    assert [s["check"] for s in story.statements] == [
        "operator_tests",
        "onboarding_review",
        "information_verified",
    ]
    asked = next(asked for topic, asked in story.desk.calls if topic == "assessment.open")
    assert (asked["subjectType"], asked["subjectId"], asked["caller"]) == (
        "version",
        VERSION_ID,
        "onboarding",
    )
    assert "assessment.archive" in story.topics


def test_another_process_can_call_the_onboarding() -> None:
    onboarding(start_event=None).expect_waiting_at("start_onboarding").expect_state(State.AUTHORIZED)


def test_incomplete_material_goes_back_to_the_provider() -> None:
    story = prepared(onboarding({"checks.preparation": {"passed": False}}))

    story.expect_waiting_at("prepare").expect_state(State.ONBOARDING)
    prefill = story.task("prepare").prefill
    assert prefill is not None
    assert prefill["preparation"]["selfChecks"]["security"] == "passed"


def test_an_authorised_third_party_has_its_mode_confirmed() -> None:
    story = prepared(onboarding(providerType="third_party")).expect_waiting_at("confirm_mode")

    story.complete("confirm_mode", isHosting=0, confirmedMode=0, outcome="confirm")

    story.expect_waiting_at("adapt")


@pytest.mark.parametrize(("scope", "region"), [(0, "990000"), (1, "990100")])
def test_the_scope_says_who_confirms_the_mode_and_who_reviews(scope: int, region: str) -> None:
    story = prepared(onboarding(providerType="third_party", record=papers.record(publicScope=scope)))
    assert story.task("confirm_mode").region == region

    story.complete("confirm_mode", isHosting=0, confirmedMode=0, outcome="confirm")

    assert applied(cleared(connected(adapted(story)))).task("review_onboarding").region == region


def test_a_mode_that_differs_from_the_declared_one_goes_back_to_the_provider() -> None:
    story = prepared(onboarding(providerType="third_party"))

    story.complete("confirm_mode", isHosting=0, confirmedMode=1, outcome="confirm")

    story.expect_waiting_at("prepare")


@pytest.mark.parametrize(
    ("technical_field", "is_hosting", "tell", "waits_at"),
    [
        ("1", 1, variants.hosted_api, "upload_artefact"),
        ("1", 0, variants.unhosted_api, "declare_network"),
        ("2", 0, variants.agent, "register_agent"),
        ("3", 1, variants.model, "upload_model"),
        ("4", 0, variants.data_service, "configure_source"),
    ],
)
def test_form_and_hosting_decide_the_variant(
    technical_field: str, is_hosting: int, tell: Callable[[Story], Story], waits_at: str
) -> None:
    story = adapted(prepared(onboarding(technicalField=technical_field, isHosting=is_hosting)))

    story.expect_waiting_at(waits_at)
    tell(story).expect_waiting_at("test_component").expect_state(State.ASSESSING)


def test_every_variant_is_reached() -> None:
    """The same without a table of cases, so that the flows they take are counted."""
    for technical_field, is_hosting in (("1", 1), ("2", 0), ("3", 1), ("4", 0)):
        story = adapted(prepared(onboarding(technicalField=technical_field, isHosting=is_hosting)))
        tell = {"1": variants.hosted_api, "2": variants.agent, "3": variants.model}
        tell.get(technical_field, variants.data_service)(story).expect_waiting_at("test_component")


def test_another_kind_follows_the_nearest_one() -> None:
    story = variants.nearest(adapted(prepared(onboarding(technicalField="5", isHosting=1))), "api")

    variants.hosted_api(story).expect_waiting_at("test_component")


def test_the_mode_of_a_third_party_is_returned() -> None:
    story = prepared(onboarding(providerType="third_party"))

    story.complete("confirm_mode", outcome="return", opinion="应托管接入").expect_waiting_at("prepare")


def test_the_adaptation_leads_back_to_the_preparation() -> None:
    story = prepared(onboarding()).complete("adapt", reason="补充材料", outcome="return")

    story.expect_waiting_at("prepare")


def test_an_api_unsuitable_for_the_variant_goes_back_to_the_preparation() -> None:
    story = adapted(prepared(onboarding()))

    story.complete("declare_network", reason="应改为托管", outcome="unsuitable")

    story.expect_waiting_at("prepare").expect_state(State.ONBOARDING)


def again(story: Story) -> Story:
    """Go through the preparation, the adaptation and the variant once more."""
    story.complete("prepare", preparation=papers.preparation(), outcome="submit")
    return connected(adapted(story))


def test_a_failed_assessment_leads_to_rework_and_round_again() -> None:
    story = in_rework("passed").expect_waiting_at("rework").expect_state(State.REWORK)
    assert story.task("rework").prefill == {"round": 1, "answers": AGAINST}

    mended(story).expect_waiting_at("prepare").expect_state(State.ONBOARDING)
    prefill = story.task("prepare").prefill
    assert prefill is not None
    assert prefill["preparation"]["findingAnswers"] == "已逐项整改"

    verified(agreed(applied(cleared(again(story)))))
    story.expect_ended_with("onboarded")
    assert story.topics.count("assessment.open") == 2
    assert story.catalogue.asked.count("RESUBMIT") == 1


def test_a_version_fails_its_assessment_again_and_again_until_it_passes() -> None:
    story = in_rework("below_baseline", "passed")

    again(mended(story)).expect_waiting_at("rework").expect_state(State.REWORK)
    prefill = story.task("rework").prefill
    assert prefill is not None
    assert prefill["round"] == 2

    again(mended(story)).expect_waiting_at("test_component").expect_state(State.ASSESSING)


NOT_CHECKED = [{"item": "static", "problem": "未检测：未提交源码", "report": "示例检测中心"}]


def examined(outcome: str, **said: object) -> Story:
    """Tell of an assessment without a conclusion up to what the first operator says."""
    story = assessed(assessments.saying("inconclusive", against=AGAINST, open_items=NOT_CHECKED))
    story.expect_waiting_at("examine").expect_state(State.ASSESSING)
    return story.complete("examine", outcome=outcome, by="operator one", **said)


def test_two_operators_accept_a_report_and_the_tests_follow() -> None:
    judgements = [{**NOT_CHECKED[0], "verdict": "substitute", "reason": "报告覆盖全部源码"}]
    story = examined("settled", judgements=judgements).expect_waiting_at("second_examine")

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("second_examine", outcome="agree", by="operator one")
    story.complete("second_examine", outcome="agree", by="operator two")

    story.expect_waiting_at("test_component").expect_state(State.ASSESSING)


def test_what_an_operator_confirms_leads_to_rework_with_its_findings() -> None:
    story = examined("confirmed", opinion="源码确未提交")

    story.expect_waiting_at("rework").expect_state(State.REWORK)
    assert story.task("rework").prefill == {"round": 1, "answers": AGAINST}
    assert story.catalogue.asked[-1] == "ASSESSMENT_FAILED"


def test_a_failed_test_leads_to_rework() -> None:
    story = assessed()

    story.complete(
        "test_component", tests=papers.tests(security="failed"), opinion="越权", outcome="any_fail"
    )

    story.expect_waiting_at("rework").expect_asked(
        "START_ONBOARDING", "SUBMIT_ASSESSMENT", "ASSESSMENT_FAILED"
    )
    assert story.task("rework").prefill == {"round": 1, "answers": [{"finding": "越权"}]}


def in_trial() -> Story:
    return cleared(assessed(trialRequired=True))


def test_a_replacement_of_a_suspended_component_passes_its_trial_run() -> None:
    story = in_trial().expect_waiting_at("trial_run")

    story.complete("trial_run", records=papers.trial(), outcome="pass").expect_waiting_at("apply_for_review")


def test_a_failed_trial_run_leads_to_rework() -> None:
    records = papers.trial(trialRun="failed")
    story = in_trial().complete("trial_run", records=records, opinion="错误率过高", outcome="fail")

    story.expect_waiting_at("rework").expect_state(State.REWORK)


def test_the_initiator_withdraws_during_the_trial_run() -> None:
    in_trial().withdraw("trial_run").expect_ended_with("cancelled")


def test_the_review_returns_for_rework() -> None:
    story = until_review().complete("review_onboarding", outcome="return", opinion="文档不全")

    story.expect_waiting_at("rework").expect_state(State.REWORK)


def test_a_failed_verification_leads_to_rework_and_the_approval_lapses() -> None:
    story = agreed(until_review())

    items = papers.verification(serviceAddress="failed")
    story.complete("deploy_or_verify", items=items, opinion="地址不可达", outcome="fail")

    story.expect_waiting_at("rework")
    assert story.task("rework").prefill == {"round": 1, "answers": [{"finding": "地址不可达"}]}
    assert story.catalogue.asked[-1] == "VERIFICATION_FAILED"


def test_a_route_that_drifted_is_verified_again() -> None:
    answers = iter([{"ok": False, "difference": "timeout"}, {"ok": True, "routeIds": ["r-1"]}])
    story = agreed(until_review({"gateway.register_route": lambda _asked: next(answers)}))

    verified(story).expect_waiting_at("deploy_or_verify").expect_state(State.ONBOARD_REVIEW)
    verified(story).expect_ended_with("onboarded")


ACCESS = {
    "serviceAddress": "https://agent.example",
    "consoleAddress": "https://console.example",
    "credential": "secret:019ac000-0000-7000-8000-000000000001",
}


def test_an_agent_returns_its_access_and_the_credential_does_not_stay() -> None:
    story = as_agent().complete("return_agent_access", access=ACCESS, outcome="submit")

    story.expect_waiting_at("deploy_or_verify")
    assert "once-only" not in str(story._state)


def test_unreachable_addresses_of_an_agent_are_asked_for_again() -> None:
    story = as_agent({"agent.verify_access": {"passed": False}})

    story.complete("return_agent_access", access=ACCESS, outcome="submit")

    story.expect_waiting_at("return_agent_access")


def test_the_provider_of_an_agent_withdraws() -> None:
    story = as_agent().complete("return_agent_access", reason="停止服务", outcome="withdraw")

    story.expect_ended_with("cancelled")


def test_the_stories_take_every_flow() -> None:
    stories = stories_of(globals()) + stories_of(vars(test_onboarding_endings))

    assert flows_not_walked(KEY, stories) == []
