"""Generated API documents of the sample components (OpenAPI 3.1), marked as fictitious."""

from collections.abc import Mapping
from typing import Any, Final

from domain.catalogue.dictionaries import DATA_SERVICE, MODEL

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
# What the sample services answer when something is wrong (6.2 c).
_ERROR_CODES: Final = {
    "SAMPLE-REQUEST-NOT_FOUND": "没有该资源",
    "SAMPLE-REQUEST-METHOD": "请求方法不支持",
    "SAMPLE-AUTH-TOKEN_INVALID": "令牌缺失或无效",
    "SAMPLE-INPUT-CONDITIONS": "查询条件不是对象，或超过20个",
    "MODEL-REQUEST-NOT_FOUND": "模型服务没有该资源",
    "MODEL-INPUT-OUT_OF_RANGE": "输入超出范围",
    "DATA-REQUEST-NOT_FOUND": "数据服务没有该资源",
    "DATA-INPUT-DISTRICT_MISSING": "缺少区",
    "DATA-AUTH-TOKEN_INVALID": "数据服务的令牌缺失或无效",
    "AGENT-AUTH-TOKEN_INVALID": "智能体的令牌缺失或无效",
    "AGENT-REQUEST-NOT_FOUND": "智能体没有该资源",
    "AGENT-REQUEST-MESSAGE_MISSING": "缺少 message",
    "AGENT-REQUEST-GOAL_MISSING": "缺少 goal",
}


def openapi_document(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the API document of a sample record; the record has ``apiInfo``."""
    api = record["apiInfo"]
    path, operation = _operation(str(record.get("technicalField")), api["apiName"])
    paths = {"/health": {"get": _health()}, path: {"post": operation}}
    server = f"https://gateway.example{api['publicPath']}"
    return _document(api["apiName"], str(record["version"]), api["apiDescription"], server, paths)


def agent_document(name: str, version: str) -> dict[str, Any]:
    """Return the API document of a sample agent: chat, tasks, stop and traces (agent-interface.md)."""
    text = {"type": "string"}
    said = {"type": "object", "required": ["message"], "properties": {"message": text, "sessionId": text}}
    asked = {"type": "object", "required": ["goal"], "properties": {"goal": text}}
    paths = {
        "/chat": {"post": _of_agent(_call("chat", "对话", said, {"type": "object", "required": ["reply"]}))},
        "/tasks": {"post": _of_agent(_call("begin", "发起任务", asked, {"type": "object"}), "202")},
        "/tasks/{taskId}": {"get": _of_agent(_read("task", "taskId"))},
        "/tasks/{taskId}/stop": {"post": _of_agent(_read("stop", "taskId"))},
        "/traces/{traceId}": {"get": _of_agent(_read("trace", "traceId"))},
    }
    return _document(name, version, "智能体交互接口", "https://gateway.example/open/agent/v1", paths)


def _document(
    title: str, version: str, description: str, server: str, paths: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}（样例）",
            "version": version,
            "description": f"样例，内容均为虚构 / sample, fictitious. {description}",
        },
        "servers": [{"url": server}],
        "security": [{"platformToken": []}],
        "x-error-codes": [
            {"code": code, "description": description} for code, description in _ERROR_CODES.items()
        ],
        "paths": dict(paths),
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


def _read(identifier: str, parameter: str) -> dict[str, Any]:
    return {
        "operationId": identifier,
        "summary": identifier,
        "parameters": [{"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "成功", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    }


def _of_agent(operation: Mapping[str, Any], done: str = "200") -> dict[str, Any]:
    """Add what every call of an agent may be answered with; ``done`` is the status of one that succeeds."""
    answers = dict(operation["responses"])
    answers[done] = answers.pop("200")
    refusals = {"401": _error_answer("未认证"), "404": _error_answer("没有该资源")}
    return {**operation, "responses": {**answers, **refusals}}


def _error_answer(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
