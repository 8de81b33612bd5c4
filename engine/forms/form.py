"""A form: a JSON Schema, ready to validate, with the titles of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from engine.contents.store import Content, json_content
from engine.forms.acceptance import Accepts, acceptance_of
from kernel.language import Text

Schema = Mapping[str, Any]

_formats = FormatChecker(["date", "email", "ipv4", "ipv6", "uuid", "regex", "time"])


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_formats.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not any(c.isspace() for c in value)


@dataclass(frozen=True, slots=True)
class Form:
    """A checked schema; ``content`` is its canonical JSON with the digest that tasks keep.

    ``accepts`` is a quick yes, ``validator`` has the last word.
    """

    name: str
    schema: Schema
    content: Content
    validator: Draft202012Validator
    accepts: Accepts

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the names of the fields at the top, in order."""
        return tuple(self.schema.get("properties", {}))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes the form offers, the default first; empty without an ``outcome`` field."""
        return tuple(self.schema.get("properties", {}).get("outcome", {}).get("enum", ()))


def read_form(name: str, data: bytes) -> Form:
    """Read a form file that the deployment check has accepted."""
    schema = orjson.loads(data)
    validator = Draft202012Validator(schema, format_checker=_formats)
    return Form(name, schema, json_content(schema), validator, acceptance_of(schema))


def title_of(schema: Schema | None, fallback: str) -> Text:
    """Return the title of a field in both languages."""
    if not isinstance(schema, Mapping):
        return Text(fallback, fallback)
    zh = str(schema.get("title") or fallback)
    return Text(zh, str(schema.get("x-en", {}).get("title") or zh))
