"""Changes of a listed component in words: what is pending against what holds, the risk, the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy.orm import Session

from domain.catalogue.semantics import LEVEL_TEXT, Level
from domain.changes.differences import Difference
from domain.changes.kinds import KIND_TEXT, RISK_TEXT, STATUS_TEXT, Kind, Risk, Status
from domain.changes.queries import ChangeRow, changes_of, open_change_of
from domain.changes.risk import FACTOR_TEXT
from kernel.language import Text
from webapp.catalogue.record import tariff_text, word
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.words import words

SHOWN = 10
_RISK_TONES: Mapping[Risk, str] = {Risk.LOW: "ok", Risk.MEDIUM: "warn", Risk.HIGH: "bad"}
_STATUS_TONES: Mapping[Status, str] = {
    Status.PREPARING: "brand",
    Status.SUBMITTED: "brand",
    Status.APPLIED: "brand",
    Status.FINISHED: "ok",
    Status.ROLLED_BACK: "warn",
}


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One field with what holds and what is pending; a side without a value is empty."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownContractChange:
    """One difference between two contracts."""

    level: str
    tone: str
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class ShownComponentChange:
    """A change, finished for the templates; ``risk`` is None until it was classified."""

    id: UUID
    kind: str
    status: str
    status_tone: str
    is_open: bool
    is_version: bool
    summary: str
    facts: list[tuple[str, str]]
    window_start: datetime | None
    window_end: datetime | None
    opened_at: datetime
    ended_at: datetime | None
    reason: str
    differences: list[ShownDifference]
    risk: str | None
    risk_tone: str
    factors: list[str]
    contract: str | None
    contract_tone: str
    contract_changes: list[ShownContractChange]
    case_url: str | None
    new_version_url: str | None


def pending_of(session: Session, version_id: UUID) -> ShownComponentChange | None:
    """Return the change of a version that is under way, or None."""
    found = open_change_of(session, version_id)
    return None if found is None else shown(found)


def past_of(session: Session, version_id: UUID) -> list[ShownComponentChange]:
    """Return the changes of a version that have ended, newest first."""
    return [shown(row) for row in changes_of(session, version_id, SHOWN) if not row.is_open]


def kinds() -> list[tuple[str, str]]:
    """Return the types of change to choose from."""
    return [(kind.value, in_language(KIND_TEXT[kind])) for kind in Kind]


def shown(row: ChangeRow) -> ShownComponentChange:
    """Finish one change."""
    risk = row.risk_level
    return ShownComponentChange(
        id=row.id,
        kind=in_language(KIND_TEXT[row.kind]),
        status=in_language(STATUS_TEXT[row.status]),
        status_tone=_STATUS_TONES.get(row.status, ""),
        is_open=row.is_open,
        is_version=row.kind is Kind.VERSION,
        summary=row.summary,
        facts=_facts(row),
        window_start=row.window_start,
        window_end=row.window_end,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        reason=row.ending_reason or "",
        differences=[_shown_difference(one) for one in row.differences],
        risk=f"{in_language(RISK_TEXT[risk])} · {row.risk_score}" if risk else None,
        risk_tone=_RISK_TONES[risk] if risk else "",
        factors=[in_language(FACTOR_TEXT[name]) for name in row.factors if name in FACTOR_TEXT],
        contract=_contract(row),
        contract_tone="dashed" if row.contract is None else "",
        contract_changes=_contract_changes(row.contract or {}),
        case_url=_case_url(row.instance_id),
        new_version_url=(
            url_for("catalogue.version", version_id=row.new_version_id) if row.new_version_id else None
        ),
    )


def _facts(row: ChangeRow) -> list[tuple[str, str]]:
    given = [
        (_("新版本号"), row.new_version),
        (_("影响"), row.impact),
        (_("回退方案"), row.rollback_plan),
        (_("兼容计划"), row.compatibility_plan),
        (_("旧版本弃用日期"), row.sunset_on),
    ]
    return [(label, value) for label, value in given if value]


def _contract(row: ChangeRow) -> str | None:
    """Say what comparing the contracts found; nothing where the change is none of the version."""
    if row.kind is not Kind.VERSION or row.risk_level is None:
        return None
    if row.contract is None:
        return _("接口契约未比对：缺少现行或新版接口文档")
    level = in_language(LEVEL_TEXT[Level(str(row.contract["level"]))])
    return _("接口契约变化：%(level)s", level=level)


def _contract_changes(contract: Mapping[str, Any]) -> list[ShownContractChange]:
    tones = {"major": "bad", "minor": "warn"}
    return [
        ShownContractChange(
            level=in_language(LEVEL_TEXT[Level(str(one.get("weight", "patch")))]),
            tone=tones.get(str(one.get("weight")), ""),
            place=str(one.get("place", "")),
            message=in_language(Text.from_json(one["message"])),
        )
        for one in contract.get("changes", ())
    ]


def _shown_difference(one: Difference) -> ShownDifference:
    return ShownDifference(_label(one.path), _words(one.path, one.before), _words(one.path, one.after))


def _label(path: str) -> str:
    return {
        "functionalAreas": _("功能领域"),
        "isCharge": _("是否收费"),
        "publicRegion": _("发布地区"),
        "publicScope": _("发布范围"),
        "remark": _("简介"),
        "image": _("组件图标"),
        "demoAddress": _("体验环境地址"),
        "releaseCompanyInfo": _("发布单位"),
        "serviceProviderInfo": _("提供方"),
        "apiInfo.apiName": _("接口名称"),
        "apiInfo.apiDescription": _("接口描述"),
        "apiInfo.protocols": _("协议支持"),
        "apiInfo.targetServers": _("目标服务器"),
        "apiInfo.forwardPath": _("转发路径"),
        "apiInfo.rateLimit": _("调用频率"),
        "apiInfo.timeoutMs": _("转发超时时间"),
        "apiInfo.requestContentType": _("请求内容类型"),
        "apiInfo.responseTargetType": _("返回目标类型"),
        "componentDetails.coreFunctions": _("核心功能"),
        "componentDetails.scenarios": _("应用场景"),
        "componentDetails.advantages": _("特色优势"),
        "componentDetails.faq": _("常见问题"),
        "componentDetails.resources.functionalTestReport": _("功能测试报告"),
        "componentDetails.resources.securityTestReport": _("安全测试报告"),
        "componentDetails.resources.performanceTestReport": _("性能测试报告"),
        "componentDetails.resources.applicationGuide": _("组件申请指南"),
        "extension.layer": _("层级"),
        "extension.capabilityClass": _("技术能力分类"),
        "extension.networkZone": _("网络区域"),
        "extension.serviceAddress": _("服务地址"),
        "extension.healthPath": _("健康检查路径"),
        "extension.accessPolicies": _("访问策略"),
        "extension.maxConcurrency": _("最大并发"),
        "extension.chargeStandard.price": _("收费价格"),
        "extension.chargeStandard.unit": _("计费单位"),
        "extension.chargeStandard.currency": _("币种"),
        "extension.chargeStandard.billingPeriod": _("结算周期"),
    }.get(path, path)


def _words(path: str, value: Any) -> tuple[str, ...]:
    """Return a value in words: codes resolved, rows one by one."""
    if value in (None, "", []):
        return ()
    name = path.rpartition(".")[2]
    if name in ("functionalAreas", "isCharge", "publicScope", "layer", "capabilityClass", "networkZone"):
        return (word(words(name), value),)
    if isinstance(value, list):
        return tuple(_row(one) for one in value)
    if isinstance(value, Mapping):
        return (tariff_text(value),)
    if isinstance(value, str) and value.startswith("file:"):
        return (_("文件 %(id)s", id=value[-8:]),)
    return (str(value),)


def _row(one: Any) -> str:
    if not isinstance(one, Mapping):
        return str(one)
    if "host" in one:
        return _("%(host)s（权重 %(rank)s）", host=one.get("host"), rank=one.get("rank"))
    if "sourceCidr" in one:
        return f"{one.get('sourceCidr')} → {one.get('protocol')} {one.get('port')}"
    return " · ".join(f"{key}: {value}" for key, value in one.items())


def _case_url(instance_id: UUID | None) -> str | None:
    known = instance_id is not None and "instances.show" in current_app.view_functions
    return url_for("instances.show", instance_id=instance_id) if known else None
