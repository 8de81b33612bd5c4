"""The uploaded OpenAPI document: well formed, valid, and saying how calls are authenticated.

Reads JSON and YAML without aliases; references may only point into the document itself, so that nothing
is fetched while checking.

Source: draft standard, clauses 8.2.1 d, 8.2.2 and 8.3.1; OpenAPI Specification 2.0, 3.0 and 3.1
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import yaml
from openapi_spec_validator import (
    OpenAPIV2SpecValidator,
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
)
from referencing.exceptions import Unresolvable

from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "openapi"
MAX_BYTES = 5 * 1024 * 1024
MAX_REPORTED = 20
MAX_DEPTH = 100

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
_VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}
_SWAGGER = "2.0"

Document = Mapping[str, Any]


def _rule(rule: str, severity: Severity, clause: str, zh: str, en: str) -> Rule:
    return Rule(rule, severity, clause, Text(zh, en))


O_READ = _rule(
    "O-READ",
    Severity.ERROR,
    "8.2.1d",
    "接口文档无法读取：应为不超过5 MB的 JSON 或 YAML 格式 OpenAPI 文档",
    "The API document cannot be read: expected OpenAPI in JSON or YAML, at most 5 MB, no aliases",
)
O_VERSION = _rule(
    "O-VERSION",
    Severity.ERROR,
    "8.2.1d",
    "应为 OpenAPI 2.0、3.0 或 3.1 文档",
    "Expected OpenAPI 2.0, 3.0 or 3.1",
)
O_REFERENCE = _rule(
    "O-REFERENCE",
    Severity.ERROR,
    "8.2.1d",
    "引用只能指向文档内部（以“#/”开头），请合并为一个文件",
    "References must point into the document (#/…), merge the parts into one file",
)
O_VALID = _rule(
    "O-VALID",
    Severity.ERROR,
    "8.2.1d",
    "接口文档不符合 OpenAPI 规范，请按提示位置修改",
    "The document breaks the OpenAPI specification at the place shown",
)
O_PATHS = _rule("O-PATHS", Severity.ERROR, "8.2.1d", "接口文档未定义任何接口", "No operation is defined")
O_SECURITY = _rule(
    "O-SECURITY",
    Severity.ERROR,
    "8.2.2",
    "接口未声明鉴权方式（security），应适配统一身份认证",
    "The operation declares no security, adapt it to the unified authentication",
)
O_PUBLIC = _rule(
    "O-PUBLIC",
    Severity.WARNING,
    "8.3.1",
    "接口声明为无需鉴权，请确认是否必要",
    "The operation is declared open to everybody, confirm that it must be",
)
O_WEAK = _rule(
    "O-WEAK",
    Severity.WARNING,
    "8.3.1",
    "鉴权方式较弱（Basic，或把密钥放在网址参数中），宜改用令牌或签名",
    "Weak authentication (Basic, or a key in the query), prefer tokens or signatures",
)
O_TLS = _rule("O-TLS", Severity.WARNING, "10.1d", "服务器地址宜使用 https", "Prefer https for servers")
O_ERRORS = _rule(
    "O-ERRORS",
    Severity.WARNING,
    "6.2c",
    "接口未说明出错响应（4xx 或 default），宜返回统一错误码",
    "The operation documents no error response (4xx or default)",
)


class DocumentUnreadable(Exception):
    """The bytes are not an OpenAPI document; the text says why."""


class _PlainLoader(yaml.SafeLoader):
    """A YAML loader that refuses aliases, which can blow a small file up."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise DocumentUnreadable("aliases are not allowed")
        return super().compose_node(parent, index)


def check_openapi(content: bytes | None) -> CheckResult:
    """Check one document; None means that none was uploaded, which is not checked."""
    looked_at = Text("OpenAPI 接口文档", "OpenAPI document")
    if content is None:
        return concluded(CHECK, looked_at, (), Text("未提供接口文档", "no document was uploaded"))
    try:
        document = read_document(content)
    except DocumentUnreadable as error:
        return concluded(CHECK, looked_at, [O_READ.broken(place="apiDocument", evidence=error)])
    return concluded(CHECK, looked_at, list(_problems(document)))


