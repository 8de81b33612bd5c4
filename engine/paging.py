"""Paging by key: a page of rows and an opaque cursor to the next one; never an offset."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from kernel.errors import Invalid
from kernel.language import Text

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in order; ``next`` is the ``after`` of the following page, None on the last one."""

    rows: tuple[Row, ...]
    next: str | None


def encode_cursor(*keys: str) -> str:
    """Return the cursor for the sort keys of the last row shown."""
    return base64.urlsafe_b64encode(orjson.dumps(list(keys))).decode().rstrip("=")


def decode_cursor(cursor: str, count: int) -> tuple[str, ...]:
    """Return the ``count`` sort keys of a cursor.

    Raises:
        Invalid: it was not made by ``encode_cursor``.
    """
    try:
        keys: Any = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _broken_cursor() from error
    if not isinstance(keys, list) or len(keys) != count or not all(isinstance(key, str) for key in keys):
        raise _broken_cursor()
    return tuple(keys)


def _broken_cursor() -> Invalid:
    return Invalid(
        Text(
            "翻页参数无效，请从第一页重新查看。", "The page cursor is not valid; start from the first page."
        ),
        (),
    )


def page_of(rows: Sequence[Row], limit: int, keys: Any) -> Page[Row]:
    """Make a page of at most ``limit`` rows from a query that asked for one more.

    ``keys(row)`` returns the sort keys of a row as strings.
    """
    shown = tuple(rows[:limit])
    more = len(rows) > limit and shown
    return Page(shown, encode_cursor(*keys(shown[-1])) if more else None)
