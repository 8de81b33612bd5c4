"""Submitted data against a schema: which rule, on which field, said how."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.forms.form import Form, read_form
from engine.forms.schema_rules import form_problems
from engine.forms.validation import clean, problems_of

SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "登记",
    "x-en": {"title": "Registration"},
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {
            "type": "string",
            "title": "名称",
            "x-en": {"title": "Name"},
            "minLength": 2,
            "maxLength": 5,
        },
        "day": {"type": "string", "title": "日期", "x-en": {"title": "Day"}, "format": "date"},
        "at": {"type": "string", "title": "时间", "x-en": {"title": "Time"}, "format": "date-time"},
        "site": {"type": "string", "title": "网址", "x-en": {"title": "Site"}, "format": "uri"},
        "weight": {
            "type": "integer",
            "title": "权重",
            "x-en": {"title": "Weight"},
            "minimum": 1,
            "maximum": 9,
        },
        "kind": {"type": "string", "title": "类别", "x-en": {"title": "Kind"}, "enum": ["a", "b"]},
        "servers": {
            "type": "array",
            "title": "服务器",
            "x-en": {"title": "Servers"},
            "maxItems": 2,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["host"],
                "properties": {
                    "host": {
                        "type": "string",
                        "title": "主机",
                        "x-en": {"title": "Host"},
                        "pattern": "^[a-z.]+$",
                    },
                    "proof": {
                        "type": "string",
                        "title": "证明",
                        "x-en": {"title": "Proof"},
                        "x-widget": "file",
                    },
                },
            },
        },
    },
}


def form_of(schema: dict[str, Any]) -> Form:
    """Return a schema as a form."""
    return read_form("test.json", json.dumps(schema).encode())


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        ({"name": "示例"}, {}),
        ({}, {"name": "required"}),
        ({"name": "  "}, {"name": "minLength"}),
        ({"name": "一二三四五六"}, {"name": "maxLength"}),
        ({"name": 7}, {"name": "type"}),
        ({"name": "示例", "day": "2026-02-30"}, {"day": "format"}),
        ({"name": "示例", "at": "2026-02-01T08:00:00"}, {"at": "format"}),
        ({"name": "示例", "at": "2026-02-01T08:00:00+08:00"}, {}),
        ({"name": "示例", "site": "somewhere"}, {"site": "format"}),
        ({"name": "示例", "weight": 0}, {"weight": "minimum"}),
        ({"name": "示例", "weight": 10}, {"weight": "maximum"}),
        ({"name": "示例", "kind": "c"}, {"kind": "enum"}),
        ({"name": "示例", "colour": "red"}, {"": "additionalProperties"}),
        ({"name": "示例", "servers": [{"host": "a.b"}, {}]}, {"servers.1.host": "required"}),
        ({"name": "示例", "servers": [{"host": "A"}]}, {"servers.0.host": "pattern"}),
        ({"name": "示例", "servers": [{"host": "a"}] * 3}, {"servers": "maxItems"}),
        ({"name": "示例", "servers": [{"host": "a", "proof": "file:gone"}]}, {"servers.0.proof": "file"}),
    ],
)
def test_each_broken_rule_is_named_with_its_field(data: dict[str, Any], broken: dict[str, str]) -> None:
    problems = problems_of(form_of(SCHEMA), clean(data), lambda _reference: False)

    assert {problem.path: problem.rule for problem in problems} == broken
    for problem in problems:
        assert problem.mend is not None
        assert problem.message.zh != problem.message.en


def test_a_malformed_moment_is_named_and_shown_as_it_should_be() -> None:
    (problem,) = problems_of(form_of(SCHEMA), {"name": "示例", "at": "明天"}, lambda _reference: True)

    assert problem.message.in_("zh-CN") == "“时间”不是有效的时间。"
    assert problem.mend is not None
    assert problem.mend.in_("en") == "Example: 2026-11-22T09:30:00+08:00."


def test_the_title_of_a_nested_field_is_said_in_both_languages() -> None:
    (problem,) = problems_of(form_of(SCHEMA), {"name": "示例", "servers": [{}]}, lambda _reference: True)

    assert problem.message.in_("zh-CN") == "“主机”必填。"
    assert problem.message.in_("en") == "“Host” is required."


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"type": "array"}, "form.object"),
        ({"properties": {"a": {"type": "wish"}}}, "form.schema"),
        ({"additionalProperties": True}, "form.additional-properties"),
        ({"properties": {"a": {"$ref": "https://example.cn/schema"}}}, "form.reference"),
        ({"properties": {"name": {"type": "string", "x-widget": "hologram"}}}, "form.widget"),
        ({"properties": {"key": {"type": "string", "x-widget": "secret"}}}, "form.secret"),
        ({"properties": {"outcome": {"type": "string"}}}, "form.outcome-enum"),
        ({"properties": {"outcome": {"type": "string", "enum": ["agree"]}}}, "form.outcome-required"),
        (
            {"properties": {"kind": {"enum": ["a"], "x-labels": {"a": {"zh-CN": "甲"}}}}},
            "form.label",
        ),
    ],
)
def test_a_form_that_could_mislead_is_not_deployed(change: dict[str, Any], rule: str) -> None:
    problems = form_problems("test.json", json.dumps({**SCHEMA, **change}).encode())

    assert rule in {problem.rule for problem in problems if problem.severity == "error"}


def test_a_sound_form_has_no_problem() -> None:
    assert form_problems("test.json", json.dumps(SCHEMA).encode()) == []
    assert [problem.rule for problem in form_problems("test.json", b"{")] == ["form.json"]


def test_a_box_that_must_be_ticked_asks_for_the_tick_and_not_for_a_value() -> None:
    schema = {
        "type": "object",
        "properties": {
            "done": {"const": True, "title": "已核实", "x-en": {"title": "Verified"}, "type": "boolean"}
        },
    }

    (problem,) = problems_of(form_of(schema), {"done": False}, lambda _reference: True)

    assert (problem.path, problem.rule) == ("done", "const")
    assert problem.message.zh.startswith("“已核实”尚未确认。")
    assert "Tick the box" in f"{problem.message.en} {problem.mend}"
