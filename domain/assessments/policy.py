"""How long a passed assessment holds: set once, when the platform is put together.

It is process-wide on purpose: guards, listing and pages must agree. The number of days is a proposed
value (reading of 8.2.5); the setting is ``ZUJIAN_ASSESSMENT_VALIDITY_DAYS``.
"""

from datetime import timedelta

_validity = timedelta(days=180)


def use_validity(days: int) -> None:
    """Choose how many days a passed assessment holds."""
    global _validity
    _validity = timedelta(days=days)


def validity() -> timedelta:
    """Return how long a passed assessment holds."""
    return _validity
