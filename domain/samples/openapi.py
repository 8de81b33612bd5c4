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


def openapi_document(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the API document of a sample record; the record has ``apiInfo``."""
    api = record["apiInfo"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{api['apiName']}（样例）",
            "version": str(record["version"]),
            "description": f"样例，内容均为虚构 / sample, fictitious. {api['apiDescription']}",
        },
        "servers": [{"url": f"https://gateway.example{api['publicPath']}"}],
        "security": [{"platformToken": []}],
        "paths": {"/health": {"get": _health()}, "/query": {"post": _query(api["apiName"])}},
        "components": {
            "securitySchemes": {
                "platformToken": {"type": "http", "scheme": "bearer", "description": "统一身份认证签发"}
            },
            "schemas": {"Error": _ERROR},
        },
    }


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "健康检查",
        "responses": {"200": {"description": "正常"}, "default": _error_answer("异常")},
    }


def _query(name: str) -> dict[str, Any]:
    return {
        "operationId": "query",
        "summary": name,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object", "maxProperties": 20}}},
        },
        "responses": {
            "200": {
                "description": "成功",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "400": _error_answer("参数错误"),
            "401": _error_answer("未认证"),
            "429": _error_answer("超过调用频率"),
        },
    }


def _error_answer(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
