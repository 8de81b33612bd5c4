"""Instants in forms: people read and type the time in Shanghai, the data name their zone.

The field of a browser (``datetime-local``) knows no zone and refuses a value that has one.
"""

from __future__ import annotations

from datetime import datetime

from kernel.clock import SHANGHAI


def read_instant(typed: str) -> str:
    """Return what was typed as an instant with its zone; what is no time stays as it was typed."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return typed
    # One that names its zone was not typed into the field, and is complete.
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).isoformat()


def shown_instant(value: object) -> str:
    """Return what the field shows of an instant, to the minute; what is no time is shown as it is."""
    text = "" if value is None else str(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return f"{local:%Y-%m-%dT%H:%M}"
