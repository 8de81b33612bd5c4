"""The table of transitions: complete, unambiguous, and closed to everything else."""

from __future__ import annotations

from itertools import product

import pytest

from domain.catalogue.guards import GUARDS
from domain.catalogue.states import (
    EVENT_TEXT,
    PLATFORM,
    STATE_TEXT,
    TRANSITIONS,
    Back,
    Event,
    State,
    transition,
)

S, E = State, Event
ENDED = {S.DELISTED, S.ARCHIVED, S.CANCELLED}


def targets(state: State) -> set[State | Back]:
    """Return where a state can lead by one transition."""
    return {row.target for row in TRANSITIONS if state in row.sources}


def test_the_table_has_the_41_transitions_in_order() -> None:
    assert [row.number for row in TRANSITIONS] == [f"S{number:02d}" for number in range(1, 42)]


def test_a_pair_of_state_and_event_names_one_transition() -> None:
    pairs = [(source, row.event) for row in TRANSITIONS for source in row.sources]

    assert len(pairs) == len(set(pairs))


def test_every_pair_outside_the_table_is_forbidden() -> None:
    inside = {(source, row.event) for row in TRANSITIONS for source in row.sources}

    for state, event in product(State, Event):
        assert (transition(state, event) is not None) == ((state, event) in inside)


def test_every_state_event_and_guard_has_its_words() -> None:
    assert set(STATE_TEXT) == set(State)
    assert set(EVENT_TEXT) == set(Event)
    assert {guard for row in TRANSITIONS for guard in row.guards} == set(GUARDS)


def test_nothing_but_archiving_leaves_an_end() -> None:
    leaving = {(state, event) for state, event in product(ENDED, Event) if transition(state, event)}

    assert leaving == {(S.DELISTED, E.ARCHIVE)}


def test_what_was_listed_leaves_by_delisting_only() -> None:
    for state in (S.LISTED, S.PUBLISHED, S.DEPRECATED, S.SUSPENDED):
        assert not targets(state) & {S.DRAFT, S.ONBOARDING, S.ONBOARDED, S.CANCELLED, S.DELISTED}


def test_every_way_to_cancelled_is_closed_to_a_version_listed_before() -> None:
    for row in TRANSITIONS:
        if row.target is S.CANCELLED and set(row.sources) & {S.ASSESSING, S.REWORK, S.LISTING_REVIEW}:
            assert "never_listed" in row.guards


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        (S.DRAFT, {S.LISTED, S.PUBLISHED}),
        (S.AUTHORIZED, {S.LISTED, S.PUBLISHED, S.ASSESSING}),
        (S.ONBOARDING, {S.ONBOARD_REVIEW}),
        (S.ASSESSING, {S.ONBOARDED}),
        (S.ONBOARDED, {S.LISTED, S.PUBLISHED}),
        (S.LISTING_REVIEW, {S.PUBLISHED}),
        (S.SUSPENDED, {S.LISTING_REVIEW, S.PUBLISHED}),
        (S.LISTED, {S.DEPRECATED}),
        (S.DEPRECATED, {S.LISTED}),
    ],
)
def test_no_stage_is_skipped(state: State, closed: set[State]) -> None:
    assert not targets(state) & closed


def test_a_reason_is_asked_for_wherever_something_is_taken_back() -> None:
    words = ("RETURN", "REFUSE", "WITHDRAW", "SUSPEND", "CANCEL", "REVOKE", "UNPUBLISH", "KEEP", "DELISTING")
    for row in TRANSITIONS:
        if any(word in row.event for word in words):
            assert row.needs_reason, row.number


def test_every_decision_of_the_reviewer_takes_four_eyes_and_a_person() -> None:
    for row in TRANSITIONS:
        if row.roles == ("reviewer",):
            assert "four_eyes" in row.guards, row.number
            assert not row.openers, row.number


def test_the_platform_acts_by_itself_only_on_recorded_results() -> None:
    assert {row.number for row in TRANSITIONS if PLATFORM in row.roles} == {
        "S07", "S08", "S13", "S16", "S37", "S39", "S40",
    }  # fmt: skip
