"""The tree of fields that the templates draw: schema, values and errors brought together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kernel.errors import FieldProblem
from kernel.language import Text
from webapp.forms.moments import shown_instant
from webapp.forms.schema import (
    Kind,
    Schema,
    kind_of,
    label_of,
    required_when,
    resolved,
    words,
)
from webapp.languages import gettext as _

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""What ``x-choices`` names: lists of (value, label) that only the platform knows, such as its units."""

WIDE: frozenset[Kind] = frozenset(
    {"textarea", "outcome", "choices", "lines", "file", "files", "group", "rows", "checkbox"}
)


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose from."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the page says about a stored file; ``reference`` is ``file:<id>``."""

    reference: str
    name: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeatable field."""

    index: int
    path: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field, finished for the template; ``shown`` is the value in words, for reading and printing."""

    path: str
    kind: Kind
    title: str
    help: str
    required: bool
    value: Any
    shown: str
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    children: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    files: tuple[FileFacts, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    required_when: tuple[str, ...] = ()
    read_only: bool = False

    @property
    def id(self) -> str:
        """Return the id of the input, which error messages link to."""
        return field_id(self.path)

    @property
    def is_wide(self) -> bool:
        """Tell whether the field takes the whole width of the form."""
        return self.kind in WIDE

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to read in the field."""
        if self.kind == "group":
            return all(child.is_empty for child in self.children)
        return self.value in (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form: its note and explanation on top, its fields, and every problem found."""

    title: str
    note: str
    help: str
    fields: tuple[Field, ...]
    problems: tuple[FieldProblem, ...]

    @property
    def outcome(self) -> Field | None:
        """Return the field that decides the outcome, if the form has one."""
        return next((entry for entry in self.fields if entry.kind == "outcome"), None)


@dataclass(frozen=True, slots=True)
class _Context:
    root: Schema
    language: str
    problems: tuple[FieldProblem, ...]
    files: Mapping[str, FileFacts]
    choices: Choices
    hidden_outcomes: frozenset[str]


def build(
    schema: Schema,
    data: Mapping[str, Any],
    language: str,
    problems: Iterable[FieldProblem] = (),
    files: Mapping[str, FileFacts] | None = None,
    choices: Choices | None = None,
    hidden_outcomes: Iterable[str] = (),
) -> Form:
    """Bring schema, data and problems together.

    ``files`` names the stored files by reference; ``choices`` holds the lists that ``x-choices`` asks for;
    ``hidden_outcomes`` are offered elsewhere on the page.
    """
    context = _Context(
        schema, language, tuple(problems), files or {}, choices or {}, frozenset(hidden_outcomes)
    )
    note = schema.get("x-note")
    return Form(
        title=words(schema, "title", language),
        note=(note.get(language) or note.get("zh-CN", "")) if isinstance(note, Mapping) else str(note or ""),
        help=words(schema, "description", language),
        fields=_fields(schema, data, "", context),
        problems=context.problems,
    )


def field_id(path: str) -> str:
    """Return the id of the input with this dotted path."""
    return "field-" + re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-")


def references(data: Any) -> set[str]:
    """Return every file reference anywhere in the data."""
    if isinstance(data, str):
        return {data} if data.startswith("file:") else set()
    if isinstance(data, Mapping):
        return set().union(*(references(value) for value in data.values()))
    if isinstance(data, Sequence):
        return set().union(*(references(value) for value in data))
    return set()


def _fields(schema: Schema, data: Any, prefix: str, context: _Context) -> tuple[Field, ...]:
    values = data if isinstance(data, Mapping) else {}
    required = set(schema.get("required", ()))
    conditions = required_when(context.root)
    found = []
    for name, part in schema.get("properties", {}).items():
        part = resolved(part, context.root)
        path = f"{prefix}{name}"
        condition = conditions.get(path, ())
        if condition and context.hidden_outcomes.issuperset(condition) and not values.get(name):
            continue  # it serves only outcomes that are offered elsewhere
        found.append(_field(path, part, values.get(name), name in required, condition, context))
    return tuple(found)


def _field(
    path: str, schema: Schema, value: Any, required: bool, condition: tuple[str, ...], context: _Context
) -> Field:
    kind = kind_of(schema, context.root)
    if value is None:
        value = schema.get("default")
    return Field(
        path=path,
        kind=kind,
        title=words(schema, "title", context.language) or path.rsplit(".", 1)[-1],
        help=_help(schema, condition, context),
        required=required,
        value=shown_instant(value) if kind == "datetime" else value,
        shown=_shown(schema, value, kind, context),
        errors=_errors(path, kind, context),
        options=_options(schema, value, kind, context),
        children=_fields(schema, value, f"{path}.", context) if kind == "group" else (),
        rows=_rows(path, schema, value, context) if kind == "rows" else (),
        files=_files(value, kind, context),
        limits=_limits(schema, kind),
        required_when=condition,
        read_only=bool(schema.get("readOnly")),
    )


def _rows(path: str, schema: Schema, value: Any, context: _Context) -> tuple[Row, ...]:
    items = resolved(schema.get("items", {}), context.root)
    values = value if isinstance(value, list) else []
    wanted = max(len(values), int(schema.get("minItems", 0)))
    return tuple(
        Row(
            index,
            f"{path}.{index}",
            _fields(items, values[index] if index < len(values) else {}, f"{path}.{index}.", context),
        )
        for index in range(wanted)
    )


def _options(schema: Schema, value: Any, kind: Kind, context: _Context) -> tuple[Option, ...]:
    source = resolved(schema.get("items", {}), context.root) if kind == "choices" else schema
    if kind not in ("select", "outcome", "choices"):
        return ()
    if listed := _listed(schema, context):
        return tuple(Option(key, label, key == str(value)) for key, label in listed)
    chosen = value if isinstance(value, list) else [value]
    hidden = context.hidden_outcomes if kind == "outcome" else ()
    allowed = [entry for entry in source.get("enum", ()) if entry is not None and entry not in hidden]
    return tuple(
        Option(str(entry), label_of(source, entry, context.language), entry in chosen) for entry in allowed
    )


def _shown(schema: Schema, value: Any, kind: Kind, context: _Context) -> str:
    if value in (None, "", []):
        return ""
    if listed := _listed(schema, context):
        return dict(listed).get(str(value), str(value))
    if kind == "secret":
        return _("已加密存放，不再显示")
    if kind in ("select", "outcome"):
        return label_of(schema, value, context.language)
    if kind == "choices":
        items = resolved(schema.get("items", {}), context.root)
        return "、".join(label_of(items, entry, context.language) for entry in value)
    if kind == "checkbox":
        return _("是") if value else _("否")
    if kind == "datetime":
        return shown_instant(value).replace("T", " ")
    if kind == "lines" and isinstance(value, list):
        return "\n".join(str(entry) for entry in value)
    return str(value) if not isinstance(value, dict | list) else ""


def _listed(schema: Schema, context: _Context) -> Sequence[tuple[str, str]]:
    return context.choices.get(str(schema.get("x-choices")), ())


def _files(value: Any, kind: Kind, context: _Context) -> tuple[FileFacts, ...]:
    if kind not in ("file", "files"):
        return ()
    kept = value if isinstance(value, list) else [value]
    return tuple(
        context.files.get(reference) or FileFacts(reference, reference, 0, "")
        for reference in kept
        if isinstance(reference, str) and reference
    )


def _errors(path: str, kind: Kind, context: _Context) -> tuple[str, ...]:
    # A list drawn as one field shows the errors of its items; groups and rows have fields for theirs.
    inside = f"{path}." if kind in ("choices", "lines", "files") else None
    return tuple(
        _in(problem.message, context)
        for problem in context.problems
        if problem.path == path or (inside and problem.path.startswith(inside))
    )


def _help(schema: Schema, condition: tuple[str, ...], context: _Context) -> str:
    text = words(schema, "description", context.language)
    outcome = resolved(context.root.get("properties", {}).get("outcome", {}), context.root)
    # What the usual outcome asks for is marked with a star; only the others need words.
    usual = str(next(iter(outcome.get("enum", ())), ""))
    if not condition or usual in condition or _("必填") in text:
        return text
    names = "、".join(label_of(outcome, value, context.language) for value in condition)
    needed = _("结论为“%(outcomes)s”时必填", outcomes=names)
    return f"{text}{_('；')}{needed}" if text else needed


def _limits(schema: Schema, kind: Kind) -> dict[str, Any]:
    """Return the attributes of the input that only help; the server decides."""
    limits: dict[str, Any] = {}
    if kind == "number":
        limits["step"] = "1" if schema.get("type") == "integer" else "any"
        limits |= {"min": schema.get("minimum"), "max": schema.get("maximum")}
    if kind in ("text", "textarea", "url", "email"):
        limits["maxlength"] = schema.get("maxLength")
    return {name: value for name, value in limits.items() if value is not None}


def _in(message: Text, context: _Context) -> str:
    return message.in_(context.language)