def read_document(content: bytes) -> Document:
    """Read JSON or YAML into a mapping.

    Raises:
        DocumentUnreadable: too large, too deep, not text, not a mapping, or with aliases.
    """
    if len(content) > MAX_BYTES:
        raise DocumentUnreadable(f"{len(content)} bytes")
    try:
        text = content.decode("utf-8-sig")
        is_json = text.lstrip().startswith("{")
        # The loader is SafeLoader with aliases refused on top.
        document = json.loads(text) if is_json else yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - see above
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise DocumentUnreadable(str(error).replace("\n", " ")[:200]) from error
    if not isinstance(document, dict):
        raise DocumentUnreadable("not an object")
    if _depth(document) > MAX_DEPTH:
        raise DocumentUnreadable(f"nested deeper than {MAX_DEPTH}")
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield (path, method, operation) of every operation."""
    paths = document.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method, operation in (item if isinstance(item, dict) else {}).items():
            if method in _METHODS and isinstance(operation, dict):
                yield str(path), method, operation


def declared_risks(document: Document) -> Iterator[Finding]:
    """Yield what the document itself shows about authentication, transport and error answers."""
    default = document.get("security")
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        security = operation.get("security", default)
        if security is None:
            yield O_SECURITY.broken(place=place)
        elif security == [] or (isinstance(security, list) and {} in security):
            yield O_PUBLIC.broken(place=place)
        answers = {str(code).lower() for code in operation.get("responses") or {}}
        if not any(code == "default" or code.startswith("4") for code in answers):
            yield O_ERRORS.broken(place=place, evidence=", ".join(sorted(answers)))
    for name, scheme in _schemes(document).items():
        if _is_weak(scheme):
            yield O_WEAK.broken(place=f"securitySchemes.{name}", evidence=scheme.get("type"))
    schemes = document.get("schemes")
    if isinstance(schemes, list) and "http" in schemes:
        yield O_TLS.broken(place="schemes", evidence="http")
    for index, server in enumerate(document.get("servers") or []):
        url = str(server.get("url", "")) if isinstance(server, dict) else ""
        if url.startswith("http://"):
            yield O_TLS.broken(place=f"servers[{index}]", evidence=url)


def _problems(document: Document) -> Iterator[Finding]:
    validator = _validator(document)
    if validator is None:
        yield O_VERSION.broken(place="openapi", evidence=document.get("openapi", document.get("swagger")))
        return
    outside = list(_outside_references(document, ""))
    if outside:
        for place, reference in outside[:MAX_REPORTED]:
            yield O_REFERENCE.broken(place=place, evidence=reference)
        return
    broken = list(_breaches(validator, document))
    yield from broken
    if broken:
        return
    if not any(True for _ in operations(document)):
        yield O_PATHS.broken(place="paths")
    yield from declared_risks(document)


def _is_weak(scheme: Document) -> bool:
    """Tell whether a scheme sends a password with every call, or a key where addresses are logged."""
    kind = scheme.get("type")
    # Basic authentication is a type in 2.0 and a scheme of the type http since 3.0.
    return "basic" in (kind, scheme.get("scheme")) or (kind, scheme.get("in")) == ("apiKey", "query")


def _validator(document: Document) -> Any:
    """Return the validator of the version that the document says it is of, or None."""
    if document.get("swagger") == _SWAGGER:
        return OpenAPIV2SpecValidator
    return _VALIDATORS.get(str(document.get("openapi", ""))[:3])


def _breaches(validator: Any, document: Document) -> Iterator[Finding]:
    try:
        for number, error in enumerate(validator(cast("dict[str, Any]", document)).iter_errors()):
            if number == MAX_REPORTED:
                return
            place = "/".join(str(part) for part in error.absolute_path)
            yield O_VALID.broken(place=place, evidence=error.message)
    except Unresolvable as error:
        yield O_VALID.broken(evidence=f"$ref {error.ref}")
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        # A shape so wrong that the validator itself trips over it.
        yield O_VALID.broken(evidence=f"{type(error).__name__}: {error}")


def _outside_references(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#/"):
            yield place, reference
        for key, inner in value.items():
            yield from _outside_references(inner, f"{place}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _outside_references(inner, f"{place}/{index}")


def _schemes(document: Document) -> dict[str, Document]:
    components = document.get("components")
    within = components.get("securitySchemes") if isinstance(components, dict) else None
    schemes = document.get("securityDefinitions") if within is None else within
    found = schemes if isinstance(schemes, dict) else {}
    return {str(name): scheme for name, scheme in found.items() if isinstance(scheme, dict)}


def _depth(document: object) -> int:
    """Measure the nesting without recursion, so that a deep document cannot overflow the stack."""
    deepest, waiting = 0, [(document, 1)]
    while waiting:
        value, level = waiting.pop()
        deepest = max(deepest, level)
        if level > MAX_DEPTH:
            return level
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((child, level + 1) for child in inner if isinstance(child, dict | list))
    return deepest
