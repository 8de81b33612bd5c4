"""Order of numbers within a major line, and numbers that say what the contract shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.semantics import (
    Level,
    fit_breach,
    level_between,
    major_of,
    newest,
    order_breach,
    predecessor,
)
from domain.catalogue.versions import Precedence, canonical_version

NUMBER = st.integers(0, 30)
BUILD = st.one_of(st.none(), st.integers(0, 40).map(lambda number: f"build.{number}"))
PRE = st.sampled_from(["", "-alpha", "-alpha.1", "-rc.1", "-rc.2"])


@st.composite
def canonicals(draw: st.DrawFn) -> str:
    """Draw a canonical version."""
    core = ".".join(str(draw(NUMBER)) for _ in range(3))
    build = draw(BUILD)
    return f"{core}{draw(PRE)}" + (f"+{build}" if build else "")


@given(canonicals(), canonicals())
def test_of_two_versions_one_comes_first_and_equals_are_the_same(one: str, other: str) -> None:
    first, second = Precedence(one), Precedence(other)

    assert (first < second) + (second < first) + (one == other) == 1


@given(canonicals(), canonicals(), canonicals())
def test_precedence_is_transitive(one: str, two: str, three: str) -> None:
    low, middle, high = sorted((one, two, three), key=Precedence)

    assert not Precedence(high) < Precedence(low)
    assert Precedence(low) <= Precedence(middle) <= Precedence(high)


@given(canonicals())
def test_every_canonical_version_is_accepted_as_it_is(version: str) -> None:
    assert canonical_version(version) == version


@given(st.lists(canonicals(), max_size=8), canonicals())
def test_a_number_is_in_order_exactly_when_nothing_newer_is_in_its_line(
    existing: list[str], new: str
) -> None:
    newer = [
        one
        for one in existing
        if one != new and major_of(one) == major_of(new) and not Precedence(one) < Precedence(new)
    ]

    assert (order_breach(new, existing) is None) == (newer == [])


@given(st.lists(canonicals(), min_size=1, max_size=8))
def test_the_newest_is_newer_than_all_others(versions: list[str]) -> None:
    found = newest(versions)

    assert found is not None
    assert all(Precedence(one) <= Precedence(found) for one in versions)


@given(canonicals(), canonicals(), st.sampled_from(list(Level)[:3]))
def test_a_breaking_contract_fits_a_new_major_number_only(one: str, other: str, contract: Level) -> None:
    old, new = sorted((one, other), key=Precedence)

    breach = fit_breach(old, new, contract)

    if contract is Level.PATCH:
        assert breach is None
    elif contract is Level.MAJOR:
        assert (breach is None) == (major_of(new) > major_of(old))
    else:
        assert (breach is None) == (level_between(old, new) in (Level.MAJOR, Level.MINOR))


@pytest.mark.parametrize(
    ("new", "existing", "rule"),
    [
        ("1.9.1", ["1.9.0", "2.0.0"], None),
        ("1.8.5", ["1.9.0", "2.0.0"], "S-VER-01"),
        ("1.9.0", ["1.9.0+build.3"], "S-VER-01"),
        ("1.9.0+build.4", ["1.9.0+build.3"], None),
        ("1.9.0+build.2", ["1.9.0+build.10"], "S-VER-01"),
        ("2.0.0", ["2.0.0-rc.1", "1.9.0"], None),
        ("2.0.0-rc.1", ["1.9.0"], None),
        ("1.0.0", [], None),
    ],
)
def test_a_number_comes_after_the_last_of_its_major_line(
    new: str, existing: list[str], rule: str | None
) -> None:
    breach = order_breach(new, existing)

    assert (breach.rule_id if breach else None) == rule


@pytest.mark.parametrize(
    ("old", "new", "contract", "rule"),
    [
        ("1.2.0", "1.3.0", Level.MAJOR, "S-VER-02"),
        ("1.2.0", "2.0.0", Level.MAJOR, None),
        ("1.2.0", "1.2.1", Level.MINOR, "S-VER-03"),
        ("1.2.0", "1.3.0", Level.MINOR, None),
        ("1.2.0", "1.2.1", Level.PATCH, None),
        ("1.2.0+build.1", "1.2.0+build.2", Level.PATCH, None),
        ("1.2.0+build.1", "1.2.0+build.2", Level.MINOR, "S-VER-03"),
        ("0.2.0", "0.3.0", Level.MAJOR, "S-VER-02"),
    ],
)
def test_a_number_promises_what_the_contract_shows(
    old: str, new: str, contract: Level, rule: str | None
) -> None:
    breach = fit_breach(old, new, contract)

    assert (breach.rule_id if breach else None) == rule
    if breach is not None:
        assert breach.clause == "6.2d"
        assert breach.mend.zh


def test_what_a_version_follows_is_the_last_release() -> None:
    assert predecessor("2.0.0", ["1.9.0", "2.0.0-rc.1"]) == "1.9.0"
    assert predecessor("1.9.1", ["1.9.0", "2.0.0"]) == "1.9.0"
    assert predecessor("0.1.0", ["0.1.0-rc.1"]) == "0.1.0-rc.1"
    assert predecessor("0.1.0", []) is None
