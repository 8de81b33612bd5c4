"""Durations, dates and cycles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.iso8601 import parse_cycle, parse_duration, parse_moment


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("P1M", datetime(2026, 1, 31, 1, tzinfo=UTC), datetime(2026, 2, 28, 1, tzinfo=UTC)),
        ("P1M", datetime(2028, 1, 31, 1, tzinfo=UTC), datetime(2028, 2, 29, 1, tzinfo=UTC)),
        ("P1Y", datetime(2028, 2, 29, 1, tzinfo=UTC), datetime(2029, 2, 28, 1, tzinfo=UTC)),
        # In Shanghai it is already the 31st.
        ("P1M", datetime(2026, 1, 30, 17, tzinfo=UTC), datetime(2026, 2, 27, 17, tzinfo=UTC)),
        ("P2W3DT4H5M6S", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 18, 4, 5, 6, tzinfo=UTC)),
        ("PT36H", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, 12, tzinfo=UTC)),
    ],
)
def test_a_duration_follows_the_calendar(text: str, begin: datetime, end: datetime) -> None:
    assert parse_duration(text).after(begin) == end


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "P-1D", "P1.5D", "P1DT", "P101Y", "P1D extra", "PT1H1D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration|longer than"):
        parse_duration(text)


def test_a_date_without_zone_is_in_china() -> None:
    assert parse_moment("2026-03-01T00:00:00") == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert parse_moment("2026-03-01T00:00:00Z") == datetime(2026, 3, 1, tzinfo=UTC)


def test_cycles_count_or_go_on() -> None:
    assert parse_cycle("R3/PT1H").times == 3
    assert parse_cycle("R/P1D").times is None
    assert parse_cycle("R/2026-03-01T00:00:00Z/P1D").start == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["R3", "P1D", "R0/P1D", "R/PT1S", "R3/P1D/P1D", "Rx/P1D", "R-1/P1D"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_cycle(text)


@given(
    months=st.integers(0, 1200),
    begin=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_months_keep_the_time_of_day(months: int, begin: datetime) -> None:
    aware = begin.replace(tzinfo=UTC)

    end = parse_duration(f"P{months}M").after(aware)

    assert (end - aware) % timedelta(days=1) == timedelta(0)
    assert end >= aware
