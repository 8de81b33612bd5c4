"""What makes a form file deployable: the problems of one, each with its cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from engine.bpmn.problems import Problem, Severity
from kernel.language import Text

MAX_FORM_BYTES: Final = 256 * 1024
WIDGETS: Final = frozenset({"outcome", "textarea", "file", "hidden", "secret"})
_REFERENCE_PATTERN: Final = "^secret:"
_MAX_DEPTH: Final = 20


def form_problems(name: str, data: bytes) -> list[Problem]:
    """Return everything that is wrong with a form file; an error keeps it from being deployed."""
    if len(data) > MAX_FORM_BYTES:
        return [
            _problem(
                name, "form.size", f"超过 {MAX_FORM_BYTES} 字节", f"is larger than {MAX_FORM_BYTES} bytes"
            )
        ]
    try:
        schema = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return [_problem(name, "form.json", f"不是有效的 JSON（{error}）", f"is not valid JSON ({error})")]
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return [_problem(name, "form.object", "顶层类型必须为 object", "must be of type object at the top")]
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "/".join(str(part) for part in error.absolute_path)
        return [
            _problem(
                name,
                "form.schema",
                f"不符合 JSON Schema 2020-12：{where}: {error.message}",
                f"is not a JSON Schema 2020-12: {where}: {error.message}",
            )
        ]
    return [*_top_rules(name, schema), *_walk(name, schema, "", 0)]


def _top_rules(name: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    if schema.get("additionalProperties") is not False:
        yield _problem(
            name,
            "form.additional-properties",
            "须写明 additionalProperties: false，否则未列出的字段会被接受",
            "must say additionalProperties: false, or unknown fields would be accepted",
        )
    outcome = schema.get("properties", {}).get("outcome")
    if outcome is None:
        return
    if not outcome.get("enum"):
        yield _problem(name, "form.outcome-enum", "outcome 须列出 enum", "must list the outcomes as an enum")
    elif "outcome" not in schema.get("required", ()):
        yield _problem(name, "form.outcome-required", "outcome 须在 required 中", "must require the outcome")


def _walk(name: str, schema: Any, path: str, depth: int) -> Iterator[Problem]:
    if not isinstance(schema, Mapping):
        return
    if depth > _MAX_DEPTH:
        yield _problem(name, "form.depth", f"嵌套过深：{path}", f"is nested too deeply at {path}")
        return
    yield from _field_rules(name, schema, path)
    for child_name, child in _mapping(schema, "properties").items():
        yield from _titles(name, child, f"{path}.{child_name}".lstrip("."))
        yield from _walk(name, child, f"{path}.{child_name}".lstrip("."), depth + 1)
    for keyword in ("items", "if", "then", "else", "not"):
        yield from _walk(name, schema.get(keyword), path, depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            yield from _walk(name, branch, path, depth + 1)


def _field_rules(name: str, schema: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for keyword in ("$ref", "$dynamicRef", "$id"):
        if keyword in schema:
            yield _problem(
                name,
                "form.reference",
                f"{path}：不支持 {keyword}，请把内容直接写入",
                f"{path}: {keyword} is not supported; write the content in place",
            )
    widget = schema.get("x-widget")
    if widget is not None and widget not in WIDGETS:
        known = ", ".join(sorted(WIDGETS))
        yield _problem(
            name,
            "form.widget",
            f"{path}：未知控件“{widget}”，可用：{known}",
            f"{path}: unknown widget “{widget}”; known are {known}",
        )
    if widget == "secret" and not str(schema.get("pattern", "")).startswith(_REFERENCE_PATTERN):
        yield _problem(
            name,
            "form.secret",
            f"{path}：保密字段只能存放引用，请加上以 {_REFERENCE_PATTERN} 开头的 pattern",
            f"{path}: a secret field holds a reference; add a pattern beginning with {_REFERENCE_PATTERN}",
        )
    labels = _mapping(schema, "x-labels")
    for value in schema.get("enum", ()) if labels else ():
        label = labels.get(str(value))
        if not isinstance(label, Mapping) or not (label.get("zh-CN") and label.get("en")):
            yield _problem(
                name,
                "form.label",
                f"{path}：选项“{value}”缺少中英文标签",
                f"{path}: the choice “{value}” has no label in both languages",
            )


def _titles(name: str, field: Any, path: str) -> Iterator[Problem]:
    # Inside if/then the field is only narrowed, and has its title elsewhere.
    if not isinstance(field, Mapping) or "type" not in field or field.get("x-widget") == "hidden":
        return
    if not field.get("title") or not _mapping(field, "x-en").get("title"):
        yield _problem(
            name,
            "form.title",
            f"{path}：缺少中文 title 或英文 x-en.title",
            f"{path}: has no title, or no English one in x-en",
            "warning",
        )


def _mapping(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = schema.get(key)
    return value if isinstance(value, Mapping) else {}


def _problem(name: str, rule: str, zh: str, en: str, severity: Severity = "error") -> Problem:
    return Problem(
        None,
        rule,
        severity,
        Text(f"表单 {name}：{zh}。", f"The form {name} {en}."),
        Text("请修改该表单文件。", "Change this form file."),
    )
