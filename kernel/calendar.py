"""Natural days and working days in Asia/Shanghai.

Statutory periods of the standard count natural days and end at midnight; review
deadlines count working days by the yearly notice on holidays and make-up work days.
"""

import calendar
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from kernel.clock import SHANGHAI

_DEADLINE: Final = re.compile(r"P?(?P<count>\d{1,4})(?P<unit>WD|D)")
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due; an estimate where the year's holidays are not known."""

    due_at: datetime
    is_estimate: bool


class MalformedDeadline(ValueError):
    """The text is neither ``5WD`` (working days) nor ``30D`` (natural days)."""


def deadline(start: datetime, duration: str) -> Deadline:
    """Return when a period such as ``5WD`` or ``P30D`` that begins at ``start`` ends.

    The day of the start does not count, and the period ends with its last day, at
    24:00 Asia/Shanghai.

    Raises:
        MalformedDeadline: the duration has another form.
    """
    count, unit = parse_duration(duration)
    first_day = start.astimezone(SHANGHAI).date()
    if unit == "D":
        return Deadline(_end_of(first_day + timedelta(days=count)), is_estimate=False)
    last_day, is_estimate = add_working_days(first_day, count)
    return Deadline(_end_of(last_day), is_estimate)


def day_of(instant: datetime) -> date:
    """Return the day on which an instant falls in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return 24:00 of a day in Asia/Shanghai, which no longer belongs to it."""
    return _end_of(day)


def add_months(day: date, count: int) -> date:
    """Return the day ``count`` calendar months later; a month that is too short ends it.

    31 August and 6 months are 28 February, or the 29th in a leap year.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_duration(duration: str) -> tuple[int, str]:
    """Return the number and the unit, ``D`` or ``WD``.

    Raises:
        MalformedDeadline: the duration has another form.
    """
    match = _DEADLINE.fullmatch(duration.strip())
    if match is None:
        raise MalformedDeadline(f"expected 5WD (working days) or 30D (natural days), found {duration!r}")
    return int(match["count"]), match["unit"]


def add_working_days(start: date, count: int) -> tuple[date, bool]:
    """Return the working day ``count`` working days after ``start``.

    The second value tells whether a year without holiday data was crossed, in which
    only the weekends could be left out.
    """
    day, is_estimate = start, False
    while count > 0:
        day += timedelta(days=1)
        is_estimate = is_estimate or day.year not in _known_years()
        count -= is_working_day(day)
    return day, is_estimate


def is_working_day(day: date) -> bool:
    """Tell whether people work on this day, by the holiday notice where it is known."""
    holidays, workdays = _special_days()
    if day in workdays:
        return True
    return day not in holidays and day.weekday() < _SATURDAY


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)


@cache
def _notices() -> dict[str, dict[str, list[str]]]:
    notices: dict[str, dict[str, list[str]]] = json.loads(
        files("kernel").joinpath("holidays.json").read_text(encoding="utf-8")
    )
    return notices


@cache
def _known_years() -> frozenset[int]:
    return frozenset(int(year) for year in _notices())


@cache
def _special_days() -> tuple[frozenset[date], frozenset[date]]:
    holidays, workdays = (
        frozenset(date.fromisoformat(day) for notice in _notices().values() for day in notice[kind])
        for kind in ("holidays", "workdays")
    )
    return holidays, workdays
