"""Reading a form's JSON Schema: references, titles in two languages, which kind of field to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Schema = Mapping[str, Any]
Kind = Literal[
    "text", "textarea", "number", "date", "datetime", "checkbox", "select", "outcome", "choices", "lines",
    "file", "files", "group", "rows", "hidden", "url", "email", "secret",
]  # fmt: skip

_MAX_REFERENCES = 20
_BY_FORMAT: dict[str, Kind] = {"date": "date", "date-time": "datetime", "uri": "url", "email": "email"}
_BY_WIDGET: dict[str, Kind] = {
    "hidden": "hidden",
    "textarea": "textarea",
    "outcome": "outcome",
    "secret": "secret",
}
_LONG_TEXT = 200


def resolved(schema: Schema, root: Schema) -> Schema:
    """Follow a local ``$ref``; what stands beside it wins over what it names."""
    for _ in range(_MAX_REFERENCES):
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return schema
        target: Any = root
        for part in reference[2:].split("/"):
            target = target.get(part.replace("~1", "/").replace("~0", "~"), {})
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def words(schema: Schema, key: str, language: str) -> str:
    """Return ``title`` or ``description`` in the language: English stands beside in ``x-en``."""
    chinese = schema.get(key)
    if language == "en":
        english = schema.get("x-en")
        if isinstance(english, Mapping) and english.get(key):
            return str(english[key])
    return str(chinese) if chinese else ""


def label_of(schema: Schema, value: Any, language: str) -> str:
    """Return the label of an enumerated value from ``x-labels``, else the value itself."""
    labels = schema.get("x-labels")
    label = labels.get(str(value)) if isinstance(labels, Mapping) else None
    if isinstance(label, Mapping):
        return str(label.get(language) or label.get("zh-CN") or value)
    return str(label or value)


def kind_of(schema: Schema, root: Schema) -> Kind:
    """Choose the field to draw: the widget asked for, else the one that the type suggests."""
    widget = schema.get("x-widget")
    type_ = type_of(schema)
    if asked := _BY_WIDGET.get(str(widget)):
        return asked
    if type_ == "array":
        return _kind_of_array(schema, root)
    if widget == "file":
        return "file"
    if type_ == "object":
        return "group"
    if type_ == "boolean":
        return "checkbox"
    if "enum" in schema or "x-choices" in schema:
        return "select"
    if type_ in ("integer", "number"):
        return "number"
    if schema.get("maxLength", 0) > _LONG_TEXT and "format" not in schema:
        return "textarea"
    return _BY_FORMAT.get(schema.get("format", ""), "text")


def type_of(schema: Schema) -> str:
    """Return the JSON type, the first one where null is also allowed; guessed from the keywords if absent."""
    type_ = schema.get("type")
    if isinstance(type_, list):
        type_ = next((name for name in type_ if name != "null"), "string")
    if type_:
        return str(type_)
    if "properties" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def required_when(schema: Schema) -> dict[str, tuple[str, ...]]:
    """Return dotted path -> outcomes that make it required, read from ``if``/``then`` on ``outcome``."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in (schema, *schema.get("allOf", ())):
        condition = rule.get("if", {}).get("properties", {}).get("outcome", {})
        outcomes = condition.get("enum") or ([condition["const"]] if "const" in condition else [])
        for path in _required_in(rule.get("then", {}), ""):
            found[path] = (*found.get(path, ()), *(str(outcome) for outcome in outcomes))
    return {path: outcomes for path, outcomes in found.items() if outcomes}


def _required_in(then: Schema, prefix: str) -> Iterator[str]:
    """Yield the dotted paths that a ``then`` requires, those inside groups too."""
    for name in then.get("required", ()):
        yield f"{prefix}{name}"
    for name, part in then.get("properties", {}).items():
        if isinstance(part, Mapping):
            yield from _required_in(part, f"{prefix}{name}.")


def names_of_choices(schema: Any) -> set[str]:
    """Return every list that ``x-choices`` asks for, anywhere in the schema."""
    if isinstance(schema, Mapping):
        own = {str(schema["x-choices"])} if "x-choices" in schema else set()
        return own.union(*(names_of_choices(part) for part in schema.values()))
    if isinstance(schema, list):
        return set().union(*(names_of_choices(part) for part in schema))
    return set()


def _kind_of_array(schema: Schema, root: Schema) -> Kind:
    items = resolved(schema.get("items", {}), root)
    if items.get("x-widget") == "file" or schema.get("x-widget") == "file":
        return "files"
    if type_of(items) == "object":
        return "rows"
    return "choices" if "enum" in items else "lines"
