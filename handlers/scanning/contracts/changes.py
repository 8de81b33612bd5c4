"""The kinds of change between two API documents, their weight and how they are told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.language import Text


class Weight(StrEnum):
    """Which part of a semantic version a change asks to raise."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


@dataclass(frozen=True)
class ContractChange:
    """One change; ``place`` is operation and path into it, ``evidence`` what was there before and now."""

    kind: str
    weight: Weight
    place: str
    message: Text
    evidence: str = ""


@dataclass(frozen=True)
class ContractComparison:
    """All changes, gravest first."""

    changes: tuple[ContractChange, ...]

    @property
    def needed(self) -> Weight:
        """The step that the changes ask for; patch where there is none."""
        weights = {change.weight for change in self.changes}
        return next((weight for weight in Weight if weight in weights), Weight.PATCH)


def change(kind: str, place: str, before: object = "", now: object = "") -> ContractChange:
    """Return a change of a known kind."""
    weight, zh, en = _KINDS[kind]
    evidence = f"{before} → {now}" if before != "" or now != "" else ""
    return ContractChange(kind, weight, place, Text(zh, en), evidence[:300])


_KINDS = {
    "path_removed": (Weight.MAJOR, "路径被删除", "A path was removed"),
    "operation_removed": (Weight.MAJOR, "接口被删除", "An operation was removed"),
    "path_added": (Weight.MINOR, "新增路径", "A path was added"),
    "operation_added": (Weight.MINOR, "新增接口", "An operation was added"),
    "operation_deprecated": (Weight.MINOR, "接口标记为停用", "An operation was marked deprecated"),
    "parameter_removed": (Weight.MAJOR, "请求参数被删除", "A parameter was removed"),
    "parameter_required": (Weight.MAJOR, "请求参数变为必填", "A parameter became required"),
    "required_parameter_added": (Weight.MAJOR, "新增必填请求参数", "A required parameter was added"),
    "optional_parameter_added": (Weight.MINOR, "新增选填请求参数", "An optional parameter was added"),
    "parameter_optional": (Weight.MINOR, "请求参数变为选填", "A parameter became optional"),
    "body_required": (Weight.MAJOR, "请求体变为必填", "A request body became required"),
    "body_added": (Weight.MINOR, "新增选填请求体", "An optional request body was added"),
    "body_removed": (Weight.MAJOR, "请求体被删除", "The request body was removed"),
    "media_type_removed": (Weight.MAJOR, "不再支持某媒体类型", "A media type was removed"),
    "media_type_added": (Weight.MINOR, "新增媒体类型", "A media type was added"),
    "response_removed": (Weight.MAJOR, "成功响应被删除", "A successful response was removed"),
    "error_response_removed": (Weight.MINOR, "错误响应被删除", "An error response was removed"),
    "response_added": (Weight.MINOR, "新增响应", "A response was added"),
    "security_tightened": (Weight.MAJOR, "鉴权要求提高", "Authentication asks for more"),
    "security_changed": (Weight.MINOR, "鉴权方式增加或放宽", "Authentication offers more"),
    "type_narrowed": (
        Weight.MAJOR,
        "请求字段的类型收窄或改变",
        "The type of an input was narrowed or changed",
    ),
    "type_widened": (Weight.MINOR, "请求字段的类型放宽", "The type of an input was widened"),
    "type_changed": (Weight.MAJOR, "响应字段的类型改变", "The type of an output changed"),
    "type_restricted": (Weight.MINOR, "响应字段的类型收窄", "The type of an output was narrowed"),
    "enum_narrowed": (Weight.MAJOR, "请求字段的枚举值减少", "Values of an input were removed"),
    "enum_widened": (Weight.MINOR, "请求字段的枚举值增加", "Values of an input were added"),
    "enum_value_new": (Weight.MAJOR, "响应字段出现新的枚举值", "An output may have a new value"),
    "enum_value_gone": (Weight.MINOR, "响应字段的枚举值减少", "Values of an output were removed"),
    "limit_tightened": (Weight.MAJOR, "请求字段的取值限制收紧", "A limit of an input was tightened"),
    "limit_relaxed": (Weight.MINOR, "请求字段的取值限制放宽", "A limit of an input was relaxed"),
    "output_limit_relaxed": (
        Weight.MAJOR,
        "响应字段的取值范围扩大",
        "An output may go beyond its limit of before",
    ),
    "output_limit_tightened": (Weight.MINOR, "响应字段的取值范围缩小", "A limit of an output was tightened"),
    "pattern_changed": (Weight.MAJOR, "字段的格式或正则改变", "A format or pattern changed"),
    "pattern_removed": (
        Weight.MINOR,
        "请求字段的格式或正则取消",
        "A format or pattern of an input was removed",
    ),
    "field_required": (Weight.MAJOR, "请求字段变为必填", "A field of the request became required"),
    "required_field_added": (Weight.MAJOR, "请求新增必填字段", "A required field was added to the request"),
    "optional_field_added": (Weight.MINOR, "请求新增选填字段", "An optional field was added to the request"),
    "field_optional": (Weight.MINOR, "请求字段变为选填", "A field of the request became optional"),
    "request_field_removed": (Weight.MAJOR, "请求字段被删除", "A field of the request was removed"),
    "response_field_removed": (Weight.MAJOR, "响应字段被删除", "A field of the answer was removed"),
    "response_field_optional": (
        Weight.MAJOR,
        "响应字段不再保证返回",
        "A field of the answer is no longer certain",
    ),
    "response_field_added": (Weight.MINOR, "响应新增字段", "A field was added to the answer"),
    "response_field_certain": (Weight.MINOR, "响应字段变为必有", "A field of the answer became certain"),
    "additional_forbidden": (
        Weight.MAJOR,
        "请求不再接受额外字段",
        "Additional fields are no longer accepted",
    ),
    "additional_allowed": (Weight.MINOR, "请求开始接受额外字段", "Additional fields are now accepted"),
    "alternative_removed": (Weight.MAJOR, "请求的可选结构减少", "An alternative of an input was removed"),
    "alternative_added": (Weight.MINOR, "请求的可选结构增加", "An alternative of an input was added"),
    "alternative_new": (Weight.MAJOR, "响应出现新的可选结构", "An output may have another form"),
    "alternative_gone": (Weight.MINOR, "响应的可选结构减少", "An alternative of an output was removed"),
    "text_changed": (Weight.PATCH, "说明或示例改变", "Texts or examples changed"),
}
