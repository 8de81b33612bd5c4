"""Stories of the data service variant (P02e)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.processes import papers_of_variants
from tests.processes.story import Answer, Story, flows_not_walked, stories_of
from tests.processes.variants import connected_source, data_service, graded, variant, wrapped_service

KEY = "onboarding-data-service"
FAILED = {"passed": False}


def called(answers: Mapping[str, Answer] | None = None) -> Story:
    return variant(KEY, answers)


def test_a_data_service_is_connected_wrapped_graded_reviewed_and_documented() -> None:
    story = data_service(called()).expect_ended_with("done")

    assert story.topics == [
        "data.connection",
        "data.contract",
        "data.masking",
        "gateway.preregister",
        "checks.api_risk",
    ]
    assert [(s["check"], s["passed"]) for s in story.statements] == [("data.grades", True)]
    saved = [sorted(patch["extension"]) for patch in story.saved]
    assert saved == [["dataSource"], ["dataService"], ["dataPermissions"], ["documents"]]


def test_an_unsuitable_data_service_is_an_error_for_the_caller() -> None:
    story = called().complete("configure_source", reason="应按接口类接入", outcome="unsuitable")

    story.expect_failed_with("onboarding.failed")


def test_a_source_that_cannot_be_reached_is_configured_anew() -> None:
    connected_source(called({"data.connection": FAILED})).expect_waiting_at("configure_source")


def test_a_service_that_breaks_its_contract_is_wrapped_anew() -> None:
    wrapped_service(called({"data.contract": FAILED})).expect_waiting_at("wrap_service")


def test_an_unmasked_sample_leads_back_to_the_permissions() -> None:
    graded(called({"data.masking": FAILED})).expect_waiting_at("grant_permissions")


def test_the_reviewer_returns_the_grades() -> None:
    story = graded(called()).complete("review_grades", outcome="return", opinion="分级过低")

    story.expect_waiting_at("grant_permissions")


def test_the_reviewer_refuses_which_is_an_error_for_the_caller() -> None:
    story = graded(called()).complete("review_grades", outcome="refuse", opinion="不得对外提供")

    story.expect_failed_with("onboarding.failed")


def test_who_granted_the_permissions_does_not_review_them() -> None:
    story = graded(called())

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("review_grades", by=story.people["grant_permissions"], outcome="agree")


def test_the_provider_goes_back_step_by_step() -> None:
    connected_source(called()).complete(
        "wrap_service", reason="改数据源", outcome="return"
    ).expect_waiting_at("configure_source")
    wrapped_service(called()).complete(
        "grant_permissions", reason="改服务", outcome="return"
    ).expect_waiting_at("wrap_service")
    story = graded(called()).complete("review_grades", outcome="agree")
    story.complete("supply_documents", reason="改权限", outcome="return")
    story.expect_waiting_at("grant_permissions")


def test_a_failed_registration_leads_back_to_the_service() -> None:
    data_service(called({"gateway.preregister": FAILED})).expect_waiting_at("wrap_service")


def test_an_api_at_risk_leads_back_to_the_service() -> None:
    data_service(called({"checks.api_risk": FAILED})).expect_waiting_at("wrap_service")


@pytest.mark.parametrize("missing", ["level", "category", "maskingRule"])
def test_a_sensitive_field_without_level_category_or_masking_rule_is_refused(missing: str) -> None:
    permissions = papers_of_variants.permissions()
    del permissions["fields"][1][missing]

    with pytest.raises(AssertionError, match="grant_permissions"):
        wrapped_service(called()).complete("grant_permissions", permissions=permissions, outcome="submit")


def test_a_sensitive_field_is_never_left_unmasked() -> None:
    permissions = papers_of_variants.permissions(maskingRule="none")

    with pytest.raises(AssertionError, match="grant_permissions"):
        wrapped_service(called()).complete("grant_permissions", permissions=permissions, outcome="submit")


def test_permissions_without_a_policy_are_refused() -> None:
    permissions = {**papers_of_variants.permissions(), "policies": []}

    with pytest.raises(AssertionError, match="grant_permissions"):
        wrapped_service(called()).complete("grant_permissions", permissions=permissions, outcome="submit")


def test_a_service_without_a_mode_is_refused() -> None:
    service = papers_of_variants.data_service(modes=[])

    with pytest.raises(AssertionError, match="wrap_service"):
        connected_source(called()).complete(
            "wrap_service", service=service, apiInfo=papers_of_variants.api_info(), outcome="submit"
        )


def test_a_password_is_a_reference_and_never_the_password() -> None:
    typed = papers_of_variants.data_source(secret="hunter2")

    with pytest.raises(AssertionError, match="configure_source"):
        called().complete("configure_source", dataSource=typed, outcome="submit")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
