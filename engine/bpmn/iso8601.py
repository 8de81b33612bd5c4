"""Dates, durations and cycles as ISO 8601 writes them, true to the calendar.

A month is a month of the calendar and not thirty days. Months and years are added
on the calendar of China, the zone of the people who read the due dates; dates
without a zone are read in it too.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# China has had one zone and no summer time since 1991, so a fixed offset is exact
# and needs no time zone files.
ZONE = timezone(timedelta(hours=8))

LONGEST_YEARS = 100
SHORTEST_REPETITION = timedelta(minutes=1)

_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d{0,6})/(?:(?P<start>[^/]+)/)?(?P<interval>P[^/]+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; its months have the length that the calendar gives them."""

    months: int
    exact: timedelta

    def after(self, moment: datetime) -> datetime:
        """Return the moment this long after the given one, in UTC."""
        local = moment.astimezone(ZONE)
        months = local.year * 12 + local.month - 1 + self.months
        year, month = divmod(months, 12)
        day = min(local.day, calendar.monthrange(year, month + 1)[1])
        return (local.replace(year=year, month=month + 1, day=day) + self.exact).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: ``times`` is None when it never stops, ``start`` when it begins at once."""

    times: int | None
    start: datetime | None
    interval: Duration


def parse_duration(text: str) -> Duration:
    """Read ``P1M``, ``P3DT12H`` and the like.

    Raises:
        ValueError: it is no duration, or longer than a century.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a duration: {text}")
    part = {name: int(value) for name, value in match.groupdict().items() if value}
    duration = Duration(months=part.pop("years", 0) * 12 + part.pop("months", 0), exact=timedelta(**part))
    if duration.months > LONGEST_YEARS * 12 or duration.exact > timedelta(days=366 * LONGEST_YEARS):
        raise ValueError(f"longer than {LONGEST_YEARS} years: {text}")
    return duration


def parse_moment(text: str) -> datetime:
    """Read a date with or without time and zone, as UTC.

    Raises:
        ValueError: it is no date.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZONE)
    return moment.astimezone(UTC)


def parse_cycle(text: str) -> Cycle:
    """Read ``R3/PT1H``, ``R/P1D`` or ``R/2026-12-01T08:00:00+08:00/P1D``.

    Raises:
        ValueError: it is no cycle, or repeats more often than once a minute.
    """
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a cycle: {text}")
    times = int(match["times"]) if match["times"] else None
    if times == 0:
        raise ValueError(f"repeats no time: {text}")
    interval = parse_duration(match["interval"])
    if interval.months == 0 and interval.exact < SHORTEST_REPETITION:
        raise ValueError(f"repeats more often than once a minute: {text}")
    return Cycle(
        times=times,
        start=parse_moment(match["start"]) if match["start"] else None,
        interval=interval,
    )
