"""Which region covers which."""

import pytest

from kernel.actor import Grant
from kernel.ids import new_id
from kernel.territory import covers, province_of, region_range


@pytest.mark.parametrize(
    ("grant", "region", "expected"),
    [
        ("990000", "990100", True),
        ("990000", "990000", True),
        ("990100", "990101", True),
        ("990100", "990200", False),
        ("990100", "990000", False),
        ("990101", "990100", False),
    ],
)
def test_a_province_covers_its_cities_and_a_city_its_counties(
    grant: str, region: str, expected: bool
) -> None:
    assert covers(grant, region) is expected


def test_a_region_code_that_is_not_six_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="six digits"):
        region_range("9901")


def test_a_grant_of_one_unit_reaches_only_its_own_unit() -> None:
    unit = new_id()
    grant = Grant("provider", "990100", unit)

    assert grant.reaches("990200", unit)
    assert not grant.reaches("990100", new_id())


@pytest.mark.parametrize("region", ["990000", "990100", "990101"])
def test_a_region_lies_in_its_province(region: str) -> None:
    assert province_of(region) == "990000"
