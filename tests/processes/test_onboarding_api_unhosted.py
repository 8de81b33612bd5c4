"""Stories of the unhosted API variant (P02b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes import papers
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "onboarding-api-unhosted"


def variant(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of a variant that the onboarding has just called."""
    passing = ("network.declaration", "gateway.preregister", "checks.api_risk")
    desk: dict[str, Answer] = {**{topic: {"passed": True} for topic in passing}, **(answers or {})}
    return Story(KEY, desk, None).start(
        versionId=VERSION_ID,
        record=papers.record(),
        providerUnitId=papers.PROVIDER_UNIT,
        releasingUnitId=papers.UNIT,
    )


def declared(story: Story) -> Story:
    return story.complete("declare_network", declaration=papers.declaration(), outcome="submit")


def opened(story: Story) -> Story:
    return declared(story).complete("open_firewall", outcome="done")


def described(story: Story) -> Story:
    return story.complete("fill_api_data", apiInfo=papers.api_info(), outcome="submit")


def debugged(story: Story, outcome: str = "done", **more: Any) -> Story:
    result = "passed" if outcome == "done" else "failed"
    checks = dict.fromkeys(("authentication", "gateway", "calls"), result)
    return story.complete("debug_online", checks=checks, log="GET /health 200", outcome=outcome, **more)


def test_a_declared_and_described_api_goes_back_to_the_main_process() -> None:
    story = debugged(described(opened(variant())))

    story.expect_ended_with("done")
    assert story.topics == ["network.declaration", "gateway.preregister", "checks.api_risk"]
    assert [sorted(patch) for patch in story.saved] == [["extension"], ["apiInfo"]]


def test_an_unsuitable_api_is_an_error_for_the_caller() -> None:
    story = variant().complete("declare_network", reason="应改为托管", outcome="unsuitable")

    assert story.history[-1].error == "onboarding.failed"  # type: ignore[union-attr]


def test_a_failed_declaration_is_made_again() -> None:
    story = declared(variant({"network.declaration": {"passed": False}}))

    prefill = story.expect_waiting_at("declare_network").task("declare_network").prefill
    assert prefill is not None
    assert prefill["declaration"]["healthPath"] == "/health"


def test_the_operator_returns_a_list_that_cannot_be_opened() -> None:
    story = declared(variant()).complete("open_firewall", opinion="网段过宽", outcome="return")

    story.expect_waiting_at("declare_network")


def test_the_provider_goes_back_to_the_declaration() -> None:
    story = opened(variant()).complete("fill_api_data", reason="改地址", outcome="return")

    story.expect_waiting_at("declare_network")


def test_weights_and_paths_are_refused_by_the_form() -> None:
    story = opened(variant())

    for wrong in ({"publicPath": "/a//b"}, {"publicPath": "/a/../b"}, {"rateLimit": 2001}, {"timeoutMs": 0}):
        with pytest.raises(AssertionError, match="fill_api_data"):
            story.complete("fill_api_data", apiInfo={**papers.api_info(), **wrong}, outcome="submit")


def test_a_failed_preregistration_returns_to_the_api_data() -> None:
    story = described(opened(variant({"gateway.preregister": {"passed": False}})))

    story.expect_waiting_at("fill_api_data")


def test_an_issue_found_while_debugging_returns_to_the_api_data() -> None:
    story = debugged(described(opened(variant())), "issue", reason="返回 502")

    story.expect_waiting_at("fill_api_data")


def test_an_api_at_risk_returns_to_the_api_data() -> None:
    story = debugged(described(opened(variant({"checks.api_risk": {"passed": False}}))))

    story.expect_waiting_at("fill_api_data")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
