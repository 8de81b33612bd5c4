"""Every shipped form: a valid JSON Schema, complete in both languages, in tune with its diagram."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from domain.catalogue import dictionaries
from domain.catalogue.dictionary_rules import KINDS
from engine.bpmn.model import Element, ElementKind
from engine.forms.schema_rules import form_problems
from tests.processes.story import PROCESSES, shipped_net

FORMS = sorted(PROCESSES.glob("*/forms/*.json"))
USER_TASKS = [
    element
    for process in shipped_net().processes.values()
    for element in process.elements.values()
    if element.kind is ElementKind.USER_TASK
]
STARTED_BY_HAND = [process.key for process in shipped_net().processes.values() if process.start_roles]


def read(path: Path) -> dict[str, Any]:
    """Read a form file."""
    schema: dict[str, Any] = orjson.loads(path.read_bytes())
    return schema


def form_of(task: Element) -> dict[str, Any]:
    """Read the form of a user task."""
    assert task.form, f"{task.id} has no form"
    return read(PROCESSES / task.process / "forms" / task.form)


def fields(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every field with its dotted path; rows count as fields of their list."""
    for name, field in schema.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        yield here, field
        yield from fields(field, here)
        yield from fields(field.get("items", {}), here)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
class TestForm:
    """What holds for each form file."""

    def test_it_can_be_deployed(self, path: Path) -> None:
        assert form_problems(path.name, path.read_bytes()) == []

    def test_it_is_a_closed_json_schema(self, path: Path) -> None:
        schema = read(path)

        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["additionalProperties"] is False

    def test_it_is_complete_in_both_languages(self, path: Path) -> None:
        schema = read(path)

        for name, field in [("", schema), *fields(schema)]:
            english = field.get("x-en", {})
            assert field.get("title"), f"{name} has no title"
            assert english.get("title"), f"{name} has no English title"
            assert bool(field.get("description")) == bool(english.get("description")), name
            for text in english.values():
                assert not re.search(r"[一-鿿]", text) or "示例" in text, f"{name}: {text}"

    def test_choices_are_labelled_in_both_languages(self, path: Path) -> None:
        for name, field in fields(read(path)):
            if "enum" in field and not name.endswith(("protocol", "protocols")):
                assert set(field.get("x-labels", {})) == {str(value) for value in field["enum"]}, name

    def test_a_refusal_or_return_needs_an_opinion(self, path: Path) -> None:
        schema = read(path)
        outcomes = schema["properties"].get("outcome", {}).get("enum", ())
        speaking = {
            "return",
            "refuse",
            "refused",
            "withdraw",
            "withdrawn",
            "cancel",
            "decline",
            "failed",
            "fail",
        }

        for outcome in speaking & set(outcomes):
            errors = [
                error.message for error in Draft202012Validator(schema).iter_errors({"outcome": outcome})
            ]
            assert any(re.search(r"'(opinion|reason)' is a required", error) for error in errors), outcome


@pytest.mark.parametrize("task", USER_TASKS, ids=lambda task: f"{task.process}/{task.id}")
def test_every_user_task_has_its_form_with_outcomes(task: Element) -> None:
    outcome = form_of(task)["properties"]["outcome"]

    assert outcome["x-widget"] == "outcome"
    assert outcome["enum"]


@pytest.mark.parametrize("task", USER_TASKS, ids=lambda task: f"{task.process}/{task.id}")
def test_a_stand_in_says_so_on_its_form(task: Element) -> None:
    note = form_of(task).get("x-note")

    assert bool(task.stand_in) == bool(note)
    if note:
        assert "暂代" in note["zh-CN"]
        assert "stands in" in note["en"]


@pytest.mark.parametrize("task", USER_TASKS, ids=lambda task: f"{task.process}/{task.id}")
def test_gateways_and_listeners_ask_for_outcomes_that_the_form_offers(task: Element) -> None:
    process = shipped_net().processes[task.process]
    variables = {out.variable for out in task.outputs if out.expression.text == "outcome"}
    offered = set(form_of(task)["properties"]["outcome"]["enum"]) | ({"withdraw"} if task.withdraw else set())
    conditions = [flow.condition.text for flow in process.flows.values() if flow.condition]
    asked = {
        literal
        for variable in variables
        for text in conditions
        if text.startswith(f"{variable} ")
        for literal in re.findall(r"'([a-z_]+)'", text)
    }
    heard = [listener.when.text for listener in task.listeners if listener.when]
    asked |= {literal for text in heard for literal in re.findall(r"'([a-z_]+)'", text)}

    assert variables, f"{task.id} passes no outcome on"
    assert asked <= offered, f"{task.id}: {asked - offered}"


def test_every_form_file_is_used() -> None:
    used = {PROCESSES / task.process / "forms" / (task.form or "") for task in USER_TASKS}
    used |= {PROCESSES / key / "forms" / "start.json" for key in STARTED_BY_HAND}

    assert set(FORMS) == used


def test_a_process_that_is_started_by_hand_has_a_start_form() -> None:
    assert {
        "compliance-delisting",
        "component-creation",
        "component-listing",
        "component-publishing",
        "emergency-plan-filing",
        "external-admission",
        "version-change",
        "forced-delisting",
        "voluntary-delisting",
    } <= set(STARTED_BY_HAND)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("useRequirements", dictionaries.USE_REQUIREMENTS),
        ("technicalField", dictionaries.TECHNICAL_FIELDS),
        ("isCharge", dictionaries.CHARGES),
        ("publicScope", dictionaries.SCOPES),
        ("isHosting", dictionaries.HOSTING),
        ("extension.layer", dictionaries.LAYERS),
        ("extension.capabilityClass", dictionaries.CAPABILITY_CLASSES),
        ("extension.buildMode", dictionaries.BUILD_MODES),
        ("apiInfo.requestContentType", dictionaries.CONTENT_TYPES),
    ],
)
def test_codes_are_those_of_the_catalogue_with_its_words(field: str, codes: Mapping[Any, Any]) -> None:
    found = dict(fields(read(PROCESSES / "component-listing" / "forms" / "catalogue-data.json")))
    schema = found[f"record.{field}"]

    assert schema["enum"] == list(codes)
    assert schema["x-labels"] == {str(key): text.to_json() for key, text in codes.items()}


def test_a_dictionary_that_administrators_extend_is_read_when_the_form_is_drawn() -> None:
    found = dict(fields(read(PROCESSES / "component-listing" / "forms" / "catalogue-data.json")))

    for kind in (kind for kind in KINDS.values() if kind.is_open):
        assert found[f"record.{kind.field}"]["x-choices"] == f"dictionaries.{kind.key}"
        assert "enum" not in found[f"record.{kind.field}"]
