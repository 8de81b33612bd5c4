"""Natural and working days in Asia/Shanghai."""

from datetime import UTC, date, datetime

import pytest

from kernel.calendar import MalformedDeadline, add_working_days, deadline, is_working_day
from kernel.clock import SHANGHAI


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]  # parts are year to minute


def test_natural_days_do_not_count_the_first_and_end_at_midnight() -> None:
    due = deadline(shanghai(2026, 11, 1, 9, 30), "15D")

    assert due.due_at == shanghai(2026, 11, 17)
    assert not due.is_estimate


def test_the_day_of_the_start_is_the_day_in_shanghai() -> None:
    late_evening_in_utc = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)

    assert deadline(late_evening_in_utc, "P1D").due_at == shanghai(2026, 11, 4)


def test_working_days_skip_the_holiday_and_count_the_make_up_day() -> None:
    assert add_working_days(date(2026, 9, 30), 1) == (date(2026, 10, 8), False)
    assert add_working_days(date(2026, 9, 30), 3) == (date(2026, 10, 10), False)
    assert is_working_day(date(2026, 2, 28))
    assert not is_working_day(date(2026, 2, 16))


def test_a_year_without_a_holiday_notice_is_marked_as_an_estimate() -> None:
    last_day, is_estimate = add_working_days(date(2033, 1, 7), 1)

    assert (last_day, is_estimate) == (date(2033, 1, 10), True)


@pytest.mark.parametrize("text", ["5", "5 weeks", "-1D", "5wd", ""])
def test_another_form_of_deadline_is_refused(text: str) -> None:
    with pytest.raises(MalformedDeadline):
        deadline(shanghai(2026, 11, 1), text)
