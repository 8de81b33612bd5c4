"""Contract tests of models and data services, on sample services with planted mistakes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.samples.services.data_service import DataService
from domain.samples.services.model import Model
from handlers.checks.cases import check_contract, read_contract
from handlers.checks.results import CheckResult, Status
from kernel.language import Text
from tests.unit.handlers.checks.serving import LOOPBACK, NOTHING, answering

INPUT = {
    "type": "object",
    "required": ["calls"],
    "properties": {"calls": {"type": "number", "minimum": 0, "maximum": 100000}},
}
OUTPUT = {
    "type": "object",
    "required": ["label", "score"],
    "properties": {"label": {"enum": ["busy", "quiet"]}, "score": {"type": "number"}},
}
CASES: list[dict[str, Any]] = [
    {"name": "正常", "kind": "normal", "input": '{"calls": 130}', "expectedStatus": 200},
    {
        "name": "越界",
        "kind": "out_of_range",
        "input": '{"calls": -1}',
        "expectedStatus": 400,
        "errorCode": "MODEL-INPUT-OUT_OF_RANGE",
    },
]


def outcome(planted: str = "", cases: object = CASES, output: object = OUTPUT) -> CheckResult:
    with answering(Model(set(planted.split())).respond) as address:
        contract, findings = read_contract(f"{address}/infer", json.dumps(INPUT), json.dumps(output), cases)
        assert contract is not None, findings
        return check_contract(LOOPBACK, contract, "model.contract", Text("契约", "contract"))


def test_a_good_model_passes_its_contract() -> None:
    assert outcome().status is Status.PASSED


@pytest.mark.parametrize(
    ("planted", "rules"),
    [
        ("unchecked-input", {"C-STATUS", "C-CODE"}),
        ("wrong-shape", {"C-OUTPUT"}),
        ("no-code", {"C-CODE"}),
        ("unloaded", {"C-STATUS", "C-CODE"}),
    ],
)
def test_a_breach_of_the_contract_is_found(planted: str, rules: set[str]) -> None:
    result = outcome(planted)

    assert result.status is Status.FAILED
    assert {finding.rule for finding in result.findings} == rules


def test_a_code_that_is_not_the_declared_one_is_found() -> None:
    changed = [CASES[0], {**CASES[1], "errorCode": "MODEL-INPUT-OTHER"}]

    assert {finding.rule for finding in outcome(cases=changed).findings} == {"C-CODE"}


def test_a_case_that_contradicts_the_declared_input_is_found() -> None:
    changed = [CASES[0], {**CASES[1], "input": '{"calls": 5}'}]

    assert "C-INPUT" in {finding.rule for finding in outcome(cases=changed).findings}


@pytest.mark.parametrize(
    "cases",
    [
        None,
        [],
        CASES[:1],
        CASES[1:],
        [CASES[0], {**CASES[1], "input": "not json"}],
        [CASES[0], {**CASES[1], "kind": "odd"}],
        CASES * 26,
        "text",
    ],
)
def test_cases_that_test_nothing_are_refused(cases: object) -> None:
    contract, findings = read_contract("http://localhost", "{}", "{}", cases)

    assert contract is None
    assert [finding.rule for finding in findings] == ["C-CASES"]


@pytest.mark.parametrize(
    "schema",
    ["", "[]", '{"type": 5}', '{"$ref": "https://elsewhere.example/schema"}', '{"a":' * 2000, None, 7],
)
def test_a_schema_that_is_none_or_points_elsewhere_is_refused(schema: object) -> None:
    _contract, findings = read_contract("http://localhost", "{}", schema, CASES)

    assert [finding.rule for finding in findings] == ["C-SCHEMA"]


def test_an_address_that_was_not_released_is_not_checked() -> None:
    contract, _findings = read_contract("http://127.0.0.1:1/infer", "{}", "{}", CASES)
    assert contract is not None

    result = check_contract(NOTHING, contract, "model.contract", Text("契约", "contract"))

    assert result.status is not Status.PASSED


def test_a_data_service_is_tested_by_its_output_alone() -> None:
    cases = [
        {"name": "查询", "kind": "normal", "input": '{"district": "示例区"}', "expectedStatus": 200},
        {
            "name": "缺参数",
            "kind": "invalid",
            "input": "{}",
            "expectedStatus": 400,
            "errorCode": "DATA-INPUT-DISTRICT_MISSING",
        },
    ]
    output = {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "array"}}}
    for planted, status in (("", Status.PASSED), ("wrong-shape", Status.FAILED), ("no-code", Status.FAILED)):
        with answering(DataService(set(planted.split())).respond) as address:
            contract, _findings = read_contract(f"{address}/query", None, output, cases)
            assert contract is not None
            result = check_contract(LOOPBACK, contract, "data.contract", Text("契约", "contract"))

        assert result.status is status, planted
