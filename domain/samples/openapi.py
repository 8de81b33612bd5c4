"""Generated API documents of the sample components (OpenAPI 3.1), marked as fictitious."""

from collections.abc import Mapping
from typing import Any, Final

_ERROR: Final = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "来源模块、类型和原因，例如 AUTH-INPUT-001"},
        "message": {"type": "string"},
    },
}

MODEL_INPUT: Final = {
    "type": "object",
    "required": ["calls"],
    "properties": {"calls": {"type": "number", "minimum": 0, "maximum": 100000}},
}
MODEL_OUTPUT: Final = {
    "type": "object",
    "required": ["label", "score"],
    "properties": {"label": {"enum": ["busy", "quiet"]}, "score": {"type": "number"}},
}
DATA_INPUT: Final = {
    "type": "object",
    "required": ["district"],
    "properties": {"district": {"type": "string", "minLength": 1}},
}
DATA_ROW: Final = {
    "type": "object",
    "required": ["name", "idCard", "phone", "district", "visits"],
    "properties": {
        **{name: {"type": "string"} for name in ("name", "idCard", "phone", "district")},
        "visits": {"type": "integer"},
    },
}
DATA_OUTPUT: Final = {
    "type": "object",
    "required": ["rows"],
    "properties": {"rows": {"type": "array", "items": DATA_ROW}},
}
MODEL, DATA_SERVICE = "3", "4"


def openapi_document(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the API document of a sample record; the record has ``apiInfo``."""
    api = record["apiInfo"]
    path, operation = _operation(str(record.get("technicalField")), api["apiName"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{api['apiName']}（样例）",
            "version": str(record["version"]),
            "description": f"样例，内容均为虚构 / sample, fictitious. {api['apiDescription']}",
        },
        "servers": [{"url": f"https://gateway.example{api['publicPath']}"}],
        "security": [{"platformToken": []}],
        "paths": {"/health": {"get": _health()}, path: {"post": operation}},
        "components": {
            "securitySchemes": {
                "platformToken": {"type": "http", "scheme": "bearer", "description": "统一身份认证签发"}
            },
            "schemas": {"Error": _ERROR},
        },
    }


def _operation(form: str, name: str) -> tuple[str, dict[str, Any]]:
    """Return path and operation: what the sample service of the form answers."""
    if form == MODEL:
        # Who may call a model or a data service is decided at the gateway, behind which they stand.
        return "/infer", {**_call("infer", name, MODEL_INPUT, MODEL_OUTPUT), "security": []}
    if form == DATA_SERVICE:
        return "/query", {**_call("query", name, DATA_INPUT, DATA_OUTPUT), "security": []}
    called = _call("query", name, {"type": "object", "maxProperties": 20}, {"type": "object"})
    return "/query", {**called, "responses": {**called["responses"], "401": _error_answer("未认证")}}


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "健康检查",
        "security": [],
        "responses": {
            "200": {"description": "正常", "content": {"application/json": {"schema": {"type": "object"}}}},
            "default": _error_answer("异常"),
        },
    }


def _call(
    identifier: str, name: str, given: Mapping[str, Any], answered: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "operationId": identifier,
        "summary": name,
        "requestBody": {"required": True, "content": {"application/json": {"schema": given}}},
        "responses": {
            "200": {"description": "成功", "content": {"application/json": {"schema": answered}}},
            "400": _error_answer("参数错误"),
            "429": _error_answer("超过调用频率"),
        },
    }


def _error_answer(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
