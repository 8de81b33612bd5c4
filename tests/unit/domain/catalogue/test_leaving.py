"""Suspension, recovery, delisting and archive: each condition refused with its own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.catalogue.facts import Facts
from domain.catalogue.guards import GUARDS
from domain.catalogue.refusals import refusals
from domain.catalogue.states import Event, State, transition
from domain.delisting import kinds
from domain.delisting.kinds import Kind, idle_since, is_idle
from tests.unit.domain.catalogue.leaving_cases import NOW, OPENER, case, leaving_well, suspension
from tests.unit.domain.catalogue.test_guards import ROW, against, everything_holds

S, E = State, Event
IN_CATALOGUE = (S.LISTED, S.PUBLISHED, S.DEPRECATED, S.SUSPENDED)
# Every step of the table from S24 on, and no other.
ALLOWED = {
    (S.PUBLISHED, E.UNPUBLISH): "S24",
    (S.PUBLISHED, E.DEPRECATE): "S25",
    (S.DEPRECATED, E.UNDEPRECATE): "S26",
    **{(state, E.SUSPEND): "S27" for state in (S.LISTED, S.PUBLISHED, S.DEPRECATED)},
    (S.SUSPENDED, E.RESUME): "S28",
    (S.SUSPENDED, E.START_RECOVERY): "S29",
    (S.REWORK, E.SUBMIT_RECOVERY): "S30",
    (S.ASSESSING, E.APPLY_RELISTING): "S31",
    (S.LISTING_REVIEW, E.RETURN_RELISTING): "S32",
    (S.LISTING_REVIEW, E.REFUSE_RELISTING): "S33",
    (S.LISTING_REVIEW, E.APPROVE_RELISTING): "S34",
    **{(state, E.START_DELISTING): "S35" for state in IN_CATALOGUE},
    **{(state, E.ABANDON_RECOVERY): "S36" for state in (S.REWORK, S.ASSESSING, S.LISTING_REVIEW)},
    (S.DELISTING, E.KEEP): "S37",
    (S.DELISTING, E.APPROVE_VOLUNTARY): "S38",
    (S.DEPRECATED, E.END_GRACE): "S39",
    (S.DELISTING, E.EXECUTE): "S40",
    (S.DELISTED, E.ARCHIVE): "S41",
}
LATE_EVENTS = sorted({event for _state, event in ALLOWED})


def leaving(number: str, **changes: Any) -> list[str]:
    """Return what refuses a transition when the facts of leaving differ from the good ones."""
    facts = replace(leaving_well(ROW[number]), **changes)
    return against(number, leaving=facts)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", LATE_EVENTS)
def test_the_table_knows_these_steps_and_no_other(state: State, event: Event) -> None:
    row = transition(state, event)

    assert (row.number if row else None) == ALLOWED.get((state, event))


@pytest.mark.parametrize("state", [*IN_CATALOGUE, S.DELISTING])
def test_what_was_listed_goes_back_to_no_early_state(state: State) -> None:
    early = {S.DRAFT, S.ONBOARDING, S.ONBOARDED, S.CANCELLED, S.AUTHORIZED}

    assert not {row.target for row in ROW.values() if state in row.sources} & early


@pytest.mark.parametrize("state", [S.ARCHIVED, S.CANCELLED])
def test_an_end_is_an_end(state: State) -> None:
    assert not [row for row in ROW.values() if state in row.sources]
    assert {row.event for row in ROW.values() if S.DELISTED in row.sources} == {E.ARCHIVE}


def test_nothing_is_suspended_without_an_event_on_record() -> None:
    assert leaving("S27", suspension=None) == ["incident_recorded"]


@pytest.mark.parametrize(
    "changed",
    [{"finding": None}, {"finding": "mended"}, {"record_digest": "another"}],
)
def test_what_was_changed_goes_by_the_recovery_and_not_by_resuming(changed: dict[str, Any]) -> None:
    assert leaving("S28", suspension=suspension(**changed)) == ["fault_gone_unchanged"]


def test_a_recovery_needs_the_word_that_this_version_is_mended() -> None:
    assert leaving("S29", suspension=suspension(is_same_version_mended=False)) == ["same_version_mended"]


@pytest.mark.parametrize("check", ["recovery_offline_test", "recovery_trial_run", "recovery_evaluation"])
@pytest.mark.parametrize("status", ["failed", "not_checked", None])
def test_each_of_the_three_records_must_have_passed(check: str, status: str | None) -> None:
    checks = {**everything_holds(ROW["S31"]).checks, check: status}

    known = {name: value for name, value in checks.items() if value is not None}

    assert against("S31", checks=known) == ["recovery_records"]


@pytest.mark.parametrize("number", ["S35", "S36"])
@pytest.mark.parametrize(
    ("kind", "role"),
    [("forced", "reviewer"), ("compliance", "reviewer"), ("idle", "operator"), ("voluntary", "provider")],
)
def test_each_kind_is_asked_for_by_its_own_side(number: str, kind: str, role: str) -> None:
    facts = replace(leaving_well(ROW[number]), case=case(Kind(kind)))
    others = {"reviewer", "operator", "provider", "releasing_unit"} - {role}

    assert "delisting_case" not in against(number, leaving=facts, roles=frozenset({role}))
    assert "delisting_case" in against(number, leaving=facts, roles=frozenset(others))


@pytest.mark.parametrize("number", ["S35", "S36"])
@pytest.mark.parametrize(
    "changed",
    [{"due_at": None}, {"due_at": NOW + timedelta(seconds=1)}, {"mended_at": NOW}],
)
def test_no_forced_delisting_before_the_deadline_or_after_the_fault_was_mended(
    number: str, changed: dict[str, Any]
) -> None:
    assert leaving(number, case=case(Kind.FORCED, **changed)) == ["forced_deadline"]


def test_no_idle_delisting_a_day_short_of_six_months() -> None:
    assert leaving("S35", case=case(Kind.IDLE), idle_since=date(2026, 3, 2)) == ["idle_months"]
    assert leaving("S35", case=case(Kind.IDLE), idle_since=date(2026, 3, 1)) == []


@pytest.mark.parametrize("missing", ["operator", "reviewer"])
@pytest.mark.parametrize("said", [None, "keep"])
def test_no_idle_delisting_with_one_opinion_missing_or_against(missing: str, said: str | None) -> None:
    opinions = dict(case(Kind.IDLE).opinions)
    opinions[missing] = {"by": str(uuid4()), "decision": said} if said else {}

    assert leaving("S35", case=case(Kind.IDLE, opinions=opinions)) == ["idle_opinions"]


@pytest.mark.parametrize("field", ["regulationTitle", "regulationClause"])
def test_no_compliance_delisting_without_the_regulation(field: str) -> None:
    thin = case(Kind.COMPLIANCE)
    thin = replace(thin, grounds={**thin.grounds, field: ""})

    assert leaving("S35", case=thin) == ["regulation_named"]


@pytest.mark.parametrize("conclusion", [None, "adaptable", "not_affected"])
def test_no_compliance_delisting_without_the_conclusion(conclusion: str | None) -> None:
    assert leaving("S35", case=case(Kind.COMPLIANCE, conclusion=conclusion)) == ["cannot_be_adapted"]


@pytest.mark.parametrize("field", ["reason", "migrationPlan"])
def test_no_voluntary_delisting_without_reason_and_migration_plan(field: str) -> None:
    thin = case(Kind.VOLUNTARY)
    thin = replace(thin, grounds={**thin.grounds, field: None})

    assert leaving("S35", case=thin) == ["migration_planned"]


def test_there_is_no_way_back_once_the_takedown_has_begun() -> None:
    stopped: dict[str, Any] = {"stopped_how": kinds.WITHDRAWN, "stopped_by": OPENER}

    assert leaving("S37", case=case(**stopped, begun_at=NOW)) == ["takedown_not_begun"]
    assert leaving("S37", case=case(**stopped)) == []


def test_nobody_involved_refuses_and_nothing_is_kept_without_a_decision() -> None:
    assert leaving("S37", case=case()) == ["keeping_decided"]
    assert leaving("S37", case=case(stopped_how=kinds.REFUSED, stopped_by=OPENER)) == ["keeping_decided"]


def test_only_a_voluntary_case_from_the_market_enters_the_grace_period_as_deprecated() -> None:
    assert leaving("S38", case=case(Kind.FORCED)) == ["voluntary_from_market"]
    assert leaving("S38", delist_from="LISTED") == ["voluntary_from_market"]
    assert leaving("S38", delist_from="DEPRECATED") == []


def test_who_is_involved_does_not_approve() -> None:
    decider = everything_holds(ROW["S38"]).decider

    assert leaving("S38", case=case(Kind.VOLUNTARY, opened_by=decider)) == ["not_involved"]
    for field in ("opened_by", "requested_by", "concluded_by"):
        approved = case(approved_by=OPENER, opened_by=None, requested_by=None, concluded_by=None)
        involved: dict[str, Any] = {field: OPENER}
        assert leaving("S40", case=replace(approved, **involved)) == ["delisting_approved"]


def test_the_grace_period_ends_by_time_or_when_everybody_has_moved() -> None:
    early = case(Kind.VOLUNTARY, takedown_at=NOW + timedelta(days=1))

    assert leaving("S39", case=early, not_migrated=1) == ["grace_over"]
    assert leaving("S39", case=early, not_migrated=0) == []
    assert leaving("S39", case=replace(early, takedown_at=NOW), not_migrated=1) == []
    assert "grace_over" in leaving("S40", case=case(takedown_at=NOW + timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"approved_by": None}, "delisting_approved"),
        ({"told_at": None}, "notice_given"),
        *[({"proofs": {p: {} for p in kinds.PARTS if p != gone}}, "taken_down") for gone in kinds.PARTS],
    ],
)
def test_nothing_is_delisted_half(changed: dict[str, Any], rule: str) -> None:
    assert leaving("S40", case=case(**changed)) == [rule]


def test_one_holder_who_was_not_told_holds_the_takedown() -> None:
    assert leaving("S40", untold=1) == ["notice_given"]


def test_an_archive_waits_six_months_and_for_every_order() -> None:
    assert leaving("S41", delisted_on=date(2026, 3, 2)) == ["rested_and_settled"]
    assert leaving("S41", unsettled=1) == ["rested_and_settled"]


def test_an_approved_delisting_keeps_the_deprecation() -> None:
    assert leaving("S26", case=case(Kind.VOLUNTARY)) == ["no_delisting_pending"]
    assert leaving("S26", case=case(Kind.VOLUNTARY, approved_at=None)) == []
    assert leaving("S26", case=None) == []


@pytest.mark.parametrize(
    ("since", "first_day"),
    [
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 3, 15), date(2026, 9, 15)),
        (date(2026, 8, 29), date(2027, 2, 28)),
    ],
)
def test_the_idle_clock_counts_calendar_months(since: date, first_day: date) -> None:
    assert is_idle(since, first_day)
    assert not is_idle(since, first_day - timedelta(days=1))


def test_the_idle_clock_runs_from_the_latest_event_by_the_day_of_shanghai() -> None:
    # 16:30 UTC is half past midnight of the next day in Shanghai.
    late = NOW.replace(month=8, day=30, hour=16, minute=30)

    assert idle_since(late, None, date(2026, 1, 1)) == date(2026, 8, 31)
    assert idle_since(None, None) is None


def test_every_refusal_has_words_of_its_own() -> None:
    words = [guard.failed.zh for guard in GUARDS.values()] + [guard.failed.en for guard in GUARDS.values()]

    assert len(words) == len(set(words))
    assert all(not message.message.zh.startswith("（") for message in refusals(ROW["S41"], Facts()))
