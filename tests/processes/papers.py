"""What people fill in, as they would: valid forms with one obvious override each."""

from __future__ import annotations

from typing import Any

FILE = "file:0199a000-0000-7000-8000-00000000f11e"
UNIT = "0199a000-0000-7000-8000-000000000a01"
PROVIDER_UNIT = "0199a000-0000-7000-8000-000000000a02"


def record(**overrides: Any) -> dict[str, Any]:
    """Return a record of Table 1 for an unhosted API, complete for the creation."""
    return {
        "name": "统一网络资源服务",
        "version": "1.2.0",
        "functionalAreas": 0,
        "useRequirements": "推荐",
        "technicalField": "1",
        "isCharge": "2",
        "publicRegion": "示例市",
        "publicScope": 1,
        "isHosting": 0,
        "remark": "提供网络资源的查询与申请能力。",
        "image": "builtin:network",
        "releaseCompanyInfo": "单位:示例市数据局（示例）",
        "serviceProviderInfo": ["单位:示例科技07有限公司（示例）"],
        "extension": {"layer": "能力层", "capabilityClass": "基础支撑", "buildMode": "解耦与重构"},
        **overrides,
    }


def resources() -> dict[str, str]:
    """Return the three reports."""
    return dict.fromkeys(("functionalTestReport", "securityTestReport", "performanceTestReport"), FILE)


def details() -> dict[str, Any]:
    """Return the component details."""
    return {
        "coreFunctions": "网络资源查询。",
        "scenarios": "资源申请。",
        "advantages": "统一入口。",
        "faq": "如何申请？提交申请。",
        "resources": resources(),
    }


def preparation(**overrides: Any) -> dict[str, Any]:
    """Return the material of the onboarding preparation."""
    return {
        "capability": {"specification": "查询接口。", "throughput": 100, "p95Ms": 200, "availability": 99.9},
        "selfChecks": {"functional": "passed", "performance": "passed", "security": "passed"},
        "record": {
            "componentDetails": details(),
            "extension": {"documents": {"apiDocument": FILE, "userManual": FILE}},
        },
        "architecture": dict.fromkeys(
            ("singleResponsibility", "interfaceSegregation", "dependencyInversion"), "met"
        ),
        "sourceSystem": "示例市政务服务系统",
        "reworkRecord": FILE,
        "buildModeRecord": "已加固。",
        **overrides,
    }


def adaptation() -> dict[str, str]:
    """Return the result of the adaptation, item by item."""
    return {
        "unifiedAuthentication": "adapted",
        "apiGateway": "adapted",
        "secondConsent": "not_applicable",
        "agentSpecification": "not_applicable",
    }


def declaration() -> dict[str, Any]:
    """Return a network declaration."""
    return {
        "networkZone": "政务外网区",
        "serviceAddress": "https://network-resource.svc.example",
        "healthPath": "/health",
        "accessPolicies": [{"sourceCidr": "192.0.2.0/24", "port": 8443, "protocol": "TCP"}],
    }


def api_info() -> dict[str, Any]:
    """Return the API data of Table 1."""
    return {
        "apiName": "统一网络资源查询接口",
        "apiCode": "network-resource",
        "apiDescription": "查询网络资源。",
        "protocols": ["HTTPS/1.1"],
        "targetServers": [{"host": "network-resource.svc.example:8443", "rank": 100}],
        "publicPath": "/open/network-resource/v1",
        "forwardPath": "/api/network-resource",
        "rateLimit": 200,
        "timeoutMs": 3000,
    }


def measured(*names: str, **results: str) -> dict[str, Any]:
    """Return test results by name; ``results`` override single ones."""
    return {name: {"result": results.get(name, "passed"), "evidence": "测试记录第2页"} for name in names}


def tests(**results: str) -> dict[str, Any]:
    """Return the operator's three tests."""
    return measured("functional", "performance", "security", **results)


def trial(**results: str) -> dict[str, Any]:
    """Return the three records of a trial run."""
    return measured("offline", "trialRun", "evaluation", **results)


def verification(**results: str) -> dict[str, str]:
    """Return the verification of the declared data, item by item."""
    items = ("networkZone", "serviceAddress", "accessPolicies", "healthCheck", "apiInfo")
    return {
        **{item: results.get(item, "confirmed") for item in items},
        "productionDeployment": "not_applicable",
    }


def catalogue_data() -> dict[str, Any]:
    """Return a record that is complete for the listing."""
    whole = record(apiInfo=api_info(), componentDetails=details())
    return {**whole, "extension": {**whole["extension"], **declaration()}}


def authorisation() -> dict[str, str]:
    """Return the choice of a provider."""
    return {
        "providerUnitId": PROVIDER_UNIT,
        "providerType": "own",
        "scope": "开发与接入",
        "validFrom": "2026-03-01",
        "validUntil": "2027-02-28",
    }
