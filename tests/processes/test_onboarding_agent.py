"""Stories of the agent variant (P02c)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.processes import papers, papers_of_variants
from tests.processes.story import Answer, Story, flows_not_walked, stories_of
from tests.processes.variants import agent, registered_agent, variant

KEY = "onboarding-agent"
FAILED = {"passed": False}


def called(answers: Mapping[str, Answer] | None = None) -> Story:
    return variant(KEY, answers)


def test_an_agent_passes_its_contract_its_controls_and_the_tests_of_its_safety() -> None:
    story = agent(called()).expect_ended_with("done")

    assert story.topics == ["agent.contract", "agent.controls"]
    assert [(s["check"], s["passed"]) for s in story.statements] == [("agent.safety", True)]
    assert story.saved[0]["extension"]["agent"]["deployPlace"] == "政务云"


def test_an_agent_unsuitable_for_this_form_is_an_error_for_the_caller() -> None:
    story = called().complete("register_agent", reason="不具备自主决策", outcome="unsuitable")

    story.expect_failed_with("onboarding.failed")


def test_a_contract_that_is_not_kept_leads_back_to_the_registration() -> None:
    story = registered_agent(called({"agent.contract": FAILED})).expect_waiting_at("register_agent")

    prefill = story.task("register_agent").prefill
    assert prefill is not None
    assert prefill["agent"]["stopSwitch"].startswith("POST /stop")


def test_an_agent_that_cannot_be_stopped_leads_back_to_the_registration() -> None:
    registered_agent(called({"agent.controls": FAILED})).expect_waiting_at("register_agent")


def test_an_agent_that_falls_for_an_injection_leads_back_to_the_registration() -> None:
    story = registered_agent(called())
    tests = papers.measured("overreach", "promptInjection", "contentSafety", promptInjection="failed")

    story.complete("test_safety", tests=tests, opinion="提示注入可绕过边界", outcome="fail")

    story.expect_waiting_at("register_agent")
    assert [(s["check"], s["passed"]) for s in story.statements] == [("agent.safety", False)]


def test_one_failed_test_of_safety_cannot_pass() -> None:
    tests = papers.measured("overreach", "promptInjection", "contentSafety", overreach="failed")

    with pytest.raises(AssertionError, match="test_safety"):
        registered_agent(called()).complete("test_safety", tests=tests, outcome="pass")


def test_who_registered_the_agent_does_not_test_it() -> None:
    story = registered_agent(called())

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("test_safety", by=story.people["register_agent"], outcome="fail")


@pytest.mark.parametrize("place", ["本地", "政务云"])
def test_an_agent_runs_locally_or_in_the_government_cloud(place: str) -> None:
    story = called()

    story.complete("register_agent", agent=papers_of_variants.agent(deployPlace=place), outcome="submit")

    story.expect_waiting_at("test_safety")


def test_any_other_place_of_an_agent_is_refused() -> None:
    with pytest.raises(AssertionError, match="register_agent"):
        called().complete(
            "register_agent", agent=papers_of_variants.agent(deployPlace="公有云"), outcome="submit"
        )


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
