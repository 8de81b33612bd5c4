"""Stories of the model and algorithm variant (P02d)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.processes import papers_of_variants
from tests.processes.story import Answer, Story, flows_not_walked, stories_of
from tests.processes.variants import loaded_model, model, variant, wrapped_model

KEY = "onboarding-model"
FAILED = {"passed": False}


def called(answers: Mapping[str, Answer] | None = None) -> Story:
    return variant(KEY, answers)


def test_a_model_is_loaded_wrapped_described_measured_and_registered() -> None:
    story = model(called()).expect_ended_with("done")

    assert story.topics == [
        "model.load",
        "model.contract",
        "model.performance",
        "gateway.preregister",
        "checks.api_risk",
    ]
    saved = [sorted(patch.get("extension", patch)) for patch in story.saved]
    assert saved == [["model"], ["modelContract"], ["modelMetadata"]]


def test_an_unsuitable_model_is_an_error_for_the_caller() -> None:
    story = called().complete("upload_model", reason="应按接口类接入", outcome="unsuitable")

    story.expect_failed_with("onboarding.failed")


def test_a_model_that_does_not_load_is_uploaded_anew() -> None:
    loaded_model(called({"model.load": FAILED})).expect_waiting_at("upload_model")


def test_an_interface_that_breaks_its_contract_is_wrapped_anew() -> None:
    story = wrapped_model(called({"model.contract": FAILED})).expect_waiting_at("wrap_interface")

    prefill = story.task("wrap_interface").prefill
    assert prefill is not None
    assert len(prefill["contract"]["cases"]) == 3


def test_a_model_slower_than_declared_is_described_anew() -> None:
    model(called({"model.performance": FAILED})).expect_waiting_at("describe_model")


def test_a_failed_registration_leads_back_to_the_interface() -> None:
    model(called({"gateway.preregister": FAILED})).expect_waiting_at("wrap_interface")


def test_an_api_at_risk_leads_back_to_the_interface() -> None:
    model(called({"checks.api_risk": FAILED})).expect_waiting_at("wrap_interface")


def test_the_provider_goes_back_from_the_interface_to_the_model() -> None:
    story = loaded_model(called()).complete("wrap_interface", reason="换模型", outcome="return")

    story.expect_waiting_at("upload_model")


def test_the_provider_goes_back_from_the_description_to_the_interface() -> None:
    story = wrapped_model(called()).complete("describe_model", reason="改接口", outcome="return")

    story.expect_waiting_at("wrap_interface")


@pytest.mark.parametrize("block", ["description", "examples", "performance"])
def test_each_of_the_three_blocks_of_metadata_is_required(block: str) -> None:
    metadata = papers_of_variants.metadata()
    del metadata[block]

    with pytest.raises(AssertionError, match="describe_model"):
        wrapped_model(called()).complete("describe_model", metadata=metadata, outcome="submit")


def test_a_model_is_a_file_or_an_image() -> None:
    neither = papers_of_variants.model()
    del neither["file"]

    with pytest.raises(AssertionError, match="upload_model"):
        called().complete("upload_model", model=neither, outcome="submit")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
