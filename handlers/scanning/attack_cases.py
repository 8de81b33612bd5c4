"""Attacks on the parameters of an API, and what its answers give away.

Source: draft standard, clauses 8.2.4 b (simulated attacks) and 8.3.1 (API risks)
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from handlers.checks.openapi import DocumentUnreadable, operations
from handlers.scanning.contracts.resolving import Resolver
from handlers.scanning.contracts.schemas import types_of

MARK = "zj7probe"
PAYLOADS = {
    "sql": "1' OR '1'='1",
    "command": "1; cat /etc/passwd",
    "path": "../../../../etc/passwd",
    "script": f"\"'><{MARK}>",
    "template": "${7*7}{{7*7}}",
}
_ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_TRACES = re.compile(
    r"(?i)(traceback \(most recent call last\)|at [\w.$]+\([\w]+\.java:\d+\)|goroutine \d+ \[running\]"
    r"|syntax error (?:at or near|in)|you have an error in your sql syntax|ORA-\d{5}|SQLSTATE\["
    r"|sqlite3?\.\w*error|near \S+: syntax error)"
)
_PASSWD = re.compile(r"root:[x*]?:0:0:")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; ``label`` is the operation, for example ``GET /notices``."""

    label: str
    request: str
    status: int
    media_type: str
    content: str


def attack_requests(document: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield one request per text parameter and attack: method, path, headers, label, attack."""
    resolver = Resolver(document)
    for path, method, operation in operations(document):
        item = resolver.look_up(document["paths"][path])
        entries = [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]
        found = [it for it in map(resolver.look_up, entries) if it.get("in") == "query"]
        others = {str(it.get("name")): "0" for it in found if it.get("required")}
        for parameter in found:
            if types_of(resolver.merged(parameter.get("schema"))) - {"string", "null"}:
                continue
            for attack, payload in PAYLOADS.items():
                query = urlencode({**others, str(parameter.get("name")): payload})
                yield {
                    "method": method.upper(),
                    "path": f"{with_values(path)}?{query}",
                    "headers": dict(headers),
                    "label": f"{method.upper()} {path}",
                    "attack": attack,
                }


def with_values(path: str) -> str:
    """Return a path with something in the place of its parameters."""
    return "/".join("0" if part.startswith("{") else part for part in path.split("/"))


def exchange_of(answer: Mapping[str, Any]) -> Exchange:
    """Turn an answer of ``asking.py`` into an exchange."""
    return Exchange(
        label=answer["label"],
        request=answer["request"],
        status=answer["status"],
        media_type=answer["type"],
        content=answer["body"],
    )


def exchanges_in(report: bytes) -> Iterator[Exchange]:
    """Read the exchanges that schemathesis recorded, line by line."""
    for line in report.splitlines():
        if b'"interactions"' not in line:
            continue
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for interaction in (recorder.get("interactions") or {}).values():
            response = interaction.get("response") or {}
            headers = {name.lower(): values for name, values in (response.get("headers") or {}).items()}
            yield Exchange(
                label=str(recorder.get("label", "")),
                request=f"{interaction['request']['method']} {interaction['request']['uri']}",
                status=int(response.get("status_code", 0)),
                media_type=str(next(iter(headers.get("content-type") or ()), "")),
                content=_content(response.get("content")),
            )


def given_away(document: Mapping[str, Any], exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield (rule, evidence) for what an answer should not have said."""
    numbers = [it for it in _ID_CARD.findall(exchange.content) if _is_id_card(it)]
    if numbers:
        yield "D-SENSITIVE", f"{numbers[0][:6]}********{numbers[0][-4:]}"
    elif exchange.status < 400 and (mobile := _MOBILE.search(exchange.content)):
        yield "D-MOBILE", f"{mobile[0][:3]}********"
    trace = _TRACES.search(exchange.content)
    if trace is not None:
        yield "D-TRACE", trace[0]
    if _PASSWD.search(exchange.content):
        yield "D-FILE", "root:x:0:0"
    if f"<{MARK}>" in exchange.content and "html" in exchange.media_type:
        yield "D-SCRIPT", f"<{MARK}>"
    extra = _undeclared(document, exchange)
    if extra:
        yield "D-EXPOSURE", ", ".join(extra[:5])


def _undeclared(document: Mapping[str, Any], exchange: Exchange) -> list[str]:
    """Name the fields of an answer that its schema does not know, where it does not allow others."""
    if exchange.status >= 400 or "json" not in exchange.media_type:
        return []
    try:
        declared = _declared_fields(document, exchange)
        body = json.loads(exchange.content)
    except (DocumentUnreadable, ValueError, RecursionError):
        return []
    first = body[0] if isinstance(body, list) and body else body
    if declared is None or not isinstance(first, dict):
        return []
    return sorted(set(first) - declared)


def _declared_fields(document: Mapping[str, Any], exchange: Exchange) -> set[str] | None:
    method, _space, path = exchange.label.partition(" ")
    resolver = Resolver(document)
    item = resolver.look_up(document.get("paths", {}).get(path))
    responses = resolver.look_up(item.get(method.lower())).get("responses") or {}
    response = resolver.look_up(responses.get(str(exchange.status)) or responses.get("default"))
    for media, content in (response.get("content") or {}).items():
        if "json" in media:
            schema = resolver.merged(content.get("schema"))
            schema = resolver.merged(schema["items"]) if "items" in schema else schema
            properties = schema.get("properties")
            if isinstance(properties, Mapping) and not schema.get("additionalProperties"):
                return set(properties)
    return None


def _content(content: Any) -> str:
    if not isinstance(content, dict) or "$base64" not in content:
        return str(content or "")
    try:
        return base64.b64decode(content["$base64"]).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _is_id_card(number: str) -> bool:
    """Check the last digit.

    Source: GB 11643-1999, clause 3.4
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()
