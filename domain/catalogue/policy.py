"""How strictly this installation reads Table 1, and how alike is too alike: set once, at the start.

It is process-wide on purpose: import, form, API, handlers and the state machine must read
the standard alike, whoever asks.
"""

_strict = False


def use_strict_rules(strict: bool) -> None:
    """Choose the strict reading (two-part versions and punctuation refused) or the normal one."""
    global _strict
    _strict = strict


def strict_rules() -> bool:
    """Tell whether the strict reading is in force."""
    return _strict


# From this likeness on a reviewer looks at it; a proposed value.
_threshold = 0.6


def use_duplicate_threshold(percent: int) -> None:
    """Choose from which likeness on, in percent, a reviewer examines whether something is built twice."""
    global _threshold
    _threshold = percent / 100


def duplicate_threshold() -> float:
    """Return the likeness from which on a reviewer looks, 0.0 to 1.0."""
    return _threshold
