"""Stories of the creation (P01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from domain.catalogue.states import State
from engine.bpmn.model import ElementKind, Net
from tests.processes import papers
from tests.processes import test_external_admission as external_case
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, shipped_net, stories_of

KEY = "component-creation"
LIKENESS = {
    "mandatoryLikeness": 0,
    "duplicateThreshold": 60,
    "reviewRegions": {"province": "990000", "city": "990100"},
}
FIRST = {"name": "统一网络资源服务", "version": "1.2.0", "buildMode": "解耦与重构"}


def creation(
    answers: Mapping[str, Answer] | None = None, *, review: bool = False, net: Net | None = None
) -> Story:
    """Tell of a releasing unit that starts a creation; the draft exists as soon as its name is free."""
    opened = {
        "ok": True,
        "versionId": VERSION_ID,
        "componentId": "c-1",
        "releasingUnitId": papers.UNIT,
        "record": {},
    }
    desk: dict[str, Answer] = {
        "catalogue.open_draft": opened,
        "catalogue.check_basics": lambda asked: {
            "passed": True,
            **LIKENESS,
            "mandatoryLikeness": 60 if review else 59.9,
            "record": asked["record"],
        },
        "catalogue.record_authorisation": {"authorisationId": "a-1"},
        **(answers or {}),
    }
    return Story(KEY, desk, State.DRAFT, net=net)


def filled(story: Story, **record: Any) -> Story:
    """Fill in and submit the basic data."""
    return story.start(**FIRST).complete("fill_basics", record=papers.record(**record), outcome="submit")


def mandated(story: Story) -> Story:
    """Choose a provider, who accepts."""
    story.complete("authorise_provider", **papers.authorisation(), outcome="submit")
    return story.complete("accept_mandate", outcome="accept")


def test_a_created_component_is_authorised_and_opens_its_onboarding() -> None:
    story = mandated(filled(creation()))

    story.expect_ended_with("created").expect_state(State.AUTHORIZED).expect_asked("AUTHORIZE")
    payload = story.expect_thrown("component.created")
    assert payload["versionId"] == VERSION_ID
    assert (payload["technicalField"], payload["isHosting"], payload["buildMode"]) == ("1", 0, "解耦与重构")
    assert payload["trialRequired"] is False


def test_what_was_filled_in_is_saved_by_the_person_who_submits_it() -> None:
    story = filled(creation())

    assert story.saved[0]["name"] == "统一网络资源服务"


def test_a_called_creation_leaves_the_onboarding_to_its_caller() -> None:
    story = creation().start(**FIRST, callerCaseId="case-1")
    mandated(story.complete("fill_basics", record=papers.record(), outcome="submit"))

    story.expect_ended_with("created")
    assert story.topics[-1] == "catalogue.record_authorisation"


def test_a_taken_name_is_replaced_by_another() -> None:
    answers = iter(
        [
            {"ok": False, "holder": "示例省数据局"},
            {"ok": True, "versionId": VERSION_ID, "componentId": "c-1", "record": {}},
        ]
    )
    story = creation({"catalogue.open_draft": lambda _asked: next(answers)}).start(**FIRST)

    prefill = story.task("choose_other_name").prefill
    assert prefill is not None
    assert prefill["holder"] == "示例省数据局"
    story.complete("choose_other_name", name="网络资源服务（市级）", version="1.2.0", outcome="resubmit")

    story.expect_waiting_at("fill_basics")
    assert story.desk.calls[-1][1]["name"] == "网络资源服务（市级）"


def test_field_errors_send_the_draft_back() -> None:
    answers = iter([False, True])
    check: dict[str, Answer] = {"catalogue.check_basics": lambda _a: {"passed": next(answers), **LIKENESS}}
    story = filled(creation(check))

    story.expect_waiting_at("fill_basics").expect_state(State.DRAFT)
    prefill = story.task("fill_basics").prefill
    assert prefill is not None
    assert prefill["record"]["version"] == "1.2.0"
    story.complete("fill_basics", record=papers.record(version="1.2.1"), outcome="submit")
    story.expect_waiting_at("authorise_provider")


def test_a_similar_component_is_reviewed_by_another_person() -> None:
    story = filled(creation(review=True)).expect_waiting_at("review_duplication")

    with pytest.raises(AssertionError, match="may not complete"):
        story.complete("review_duplication", by="initiator", outcome="refuse", opinion="重复")
    story.complete(
        "review_duplication", outcome="agree", duplicateDecision="none", useRequirementDecision="推荐"
    )

    story.expect_waiting_at("authorise_provider")
    assert story.statements[-1]["useRequirements"] == "推荐"


@pytest.mark.parametrize(("scope", "region"), [(0, "990000"), (1, "990100")])
def test_the_scope_says_who_reviews(scope: int, region: str) -> None:
    story = filled(creation(review=True), publicScope=scope)

    assert story.task("review_duplication").region == region


@pytest.mark.parametrize(
    ("likeness", "build_mode", "use", "asked"),
    [
        (59.9, "解耦与重构", "强制", False),
        (60, "解耦与重构", "强制", True),
        (0, "新建", "推荐", True),
        (0, "新建", "强制", False),
        (0, "解耦与重构", "推荐", False),
    ],
)
def test_the_table_says_whether_duplication_is_reviewed(
    likeness: float, build_mode: str, use: str, *, asked: bool
) -> None:
    checked = {"passed": True, **LIKENESS, "mandatoryLikeness": likeness}
    story = creation({"catalogue.check_basics": lambda given: {**checked, "record": given["record"]}})

    filled(story, useRequirements=use, extension={**papers.record()["extension"], "buildMode": build_mode})

    story.expect_waiting_at("review_duplication" if asked else "authorise_provider")
    assert story.statements == [{"versionId": VERSION_ID, "needed": asked}]


def test_the_review_returns_the_draft_with_an_opinion() -> None:
    story = filled(creation(review=True))

    story.complete("review_duplication", outcome="return", opinion="请补充差异说明")

    story.expect_waiting_at("fill_basics").expect_state(State.DRAFT)


def test_the_review_refuses_the_creation() -> None:
    story = filled(creation(review=True))

    story.complete("review_duplication", outcome="refuse", opinion="与强制类组件重复")

    story.expect_ended_with("cancelled").expect_asked("REFUSE_CREATION")


def test_a_provider_who_declines_is_replaced() -> None:
    story = filled(creation()).complete("authorise_provider", **papers.authorisation(), outcome="submit")

    assert story.task("accept_mandate").unit == papers.PROVIDER_UNIT
    story.complete("accept_mandate", outcome="decline", reason="人手不足")

    mandated(story.expect_waiting_at("authorise_provider")).expect_ended_with("created")


def offered() -> Story:
    """Tell of a provider who is asked to accept."""
    return filled(creation()).complete("authorise_provider", **papers.authorisation(), outcome="submit")


def nameless() -> Story:
    """Tell of a creation whose name is taken, before there is a draft."""
    return creation({"catalogue.open_draft": {"ok": False, "holder": None}}).start(**FIRST)


# How to get to each step at which the initiator may withdraw, and what is asked of the catalogue then.
WITHDRAWALS: dict[str, tuple[Callable[[], Story], tuple[str, ...]]] = {
    "choose_other_name": (nameless, ()),
    "fill_basics": (lambda: creation().start(**FIRST), ("CANCEL",)),
    "review_duplication": (lambda: filled(creation(review=True)), ("CANCEL",)),
    "authorise_provider": (lambda: filled(creation()), ("CANCEL",)),
    "accept_mandate": (offered, ("CANCEL",)),
}


def test_the_initiator_withdraws_at_every_step_of_a_person() -> None:
    elements = shipped_net().processes[KEY].elements.values()
    assert {element.id for element in elements if element.kind is ElementKind.USER_TASK} == set(WITHDRAWALS)

    for element, (tell, asked) in WITHDRAWALS.items():
        tell().expect_waiting_at(element).withdraw(element).expect_ended_with("cancelled").expect_asked(
            *asked
        )


def test_the_releasing_unit_cancels_at_each_of_its_own_steps() -> None:
    for element in ("choose_other_name", "fill_basics", "authorise_provider"):
        tell, asked = WITHDRAWALS[element]
        story = tell().complete(element, reason="合并建设", outcome="cancel")

        story.expect_ended_with("cancelled").expect_asked(*asked)


EXTERNAL = {"layer": "能力层", "capabilityClass": "人工智能", "buildMode": "外部引入"}


ADMISSION: dict[str, Answer] = {
    "admission.check_licence": {"admissionId": "ad-1", "verdict": "allowed"},
    "admission.issue": {"certificateNumber": "ZJ-ZR-2026-00001", "validUntil": "2027-03-02"},
    "assessment.open": {
        "assessmentId": "as-1",
        "form": "external",
        "hosting": "external",
        "hasApi": False,
        "hasEndpoint": False,
    },
    **{
        f"assessment.{branch}": {"status": {}}
        for branch in ("composition", "static", "dynamic", "vulnerabilities", "secrets")
    },
    "assessment.summarise": {"verdict": "passed", "findings": [], "openItems": []},
    "assessment.archive": {"reportDigest": "d" * 64},
}


def external() -> Story:
    """Tell of an externally introduced component up to its admission."""
    return mandated(filled(creation(ADMISSION), extension=EXTERNAL)).expect_waiting_at("describe")


def test_an_external_component_is_admitted_first() -> None:
    story = external_case.approved(external_case.examined(external_case.described(external())))

    story.expect_ended_with("created").expect_state(State.AUTHORIZED)
    assert "admission.issue" in story.topics


def test_a_withdrawn_admission_leads_back_to_the_choice_of_the_provider() -> None:
    story = external().complete("describe", outcome="withdraw", reason="供应商撤回")

    mandated(story.expect_waiting_at("authorise_provider")).expect_waiting_at("describe")


def test_a_refused_admission_cancels_the_version_and_tells_why() -> None:
    story = external_case.examined(external_case.described(external()), "refuse", opinion="来源不明")

    story.expect_ended_with("cancelled").expect_asked("CANCEL")
    assert story.topics[-1] == "notices.send"


def test_an_admitted_component_is_not_asked_again() -> None:
    story = creation().start(**FIRST, admissionId="ZR-2025-009")
    story.complete("fill_basics", record=papers.record(extension=EXTERNAL), outcome="submit")

    mandated(story).expect_ended_with("created")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
