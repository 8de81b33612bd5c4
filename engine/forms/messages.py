"""What each JSON Schema rule says when it is broken, and how to mend it.

Source: JSON Schema Validation 2020-12, section 6
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kernel.language import Text

Explanation = tuple[Text, Text]

_TYPES = {
    "string": Text("文本", "text"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数字", "a number"),
    "boolean": Text("是或否", "yes or no"),
    "object": Text("一组字段", "a group of fields"),
    "array": Text("列表", "a list"),
    "null": Text("空", "empty"),
}


def explain(rule: str, expected: Any, found: Any, title: Text) -> Explanation:
    """Return message and cure for one broken rule of the field called ``title``."""
    build = _EXPLANATIONS.get(rule)
    if build is None:
        return (
            Text(f"“{title.zh}”不符合规则“{rule}”。", f"“{title.en}” breaks the rule “{rule}”."),
            Text("请按字段说明修改。", "Change it as the field's description says."),
        )
    return build(expected, found, title)


def _required(_expected: Any, _found: Any, title: Text) -> Explanation:
    return (
        Text(f"“{title.zh}”必填。", f"“{title.en}” is required."),
        Text("请填写该字段。", "Fill in this field."),
    )


def _min_length(expected: Any, found: Any, title: Text) -> Explanation:
    if not found:
        return _required(expected, found, title)
    return (
        Text(f"“{title.zh}”少于 {expected} 个字符。", f"“{title.en}” is shorter than {expected} characters."),
        Text(f"请至少填写 {expected} 个字符。", f"Write at least {expected} characters."),
    )


def _max_length(expected: Any, found: Any, title: Text) -> Explanation:
    return (
        Text(f"“{title.zh}”超过 {expected} 个字符。", f"“{title.en}” is longer than {expected} characters."),
        Text(f"请缩短到 {expected} 个字符以内。", f"Shorten it to {expected} characters."),
    )


def _type(expected: Any, _found: Any, title: Text) -> Explanation:
    names = [_TYPES.get(name, Text(name, name)) for name in _as_list(expected)]
    zh = "或".join(name.zh for name in names)
    en = " or ".join(name.en for name in names)
    return (
        Text(f"“{title.zh}”应为{zh}。", f"“{title.en}” must be {en}."),
        Text(f"请改填{zh}。", f"Enter {en}."),
    )


def _enum(expected: Any, _found: Any, title: Text) -> Explanation:
    values = ", ".join(str(value) for value in expected)
    return (
        Text(f"“{title.zh}”不在可选值之内。", f"“{title.en}” is not one of the choices."),
        Text(f"可选值：{values}。", f"Choose one of: {values}."),
    )


def _const(expected: Any, _found: Any, title: Text) -> Explanation:
    if expected is True:
        # A declaration with a box to tick: nobody thinks of it as a value.
        return (
            Text(f"“{title.zh}”尚未确认。", f"“{title.en}” is not confirmed."),
            Text("核实后请勾选。", "Tick the box once you have verified it."),
        )
    return (
        Text(f"“{title.zh}”必须为“{expected}”。", f"“{title.en}” must be “{expected}”."),
        Text(f"请改为“{expected}”。", f"Set it to “{expected}”."),
    )


def _pattern(expected: Any, _found: Any, title: Text) -> Explanation:
    return (
        Text(f"“{title.zh}”格式不符。", f"“{title.en}” does not have the expected form."),
        Text(f"应匹配 {expected}。", f"It must match {expected}."),
    )


_FORMATS: Final[Mapping[str, tuple[Text, str]]] = MappingProxyType(
    {
        "date": (Text("日期", "date"), "2026-11-22"),
        "date-time": (Text("时间", "point in time"), "2026-11-22T09:30:00+08:00"),
        "email": (Text("电子邮箱", "e-mail address"), "name@example.cn"),
        "uri": (Text("网址", "address"), "https://example.cn/path"),
    }
)


def _format(expected: Any, _found: Any, title: Text) -> Explanation:
    kind, example = _FORMATS.get(str(expected), (Text(str(expected), str(expected)), ""))
    return (
        Text(f"“{title.zh}”不是有效的{kind.zh}。", f"“{title.en}” is not a valid {kind.en}."),
        Text(f"示例：{example}。", f"Example: {example}.") if example else Text("请更正。", "Correct it."),
    )


def _bound(zh: str, en: str) -> Callable[[Any, Any, Text], Explanation]:
    def build(expected: Any, _found: Any, title: Text) -> Explanation:
        return (
            Text(f"“{title.zh}”须{zh} {expected}。", f"“{title.en}” must be {en} {expected}."),
            Text(f"请填写{zh} {expected} 的值。", f"Enter a value {en} {expected}."),
        )

    return build


def _count(zh: str, en: str) -> Callable[[Any, Any, Text], Explanation]:
    def build(expected: Any, _found: Any, title: Text) -> Explanation:
        return (
            Text(f"“{title.zh}”须{zh} {expected} 项。", f"“{title.en}” needs {en} {expected} entries."),
            Text("请增减条目。", "Add or remove entries."),
        )

    return build


def _unique(_expected: Any, _found: Any, title: Text) -> Explanation:
    return (
        Text(f"“{title.zh}”中有重复项。", f"“{title.en}” has the same entry twice."),
        Text("请删除重复项。", "Remove the repeated entry."),
    )


def _unknown_field(_expected: Any, _found: Any, title: Text) -> Explanation:
    return (
        Text(f"“{title.zh}”含有表单没有的字段。", f"“{title.en}” has fields that the form does not know."),
        Text("请重新打开任务后再提交。", "Open the task again and submit anew."),
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_EXPLANATIONS: dict[str, Callable[[Any, Any, Text], Explanation]] = {
    "required": _required,
    "minLength": _min_length,
    "maxLength": _max_length,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minimum": _bound("不小于", "at least"),
    "maximum": _bound("不大于", "at most"),
    "exclusiveMinimum": _bound("大于", "more than"),
    "exclusiveMaximum": _bound("小于", "less than"),
    "minItems": _count("至少", "at least"),
    "maxItems": _count("至多", "at most"),
    "uniqueItems": _unique,
    "additionalProperties": _unknown_field,
}
