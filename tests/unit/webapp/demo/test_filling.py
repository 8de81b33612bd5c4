"""The demo fills in any form that the schema describes, conditions included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from webapp.demo.filling import CannotBeFilled, filled, merged
from webapp.demo.samples import at_local_services

FORMS = sorted((Path(__file__).resolve().parents[4] / "processes").glob("*/forms/*.json"))


def nothing(name: str, schema: object) -> None:
    return None


def supplied(name: str, schema: Any) -> Any:
    if schema.get("x-widget") == "file":
        return "file:0193a2b4-0000-7000-8000-000000000000"
    return {"uuid": "0193a2b4-0000-7000-8000-000000000000"}.get(schema.get("format", ""))


def test_required_fields_that_a_condition_asks_for_are_added() -> None:
    schema = {
        "type": "object",
        "properties": {
            "outcome": {"enum": ["agree", "refuse"]},
            "opinion": {"type": "string", "minLength": 1},
            "list": {"type": "object", "properties": {"ok": {"type": "boolean"}}},
        },
        "required": ["outcome"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"outcome": {"const": "agree"}}},
                "then": {"required": ["list"], "properties": {"list": {"required": ["ok"]}}},
                "else": {"required": ["opinion"]},
            }
        ],
    }

    assert filled(schema, {"unknown": 1}, nothing) == {"outcome": "agree", "list": {"ok": True}}
    assert set(filled(schema, {"outcome": "refuse"}, nothing)) == {"outcome", "opinion"}


def test_form_that_nothing_fits_is_said_to_be_so() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": "^x{40}$"}},
        "required": ["a"],
    }

    with pytest.raises(CannotBeFilled, match="a: "):
        filled(schema, {}, nothing)


def test_read_only_fields_stay_as_they_do_on_pages() -> None:
    schema = {"type": "object", "properties": {"a": {"readOnly": True}, "b": {"type": "string"}}}

    assert filled(schema, {"a": 1, "b": "x", "c": 2}, nothing) == {"a": 1, "b": "x"}


def test_objects_are_merged_inside_objects() -> None:
    assert merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 9}}) == {"a": {"b": 9, "c": 2}, "d": 3}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_filled_unless_a_pattern_asks_for_knowledge(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    try:
        data = filled(schema, {}, supplied)
    except CannotBeFilled:
        # Fields with a pattern of their own need somebody who knows the component.
        assert "pattern" in path.read_text(encoding="utf-8")
        return

    assert Draft202012Validator(schema).is_valid(data)


def test_samples_are_moved_to_the_local_server_and_left_otherwise_as_they_are() -> None:
    record: dict[str, Any] = {
        "name": "甲",
        "extension": {
            "serviceAddress": "https://one.svc.example",
            "healthPath": "/health",
            "layer": "能力层",
        },
        "apiInfo": {"apiName": "x", "targetServers": [{"host": "a.example", "rank": 100}]},
    }

    moved = at_local_services([record, {"name": "broken"}], 8601)

    assert moved[0]["extension"]["serviceAddress"] == "http://localhost:8601/one"
    assert moved[0]["apiInfo"]["targetServers"] == [{"host": "localhost:8601", "rank": 100}]
    assert (moved[0]["extension"]["layer"], moved[1]) == ("能力层", {"name": "broken"})
    assert record["extension"]["serviceAddress"] == "https://one.svc.example"
