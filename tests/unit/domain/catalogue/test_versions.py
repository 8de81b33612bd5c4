"""Canonical versions and their precedence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.versions import Precedence, canonical_version, core_of


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("5.0", "5.0.0"),
        ("5.0.0", "5.0.0"),
        ("5.0.0.13124", "5.0.0+build.13124"),
        ("5.0.0 build-13124", "5.0.0+build.13124"),
        ("5.0 build-7", "5.0.0+build.7"),
        ("1.5.0-rc.1", "1.5.0-rc.1"),
        ("1.0.0-alpha+001", "1.0.0-alpha+001"),
        ("1", None),
        ("1.0.0.0.0", None),
        ("1.0.0-01", None),
        ("1.0-rc.1", None),
        ("１.0.0", None),
        ("", None),
        (None, None),
    ],
)
def test_each_form_has_one_canonical_version(raw: object, canonical: str | None) -> None:
    assert canonical_version(raw) == canonical


def test_versions_are_ordered_as_semver_says_and_builds_break_ties() -> None:
    ascending = [
        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "1.0.0+build.2", "1.0.0+build.11", "1.0.1", "1.10.0", "2.0.0",
    ]  # fmt: skip

    shuffled = [*ascending[::2], *ascending[1::2]]

    assert sorted(shuffled, key=Precedence) == ascending


def test_builds_of_one_version_share_their_core() -> None:
    assert core_of("5.0.0+build.1") == core_of("5.0.0+build.2") == core_of("5.0.0")


@given(st.text(max_size=70))
def test_a_canonical_version_is_its_own_canonical_version(text: str) -> None:
    canonical = canonical_version(text)

    assert canonical is None or canonical_version(canonical) == canonical
