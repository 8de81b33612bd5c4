"""The parts of handlers that need neither engine nor database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.api_risk import declared_side
from handlers.checks.results import CheckResult, Severity, Status, concluded
from handlers.gateway import endpoints_of
from handlers.listeners import attachments_of
from handlers.notices import TEMPLATES
from handlers.preparation import check_self_checks
from handlers.recording import decision
from handlers.statements import ITEMS, RESULTS, stated_findings
from kernel.language import Text

FORMS = sorted((Path(__file__).resolve().parents[3] / "processes").glob("*/forms/*.json"))
STEP = Text("步骤", "Step")
PASSED = {"selfChecks": {"functional": "passed", "performance": "passed", "security": "passed"}}


def result(status: Status) -> CheckResult:
    return CheckResult("part", status, Text("部分", "part"))


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ([Status.PASSED], Status.PASSED, "Step: passed"),
        ([Status.PASSED, Status.FAILED], Status.FAILED, "Step: failed — part"),
        ([Status.PASSED, Status.NOT_CHECKED], Status.PASSED, "Step: passed (not checked: part)"),
    ],
)
def test_decision_of_a_step_names_what_failed_and_what_was_not_checked(
    parts: list[Status], status: Status, said: str
) -> None:
    decided = decision("step", STEP, [result(part) for part in parts])

    assert (decided.status, decided.summary.en) == (status, said)


def test_check_with_an_unchecked_part_never_passes() -> None:
    assert concluded("c", STEP, (), Text("无", "nothing")).status is Status.NOT_CHECKED


@pytest.mark.parametrize(
    ("handed_in", "build_mode", "places"),
    [
        (PASSED, "新建", []),
        ({}, "新建", ["selfChecks.functional", "selfChecks.performance", "selfChecks.security"]),
        ({"selfChecks": {**PASSED["selfChecks"], "security": "failed"}}, "新建", ["selfChecks.security"]),
        (PASSED, "解耦与重构", ["sourceSystem", "reworkRecord"]),
        ({**PASSED, "sourceSystem": "旧系统", "reworkRecord": "file:1"}, "解耦与重构", []),
        (PASSED, "外部引入", ["buildModeRecord"]),
        ({**PASSED, "buildModeRecord": "done"}, "外部引入", []),
    ],
)
def test_self_checks_must_all_be_passed_and_the_build_mode_accounted_for(
    handed_in: dict[str, Any], build_mode: str, places: list[str]
) -> None:
    found = check_self_checks(handed_in, {"extension": {"buildMode": build_mode}})

    assert [finding.place for finding in found.findings] == places


def test_every_declared_endpoint_is_tried_once() -> None:
    api = {
        "protocols": ["HTTPS/1.1"],
        "targetServers": [{"host": "a.example:8443", "rank": 50}, {"host": "b.example", "rank": 50}],
    }

    endpoints = endpoints_of(api, {"serviceAddress": "https://a.example:8443/x"})

    assert endpoints == [
        ("extension.serviceAddress", "a.example", 8443),
        ("apiInfo.targetServers[1]", "b.example", 443),
    ]


def test_only_uploaded_files_of_known_kinds_are_attached() -> None:
    patch = {
        "componentDetails": {
            "resources": {"securityTestReport": "file:1", "functionalTestReport": "a/b.pdf"}
        },
        "extension": {"documents": {"apiDocument": "file:2", "unknown": "file:3"}, "userManual": "file:4"},
    }

    assert dict(attachments_of(patch)) == {
        "securityTestReport": "file:1",
        "apiDocument": "file:2",
        "userManual": "file:4",
    }


def test_declared_api_risks_are_warnings_without_a_document() -> None:
    found = declared_side(None, {"apiInfo": {"protocols": ["HTTP/1.1"]}})

    assert [finding.rule for finding in found.findings] == ["A-TLS", "A-DOCUMENT"]
    assert {finding.severity for finding in found.findings} == {Severity.WARNING}


def test_declared_api_without_security_fails() -> None:
    document: dict[str, Any] = {"paths": {"/a": {"get": {"responses": {"default": {}}}}}}

    found = declared_side(json.dumps(document).encode(), {"apiInfo": {"protocols": ["HTTPS/2"]}})

    assert [finding.rule for finding in found.errors] == ["O-SECURITY"]


def stated_items() -> set[tuple[str, str]]:
    """Return (item, result) of everything that the shipped forms let people state item by item."""
    found = set()
    # What the provider ticks off about the adaptation is no check.
    for path in (form for form in FORMS if form.stem != "adaptation"):
        properties = json.loads(path.read_text(encoding="utf-8"))["properties"]
        for group in ("items", "tests", "records"):
            for item, field in properties.get(group, {}).get("properties", {}).items():
                choices = field.get("enum") or field.get("properties", {}).get("result", {}).get("enum", [])
                found |= {(item, result) for result in choices}
    return found


def test_what_people_state_is_put_into_words_of_both_languages() -> None:
    stated = stated_items()

    assert len(stated) > 30
    assert {item for item, _ in stated} <= set(ITEMS)
    assert {result for _, result in stated} <= set(RESULTS)


def test_failed_item_weighs_as_an_error() -> None:
    findings = stated_findings({"secrets": {"result": "failed", "evidence": "x"}, "own": "passed"})

    assert [(one.place, one.severity, one.message.en) for one in findings] == [
        ("secrets", "error", "Secrets and sensitive data: failed"),
        ("own", "info", "own: passed"),
    ]
    assert stated_findings(None) == []


def test_every_notice_template_can_be_filled_in_both_languages() -> None:
    for template in TEMPLATES.values():
        for text in (template.title.zh, template.title.en):
            assert "{" not in text.format(name="x", version="1.0")
