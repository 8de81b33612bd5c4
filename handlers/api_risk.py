"""API risks: what the document and the record show is checked; attacks on the running API are not.

Source: draft standard, clause 8.3.1; process P02b, step 8
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.checks import names
from engine.api import HandlerResult, JobContext, Registry
from handlers.checks.openapi import DocumentUnreadable, declared_risks, read_document
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded, nothing_failed
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.preparation import api_document
from handlers.recording import record_results
from kernel.language import Text

STATIC = "api_risk.declared"

A_TLS = Rule(
    "A-TLS",
    Severity.WARNING,
    "10.1d",
    Text("API 未启用 HTTPS 协议", "The API enables no HTTPS protocol"),
)
A_DOCUMENT = Rule(
    "A-DOCUMENT",
    Severity.WARNING,
    "8.2.1d",
    Text(
        "接口文档缺失或无法读取，未检查其鉴权声明", "No readable API document, its security was not looked at"
    ),
)
A_DYNAMIC = Rule(
    "A-DYNAMIC",
    Severity.INFO,
    "8.3.1",
    Text(
        "未对运行中的接口做动态风险测试（越权、注入、异常输入），该项由安全评估检测",
        "The running API was not attacked here (authorisation, injection, odd input): the assessment does",
    ),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the API risk check."""
    registry.handler(
        "checks.api_risk",
        partial(api_risk, environment),
        Text(
            "API风险检测（声明部分；动态部分由安全评估检测）",
            "API risks (as declared; the security assessment attacks)",
        ),
        (VERSION,),
        {"passed": Text("未发现错误项", "No error found")},
    )


def api_risk(environment: Environment, job: JobContext) -> HandlerResult:
    """Check the declared side of an API; say plainly that the dynamic side was not."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
    declared = declared_side(api_document(environment, detail), detail.record)
    dynamic = concluded(
        names.API_RISK,
        Text("API风险检测", "API risk check"),
        [*declared.errors, A_DYNAMIC.broken(place="apiInfo")],
        Text("仅检查声明部分，动态测试未进行", "only the declared side was looked at, no dynamic test ran"),
    )
    results = [declared, dynamic]

    def apply(session: Session) -> None:
        record_results(session, job, version_id, results)

    return HandlerResult({"passed": nothing_failed(results)}, apply)


def declared_side(document: bytes | None, record: Mapping[str, Any]) -> CheckResult:
    """Check authentication, transport and error answers as they are declared."""
    return concluded(STATIC, Text("API声明的风险", "Risks as declared"), list(_declared(document, record)))


def _declared(document: bytes | None, record: Mapping[str, Any]) -> Iterator[Finding]:
    protocols = mapping(record.get("apiInfo")).get("protocols") or []
    if not any(str(protocol).startswith("HTTPS") for protocol in protocols):
        yield A_TLS.broken(place="apiInfo.protocols", evidence=", ".join(map(str, protocols)))
    try:
        if document is None:
            raise DocumentUnreadable("none")
        yield from declared_risks(read_document(document))
    except DocumentUnreadable as error:
        yield A_DOCUMENT.broken(place="apiDocument", evidence=error)
