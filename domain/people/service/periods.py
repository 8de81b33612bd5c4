"""Periods as people give them: two dates, each of which may be missing."""

from datetime import date

from kernel.errors import FieldProblem, Invalid
from kernel.language import Text


def period(starts_on: str | None, ends_on: str | None) -> tuple[str | None, str | None]:
    """Return both dates in ISO form.

    Raises:
        Invalid: a date that does not exist, or the end before the start.
    """
    start, end = _date("starts_on", starts_on), _date("ends_on", ends_on)
    if start and end and end < start:
        raise _invalid("ends_on", "period.order", "截止日期早于开始日期", "The period ends before it starts")
    return start, end


def _date(path: str, value: str | None) -> str | None:
    text = (value or "").strip()
    if not text:
        return None
    try:
        if len(text) != len("2026-01-01"):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _invalid(
            path,
            "period.date",
            f"日期应写成 2026-01-31，且存在：{text[:20]}",
            "Write a day that exists as 2026-01-31",
        ) from None


def _invalid(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))
