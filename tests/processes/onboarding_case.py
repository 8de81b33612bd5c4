"""Tells an onboarding step by step: the pieces from which its stories are put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.catalogue.states import State
from engine.bpmn.model import Net
from tests.processes import assessments, papers, variants
from tests.processes.story import VERSION_ID, Answer, Story

KEY = "component-onboarding"
AGAINST = [{"finding": "静态应用安全测试（SAST）：未通过，高危1项（上限0）"}]
PASSING: dict[str, Answer] = {
    **assessments.PASSING,
    "checks.preparation": {
        "passed": True,
        "reviewRegions": {"province": "990000", "city": "990100"},
    },
    "network.declaration": {"passed": True, "reachable": True},
    "gateway.preregister": {"passed": True},
    "checks.api_risk": {"passed": True},
    "gateway.register_route": {"ok": True, "routeIds": ["r-1"], "difference": None},
    "agent.verify_access": {"passed": True},
    **variants.PASSING,
}


def onboarding(
    answers: Mapping[str, Answer] | None = None,
    start_event: str | None = "authorised",
    net: Net | None = None,
    **facts: Any,
) -> Story:
    """Tell of an onboarding that has just begun; ``answers`` and ``facts`` override the passing ones."""
    state = State.ONBOARDED if start_event == "sent_to_rework" else State.AUTHORIZED
    story = Story(KEY, {**PASSING, **(answers or {})}, state, net=net)
    return story.start(
        start_event,
        **{
            "versionId": VERSION_ID,
            "componentId": "c-1",
            "releasingUnitId": papers.UNIT,
            "providerUnitId": papers.PROVIDER_UNIT,
            "providerType": "own",
            "technicalField": "1",
            "isHosting": 0,
            "buildMode": "解耦与重构",
            "trialRequired": False,
            "record": papers.record(),
            **facts,
        },
    )


def prepared(story: Story) -> Story:
    """Start and hand in the preparation."""
    story.complete("start_onboarding", outcome="start").expect_state(State.ONBOARDING)
    return story.complete("prepare", preparation=papers.preparation(), outcome="submit")


def adapted(story: Story) -> Story:
    """Adapt item by item."""
    return story.complete("adapt", items=papers.adaptation(), outcome="submit")


def connected(story: Story) -> Story:
    """Go through the variant of the unhosted API."""
    return variants.unhosted_api(story)


def cleared(story: Story) -> Story:
    """Pass the operator's tests."""
    return story.complete("test_component", tests=papers.tests(), outcome="all_pass")


def applied(story: Story) -> Story:
    """Apply for the review."""
    checklist = dict.fromkeys(("prepared", "adapted", "deployed", "assessed"), True)
    return story.complete("apply_for_review", checklist=checklist, outcome="submit")


def agreed(story: Story) -> Story:
    """Agree in the review."""
    checklist = {"layer": True, "architecture": True}
    return story.complete("review_onboarding", checklist=checklist, outcome="agree")


def verified(story: Story) -> Story:
    """Verify the declared data."""
    return story.complete("deploy_or_verify", items=papers.verification(), outcome="verified")


def assessed(answers: Mapping[str, Answer] | None = None, **facts: Any) -> Story:
    """Tell everything up to the tests; the assessment passes unless ``answers`` say something else."""
    return connected(adapted(prepared(onboarding(answers, **facts))))


def until_review(answers: Mapping[str, Answer] | None = None, **facts: Any) -> Story:
    """Tell everything up to the review."""
    return applied(cleared(assessed(answers, **facts)))


def as_agent(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of an agent that the review has agreed to."""
    story = variants.agent(adapted(prepared(onboarding(answers, technicalField="2"))))
    return agreed(applied(cleared(story))).expect_waiting_at("return_agent_access")


def in_rework(*later: str) -> Story:
    """Tell of an assessment below the baseline; ``later`` are the verdicts of those that follow."""
    return assessed(assessments.saying("below_baseline", *later, against=AGAINST))


def mended(story: Story) -> Story:
    """Answer every finding and submit again."""
    answers = [{**AGAINST[0], "answer": "已升级依赖"}]
    return story.complete("rework", answers=answers, summary="已逐项整改", outcome="resubmit")
