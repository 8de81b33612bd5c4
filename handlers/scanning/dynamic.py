"""Dynamic tests of a running API: odd and hostile input by schemathesis, within its OpenAPI document.

Only an address that the operator released is attacked, through a relay that leads nowhere else.

Source: draft standard, clauses 8.1.1, 8.2.4 b and 8.3.1
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handlers.checks.openapi import DocumentUnreadable, operations, read_document
from handlers.scanning import tools
from handlers.scanning.attack_cases import Exchange, attack_requests, exchange_of, exchanges_in, given_away
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ChildLimits, ScannerFailed, private_folder, run_child
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    ScanSeverity,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from handlers.scanning.targets import AttackTarget, NotAttackable, ask, attack_target
from kernel.language import Text

SCAN = "dynamic"
TITLE = Text("动态应用安全测试", "Dynamic tests")
LIMITS = ChildLimits(seconds=900, cpu_seconds=900)
CLAUSE = "8.2.4b"
_CASES_PER_OPERATION = 15
_MAX_ATTACKS = 200
_CHECKS = (
    "not_a_server_error",
    "ignored_auth",
    "negative_data_rejection",
    "status_code_conformance",
    "response_schema_conformance",
    "content_type_conformance",
)


def scan_dynamic(
    bench: Workbench, document: bytes, address: str, headers: Mapping[str, str] | None = None
) -> ScanResult:
    """Attack a running API; ``headers`` (such as a token) go with every request and into no report."""
    try:
        tool = tools.schemathesis()
    except tools.ToolMissing as missing:
        return not_checked_scan(SCAN, ("schemathesis", ""), TITLE, missing.cure)
    try:
        target = attack_target(bench, address)
        read = read_document(document)
        if not any(True for _ in operations(read)):
            raise DocumentUnreadable("no operation")
        attacks = list(attack_requests(read, headers or {}))
    except NotAttackable as error:
        return not_checked_scan(SCAN, tool.label, TITLE, error.reason)
    except (DocumentUnreadable, AttributeError, TypeError) as error:
        reason = Text(f"接口文档无法使用：{error}", f"the API document cannot be used: {error}")
        return not_checked_scan(SCAN, tool.label, TITLE, reason)
    with private_folder(bench.scratch) as folder:
        try:
            return _attacked(bench, tool, target, read, (attacks, headers or {}), folder)
        except ScannerFailed as failed:
            return inconclusive_scan(SCAN, tool.label, TITLE, failed.cause, seconds=failed.seconds)
        except (OSError, ValueError, KeyError) as error:
            cause = Text(f"报告无法读取：{error}", f"its report cannot be read: {error}")
            return inconclusive_scan(SCAN, tool.label, TITLE, cause)


def _attacked(
    bench: Workbench,
    tool: tools.Tool,
    target: AttackTarget,
    read: Mapping[str, Any],
    given: tuple[list[dict[str, Any]], Mapping[str, str]],
    folder: Path,
) -> ScanResult:
    attacks, headers = given
    (folder / "openapi.json").write_text(json.dumps(read), encoding="utf-8")
    # In a file, since everybody on the machine can read a command line.
    lines = [
        f"{json.dumps(name)} = {json.dumps(it)}"
        for name, it in {"Host": target.host_header, **headers}.items()
    ]
    (folder / "schemathesis.toml").write_text("[headers]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    relay = target.relay(bench)
    command = _command(tool.path, folder, target.address_behind(relay))
    outcome = run_child(command, folder, LIMITS, relay=relay).require(0, 1)
    summary = json.loads((folder / "report.json").read_bytes())
    recorded = (folder / "report.ndjson").read_bytes()
    kept = {f"{method.upper()} {path}" for path, method, _operation in operations(read)}
    answers, _asked = ask(bench, target, attacks[:_MAX_ATTACKS], folder)
    exchanges = [*exchanges_in(recorded), *map(exchange_of, answers)]
    findings = [
        *_failures(summary, kept, tool.label),
        *_crashed(answers, summary, tool.label),
        *_answers(read, exchanges, tool.label),
    ]
    return concluded_scan(
        SCAN,
        tool.label,
        TITLE,
        findings,
        not_checked=_left_out(summary),
        looked_at={
            "operations": summary["operations"]["tested"],
            "operationsDeclared": summary["operations"]["total"],
            "cases": summary["test_cases"]["generated"],
            "attacks": len(answers),
            "address": f"{target.host_header}{target.declared.path}",
        },
        report_digest=bench.keep_report(recorded.rstrip() + b"\n" + _told(answers)),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def _command(program: Path, folder: Path, address: str) -> list[str]:
    return [
        *(str(program), "--config-file", str(folder / "schemathesis.toml"), "--no-color"),
        *("run", str(folder / "openapi.json"), "--url", address, "--workers", "1"),
        *("--phases", "examples,coverage,fuzzing", "--checks", ",".join(_CHECKS)),
        *("-n", str(_CASES_PER_OPERATION), "--generation-deterministic"),
        *("--continue-on-failure", "--max-redirects", "0", "--request-timeout", "10"),
        *("--output-sanitize", "true", "--report", "json,ndjson"),
        *("--report-json-path", str(folder / "report.json")),
        *("--report-ndjson-path", str(folder / "report.ndjson")),
    ]


def _failures(summary: Mapping[str, Any], kept: set[str], tool: tuple[str, str]) -> Iterator[ScanFinding]:
    """Turn the failures into findings, one per operation that the document declares."""
    for failure in summary["failures"]:
        kind = str(failure["type"])
        severity, weakness, zh, en = _KINDS.get(kind, _OTHER)
        # Methods that nobody declared are tried too; a component may refuse them as it likes.
        for operation in failure.get("operations") or ():
            if operation in kept:
                yield ScanFinding(
                    tool=tool[0],
                    version=tool[1],
                    rule=f"ST-{kind}",
                    severity=severity,
                    message=Text(zh, en),
                    place=operation,
                    evidence=f"{failure.get('title')} ({failure.get('count')})",
                    clause=CLAUSE,
                    identifiers=(weakness,),
                )


def _crashed(
    answers: list[dict[str, Any]], summary: Mapping[str, Any], tool: tuple[str, str]
) -> Iterator[ScanFinding]:
    """Name the operations that an attack brought to an internal error, where nothing else has yet."""
    known = {
        operation
        for failure in summary["failures"]
        if failure["type"] == "ServerError"
        for operation in failure.get("operations") or ()
    }
    severity, weakness, zh, en = _KINDS["ServerError"]
    for answer in answers:
        if answer["status"] >= 500 and answer["label"] not in known:
            known.add(answer["label"])
            yield ScanFinding(
                tool=tool[0],
                version=tool[1],
                rule="D-CRASH",
                severity=severity,
                message=Text(zh, en),
                place=answer["label"],
                evidence=f"{answer['status']}: {answer['request']}"[:300],
                clause=CLAUSE,
                identifiers=(weakness,),
            )


def _told(answers: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps({"attack": it}, ensure_ascii=False).encode() + b"\n" for it in answers)


def _answers(
    document: Mapping[str, Any], exchanges: list[Exchange], tool: tuple[str, str]
) -> Iterator[ScanFinding]:
    """Look at what the answers gave away, once per rule and operation."""
    seen: set[tuple[str, str]] = set()
    for exchange in exchanges:
        for rule, evidence in given_away(document, exchange):
            if (rule, exchange.label) in seen:
                continue
            seen.add((rule, exchange.label))
            severity, weakness, zh, en = _GIVEN_AWAY[rule]
            yield ScanFinding(
                tool=tool[0],
                version=tool[1],
                rule=rule,
                severity=severity,
                message=Text(zh, en),
                place=exchange.label,
                evidence=f"{exchange.status}: {evidence}"[:300],
                clause="8.3.1",
                identifiers=(weakness,),
            )


def _left_out(summary: Mapping[str, Any]) -> Text | None:
    errors = summary.get("errors") or []
    if errors:
        said = str(errors[0].get("title") or errors[0].get("message") or errors[0])[:150]
        return Text(f"测试中出错：{said}", f"errors while testing: {said}")
    if not summary.get("complete") or summary["test_cases"]["generated"] == 0:
        return Text("测试未完成", "the tests were not completed")
    counts = summary["operations"]
    if counts["tested"] < counts["total"]:
        missed = counts["total"] - counts["tested"]
        return Text(f"{missed} 个接口未测试", f"{missed} operations were not tested")
    return None


_OTHER = (ScanSeverity.LOW, "CWE-710", "接口行为与文档不符", "The API does not keep to its document")
_KINDS = {
    "IgnoredAuth": (
        ScanSeverity.CRITICAL,
        "CWE-306",
        "声明需鉴权的接口在无凭据时仍可访问",
        "An operation that declares authentication answers without it",
    ),
    "ServerError": (
        ScanSeverity.HIGH,
        "CWE-755",
        "异常输入导致服务器内部错误",
        "Odd input causes an internal error of the server",
    ),
    "AcceptedNegativeData": (
        ScanSeverity.MEDIUM,
        "CWE-20",
        "不符合接口文档的请求被接受",
        "A request that breaks the document is accepted",
    ),
    "JsonSchemaError": (
        ScanSeverity.MEDIUM,
        "CWE-710",
        "响应与接口文档的结构不符",
        "An answer does not have the documented structure",
    ),
    "UndefinedStatusCode": (
        ScanSeverity.LOW,
        "CWE-710",
        "返回文档未说明的状态码",
        "A status code is returned that is not documented",
    ),
}
_GIVEN_AWAY = {
    "D-SENSITIVE": (
        ScanSeverity.HIGH,
        "CWE-359",
        "响应含未脱敏的身份证号",
        "An answer holds an unmasked identity number",
    ),
    "D-MOBILE": (
        ScanSeverity.MEDIUM,
        "CWE-359",
        "响应含未脱敏的手机号",
        "An answer holds an unmasked mobile number",
    ),
    "D-TRACE": (
        ScanSeverity.HIGH,
        "CWE-209",
        "响应泄露内部错误信息，疑似可注入",
        "An answer gives internal errors away, injection is likely",
    ),
    "D-FILE": (
        ScanSeverity.CRITICAL,
        "CWE-22",
        "攻击请求读到了系统文件",
        "An attack read a file of the system",
    ),
    "D-SCRIPT": (
        ScanSeverity.HIGH,
        "CWE-79",
        "请求内容未经转义写入页面",
        "Request data is written to a page unescaped",
    ),
    "D-EXPOSURE": (
        ScanSeverity.MEDIUM,
        "CWE-213",
        "响应含文档未声明的字段，存在过度暴露",
        "An answer holds fields that are not documented",
    ),
}
