"""Which reminder of an offline date is due on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.delisting.rules import reminder_due

OFFLINE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("days_left", "told_before", "due"),
    [
        (91, 120, None),
        (90, 120, 90),
        (89, 120, 90),
        (31, 120, 90),
        (30, 120, 30),
        # The day itself passed while nothing ran.
        (28, 120, 30),
        (7, 120, 7),
        (1, 120, 7),
        (0, 120, 7),
        (-1, 120, None),
        # They were told of the date 60 days before it: the reminder of the 90th day is none of theirs.
        (60, 60, None),
        (30, 60, 30),
        (90, 90, 90),
        (5, 5, None),
    ],
)
def test_a_reminder_is_due_from_its_day_until_the_next(
    days_left: int, told_before: int, due: int | None
) -> None:
    today, told = OFFLINE - timedelta(days=days_left), OFFLINE - timedelta(days=told_before)

    assert reminder_due(OFFLINE, told, today) == due


def test_where_it_is_not_known_when_they_were_told_nothing_is_left_out() -> None:
    assert reminder_due(OFFLINE, None, OFFLINE - timedelta(days=60)) == 90
