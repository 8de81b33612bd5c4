"""Comparing two schemas in the direction in which they are used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handlers.scanning.contracts.changes import ContractChange, change
from handlers.scanning.contracts.resolving import Resolver, Schema

_MAX_DEPTH = 30
# (name, True where a larger value allows less)
_LIMITS = (
    ("minimum", True),
    ("exclusiveMinimum", True),
    ("minLength", True),
    ("minItems", True),
    ("minProperties", True),
    ("maximum", False),
    ("exclusiveMaximum", False),
    ("maxLength", False),
    ("maxItems", False),
    ("maxProperties", False),
)


class Direction(StrEnum):
    """Whether the caller writes what the schema describes, or reads it."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass
class SchemaComparison:
    """Compares schemas of two documents; each pair of schemas once."""

    before: Resolver
    now: Resolver
    _seen: set[tuple[int, int, Direction]] = field(default_factory=set)

    def changes(
        self, old: Any, new: Any, place: str, direction: Direction, depth: int = 0
    ) -> Iterator[ContractChange]:
        """Yield what changed from one schema to the other."""
        was, now_is = self.before.merged(old), self.now.merged(new)
        key = (id(was), id(now_is), direction)
        if key in self._seen or depth > _MAX_DEPTH:
            return
        self._seen.add(key)
        asks = direction is Direction.REQUEST
        yield from _types(was, now_is, place, asks)
        yield from _enums(was, now_is, place, asks)
        yield from _limits(was, now_is, place, asks)
        yield from _patterns(was, now_is, place, asks)
        yield from self._fields(was, now_is, place, direction, depth)
        if "items" in was and "items" in now_is:
            yield from self.changes(was["items"], now_is["items"], f"{place}[]", direction, depth + 1)
        for keyword in ("oneOf", "anyOf"):
            yield from self._alternatives(was.get(keyword), now_is.get(keyword), place, direction, depth)

    def _fields(
        self, was: Schema, now_is: Schema, place: str, direction: Direction, depth: int
    ) -> Iterator[ContractChange]:
        asks = direction is Direction.REQUEST
        hidden = "readOnly" if asks else "writeOnly"
        before = self._visible(self.before, was, hidden)
        after = self._visible(self.now, now_is, hidden)
        needed_before = set(_names(was.get("required")))
        needed_now = set(_names(now_is.get("required")))
        for name in sorted(before.keys() | after.keys()):
            inner = f"{place}.{name}"
            if name not in after:
                yield change("request_field_removed" if asks else "response_field_removed", inner)
            elif name not in before:
                yield change(_added(asks, name in needed_now), inner)
            else:
                step = (name in needed_before, name in needed_now)
                if step in _REQUIRED_STEPS:
                    yield change(_REQUIRED_STEPS[step][asks], inner)
                yield from self.changes(before[name], after[name], inner, direction, depth + 1)
        closed_before = was.get("additionalProperties") is False
        closed_now = now_is.get("additionalProperties") is False
        if asks and closed_before != closed_now:
            yield change("additional_forbidden" if closed_now else "additional_allowed", place)

    def _visible(self, resolver: Resolver, schema: Schema, hidden: str) -> dict[str, Any]:
        properties = schema.get("properties")
        found = properties if isinstance(properties, Mapping) else {}
        return {str(name): it for name, it in found.items() if not resolver.look_up(it).get(hidden)}

    def _alternatives(
        self, was: Any, now_is: Any, place: str, direction: Direction, depth: int
    ) -> Iterator[ContractChange]:
        """Compare alternatives by their order; more or fewer of them is a change by itself."""
        old = was if isinstance(was, list) else []
        new = now_is if isinstance(now_is, list) else []
        asks = direction is Direction.REQUEST
        if len(old) > len(new):
            yield change("alternative_removed" if asks else "alternative_gone", place, len(old), len(new))
        elif len(old) < len(new) and old:
            yield change("alternative_added" if asks else "alternative_new", place, len(old), len(new))
        for number, (one, other) in enumerate(zip(old, new, strict=False)):
            yield from self.changes(one, other, f"{place}<{number}>", direction, depth + 1)


# (required before, required now) -> (kind in an answer, kind in a request)
_REQUIRED_STEPS = {
    (False, True): ("response_field_certain", "field_required"),
    (True, False): ("response_field_optional", "field_optional"),
}


def _added(asks: bool, required: bool) -> str:
    if not asks:
        return "response_field_added"
    return "required_field_added" if required else "optional_field_added"


def _types(was: Schema, now_is: Schema, place: str, asks: bool) -> Iterator[ContractChange]:
    old, new = types_of(was), types_of(now_is)
    if old == new:
        return
    shown = ("|".join(sorted(old)) or "any", "|".join(sorted(new)) or "any")
    if _all_of(old, new):
        yield change("type_widened" if asks else "type_changed", place, *shown)
    elif not asks and _all_of(new, old):
        yield change("type_restricted", place, *shown)
    else:
        yield change("type_narrowed" if asks else "type_changed", place, *shown)


def types_of(schema: Schema) -> frozenset[str]:
    """Return the types that a schema allows, ``null`` among them; empty for any type."""
    said = schema.get("type")
    types = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    if schema.get("nullable") is True and types:
        types.add("null")
    return frozenset(str(it) for it in types)


def _all_of(inner: frozenset[str], outer: frozenset[str]) -> bool:
    """Tell whether everything of the inner types is allowed by the outer ones; an integer is a number."""
    if not outer:
        return True
    if not inner:
        return False
    return all(it in outer or (it == "integer" and "number" in outer) for it in inner)


def _enums(was: Schema, now_is: Schema, place: str, asks: bool) -> Iterator[ContractChange]:
    old, new = _values(was), _values(now_is)
    if old == new:
        return
    lost = new is not None and (old is None or bool(old - new))
    gained = old is not None and (new is None or bool(new - old))
    if lost:
        said = sorted(old - new) if old and new is not None else ["any"]
        yield change("enum_narrowed" if asks else "enum_value_gone", place, ", ".join(said), "")
    if gained:
        said = sorted(new - old) if new and old is not None else ["any"]
        yield change("enum_widened" if asks else "enum_value_new", place, "", ", ".join(said))


def _values(schema: Schema) -> set[str] | None:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return {json.dumps(it, ensure_ascii=False) for it in values} if isinstance(values, list) else None


def _limits(was: Schema, now_is: Schema, place: str, asks: bool) -> Iterator[ContractChange]:
    for name, is_lower in _LIMITS:
        old, new = was.get(name), now_is.get(name)
        # In OpenAPI 3.0 exclusive limits are flags of the limits beside them.
        if old == new or isinstance(old, bool) or isinstance(new, bool):
            continue
        tighter = old is None or (new is not None and (new > old) == is_lower)
        kinds = (
            ("limit_tightened", "limit_relaxed")
            if asks
            else ("output_limit_tightened", "output_limit_relaxed")
        )
        shown = ("none" if old is None else old, "none" if new is None else new)
        yield change(kinds[0] if tighter else kinds[1], f"{place} {name}", *shown)


def _patterns(was: Schema, now_is: Schema, place: str, asks: bool) -> Iterator[ContractChange]:
    for name in ("pattern", "format"):
        old, new = was.get(name), now_is.get(name)
        if old == new:
            continue
        if new is None and asks:
            yield change("pattern_removed", f"{place} {name}", old, "none")
        elif old is not None or asks:
            yield change("pattern_changed", f"{place} {name}", old or "none", new or "none")


def _names(value: object) -> list[str]:
    return [str(it) for it in value] if isinstance(value, list) else []
