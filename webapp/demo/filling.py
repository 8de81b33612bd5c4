"""Filling a form from its JSON Schema: keep what is given, mend what the schema says is wrong.

The form is validated as the server does, and each broken rule is mended in turn: a missing field gets a
value, an unknown one is dropped, a choice takes its first allowed value. The server validates again when
the task is completed; what cannot be mended here fails there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from kernel.clock import SHANGHAI, now

Schema = Mapping[str, Any]
Supplied = Callable[[str, Schema], Any]

MAX_ROUNDS = 300
SENTENCE = "示例内容，由演示程序填写。"


class CannotBeFilled(Exception):
    """A rule of the form could not be met; the text names place and rule."""


def filled(schema: Schema, given: Mapping[str, Any], supplied: Supplied) -> dict[str, Any]:
    """Return data that the schema accepts, as near to what is given as can be.

    ``supplied(name, schema)`` may give the value of a missing field; None leaves it to the schema.

    Raises:
        CannotBeFilled: a rule is still broken after every mending.
    """
    validator = Draft202012Validator(schema)
    data: dict[str, Any] = _known(schema, given)
    for _ in range(MAX_ROUNDS):
        error = next(iter(validator.iter_errors(data)), None)
        if error is None:
            return data
        if not _mended(schema, data, error, supplied):
            break
    place = ".".join(str(part) for part in error.absolute_path) if error else ""
    raise CannotBeFilled(f"{place or '—'}: {error.message[:200] if error else ''}")


def _mended(schema: Schema, data: dict[str, Any], error: ValidationError, supplied: Supplied) -> bool:
    path, asked = list(error.absolute_path), cast("Any", error.validator_value)
    match error.validator:
        case "required":
            holder = _at(data, path)
            for name in asked:
                if name not in holder:
                    holder[name] = _value(name, _field(schema, [*path, name]), supplied)
            return True
        case "const" | "enum":
            return _put(data, path, asked if error.validator == "const" else asked[0])
        case _ if path:
            name = str(path[-1])
            value = _value(name, _field(schema, path), supplied)
            return value != _at(data, path) and _put(data, path, value)
    return False


def _value(name: str, field: Schema, supplied: Supplied) -> Any:
    value = supplied(name, field)
    if value is not None:
        return value
    for source in ("const", "default"):
        if source in field:
            return field[source]
    if field.get("enum"):
        return field["enum"][0]
    match field.get("type"):
        case "object":
            return {}
        case "array":
            inner = field.get("items", {})
            return [_value(name, inner, supplied) for _ in range(int(field.get("minItems", 0)))]
        case "boolean":
            return True
        case "integer" | "number":
            return field.get("minimum", 1)
    if field.get("format") == "date":
        return (now().astimezone(SHANGHAI) + timedelta(days=365)).date().isoformat()
    return SENTENCE


def _known(schema: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the form does not know and what is empty; as on pages, read-only fields stay."""
    known = {}
    for name, value in given.items():
        field = schema.get("properties", {}).get(name)
        if field is None or value is None:
            continue
        known[name] = _known(field, value) if isinstance(value, Mapping) and "properties" in field else value
    return known


def _field(schema: Schema, path: list[str | int]) -> Schema:
    current: Schema = schema
    for part in path:
        inner = current.get("items") if isinstance(part, int) else current.get("properties", {}).get(part)
        current = inner if isinstance(inner, Mapping) else {}
    return current


def _at(data: Any, path: list[str | int]) -> Any:
    for part in path:
        data = data[part]
    return data


def _put(data: Any, path: list[str | int], value: Any) -> bool:
    _at(data, path[:-1])[path[-1]] = value
    return True


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Lay changes over a base, objects inside objects."""
    result = dict(base)
    for name, value in changes.items():
        inner = result.get(name)
        if isinstance(inner, Mapping) and isinstance(value, Mapping):
            result[name] = merged(inner, value)
        else:
            result[name] = value
    return result
