"""Stories of the admission of external products (P17), and of its clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.processes import papers
from tests.processes.story import Answer, Story, flows_not_walked, stories_of

KEY = "external-admission"
ADMISSION_ID = "0199a000-0000-7000-8000-00000000ad31"
BRANCHES = ("composition", "static", "dynamic", "vulnerabilities", "secrets")


def application(**overrides: Any) -> dict[str, Any]:
    """Return what a provider says of an open-source product."""
    return {
        "origin": "open_source",
        "name": "示例消息队列",
        "productVersion": "3.2.0",
        "supplier": "示例开源社区",
        "licence": "Apache-2.0",
        "digest": "a1" * 32,
        "signature": "GPG 指纹 1234 ABCD，已用社区公钥验证",
        "purpose": "组件间异步通信",
        "hardeningPlan": "关闭管理端口，启用 TLS。",
        **overrides,
    }


def applied(licence: str = "allowed", *verdicts: str) -> Story:
    """Tell of a provider that has just asked to introduce a product."""
    said = list(verdicts) or ["passed"]

    def summarise(_parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        verdict = said.pop(0) if len(said) > 1 else said[0]
        return {"verdict": verdict, "findings": [{"title": "密钥", "reason": "1项高危"}], "openItems": []}

    desk: dict[str, Answer] = {
        "admission.check_licence": {"admissionId": ADMISSION_ID, "verdict": licence},
        "admission.issue": {"certificateNumber": "ZJ-ZR-2026-00001", "validUntil": "2027-03-02"},
        "assessment.open": {
            "assessmentId": "0199a000-0000-7000-8000-00000000a55e",
            "form": "external",
            "hosting": "external",
            "hasApi": False,
            "hasEndpoint": False,
        },
        **{f"assessment.{name}": {"status": {}} for name in BRANCHES},
        "assessment.summarise": summarise,
        "assessment.archive": {"reportDigest": "d" * 64},
    }
    return Story(KEY, desk, None).start(origin="open_source", providerUnitId=papers.PROVIDER_UNIT)


def described(story: Story) -> Story:
    return story.complete("describe", application=application(), outcome="submit", by="provider")


def examined(story: Story, outcome: str = "agree", **more: str) -> Story:
    said = {"opinion": "来源可信，加固方案可行"} if outcome != "withdraw" else {}
    return story.complete("examine_origin", outcome=outcome, **{**said, **more})


def approved(story: Story, outcome: str = "agree", **more: str) -> Story:
    said = {"opinion": "符合准入要求"} if outcome != "withdraw" else {}
    return story.complete("approve", outcome=outcome, **{**said, **more})


def test_a_product_that_passes_gets_its_certificate() -> None:
    story = approved(examined(described(applied())))

    story.expect_ended_with("admitted")
    assert story.topics[0] == "admission.check_licence"
    assert story.topics[-1] == "admission.issue"
    assert "assessment.archive" in story.topics


def test_an_unknown_licence_goes_to_the_operator_who_sees_so() -> None:
    story = described(applied("unknown"))

    prefill = story.expect_waiting_at("examine_origin").task("examine_origin").prefill
    assert prefill is not None
    assert prefill["licenceVerdict"] == "unknown"


def test_a_denied_licence_ends_it_before_anything_is_scanned() -> None:
    story = described(applied("denied"))

    story.expect_ended_with("refused")
    assert story.topics == ["admission.check_licence"]


def test_a_failed_assessment_comes_back_with_its_findings() -> None:
    story = described(applied("allowed", "below_baseline"))

    prefill = story.expect_waiting_at("describe").task("describe").prefill
    assert prefill is not None
    assert prefill["findings"] == [{"title": "密钥", "reason": "1项高危"}]


def test_origin_supplier_digest_and_signature_are_asked_of_every_origin() -> None:
    story = applied()

    for missing in ("origin", "supplier", "digest", "signature"):
        said = {name: value for name, value in application().items() if name != missing}
        with pytest.raises(AssertionError, match="describe"):
            story.complete("describe", application=said, outcome="submit")


def test_the_operator_returns_it_and_refuses_it() -> None:
    story = examined(described(applied()), "return")
    story.expect_waiting_at("describe")

    examined(described(story), "refuse").expect_ended_with("refused")


def test_the_reviewer_returns_it_and_refuses_it() -> None:
    story = approved(examined(described(applied())), "return")
    story.expect_waiting_at("describe")

    approved(examined(described(story)), "refuse").expect_ended_with("refused")


def test_it_is_withdrawn_before_during_and_after_the_examination() -> None:
    applied().complete("describe", outcome="withdraw", reason="改用其他产品").expect_ended_with("withdrawn")
    described(applied()).withdraw("examine_origin").expect_ended_with("withdrawn")
    examined(described(applied())).withdraw("approve").expect_ended_with("withdrawn")


def test_who_handed_it_in_decides_nothing() -> None:
    story = described(applied())

    with pytest.raises(AssertionError, match="may not complete"):
        examined(story, by="provider")
    with pytest.raises(AssertionError, match="may not complete"):
        approved(examined(story, by="operator one"), by="operator one")


def test_the_clock_starts_what_is_due() -> None:
    story = Story("admission-expiry", {"admission.scan_expiring": {"started": 2}}, None).start("daily")

    story.expect_ended_with("done")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
