"""Who may ask, and what must hold: pure decisions over facts."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

import pytest

from domain.catalogue.facts import Facts
from domain.catalogue.guards import GUARDS
from domain.catalogue.refusals import refusals
from domain.catalogue.states import PLATFORM, TRANSITIONS, Event, Transition
from domain.checks import names
from tests.unit.domain.catalogue.leaving_cases import LEAVING, leaving_well

PERSON, OTHER = uuid4(), uuid4()
ROW = {row.number: row for row in TRANSITIONS}


def everything_holds(row: Transition) -> Facts:
    """Return facts under which the transition takes place, if it can at all."""
    passed = dict.fromkeys(names.CHECK_TEXT, "passed")
    if row.event is Event.ASSESSMENT_FAILED or row.event is Event.REOPEN:
        passed[names.OPERATOR_TESTS] = "failed"
    if row.event is Event.REFUSE_CREATION:
        del passed[names.DUPLICATE_REVIEW]
    return Facts(
        roles=frozenset(row.roles),
        decider=PERSON,
        barred=frozenset({OTHER}),
        reason="理由",
        listed_before="listed_before" in row.guards,
        technical_field="1",
        is_hosting=0,
        has_api=True,
        checks=passed,
        review_needed=True,
        authorisation_accepted=True,
        authorisation_valid=True,
        assessment_is_recent=True,
        has_directory_receipt=True,
        successor_published=True,
        leaving=leaving_well(row),
    )


def against(number: str, **changes: Any) -> list[str]:
    """Return the rules that refuse a transition when the facts differ from the good ones."""
    row = ROW[number]
    return [refusal.rule for refusal in refusals(row, replace(everything_holds(row), **changes))]


def checks_without(number: str, **changed: str | None) -> dict[str, str]:
    """Return the good checks of a transition with some changed or (None) missing."""
    merged = {**everything_holds(ROW[number]).checks, **changed}
    return {check: status for check, status in merged.items() if status is not None}


@pytest.mark.parametrize("number", sorted(ROW))
def test_a_transition_takes_place_when_everything_holds(number: str) -> None:
    assert against(number) == []


@pytest.mark.parametrize("number", [row.number for row in TRANSITIONS if row.number >= "S26"])
def test_what_was_not_looked_at_is_refused_and_says_so(number: str) -> None:
    row = ROW[number]
    asked = [name for name in row.guards if name in LEAVING]

    found = refusals(row, replace(everything_holds(row), leaving=None))

    assert [refusal.rule for refusal in found] == asked


@pytest.mark.parametrize("number", sorted(ROW))
def test_nobody_else_may_ask(number: str) -> None:
    others = {"releasing_unit", "provider", "operator", "reviewer", "user", "supervisor", PLATFORM}

    assert "role" in against(number, roles=frozenset(others - set(ROW[number].roles)))


@pytest.mark.parametrize("number", [row.number for row in TRANSITIONS if row.needs_reason])
@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_reason_is_mandatory(number: str, reason: str | None) -> None:
    assert "reason.required" in against(number, reason=reason)


@pytest.mark.parametrize("number", [row.number for row in TRANSITIONS if "four_eyes" in row.guards])
def test_whoever_submitted_or_started_does_not_decide(number: str) -> None:
    assert "four_eyes" in against(number, barred=frozenset({PERSON}))
    assert "four_eyes" in against(number, decider=None)


@pytest.mark.parametrize("number", [row.number for row in TRANSITIONS if row.openers])
def test_the_platform_carries_out_only_in_a_case_of_the_right_people(number: str) -> None:
    openers = frozenset(ROW[number].openers)
    platform = frozenset({PLATFORM})

    assert against(number, roles=platform, in_case=True, opener_roles=openers, decider=None) == []
    assert "role" in against(number, roles=platform, in_case=False, opener_roles=openers)
    assert "role" in against(number, roles=platform, in_case=True, opener_roles=frozenset({"user"}))


@pytest.mark.parametrize("check", [names.SECURITY_ASSESSMENT, names.OPERATOR_TESTS])
@pytest.mark.parametrize("status", ["failed", "not_checked", None])
def test_no_review_with_an_item_below_the_baseline_or_not_checked(check: str, status: str | None) -> None:
    assert against("S09", checks=checks_without("S09", **{check: status}))


@pytest.mark.parametrize("check", [names.NETWORK, names.PREREGISTRATION, names.PREPARATION])
def test_no_assessment_before_the_variant_and_the_preparation_are_done(check: str) -> None:
    assert against("S07", checks=checks_without("S07", **{check: "failed"}))


KINDS: list[tuple[str, int, list[str]]] = [
    ("1", 0, [names.NETWORK, names.PREREGISTRATION]),
    (
        "1",
        1,
        [names.ARTEFACT_INSPECTION, names.DEPLOYMENT, names.DEPLOYMENT_SAMPLE, names.PREREGISTRATION],
    ),
    ("2", 0, [names.AGENT_CONTRACT, names.AGENT_CONTROLS, names.AGENT_SAFETY]),
    ("3", 1, [names.MODEL_LOAD, names.MODEL_CONTRACT, names.MODEL_PERFORMANCE, names.PREREGISTRATION]),
    ("4", 0, [names.DATA_CONNECTION, names.DATA_CONTRACT, names.DATA_MASKING, names.DATA_GRADES]),
]


@pytest.mark.parametrize(("form", "hosting", "needed"), KINDS)
@pytest.mark.parametrize("status", ["failed", "not_checked", None])
def test_no_assessment_before_each_check_of_the_kind_has_passed(
    form: str, hosting: int, needed: list[str], status: str | None
) -> None:
    kind = {"technical_field": form, "is_hosting": hosting}

    assert against("S07", **kind) == []
    for check in needed:
        assert against("S07", **kind, checks=checks_without("S07", **{check: status})) == ["variant_done"]


def test_another_kind_has_followed_one_of_them() -> None:
    only_agent = {
        check: "passed" if check.startswith("agent.") or check == names.PREPARATION else "not_checked"
        for check in names.CHECK_TEXT
    }

    assert against("S07", technical_field="5", checks=only_agent) == []
    assert against("S07", technical_field="4", checks=only_agent) == ["variant_done"]
    nothing = {**only_agent, names.AGENT_SAFETY: "failed"}
    assert against("S07", technical_field="5", checks=nothing) == ["variant_done"]


def test_a_form_that_there_is_not_has_no_variant() -> None:
    assert against("S07", technical_field=None) == ["variant_done"]


def test_the_authorisation_must_stand_to_start_the_onboarding() -> None:
    assert against("S06", authorisation_valid=False) == ["authorised_provider"]


def test_a_duplicate_review_is_settled_where_one_was_called_for() -> None:
    open_review = checks_without("S02", duplicate_review=None)

    assert against("S02", checks=open_review) == ["duplicate_review"]
    assert against("S02", checks=open_review, review_needed=False) == []
    assert against("S02", checks=open_review, review_needed=None) == ["duplicate_review"]


def test_listing_needs_the_checks_and_a_recent_assessment() -> None:
    assert against("S17", assessment_is_recent=False) == ["assessment_valid"]
    assert against("S17", checks=checks_without("S17", listing="failed")) == ["listing_check_passed"]
    assert against("S17", checks=checks_without("S17", preparation="failed")) == ["listing_check_passed"]


def test_an_api_risk_check_that_did_not_run_counts_only_with_an_accepted_assessment() -> None:
    not_run = checks_without("S17", api_risk="not_checked")

    assert against("S17", checks=not_run) == []
    assert "api_risk_passed" in against("S17", checks={**not_run, names.SECURITY_ASSESSMENT: "failed"})
    assert "api_risk_passed" in against("S17", checks=checks_without("S17", api_risk="failed"))
    assert "api_risk_passed" in against("S17", checks=checks_without("S17", api_risk=None))


def test_publishing_needs_the_receipt_and_no_sister_build() -> None:
    assert against("S23", has_directory_receipt=False) == ["directory_receipt"]
    assert against("S23", sister_build_live=True) == ["no_sister_build_live"]


def test_rework_and_recovery_are_not_interchangeable() -> None:
    assert "never_listed" in against("S14", listed_before=True)
    assert "listed_before" in against("S30", listed_before=False)


def test_onboarding_is_confirmed_after_approval_and_verification_only() -> None:
    assert against("S13", checks=checks_without("S13", onboarding_review=None)) == ["onboarding_approved"]
    assert against("S13", checks=checks_without("S13", information_verified="failed")) == [
        "deployed_or_verified"
    ]
    assert against("S13", is_hosting=1) == []
    assert against("S13", is_hosting=1, checks=checks_without("S13", **{"deployment.production": None})) == [
        "deployed_or_verified"
    ]
    assert against("S13", checks=checks_without("S13", route_registration=None)) == ["routes_registered"]
    assert against("S13", technical_field="2") == []
    assert against("S13", technical_field="2", checks=checks_without("S13", **{"agent.access": None})) == [
        "agent_access_returned"
    ]


def test_nothing_holds_by_default() -> None:
    facts = Facts()

    assert {field.name for field in fields(facts) if getattr(facts, field.name) is True} == set()
    assert all(refusals(row, facts) for row in TRANSITIONS)
    assert all(guard.failed.zh and guard.failed.en for guard in GUARDS.values())


@pytest.mark.parametrize(("number", "rule"), [("S07", "variant_done"), ("S17", "exemption_stands")])
def test_an_exemption_from_the_health_check_ends_where_an_endpoint_is_given(number: str, rule: str) -> None:
    followed_instead = [names.NETWORK, names.AGENT_CONTRACT, names.MODEL_LOAD, names.DATA_CONNECTION]
    checks = checks_without(number, **dict.fromkeys(followed_instead))

    assert rule not in against(number, technical_field="5", checks=checks)
    assert rule in against(number, technical_field="5", checks=checks, has_endpoint=True)
    # What was onboarded by the kind that it follows needs no exemption.
    followed = {**checks, names.NETWORK: "passed"}
    assert rule not in against(number, technical_field="5", checks=followed, has_endpoint=True)
