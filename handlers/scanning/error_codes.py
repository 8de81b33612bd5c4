"""Error codes: three parts that explain themselves, registered with a Chinese text, and really returned.

A code is MODULE-TYPE-REASON, for example ``NOTICE-INPUT-AREA``. The API document carries the dictionary
as ``x-error-codes``: a list of ``code`` and ``description``. Every error answer has a ``code``.

Source: draft standard, clause 6.2 c
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handlers.checks.openapi import DocumentUnreadable, operations, read_document
from handlers.scanning.contracts.resolving import Resolver
from handlers.scanning.intake import ScanRule
from handlers.scanning.results import ScanFinding, ScanResult, ScanSeverity, concluded_scan, not_checked_scan
from kernel.language import Text

SCAN = "error_codes"
DECLARED = "error_codes.declared"
TITLE = Text("错误码规范", "Error codes")
TOOL = ("zujian-error-codes", "1")
DICTIONARY = "x-error-codes"
CODE = re.compile(r"[A-Z][A-Z0-9]{1,15}-[A-Z][A-Z0-9]{1,15}-[A-Z0-9][A-Z0-9_]{1,31}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _rule(identifier: str, severity: ScanSeverity, zh: str, en: str) -> ScanRule:
    return ScanRule(identifier, severity, "6.2c", Text(zh, en))


EC_DICTIONARY = _rule(
    "EC-DICTIONARY",
    ScanSeverity.HIGH,
    "接口文档未登记错误码（x-error-codes）",
    "The API document registers no error codes (x-error-codes)",
)
EC_FORM = _rule(
    "EC-FORM",
    ScanSeverity.HIGH,
    "错误码应为“模块-类型-原因”三段，如 NOTICE-INPUT-AREA",
    "An error code has three parts, module, type and reason, such as NOTICE-INPUT-AREA",
)
EC_TEXT = _rule(
    "EC-TEXT", ScanSeverity.HIGH, "错误码缺少中文说明", "An error code has no description in Chinese"
)
EC_TWICE = _rule("EC-TWICE", ScanSeverity.HIGH, "错误码重复登记", "An error code is registered twice")
EC_ANSWER = _rule(
    "EC-ANSWER",
    ScanSeverity.HIGH,
    "错误响应未声明含 code 字段的结构",
    "An error answer declares no structure with a field code",
)
EC_UNREGISTERED = _rule(
    "EC-UNREGISTERED",
    ScanSeverity.HIGH,
    "返回了未登记的错误码",
    "An error code is returned that is not registered",
)
EC_MISSING = _rule(
    "EC-MISSING", ScanSeverity.HIGH, "错误响应中没有错误码", "An error answer carries no error code"
)


def check_error_codes(document: bytes) -> ScanResult:
    """Check the dictionary of a document and what its error answers declare."""
    try:
        read = read_document(document)
        declared = list(operations(read))
        findings = [*_dictionary(read), *_declared_answers(read)]
    except (DocumentUnreadable, TypeError, AttributeError) as error:
        reason = Text(f"接口文档无法读取：{error}", f"the API document cannot be read: {error}")
        return not_checked_scan(DECLARED, TOOL, TITLE, reason)
    return concluded_scan(
        DECLARED,
        TOOL,
        TITLE,
        findings,
        looked_at={"operations": len(declared), "codes": len(registered_codes(read))},
    )


def registered_codes(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the registered codes with their descriptions."""
    entries = document.get(DICTIONARY)
    return {
        str(entry.get("code")): str(entry.get("description") or "")
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping)
    }


def judge_answer(codes: Mapping[str, str], body: Any, place: str) -> Iterator[ScanFinding]:
    """Judge one error answer that a component really gave."""
    code = body.get("code") if isinstance(body, Mapping) else None
    if not isinstance(code, str):
        yield EC_MISSING.found(tool=TOOL, place=place, evidence=str(body)[:100])
    elif not CODE.fullmatch(code):
        yield EC_FORM.found(tool=TOOL, place=place, evidence=code[:100])
    elif code not in codes:
        yield EC_UNREGISTERED.found(tool=TOOL, place=place, evidence=code)


def _dictionary(document: Mapping[str, Any]) -> Iterator[ScanFinding]:
    codes = registered_codes(document)
    if not codes:
        yield EC_DICTIONARY.found(tool=TOOL, place=DICTIONARY)
        return
    if len(codes) < len(document[DICTIONARY]):
        yield EC_TWICE.found(tool=TOOL, place=DICTIONARY)
    for code, description in codes.items():
        if not CODE.fullmatch(code):
            yield EC_FORM.found(tool=TOOL, place=DICTIONARY, evidence=code[:100])
        if not _CHINESE.search(description):
            yield EC_TEXT.found(tool=TOOL, place=DICTIONARY, evidence=code[:100])


def _declared_answers(document: Mapping[str, Any]) -> Iterator[ScanFinding]:
    resolver, codes = Resolver(document), registered_codes(document)
    for path, method, operation in operations(document):
        for status, entry in (operation.get("responses") or {}).items():
            if str(status)[:1] not in ("4", "5") and str(status) != "default":
                continue
            place = f"{method.upper()} {path} {status}"
            told = _code_schema(resolver, entry)
            if told is None:
                yield EC_ANSWER.found(tool=TOOL, place=place)
                continue
            for code in told.get("enum") or ([told["const"]] if "const" in told else ()):
                if not CODE.fullmatch(str(code)):
                    yield EC_FORM.found(tool=TOOL, place=place, evidence=str(code)[:100])
                elif codes and str(code) not in codes:
                    yield EC_UNREGISTERED.found(tool=TOOL, place=place, evidence=str(code)[:100])


def _code_schema(resolver: Resolver, response: Any) -> Mapping[str, Any] | None:
    for media, content in (resolver.look_up(response).get("content") or {}).items():
        if "json" in str(media):
            schema = resolver.merged(resolver.look_up(content).get("schema"))
            properties = schema.get("properties")
            if isinstance(properties, Mapping) and "code" in properties:
                return resolver.merged(properties["code"])
    return None
