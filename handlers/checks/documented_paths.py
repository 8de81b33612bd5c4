"""Whether the API document covers the paths that an API is registered with.

A document may be written from the caller's side (public path) or from the service's side (forward path).

Source: draft standard, clause 8.2.1 d; OpenAPI Specification 2.0 (basePath), 3.0 and 3.1 (servers)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from handlers.checks.openapi import Document, DocumentUnreadable, operations, read_document
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "openapi.paths"
D_COVERED = Rule(
    "D-COVERED",
    Severity.ERROR,
    "8.2.1d",
    Text(
        "接口文档未包含登记的路径，请在文档中补充该路径下的接口，或更正登记的路径",
        "The document has no operation below the registered path: add it there, or correct the path",
    ),
)


def check_documented_paths(content: bytes | None, record: Mapping[str, Any]) -> CheckResult:
    """Look for an operation below the public or the forward path of every registered API."""
    looked_at = Text("接口文档覆盖登记路径", "Document covers the registered paths")
    try:
        if content is None:
            return concluded(CHECK, looked_at, (), Text("未提供接口文档", "no document was uploaded"))
        documented = [_segments(path) for path in _full_paths(read_document(content))]
    except DocumentUnreadable as error:
        reason = Text(f"接口文档无法读取：{error}", f"the document cannot be read: {error}")
        return concluded(CHECK, looked_at, (), reason)
    return concluded(CHECK, looked_at, list(_uncovered(record, documented)))


def _uncovered(record: Mapping[str, Any], documented: list[tuple[str, ...]]) -> Iterator[Finding]:
    for place, api in _registered(record):
        paths = [str(api[name]) for name in ("publicPath", "forwardPath") if api.get(name)]
        below = any(
            path[: len(known)] == known for known in map(_segments, paths) if known for path in documented
        )
        if paths and not below:
            yield D_COVERED.broken(place=place, evidence=" | ".join(paths))


def _registered(record: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    api, extension = record.get("apiInfo"), record.get("extension")
    if isinstance(api, Mapping):
        yield "apiInfo.publicPath", api
    further = extension.get("additionalApis") if isinstance(extension, Mapping) else None
    for index, each in enumerate(further if isinstance(further, list) else []):
        if isinstance(each, Mapping):
            yield f"extension.additionalApis[{index}].publicPath", each


def _full_paths(document: Document) -> Iterator[str]:
    """Yield every documented path below every base that the document names."""
    servers = document.get("servers")
    named = servers if isinstance(servers, list) else []
    urls = [str(each.get("url", "")) for each in named if isinstance(each, dict)]
    bases = [urlsplit(url).path for url in urls] or [str(document.get("basePath") or "")]
    for path, _method, _operation in operations(document):
        for base in bases:
            yield f"{base}/{path}"


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)
