"""Asking a running component for errors, and looking at the codes that it answers with.

Source: draft standard, clause 6.2 c
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.checks.openapi import DocumentUnreadable, operations, read_document
from handlers.scanning.attack_cases import with_values
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ScannerFailed, private_folder
from handlers.scanning.contracts.resolving import Resolver
from handlers.scanning.error_codes import SCAN, TITLE, TOOL, judge_answer, registered_codes
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from handlers.scanning.targets import NotAttackable, ask, attack_target
from kernel.language import Text

_MAX_OPERATIONS = 20


def probe_error_codes(
    bench: Workbench, document: bytes, address: str, headers: Mapping[str, str] | None = None
) -> ScanResult:
    """Send requests that must fail (no such path, wrong method, no credentials, wrong value)."""
    try:
        read = read_document(document)
        target = attack_target(bench, address)
        requests = list(wrong_requests(read, headers or {}))[: 3 * _MAX_OPERATIONS]
    except (DocumentUnreadable, TypeError, AttributeError) as error:
        reason = Text(f"接口文档无法读取：{error}", f"the API document cannot be read: {error}")
        return not_checked_scan(SCAN, TOOL, TITLE, reason)
    except NotAttackable as error:
        return not_checked_scan(SCAN, TOOL, TITLE, error.reason)
    with private_folder(bench.scratch) as folder:
        try:
            answers, outcome = ask(bench, target, requests, folder)
        except ScannerFailed as failed:
            return inconclusive_scan(SCAN, TOOL, TITLE, failed.cause, seconds=failed.seconds)
    errors = [answer for answer in answers if 400 <= answer["status"] < 600]
    silent = sum(1 for answer in answers if answer["status"] == 0)
    return concluded_scan(
        SCAN,
        TOOL,
        TITLE,
        _judged(registered_codes(read), errors),
        not_checked=_left_out(len(errors), silent),
        looked_at={"requests": len(answers), "errors": len(errors)},
        report_digest=bench.keep_report(json.dumps(answers, ensure_ascii=False, indent=1).encode()),
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )


def wrong_requests(document: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield requests that a component must refuse: method, path, headers, label."""
    resolver = Resolver(document)
    signed = dict(headers)
    yield {"method": "GET", "path": "/no-such-path-9f2c", "headers": signed, "label": "GET (no such path)"}
    for path, method, operation in list(operations(document))[:_MAX_OPERATIONS]:
        plain = with_values(path)
        label = f"{method.upper()} {path}"
        if operation.get("security", document.get("security")):
            yield {
                "method": method.upper(),
                "path": plain,
                "headers": {},
                "label": f"{label} (no credentials)",
            }
        required = [
            found
            for found in map(resolver.look_up, operation.get("parameters") or ())
            if found.get("required") and found.get("in") == "query"
        ]
        if required or resolver.look_up(operation.get("requestBody")).get("required"):
            yield {
                "method": method.upper(),
                "path": plain,
                "headers": signed,
                "label": f"{label} (nothing given)",
            }


def _judged(codes: Mapping[str, str], errors: Sequence[Mapping[str, Any]]) -> Iterator[ScanFinding]:
    for answer in errors:
        try:
            body = json.loads(answer["body"])
        except ValueError:
            body = answer["body"]
        yield from judge_answer(codes, body, f"{answer['label']} {answer['status']}")


def _left_out(errors: int, silent: int) -> Text | None:
    if silent:
        return Text(f"{silent} 个请求无应答", f"{silent} requests were not answered")
    if errors == 0:
        return Text("没有得到任何错误响应", "no error answer was received")
    return None
