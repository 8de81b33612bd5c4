"""How strictly this installation reads Table 1: set once, when the platform is put together.

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
