"""What people fill in for the kinds of components, as they would."""

from __future__ import annotations

from typing import Any

from tests.processes import papers

SECRET = "secret:0199a000-0000-7000-8000-00000000d00d"


def api_info() -> dict[str, Any]:
    """Return API data without target servers, which the deployment knows."""
    return {name: value for name, value in papers.api_info().items() if name != "targetServers"}


def artefact() -> dict[str, Any]:
    """Return an uploaded artefact."""
    return {"file": papers.FILE, "kind": "jar"}


def settings(**overrides: Any) -> dict[str, Any]:
    """Return the settings of a hosted component."""
    return {
        "healthPath": "/health",
        "metricsPath": "/metrics",
        "environment": [{"name": "PAGE_SIZE", "value": "20"}],
        **overrides,
    }


def agent(**overrides: Any) -> dict[str, Any]:
    """Return the registration of an agent."""
    return {
        "deployPlace": "政务云",
        "testAddress": "https://agent.svc.example",
        "mode": "task",
        "testCredential": SECRET,
        "capabilities": "办件材料的归类与填报建议。",
        "limits": "不作审批决定；涉及个人敏感信息时转人工。",
        "tools": [{"name": "材料检索", "purpose": "查找办事指南", "permission": "read"}],
        "humanTakeover": "任一步骤可由经办人接管。",
        "stopSwitch": "POST /stop，2秒内停止。",
        **overrides,
    }


def model(**overrides: Any) -> dict[str, Any]:
    """Return an uploaded model."""
    return {
        "file": papers.FILE,
        "format": "onnx",
        "licence": "Apache-2.0",
        "origin": "自研，训练数据为脱敏工单。",
        **overrides,
    }


def cases() -> list[dict[str, Any]]:
    """Return the cases of a contract: one that is answered, one out of range, one malformed."""
    return [
        {"name": "正常", "kind": "normal", "input": '{"score": 1}', "expectedStatus": 200},
        {
            "name": "越界",
            "kind": "out_of_range",
            "input": '{"score": -1}',
            "expectedStatus": 422,
            "errorCode": "E1001",
        },
        {
            "name": "格式错误",
            "kind": "invalid",
            "input": '"text"',
            "expectedStatus": 400,
            "errorCode": "E1000",
        },
    ]


def contract(**overrides: Any) -> dict[str, Any]:
    """Return the contract of a model's interface."""
    return {
        "inputSchema": '{"type": "object", "required": ["score"]}',
        "outputSchema": '{"type": "object", "required": ["label"]}',
        "cases": cases(),
        **overrides,
    }


def metadata(**overrides: Any) -> dict[str, Any]:
    """Return the three blocks that describe a model."""
    return {
        "description": "工单分类模型。",
        "examples": "POST /classify",
        "performance": {"p95Ms": 200, "qps": 50, "accuracy": 0.93},
        **overrides,
    }


def data_source(**overrides: Any) -> dict[str, Any]:
    """Return a data source with its password as a reference."""
    return {
        "kind": "database",
        "address": "postgresql://data.svc.example:5432/people",
        "name": "人口库",
        "account": "reader",
        "secret": SECRET,
        **overrides,
    }


def data_service(**overrides: Any) -> dict[str, Any]:
    """Return a wrapped data service."""
    return {"modes": ["query"], "schema": '{"type": "array"}', "cases": cases(), **overrides}


def permissions(**sensitive: Any) -> dict[str, Any]:
    """Return grades, policies and masking; ``sensitive`` overrides the sensitive field."""
    return {
        "fields": [
            {"name": "district", "level": "1", "category": "地理", "isSensitive": False},
            {
                "name": "id_number",
                "level": "3",
                "category": "个人身份",
                "isSensitive": True,
                "maskingRule": "mask",
                "sample": "110***********0012",
                **sensitive,
            },
        ],
        "policies": [{"subject": "民政部门", "fields": "district", "purpose": "统计"}],
    }


def documents() -> dict[str, str]:
    """Return service catalogue and call documents."""
    return {"serviceCatalogue": papers.FILE, "callDocument": papers.FILE}


def nearest(kind: str, **overrides: Any) -> dict[str, Any]:
    """Return the choice of the nearest kind."""
    return {
        "features": "页面嵌入式小部件，经网关取数。",
        "nearestType": kind,
        "reasonForChoice": "以接口取数为主。",
        **overrides,
    }
