"""Following references inside one API document, with a stop at loops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.checks.openapi import DocumentUnreadable

Schema = Mapping[str, Any]
_MAX_HOPS = 20


class Resolver:
    """Resolves ``#/…`` references; what is not a mapping counts as an empty one."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def look_up(self, value: Any) -> Schema:
        """Return a value with the reference that it may be followed.

        Raises:
            DocumentUnreadable: the reference leads nowhere, outside, or in circles.
        """
        for _hop in range(_MAX_HOPS):
            reference = value.get("$ref") if isinstance(value, Mapping) else None
            if not isinstance(reference, str):
                return value if isinstance(value, Mapping) else {}
            value = self._at(reference)
        raise DocumentUnreadable("references lead in circles")

    def merged(self, value: Any) -> Schema:
        """Return a schema with its ``allOf`` parts laid into one.

        Raises:
            DocumentUnreadable: a reference leads nowhere, outside, or in circles.
        """
        return self._merged(value, 0)

    def _merged(self, value: Any, depth: int) -> Schema:
        schema = self.look_up(value)
        parts = schema.get("allOf")
        if not isinstance(parts, list) or depth > _MAX_HOPS:
            return schema
        laid: dict[str, Any] = {key: inner for key, inner in schema.items() if key != "allOf"}
        for part in parts:
            found = self._merged(part, depth + 1)
            properties = {**_mapping(found.get("properties")), **_mapping(laid.get("properties"))}
            required = [*_list(found.get("required")), *_list(laid.get("required"))]
            laid = {**found, **laid}
            if properties:
                laid["properties"] = properties
            if required:
                laid["required"] = list(dict.fromkeys(required))
        return laid

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise DocumentUnreadable(f"reference outside the document: {reference[:200]}")
        value: Any = self._document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, Mapping) or key not in value:
                raise DocumentUnreadable(f"reference leads nowhere: {reference[:200]}")
            value = value[key]
        return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
