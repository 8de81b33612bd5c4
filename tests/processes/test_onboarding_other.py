"""Stories of the other kinds (P02f), which follow the nearest one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.processes import papers_of_variants, variants
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of
from tests.processes.variants import nearest, shown, variant

KEY = "onboarding-other"
FOLLOWED: list[tuple[str, int, Callable[[Story], Story], str]] = [
    ("api", 1, variants.hosted_api, "upload_artefact"),
    ("api", 0, variants.unhosted_api, "declare_network"),
    ("agent", 0, variants.agent, "register_agent"),
    ("model", 0, variants.model, "upload_model"),
    ("data_service", 1, variants.data_service, "configure_source"),
]


def called(hosting: int = 0, answers: Mapping[str, Answer] | None = None) -> Story:
    return variant(KEY, answers, isHosting=hosting)


def test_each_nearest_kind_is_followed_to_its_end() -> None:
    for kind, hosting, tell, waits_at in FOLLOWED:
        story = nearest(called(hosting), kind).expect_waiting_at(waits_at)

        tell(story).expect_ended_with("done")


def test_a_component_without_an_endpoint_is_exempt_from_the_health_check_for_a_reason() -> None:
    chosen = papers_of_variants.nearest("api", withoutEndpoint=True)
    with pytest.raises(AssertionError, match="withoutEndpointReason"):
        called().complete("choose_nearest", nearest=chosen, outcome="submit")

    chosen["withoutEndpointReason"] = "离线规则包，随应用分发"
    story = called().complete("choose_nearest", nearest=chosen, outcome="submit")
    story.complete("confirm_nearest", confirmedType="api", nearest=shown(chosen), outcome="confirm")

    story.expect_ended_with("done")
    assert story.desk.calls == [
        ("checks.exempt_from_health", {"versionId": VERSION_ID, "reason": "离线规则包，随应用分发"})
    ]


def test_the_operator_sets_another_kind_with_a_reason() -> None:
    chosen = papers_of_variants.nearest("api")
    story = called().complete("choose_nearest", nearest=chosen, outcome="submit")
    differs: dict[str, Any] = {"confirmedType": "agent", "nearest": shown(chosen)}
    with pytest.raises(AssertionError, match="opinion"):
        story.complete("confirm_nearest", **differs, outcome="confirm")

    story.complete("confirm_nearest", **differs, opinion="具有自主决策", outcome="confirm")

    story.expect_waiting_at("register_agent")


def test_the_operator_returns_the_choice() -> None:
    chosen = papers_of_variants.nearest("api")
    story = called().complete("choose_nearest", nearest=chosen, outcome="submit")

    story.complete("confirm_nearest", outcome="return", opinion="特征不清").expect_waiting_at(
        "choose_nearest"
    )


def test_a_kind_that_cannot_be_onboarded_is_an_error_for_the_caller() -> None:
    story = called().complete("choose_nearest", reason="没有可参照的类型", outcome="unsuitable")

    story.expect_failed_with("onboarding.failed")


def test_a_kind_that_proves_unsuitable_is_chosen_anew() -> None:
    story = nearest(called(), "model").complete("upload_model", reason="不是模型", outcome="unsuitable")

    story.expect_waiting_at("choose_nearest")


def test_the_nearest_kind_is_required() -> None:
    chosen = papers_of_variants.nearest("api")
    del chosen["nearestType"]

    with pytest.raises(AssertionError, match="choose_nearest"):
        called().complete("choose_nearest", nearest=chosen, outcome="submit")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
