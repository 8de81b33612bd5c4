"""Values before and after an event, side by side, one row per field that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

MAX_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event; ``kind`` is added, removed, changed or stated."""

    path: str
    before: str
    after: str
    kind: str


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """Return the fields that differ, by path; nested objects are taken apart, lists by position."""
    old, new = dict(_flatten(before or {})), dict(_flatten(after or {}))
    found = []
    for path in sorted(old.keys() | new.keys()):
        if path in old and path in new and old[path] == new[path]:
            continue
        kind = "changed" if path in old and path in new else "added" if path in new else "removed"
        found.append(Change(path, _shown(old.get(path)), _shown(new.get(path)), kind))
    return found


def statements(values: Mapping[str, Any] | None) -> list[Change]:
    """Return plain values, such as what was asked for, as rows without a before."""
    return [Change(path, "", _shown(value), "stated") for path, value in _flatten(values or {})]


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    items: Iterator[tuple[str, Any]]
    if isinstance(value, Mapping) and value:
        items = ((str(key), item) for key, item in value.items())
    elif isinstance(value, list) and value:
        items = ((str(position + 1), item) for position, item in enumerate(value))
    else:
        if path:
            yield path, value
        return
    for name, item in items:
        yield from _flatten(item, f"{path}.{name}" if path else name)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "—"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
