"""The place in a list where the next page begins, as one opaque word of an address.

A place is the sort key of the last row seen, never a row number: lists stay quick however far one
pages, and no row is shown twice when others are added.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from flask import request, url_for
from werkzeug.exceptions import BadRequest


@dataclass(frozen=True, slots=True)
class Pager:
    """What the pager macro shows: the address of the next page and of the first one."""

    next_url: str | None
    previous_url: str | None = None


def encode(*values: object) -> str:
    """Pack the sort key of the last row seen."""
    packed = orjson.dumps([str(value) for value in values])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(place: str | None, length: int) -> tuple[str, ...] | None:
    """Unpack a place; none given is none returned.

    Raises:
        BadRequest: the place was not made by ``encode`` with this many values.
    """
    if not place:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    except ValueError:
        raise BadRequest from None
    if not isinstance(values, list) or len(values) != length or not all(isinstance(v, str) for v in values):
        raise BadRequest
    return tuple(values)


def pager(place: Sequence[object] | None) -> Pager:
    """Offer the page after ``place`` and, further down, the way back to the first one."""
    # Names with an underscore in front would be options of url_for, not arguments of the page.
    kept = {name: value for name, value in request.args.items() if name != "after" and name[0:1] != "_"}
    values: dict[str, Any] = {**kept, **(request.view_args or {})}
    endpoint = request.endpoint or ""
    return Pager(
        next_url=url_for(endpoint, **{**values, "after": encode(*place)}) if place else None,
        previous_url=url_for(endpoint, **values) if request.args.get("after") else None,
    )


def as_id(text: str) -> UUID:
    """Read an id that came with the address or a form.

    Raises:
        BadRequest: the text is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest from None
