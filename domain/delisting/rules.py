"""What is due in a delisting, decided from days alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

# Days before the offline date on which holders are reminded.
REMINDERS: Final = (90, 30, 7)


def reminder_due(offline_on: date, told_on: date | None, today: date) -> int | None:
    """Return which reminder of the offline date is due, in days before it, or None.

    One whose day nobody worked on stays due until the next one is, and until the component is offline. What
    lay before the day on which the holders were told of the date is not made up for: they have just heard.

    Source: draft standard, clause 9.2d
    """
    begun = [days for days in REMINDERS if offline_on - timedelta(days=days) <= today]
    if not begun or today > offline_on:
        return None
    newest = min(begun)
    if told_on is not None and offline_on - timedelta(days=newest) < told_on:
        return None
    return newest
