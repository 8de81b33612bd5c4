"""Identifiers: UUID version 7, ordered by the time of their making."""

import secrets
import threading
import time
from uuid import UUID

_RANDOM_BITS = 62
_COUNTER_BITS = 12
_lock = threading.Lock()
_last: tuple[int, int] = (0, 0)


def new_id() -> UUID:
    """Return a new UUIDv7; ids made by one process ascend strictly.

    The 12 bits after the version count within a millisecond, so that rows of one
    transaction keep their order in an index. A clock that steps back does not:
    the last millisecond seen is used until the clock has caught up.

    Source: RFC 9562, section 5.7 and section 6.2, method 1
    """
    milliseconds, counter = _next_tick()
    value = milliseconds << 80
    value |= 0x7 << 76
    value |= counter << 64
    value |= 0b10 << _RANDOM_BITS
    value |= secrets.randbits(_RANDOM_BITS)
    return UUID(int=value)


def _next_tick() -> tuple[int, int]:
    global _last
    with _lock:
        now = time.time_ns() // 1_000_000
        last_millisecond, last_counter = _last
        if now > last_millisecond:
            # Starting low leaves room to count upwards within the millisecond.
            _last = (now, secrets.randbits(_COUNTER_BITS - 2))
        elif last_counter + 1 < 1 << _COUNTER_BITS:
            _last = (last_millisecond, last_counter + 1)
        else:
            _last = (last_millisecond + 1, 0)
        return _last
