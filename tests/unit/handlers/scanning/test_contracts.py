"""Each kind of change between two API documents has its weight, and the version must fit."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers.checks.openapi import DocumentUnreadable
from handlers.scanning.contracts import Weight, compare_contracts

Document = dict[str, Any]
Edit = Callable[[Document], None]

BASE: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Notices", "version": "1.0.0"},
    "security": [{"token": []}],
    "paths": {
        "/notices": {
            "get": {
                "parameters": [
                    {"name": "area", "in": "query", "schema": {"type": "string", "maxLength": 20}},
                    {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
                ],
                "responses": {
                    "200": {
                        "description": "found",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Notice"}}
                            }
                        },
                    },
                    "404": {"description": "none"},
                },
            },
            "post": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Draft"}}}
                },
                "responses": {"201": {"description": "made"}},
            },
        },
        "/notices/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "found"}},
            }
        },
    },
    "components": {
        "schemas": {
            "Notice": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": {"type": "integer"},
                    "state": {"type": "string", "enum": ["new", "read"]},
                    "text": {"type": "string"},
                    "parent": {"$ref": "#/components/schemas/Notice"},
                },
            },
            "Draft": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "maxLength": 100},
                    "weight": {"type": "number", "maximum": 10},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        }
    },
}


def at(document: Document, path: str) -> Any:
    """Walk to a place; parts are separated by a space."""
    value: Any = document
    for part in path.split(" "):
        value = value[int(part) if part.isdigit() and isinstance(value, list) else part]
    return value


def sets(path: str, key: str, value: Any) -> Edit:
    return lambda document: at(document, path).update({key: value})


def drops(path: str, key: str) -> Edit:
    def edit(document: Document) -> None:
        del at(document, path)[key]

    return edit


def adds(path: str, value: Any) -> Edit:
    return lambda document: at(document, path).append(value)


def edited(*edits: Edit) -> bytes:
    document = copy.deepcopy(BASE)
    for edit in edits:
        edit(document)
    return json.dumps(document).encode()


NOTICE = "components schemas Notice properties"
DRAFT = "components schemas Draft properties"
AREA = "paths /notices get parameters 0"
KIND = "paths /notices get parameters 1"
OTHER = {"get": {"responses": {"200": {"description": "ok"}}}}
REQUIRED = {"name": "city", "in": "query", "required": True, "schema": {"type": "string"}}
OPTIONAL = {"name": "city", "in": "query", "schema": {"type": "string"}}

CASES = [
    ("path_removed", Weight.MAJOR, drops("paths", "/notices/{id}")),
    ("operation_removed", Weight.MAJOR, drops("paths /notices", "post")),
    ("path_added", Weight.MINOR, sets("paths", "/other", OTHER)),
    ("operation_added", Weight.MINOR, sets("paths /notices", "delete", OTHER["get"])),
    ("operation_deprecated", Weight.MINOR, sets("paths /notices get", "deprecated", True)),
    ("required_parameter_added", Weight.MAJOR, adds("paths /notices get parameters", REQUIRED)),
    ("optional_parameter_added", Weight.MINOR, adds("paths /notices get parameters", OPTIONAL)),
    ("parameter_removed", Weight.MAJOR, lambda it: at(it, "paths /notices get parameters").pop()),
    ("parameter_required", Weight.MAJOR, sets(AREA, "required", True)),
    ("limit_tightened", Weight.MAJOR, sets(f"{AREA} schema", "maxLength", 10)),
    ("limit_relaxed", Weight.MINOR, sets(f"{AREA} schema", "maxLength", 30)),
    ("limit_relaxed", Weight.MINOR, drops(f"{AREA} schema", "maxLength")),
    ("limit_tightened", Weight.MAJOR, sets(f"{DRAFT} weight", "minimum", 1)),
    ("limit_tightened", Weight.MAJOR, sets(f"{DRAFT} weight", "maximum", 5)),
    ("pattern_changed", Weight.MAJOR, sets(f"{AREA} schema", "pattern", "^x")),
    ("enum_narrowed", Weight.MAJOR, sets(f"{KIND} schema", "enum", ["a"])),
    ("enum_widened", Weight.MINOR, sets(f"{KIND} schema", "enum", ["a", "b", "c"])),
    ("enum_narrowed", Weight.MAJOR, sets(f"{AREA} schema", "enum", ["a"])),
    ("type_narrowed", Weight.MAJOR, sets(f"{DRAFT} weight", "type", "integer")),
    ("type_widened", Weight.MINOR, sets(f"{DRAFT} weight", "type", ["number", "null"])),
    ("type_narrowed", Weight.MAJOR, sets(f"{DRAFT} tags items", "type", "integer")),
    ("required_field_added", Weight.MAJOR, lambda it: (
        at(it, DRAFT).update({"city": {"type": "string"}}),
        at(it, "components schemas Draft required").append("city"),
    )),
    ("optional_field_added", Weight.MINOR, sets(DRAFT, "city", {"type": "string"})),
    ("field_required", Weight.MAJOR, adds("components schemas Draft required", "weight")),
    ("field_optional", Weight.MINOR, sets("components schemas Draft", "required", [])),
    ("request_field_removed", Weight.MAJOR, drops(DRAFT, "tags")),
    ("additional_forbidden", Weight.MAJOR, sets("components schemas Draft", "additionalProperties", False)),
    ("response_field_removed", Weight.MAJOR, drops(NOTICE, "text")),
    ("response_field_added", Weight.MINOR, sets(NOTICE, "city", {"type": "string"})),
    ("response_field_optional", Weight.MAJOR, sets("components schemas Notice", "required", ["id"])),
    ("response_field_certain", Weight.MINOR, adds("components schemas Notice required", "text")),
    ("type_changed", Weight.MAJOR, sets(f"{NOTICE} id", "type", "string")),
    ("type_changed", Weight.MAJOR, sets(f"{NOTICE} text", "type", ["string", "null"])),
    ("enum_value_new", Weight.MAJOR, sets(f"{NOTICE} state", "enum", ["new", "read", "gone"])),
    ("enum_value_gone", Weight.MINOR, sets(f"{NOTICE} state", "enum", ["new"])),
    ("response_removed", Weight.MAJOR, drops("paths /notices get responses", "200")),
    ("error_response_removed", Weight.MINOR, drops("paths /notices get responses", "404")),
    ("response_added", Weight.MINOR, sets("paths /notices get responses", "409", {"description": "held"})),
    ("body_required", Weight.MAJOR, sets("paths /notices post requestBody", "required", True)),
    ("body_removed", Weight.MAJOR, drops("paths /notices post", "requestBody")),
    ("media_type_removed", Weight.MAJOR, lambda it: at(it, "paths /notices post requestBody content").update(
        {"text/plain": at(it, "paths /notices post requestBody content").pop("application/json")}
    )),
    ("security_tightened", Weight.MAJOR, sets("paths /notices get", "security", [{"token": [], "key": []}])),
    ("security_changed", Weight.MINOR, sets("paths /notices get", "security", [{"token": []}, {"key": []}])),
    ("security_changed", Weight.MINOR, sets("paths /notices get", "security", [])),
    ("text_changed", Weight.PATCH, sets("info", "title", "Notes")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "weight", "edit"), CASES)
def test_a_change_is_told_with_its_weight(kind: str, weight: Weight, edit: Edit) -> None:
    compared = compare_contracts(edited(), edited(edit))

    assert kind in {change.kind for change in compared.changes}
    assert compared.needed is weight
    assert all(change.message.zh and change.message.en for change in compared.changes)


def test_the_same_document_has_no_change_in_json_and_in_yaml() -> None:
    assert compare_contracts(edited(), edited()).changes == ()
    assert (
        compare_contracts(b"openapi: 3.1.0\npaths: {}\n", b'{"openapi": "3.1.0", "paths": {}}').changes == ()
    )


def test_the_name_of_a_parameter_in_the_path_is_nothing_to_callers() -> None:
    def renamed(document: Document) -> None:
        item = document["paths"].pop("/notices/{id}")
        item["get"]["parameters"][0]["name"] = "number"
        document["paths"]["/notices/{number}"] = item

    assert compare_contracts(edited(), edited(renamed)).needed is Weight.PATCH


def test_moving_a_schema_behind_a_reference_changes_nothing() -> None:
    def moved(document: Document) -> None:
        document["components"]["schemas"]["Text"] = at(document, f"{DRAFT} text")
        at(document, DRAFT)["text"] = {"allOf": [{"$ref": "#/components/schemas/Text"}]}

    assert compare_contracts(edited(), edited(moved)).needed is Weight.PATCH


@pytest.mark.parametrize(
    "reference", ["#/components/schemas/Missing", "other.yaml#/Draft", "#/components/loop"]
)
def test_a_reference_that_cannot_be_followed_is_refused(reference: str) -> None:
    def broken(document: Document) -> None:
        document["components"]["loop"] = {"$ref": "#/components/loop"}
        at(document, DRAFT)["text"] = {"$ref": reference}

    with pytest.raises(DocumentUnreadable):
        compare_contracts(edited(), edited(broken))
