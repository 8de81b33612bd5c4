"""A Table 1 record in words: groups of labels and values, codes resolved, lists kept as lists.

Source: TC609-4-2026-XX, clause 7, Table 1
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.catalogue.rules.addresses import web_address
from kernel.language import Text
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.words import words

Key = TypeVar("Key")
Value = str | list[str]

EMBLEMS = {
    "builtin:ai": "brain-circuit",
    "builtin:auth": "key-round",
    "builtin:cert": "scroll-text",
    "builtin:data": "database",
    "builtin:item": "list",
    "builtin:llm": "bot",
    "builtin:map": "map",
    "builtin:message": "message-square",
    "builtin:monitor": "activity",
    "builtin:network": "network",
    "builtin:nlp": "languages",
    "builtin:schedule": "calendar-clock",
    "builtin:seal": "stamp",
    "builtin:speech": "mic",
    "builtin:traffic": "car-front",
    "builtin:user": "users",
    "builtin:video": "video",
}


@dataclass(frozen=True, slots=True)
class Group:
    """One part of the record; ``items`` are (label, value), a list standing for several values."""

    title: str
    items: list[tuple[str, Value]]


def groups(record: Mapping[str, Any]) -> list[Group]:
    """Return the parts of a record that have something to show, in the order of Table 1."""
    parts = [
        Group(_("基本信息"), _basics(record)),
        Group(_("责任单位"), _units(record)),
        Group(_("接口信息"), _interface(_object(record, "apiInfo"))),
        Group(_("网络与运行"), _operation(_object(record, "extension"))),
        Group(_("组件详情"), _details(_object(record, "componentDetails"))),
    ]
    return [part for part in parts if part.items]


def public_groups(record: Mapping[str, Any]) -> list[Group]:
    """Return the parts for everybody: Table 1 itself, without how the component is run and reached."""
    kept = {"layer", "capabilityClass", "chargeStandard", "buildMode", "networkZone"}
    extension = {key: value for key, value in _object(record, "extension").items() if key in kept}
    return groups({**record, "extension": extension})


def trial_address(record: Mapping[str, Any]) -> str:
    """Return the address where the component can be tried, or nothing where there is none to follow."""
    address = record.get("demoAddress")
    return str(address) if web_address(address) is not None else ""


def emblem(record: Mapping[str, Any]) -> str:
    """Return the icon that stands for the component."""
    return EMBLEMS.get(str(record.get("image")), "package")


def word(texts: Mapping[Key, Text], code: Key | None) -> str:
    """Return the word for a code; an unknown code stands for itself, a missing one for nothing."""
    if code is None:
        return ""
    found = texts.get(code) if isinstance(code, (str, int)) else None
    return in_language(found) if found else str(code)


def tariff_text(tariff: object) -> str:
    """Return a tariff as people say it: price and currency by unit, then the period of billing."""
    if not isinstance(tariff, Mapping):
        return str(tariff or "")
    if not tariff.get("price"):
        return ""
    price = " ".join(str(tariff[key]) for key in ("price", "currency") if tariff.get(key))
    unit = f"/{tariff['unit']}" if tariff.get("unit") else ""
    period = tariff.get("billingPeriod")
    return f"{price}{unit}" + (f" · {_('按%(period)s结算', period=period)}" if period else "")


def _basics(record: Mapping[str, Any]) -> list[tuple[str, Value]]:
    extension = _object(record, "extension")
    charge = word(words("isCharge"), record.get("isCharge"))
    tariff = extension.get("chargeStandard")
    return _given(
        (_("组件名称"), record.get("name")),
        (_("版本号"), record.get("version")),
        (_("简介"), record.get("remark")),
        (_("层级"), word(words("layer"), extension.get("layer"))),
        (_("技术能力分类"), word(words("capabilityClass"), extension.get("capabilityClass"))),
        (_("技术领域"), word(words("technicalField"), record.get("technicalField"))),
        (_("功能领域"), word(words("functionalAreas"), record.get("functionalAreas"))),
        (_("使用要求"), word(words("useRequirements"), record.get("useRequirements"))),
        (_("发布地区"), record.get("publicRegion")),
        (_("发布范围"), word(words("publicScope"), record.get("publicScope"))),
        (_("是否托管"), word(words("isHosting"), record.get("isHosting"))),
        (_("是否收费"), f"{charge} · {tariff_text(tariff)}" if tariff_text(tariff) else charge),
        (_("建设方式"), word(words("buildMode"), extension.get("buildMode"))),
        (_("体验环境地址"), record.get("demoAddress")),
    )


def _units(record: Mapping[str, Any]) -> list[tuple[str, Value]]:
    return _given(
        (_("发布单位"), record.get("releaseCompanyInfo")),
        (_("提供方"), record.get("serviceProviderInfo")),
    )


def _interface(api: Mapping[str, Any]) -> list[tuple[str, Value]]:
    servers = [
        _("%(host)s（权重 %(rank)s）", host=server.get("host"), rank=server.get("rank"))
        for server in api.get("targetServers") or []
        if isinstance(server, Mapping)
    ]
    rate, timeout = api.get("rateLimit"), api.get("timeoutMs")
    return _given(
        (_("接口名称"), api.get("apiName")),
        (_("接口标识"), api.get("apiCode")),
        (_("接口描述"), api.get("apiDescription")),
        (_("协议支持"), " · ".join(map(str, api.get("protocols") or []))),
        (_("目标服务器"), servers),
        (_("公开路径"), api.get("publicPath")),
        (_("转发路径"), api.get("forwardPath")),
        (_("调用频率"), _("每秒 %(n)s 次", n=rate) if rate is not None else None),
        (_("转发超时时间"), _("%(n)s 毫秒", n=timeout) if timeout is not None else None),
        (_("请求内容类型"), word(words("requestContentType"), api.get("requestContentType"))),
        (_("返回目标类型"), word(words("responseTargetType"), api.get("responseTargetType"))),
    )


def policies(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the access policies that a record declares."""
    declared = _object(record, "extension").get("accessPolicies")
    return (
        [policy for policy in declared if isinstance(policy, Mapping)] if isinstance(declared, list) else []
    )


def _operation(extension: Mapping[str, Any]) -> list[tuple[str, Value]]:
    opened = [
        f"{policy.get('sourceCidr')} → {policy.get('protocol')} {policy.get('port')}"
        for policy in policies({"extension": extension})
    ]
    return _given(
        (_("网络区域"), word(words("networkZone"), extension.get("networkZone"))),
        (_("服务地址"), extension.get("serviceAddress")),
        (_("健康检查路径"), extension.get("healthPath")),
        (_("访问策略"), opened),
        (_("最大并发"), extension.get("maxConcurrency")),
    )


def _details(details: Mapping[str, Any]) -> list[tuple[str, Value]]:
    return _given(
        (_("核心功能"), details.get("coreFunctions")),
        (_("应用场景"), details.get("scenarios")),
        (_("特色优势"), details.get("advantages")),
        (_("常见问题"), details.get("faq")),
    )


def _object(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # A refused import may hold anything here.
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _given(*items: tuple[str, Any]) -> list[tuple[str, Value]]:
    return [
        (label, [str(part) for part in value] if isinstance(value, list) else str(value))
        for label, value in items
        if value not in (None, "", [])
    ]
