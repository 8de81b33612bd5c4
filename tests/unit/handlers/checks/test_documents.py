"""OpenAPI documents and route conflicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlers.checks.openapi import check_openapi
from handlers.checks.results import CheckResult, Status
from handlers.checks.routes import check_routes

Spec = dict[str, Any]
ONLY_SUCCESS = {"200": {"description": "ok"}}
BASIC = {"type": "http", "scheme": "basic"}


def spec() -> Spec:
    """Return a small document without fault."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "示例", "version": "1.0.0"},
        "servers": [{"url": "https://a.example/api"}],
        "security": [{"token": []}],
        "paths": {
            "/items": {
                "get": {"responses": {"200": {"description": "ok"}, "default": {"description": "error"}}}
            }
        },
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def check(document: object) -> CheckResult:
    return check_openapi(json.dumps(document).encode())


def rules(document: object) -> list[str]:
    return [finding.rule for finding in check(document).findings]


def test_clean_document_passes() -> None:
    assert check(spec()).status is Status.PASSED
    assert rules(spec()) == []


def test_yaml_is_read_too() -> None:
    text = (
        'openapi: 3.1.0\ninfo: {title: x, version: "1"}\nsecurity: [{t: []}]\npaths:\n  /a:\n    get:\n'
        "      responses: {default: {description: d}}\n"
        "components: {securitySchemes: {t: {type: http, scheme: bearer}}}\n"
    )

    assert check_openapi(text.encode()).status is Status.PASSED


def test_no_document_is_not_checked() -> None:
    assert check_openapi(None).status is Status.NOT_CHECKED


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"{not json",
        b"[1, 2]",
        b"a: &x [1]\nb: *x\n",
        b"a: [",
        b"!!python/object/apply:os.system ['true']",
        b"[" * 5000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b" " * (5 * 1024 * 1024 + 1),
    ],
)
def test_unreadable_content_is_refused(content: bytes) -> None:
    result = check_openapi(content)

    assert [finding.rule for finding in result.findings] == ["O-READ"]
    assert result.status is Status.FAILED


def broken(document: Spec, *path: str, value: object) -> Spec:
    """Set one value inside a document."""
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (broken(spec(), "openapi", value="2.0"), ["O-VERSION"]),
        (broken(spec(), "info", value={"title": "x"}), ["O-VALID"]),
        (broken(spec(), "paths", value={}), ["O-PATHS"]),
        (broken(spec(), "security", value=None), ["O-VALID"]),
        (broken(spec(), "paths", "/items", "get", "responses", value=ONLY_SUCCESS), ["O-ERRORS"]),
        (broken(spec(), "paths", "/items", "get", "security", value=[]), ["O-PUBLIC"]),
        (broken(spec(), "servers", value=[{"url": "http://a.example"}]), ["O-TLS"]),
        (broken(spec(), "components", "securitySchemes", "token", value=BASIC), ["O-WEAK"]),
        (
            broken(spec(), "paths", "/items", value={"$ref": "https://evil.example/paths.json"}),
            ["O-REFERENCE"],
        ),
        (broken(spec(), "paths", "/items", value={"$ref": "file:///etc/passwd"}), ["O-REFERENCE"]),
    ],
)
def test_planted_fault_is_named_by_its_rule(document: Spec, expected: list[str]) -> None:
    assert rules(document) == expected


def test_operation_without_any_security_fails() -> None:
    document = spec()
    del document["security"]

    result = check(document)

    assert [(finding.rule, finding.place) for finding in result.errors] == [("O-SECURITY", "GET /items")]


def test_reference_into_nowhere_is_a_finding_and_no_crash() -> None:
    document = broken(
        spec(), "paths", "/items", "get", "parameters", value=[{"$ref": "#/components/parameters/None"}]
    )

    assert check(document).status is Status.FAILED


@pytest.mark.parametrize(
    ("path", "taken", "expected"),
    [
        ("/open/a", [("/open/b", "乙")], []),
        ("/open/a", [("/open/ab", "乙")], []),
        ("/open/a", [("/open/a", "乙")], ["G-TAKEN"]),
        ("/open/a/", [("/open/a", "乙")], ["G-TAKEN"]),
        ("/open/a/v1", [("/open/a", "乙")], ["G-NESTED"]),
        ("/open", [("/open/a", "乙"), ("/other", "丙")], ["G-NESTED"]),
        ("/", [("/open/a", "乙")], ["G-NESTED"]),
    ],
)
def test_routes_clash_when_one_lies_inside_the_other(
    path: str, taken: list[tuple[str, str]], expected: list[str]
) -> None:
    assert [finding.rule for finding in check_routes(path, taken).findings] == expected
