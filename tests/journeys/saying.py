"""What the answer to a form says field by field, as somebody would type it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.clock import SHANGHAI
from webapp.forms.schema import Kind, Schema, kind_of, resolved

FILES = frozenset({"file", "files"})


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in one field; ``values`` are as typed, for files and secrets their references."""

    path: str
    kind: Kind
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsSaid:
    """How many rows a table has."""

    path: str
    count: int


def said(schema: Schema, data: Mapping[str, Any]) -> Iterator[Said | RowsSaid]:
    """Yield what is said, the rows of a table before what stands in them."""
    yield from _object(schema, data, "", schema)


def _object(schema: Schema, data: Mapping[str, Any], prefix: str, root: Schema) -> Iterator[Said | RowsSaid]:
    for name, part in schema.get("properties", {}).items():
        if data.get(name) is not None:
            yield from _field(resolved(part, root), data[name], f"{prefix}{name}", root)


def _field(schema: Schema, value: Any, path: str, root: Schema) -> Iterator[Said | RowsSaid]:
    kind = kind_of(schema, root)
    if kind == "hidden" or schema.get("readOnly"):
        return  # the server knows it already
    if kind == "group":
        yield from _object(schema, value, f"{path}.", root)
    elif kind == "rows":
        yield RowsSaid(path, len(value))
        items = resolved(schema.get("items", {}), root)
        for index, row in enumerate(value):
            yield from _object(items, row, f"{path}.{index}.", root)
    else:
        yield Said(path, kind, _typed(kind, value))


def _typed(kind: Kind, value: Any) -> tuple[str, ...]:
    match kind:
        case "checkbox":
            return ("1",) if value else ()
        case "choices" | "files":
            return tuple(str(one) for one in value)
        case "lines":
            return ("\n".join(str(one) for one in value),)
        case "datetime":
            return (f"{datetime.fromisoformat(value).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",)
        case _:
            return (str(value),)
