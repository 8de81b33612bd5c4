"""What providers answer in the forms that are particular to the kind of their component (P02a, P02c to P02f).

What they upload are the sample services of ``domain/samples/services``; what runs elsewhere answers at the
local sample server. Nothing here is an answer that a check expects: each is tried on the running service.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from domain.samples import openapi
from domain.samples.openapi import DATA_OUTPUT, DATA_ROW, MODEL_INPUT, MODEL_OUTPUT
from domain.samples.services.packing import python_archive
from webapp.demo.sample_server import SOURCE
from webapp.demo.supplies import Typed, Upload

Answer = Mapping[str, Any]
AGENT_FIELD: Final = "2"
MODEL_FIELD: Final = "3"
OTHER_FIELD: Final = "5"
_SAMPLES: Final = [
    {"input": {"calls": calls}, "output": {"label": "busy" if calls > 120 else "quiet"}}
    for calls in range(0, 240, 12)
]
_API: Final = {
    "protocols": ["HTTPS/1.1"],
    "rateLimit": 200,
    "timeoutMs": 3000,
    "requestContentType": "json",
    "responseTargetType": "json",
}


@cache
def interface_archive() -> bytes:
    """Return the sample interface as its provider packs it; the switch lets its store be away in a trial."""
    return python_archive("interface", {"testSwitch": {"STORE_ADDRESS": "127.0.0.1:9"}})


@cache
def model_archive() -> bytes:
    """Return the sample model as its provider packs it, with a sample and a set to measure it by."""
    manifest = {
        "inferPath": "/infer",
        "sample": {"input": {"calls": 130}, "output": {"label": "busy"}},
        "samples": "samples.json",
    }
    return python_archive("model", manifest, {"samples.json": json.dumps(_SAMPLES)})


def archive_of(technical_field: str) -> Upload:
    """Return the artefact of a kind."""
    if technical_field == MODEL_FIELD:
        return Upload("model.zip", model_archive())
    return Upload("component.zip", interface_archive())


def product(component: str, technical_field: str) -> Answer:
    """Describe a product from outside, with its artefact."""
    artefact = archive_of(technical_field)
    return {
        "application": {
            "origin": "third_party",
            "introductionMode": "市场采购",
            "name": component,
            "productVersion": "1.0.0",
            "supplier": "示例供应商（虚构）",
            "supplierQualification": "示例资质证书（虚构）",
            "contractNumber": "示例合同-2026-001（虚构）",
            "licence": "Apache-2.0",
            "digest": hashlib.sha256(artefact.content).hexdigest(),
            "signature": "示例签名（虚构）",
            "purpose": "作为组件引入（示例）。",
            "hardeningPlan": "关闭调试端口，启用 TLS（示例）。",
            "artefact": artefact,
        }
    }


def hosted_artefact() -> Answer:
    """Upload the artefact of a hosted interface with its settings."""
    return {
        "artefact": {"file": archive_of(""), "kind": "python"},
        "settings": {
            "healthPath": "/health",
            "metricsPath": "/metrics",
            "environment": [{"name": "LOG_LEVEL", "value": "info"}],
        },
    }


def agent(address: str, token: str) -> Answer:
    """Register an agent."""
    return {
        "agent": {
            "deployPlace": "政务云",
            "testAddress": address,
            "mode": "chat",
            "testCredential": Typed(token),
            "capabilities": "回答政策咨询，给出依据条款（示例）。",
            "limits": "不作审批决定；不处理个人敏感信息（示例）。",
            "tools": [{"name": "政策检索", "purpose": "查找政策原文", "permission": "read"}],
            "humanTakeover": "任一轮对话可转人工（示例）。",
            "stopSwitch": "POST /tasks/{taskId}/stop，5秒内停止。",
        }
    }


def agent_document(name: str, version: str) -> Upload:
    """Describe the interface of an agent, whose record names no API."""
    content = json.dumps(openapi.agent_document(name, version), ensure_ascii=False, indent=1)
    return Upload("openapi.json", content.encode())


def agent_access(address: str, credential: str) -> Answer:
    """Hand back the addresses of an agent and its first credential."""
    return {
        "access": {
            "serviceAddress": address,
            "consoleAddress": f"{address}/console",
            "credential": Typed(credential),
        }
    }


def model() -> Answer:
    """Upload a model."""
    return {
        "model": {
            "file": archive_of(MODEL_FIELD),
            "format": "python",
            "licence": "Apache-2.0",
            "origin": "自研示例，训练数据为虚构话务量。",
        }
    }


def model_interface() -> Answer:
    """Wrap the interface of a model."""
    return {
        "contract": {
            "inputSchema": json.dumps(MODEL_INPUT),
            "outputSchema": json.dumps(MODEL_OUTPUT),
            "cases": [
                _case("正常", "normal", {"calls": 130}),
                _case("越界", "out_of_range", {"calls": -1}, "MODEL-INPUT-OUT_OF_RANGE"),
                _case("格式错误", "invalid", "text", "MODEL-INPUT-OUT_OF_RANGE"),
            ],
        }
    }


def model_metadata() -> Answer:
    """Describe a model with its performance: on a busy machine, measured by the platform again."""
    return {
        "metadata": {
            "description": "按话务量判断忙闲的阈值模型（示例）。",
            "examples": 'POST /infer {"calls": 130} → {"label": "busy", "score": 0.54}',
            "performance": {"p95Ms": 1000, "qps": 20, "accuracy": 1.0},
        }
    }


def data_source(address: str, token: str) -> Answer:
    """Configure the interface from which a data service takes its data."""
    return {
        "dataSource": {
            "kind": "api",
            "address": f"{address}/{SOURCE}/",
            "name": "示例来源接口（虚构）",
            "account": "示例",
            "secret": Typed(token),
        }
    }


def data_service(address: str) -> Answer:
    """Wrap a data service."""
    return {
        "service": {
            "modes": ["query"],
            "address": f"{address}/query",
            "schema": json.dumps(DATA_OUTPUT),
            "cases": [
                _case("按区查询", "normal", {"district": "示例区"}),
                _case("缺少区", "invalid", {}, "DATA-INPUT-DISTRICT_MISSING"),
            ],
        }
    }


def permissions() -> Answer:
    """Grade the fields of a data service."""
    sensitive = {"name": "示**", "idCard": "990100********1234", "phone": "138****0001"}
    fields = [
        {
            "name": name,
            "level": "3" if name in sensitive else "1",
            "category": "个人信息" if name in sensitive else "统计",
            "isSensitive": name in sensitive,
            **({"maskingRule": "mask", "sample": sensitive[name]} if name in sensitive else {}),
        }
        for name in DATA_ROW["properties"]
    ]
    return {
        "permissions": {
            "fields": fields,
            "policies": [{"subject": "示例市政务服务中心", "fields": "district, visits", "purpose": "统计"}],
        }
    }


def nearest() -> Answer:
    """Say which kind a component of no other kind comes nearest."""
    return {
        "nearest": {
            "features": "会议预约与控制以接口提供，音视频流走专用通道（示例）。",
            "nearestType": "api",
            "reasonForChoice": "调用方只通过接口使用（示例）。",
            "skippedItems": [{"item": "音视频流测试", "why": "平台没有相应工具，由提供方出具报告"}],
        }
    }


def api_info(component: str, address: str) -> Answer:
    """Describe the API of a component whose record names none yet."""
    place = urlsplit(address)
    label = place.path.strip("/") or "component"
    return {
        "apiInfo": {
            **_API,
            "apiName": f"{component}接口",
            "apiCode": label,
            "apiDescription": f"{component}对外提供的主要接口，返回统一错误码。",
            "publicPath": f"/open/{label}/v1",
            "forwardPath": f"/api/{label}",
            "targetServers": [{"host": place.netloc, "rank": 100}],
        }
    }


def api_document(component: str, version: str, address: str) -> Upload:
    """Describe the same API as a document."""
    content = openapi.openapi_document({"version": version, **api_info(component, address)})
    return Upload("openapi.json", json.dumps(content, ensure_ascii=False, indent=1).encode())


def _case(name: str, kind: str, body: object, code: str = "") -> dict[str, Any]:
    said = {"name": name, "kind": kind, "input": json.dumps(body, ensure_ascii=False)}
    return {**said, "expectedStatus": 400, "errorCode": code} if code else {**said, "expectedStatus": 200}
