"""Stories of the hosted API variant (P02a)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.processes import papers, papers_of_variants
from tests.processes.story import Answer, Story, flows_not_walked, stories_of
from tests.processes.variants import api_data, hosted_api, uploaded, variant

KEY = "onboarding-api-hosted"
FAILED = {"passed": False}


def called(answers: Mapping[str, Answer] | None = None) -> Story:
    return variant(KEY, answers)


def test_inspection_deployment_and_samples_come_before_the_registration() -> None:
    story = uploaded(called()).expect_waiting_at("fill_api_data")
    assert story.topics == ["artefact.inspect", "deployment.deploy", "deployment.sample"]

    api_data(story).expect_ended_with("done")

    assert story.topics[3:] == ["gateway.preregister", "checks.api_risk"]
    assert [sorted(patch) for patch in story.saved] == [["extension"], ["apiInfo"]]


def test_an_artefact_that_fails_its_inspection_is_never_deployed() -> None:
    story = uploaded(called({"artefact.inspect": FAILED}))

    story.expect_waiting_at("upload_artefact")
    assert story.topics == ["artefact.inspect"]


@pytest.mark.parametrize("topic", ["deployment.deploy", "deployment.sample"])
def test_what_does_not_come_up_is_uploaded_anew(topic: str) -> None:
    prefill = uploaded(called({topic: FAILED})).task("upload_artefact").prefill

    assert prefill is not None
    assert prefill["settings"]["healthPath"] == "/health"


def test_a_failed_deployment_and_poor_samples_lead_back() -> None:
    for topic in ("deployment.deploy", "deployment.sample"):
        uploaded(called({topic: FAILED})).expect_waiting_at("upload_artefact")


def test_a_component_unsuitable_for_hosting_is_an_error_for_the_caller() -> None:
    story = called().complete("upload_artefact", reason="须在本地运行", outcome="unsuitable")

    story.expect_failed_with("onboarding.failed")


def test_the_provider_goes_back_to_the_artefact() -> None:
    story = uploaded(called()).complete("fill_api_data", reason="更换制品", outcome="return")

    story.expect_waiting_at("upload_artefact")


def test_a_failed_registration_returns_to_the_api_data() -> None:
    story = uploaded(called({"gateway.preregister": FAILED}))

    story.complete("fill_api_data", apiInfo=papers_of_variants.api_info(), outcome="submit")

    story.expect_waiting_at("fill_api_data")


def test_an_issue_while_debugging_returns_to_the_api_data() -> None:
    story = uploaded(called()).complete(
        "fill_api_data", apiInfo=papers_of_variants.api_info(), outcome="submit"
    )
    checks = {"contract": "failed", "errorCodes": "passed", "authentication": "passed"}

    story.complete("debug_online", checks=checks, log="500", reason="字段缺失", outcome="issue")

    story.expect_waiting_at("fill_api_data")


def test_debugging_is_not_done_while_a_self_test_fails() -> None:
    story = uploaded(called()).complete(
        "fill_api_data", apiInfo=papers_of_variants.api_info(), outcome="submit"
    )
    checks = {"contract": "failed", "errorCodes": "passed", "authentication": "passed"}

    with pytest.raises(AssertionError, match="debug_online"):
        story.complete("debug_online", checks=checks, log="500", outcome="done")


def test_an_api_at_risk_returns_to_the_api_data() -> None:
    hosted_api(called({"checks.api_risk": FAILED})).expect_waiting_at("fill_api_data")


def test_the_kinds_of_artefacts_are_those_of_the_standard() -> None:
    for kind in ("jar", "war", "image", "python"):
        artefact = {"file": papers.FILE, "kind": kind}
        story = called().complete(
            "upload_artefact", artefact=artefact, settings=papers_of_variants.settings(), outcome="submit"
        )
        story.expect_waiting_at("fill_api_data")

    with pytest.raises(AssertionError, match="upload_artefact"):
        called().complete(
            "upload_artefact",
            artefact={"file": papers.FILE, "kind": "exe"},
            settings=papers_of_variants.settings(),
            outcome="submit",
        )


def test_an_api_is_debugged_again_after_it_was_mended() -> None:
    answers = iter([FAILED, {"passed": True}])
    story = uploaded(called({"checks.api_risk": lambda _asked: next(answers)}))

    api_data(story).expect_waiting_at("fill_api_data")
    api_data(story).expect_ended_with("done")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
