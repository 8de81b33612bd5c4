"""The tree of fields that a JSON Schema becomes."""

from __future__ import annotations

import pytest

from kernel.errors import FieldProblem
from kernel.language import Text
from webapp.forms import FileFacts, build
from webapp.forms.fields import field_id, references
from webapp.forms.schema import kind_of, required_when, resolved

REVIEW = {
    "type": "object",
    "title": "审查意见",
    "x-en": {"title": "Review"},
    "x-note": {"zh-CN": "本任务暂代后续流程", "en": "This task stands in"},
    "required": ["outcome"],
    "properties": {
        "outcome": {
            "type": "string",
            "title": "结论",
            "enum": ["agree", "refuse", "withdraw"],
            "x-widget": "outcome",
            "x-labels": {
                "agree": {"zh-CN": "同意", "en": "Agree"},
                "refuse": {"zh-CN": "否决", "en": "Refuse"},
            },
        },
        "opinion": {"type": "string", "title": "意见", "x-widget": "textarea"},
        "servers": {
            "type": "array",
            "title": "目标服务器",
            "items": {"type": "object", "properties": {"host": {"type": "string", "title": "主机"}}},
        },
        "protocols": {"type": "array", "items": {"type": "string", "enum": ["HTTP", "HTTPS"]}},
        "report": {"type": "string", "x-widget": "file"},
        "unit": {"type": "string", "x-choices": "units.provider"},
    },
    "allOf": [
        {"if": {"properties": {"outcome": {"const": "refuse"}}}, "then": {"required": ["opinion"]}},
    ],
}


def test_titles_and_labels_follow_the_language() -> None:
    chinese, english = build(REVIEW, {}, "zh-CN"), build(REVIEW, {}, "en")

    assert (chinese.title, english.title) == ("审查意见", "Review")
    assert english.note == "This task stands in"
    assert english.outcome is not None
    assert [option.label for option in english.outcome.options] == ["Agree", "Refuse", "withdraw"]


def test_an_outcome_offered_elsewhere_on_the_page_is_left_out() -> None:
    form = build(REVIEW, {}, "zh-CN", hidden_outcomes=("withdraw",))

    assert form.outcome is not None
    assert [option.value for option in form.outcome.options] == ["agree", "refuse"]


def test_a_field_that_serves_only_such_an_outcome_is_left_out_unless_it_is_filled() -> None:
    empty = build(REVIEW, {}, "zh-CN", hidden_outcomes=("refuse",))
    filled = build(REVIEW, {"opinion": "已写"}, "zh-CN", hidden_outcomes=("refuse",))

    assert "opinion" not in [field.path for field in empty.fields]
    assert "opinion" in [field.path for field in filled.fields]


def test_a_field_says_when_an_outcome_makes_it_mandatory() -> None:
    opinion = build(REVIEW, {}, "zh-CN").fields[1]

    assert opinion.required_when == ("refuse",)
    assert "否决" in opinion.help
    assert required_when(REVIEW) == {"opinion": ("refuse",)}


def test_an_error_stands_beside_its_field_and_in_the_summary() -> None:
    problem = FieldProblem("servers.1.host", "required", Text("请填写主机", "Name the host"))

    form = build(REVIEW, {"servers": [{"host": "a"}, {}]}, "en", [problem])

    assert form.fields[2].rows[1].fields[0].errors == ("Name the host",)
    assert form.problems == (problem,)
    assert form.fields[2].rows[1].fields[0].id == field_id("servers.1.host") == "field-servers-1-host"


def test_the_errors_of_items_show_at_the_list_that_is_drawn_as_one_field() -> None:
    problem = FieldProblem("protocols.0", "enum", Text("不支持的协议", "Unknown protocol"))

    assert build(REVIEW, {}, "zh-CN", [problem]).fields[3].errors == ("不支持的协议",)


def test_rows_are_drawn_for_what_is_there_and_for_the_minimum() -> None:
    schema = {
        "properties": {
            "servers": {"type": "array", "minItems": 2, "items": {"type": "object", "properties": {}}}
        }
    }

    assert [row.path for row in build(schema, {"servers": [{}]}, "zh-CN").fields[0].rows] == [
        "servers.0",
        "servers.1",
    ]


def test_stored_files_are_named_and_unknown_ones_keep_their_reference() -> None:
    known = FileFacts("file:1", "报告.pdf", 10, "/files/1")

    named = build(REVIEW, {"report": "file:1"}, "zh-CN", files={"file:1": known}).fields[4]
    unknown = build(REVIEW, {"report": "file:2"}, "zh-CN").fields[4]

    assert named.files == (known,)
    assert unknown.files[0].name == "file:2"
    assert references({"a": ["file:1", {"b": "file:2"}], "c": "text"}) == {"file:1", "file:2"}


def test_a_list_that_only_the_platform_knows_becomes_a_choice() -> None:
    choices = {"units.provider": [("u1", "示例科技01有限公司（示例）")]}

    unit = build(REVIEW, {"unit": "u1"}, "zh-CN", choices=choices).fields[5]

    assert unit.kind == "select"
    assert unit.options[0].chosen
    assert unit.shown == "示例科技01有限公司（示例）"


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 1000}, "textarea"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "enum": ["a"]}, "select"),
        ({"type": ["integer", "null"]}, "number"),
        ({"type": "boolean"}, "checkbox"),
        ({"type": "object"}, "group"),
        ({"properties": {}}, "group"),
        ({"type": "array", "items": {"type": "string"}}, "lines"),
        ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, "choices"),
        ({"type": "array", "items": {"type": "object"}}, "rows"),
        ({"type": "array", "items": {"type": "string", "x-widget": "file"}}, "files"),
        ({"type": "string", "x-widget": "hidden"}, "hidden"),
    ],
)
def test_the_type_chooses_the_field_where_no_widget_is_asked_for(
    schema: dict[str, object], kind: str
) -> None:
    assert kind_of(schema, {}) == kind


def test_a_local_reference_is_followed_and_a_circle_ends() -> None:
    root = {"$defs": {"a": {"type": "integer", "title": "数"}, "b": {"$ref": "#/$defs/b"}}}

    assert resolved({"$ref": "#/$defs/a", "title": "另名"}, root) == {"type": "integer", "title": "另名"}
    assert "$ref" in resolved({"$ref": "#/$defs/b"}, root)


@pytest.mark.parametrize("instant", ["2026-12-01T22:30:00+08:00", "2026-12-01T14:30:00Z"])
def test_an_instant_is_shown_as_the_field_takes_it(instant: str) -> None:
    schema = {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}

    (field,) = build(schema, {"at": instant}, "zh-CN").fields

    assert (field.value, field.shown) == ("2026-12-01T22:30", "2026-12-01 22:30")
    (empty,) = build(schema, {}, "zh-CN").fields
    assert (empty.value, empty.is_empty) == ("", True)
