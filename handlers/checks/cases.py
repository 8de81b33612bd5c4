"""Contract tests: declared cases are sent to a running interface, and its answers compared with them.

Source: draft standard, clauses 6.2 c, 8.3.3 b and 8.3.4 b
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from handlers.checks.addresses import ProbeGuard
from handlers.checks.calls import Answer, CannotCall, NoAnswer, call
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

MAX_CASES = 50
ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]*-[A-Z][A-Z0-9_]*-[A-Z][A-Z0-9_]*")
_WRONG_INPUT = {"out_of_range", "invalid"}


def _rule(rule: str, zh: str, en: str, clause: str = "8.3.3b") -> Rule:
    return Rule(rule, Severity.ERROR, clause, Text(zh, en))


C_SCHEMA = _rule(
    "C-SCHEMA", "不是有效的 JSON Schema（JSON 对象）", "This is no valid JSON Schema (a JSON object)"
)
C_CASES = _rule(
    "C-CASES",
    "测试用例应至少含一个正常用例和一个越界或格式错误用例，输入为 JSON",
    "Give at least one normal case and one that is out of range or malformed, each with its input in JSON",
)
C_ANSWER = _rule("C-ANSWER", "接口没有应答", "The interface does not answer")
C_STATUS = _rule("C-STATUS", "状态码与声明不符", "The status is not the declared one")
C_OUTPUT = _rule("C-OUTPUT", "输出不符合声明的结构", "The output does not match the declared schema")
C_INPUT = _rule(
    "C-INPUT",
    "正常用例的输入应符合、越界用例的输入应违反声明的输入结构",
    "The input of a normal case must match the declared input schema, that of a wrong one must break it",
)
C_CODE = _rule(
    "C-CODE",
    "出错时应返回声明的错误码，格式为 模块-类型-原因（大写），并附说明",
    "An error must carry the declared code, MODULE-TYPE-REASON in capitals, and a sentence",
    "6.2c",
)
C_SERVER_ERROR = _rule(
    "C-SERVER-ERROR",
    "错误输入使接口返回5xx，应校验输入并返回4xx",
    "A wrong input makes the interface answer 5xx: check the input and answer 4xx",
)


@dataclass(frozen=True)
class Contract:
    """What is declared of an interface: its address, its schemas (``input`` may be absent) and its cases."""

    address: str
    input: Mapping[str, Any] | None
    output: Mapping[str, Any]
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Case:
    """One declared case: what is sent and what must come back."""

    name: str
    kind: str
    body: Any
    status: int
    code: str


def read_contract(
    address: str, input_schema: object, output_schema: object, cases: object
) -> tuple[Contract | None, list[Finding]]:
    """Read what a form declares; the findings say what cannot be used."""
    findings: list[Finding] = []
    given = None if input_schema is None else _schema(input_schema, "inputSchema", findings)
    output = _schema(output_schema, "outputSchema", findings)
    read = _cases(cases)
    kinds = {case.kind for case in read} if read else set()
    if read is None or "normal" not in kinds or not kinds & _WRONG_INPUT:
        findings.append(C_CASES.broken(place="cases"))
    if findings or read is None or output is None:
        return None, findings
    return Contract(address, given, output, tuple(read)), []


def check_contract(
    guard: ProbeGuard,
    contract: Contract,
    check: str,
    looked_at: Text,
    headers: Mapping[str, str] | None = None,
) -> CheckResult:
    """Send every case and judge every answer."""
    findings: list[Finding] = []
    for position, case in enumerate(contract.cases):
        place = f"cases.{position} {case.name}"
        findings += _judge_input(contract, case, place)
        try:
            answer = call(guard, "POST", contract.address, body=case.body, headers=headers)
        except CannotCall as error:
            return concluded(check, looked_at, findings, error.reason)
        except NoAnswer as error:
            findings.append(C_ANSWER.broken(place=place, evidence=error))
            continue
        findings += _judge(contract, case, answer, place)
    return concluded(check, looked_at, findings)


def _judge_input(contract: Contract, case: Case, place: str) -> list[Finding]:
    if contract.input is None:
        return []
    fits = Draft202012Validator(contract.input).is_valid(case.body)
    return [] if fits == (case.kind == "normal") else [C_INPUT.broken(place=place)]


def _judge(contract: Contract, case: Case, answer: Answer, place: str) -> list[Finding]:
    findings = []
    if case.kind in _WRONG_INPUT and answer.status >= 500:
        findings.append(C_SERVER_ERROR.broken(place=place, evidence=answer.evidence))
    elif answer.status != case.status:
        said = f"{answer.evidence}, {case.status}"
        findings.append(C_STATUS.broken(place=place, evidence=said))
    if case.kind == "normal":
        if answer.status == case.status:
            findings += _judge_output(contract, answer, place)
    elif not _has_code(answer, case.code):
        evidence = f"{answer.evidence}: {answer.text[:200]}"
        findings.append(C_CODE.broken(place=place, evidence=evidence))
    return findings


def _judge_output(contract: Contract, answer: Answer, place: str) -> list[Finding]:
    problem = next(Draft202012Validator(contract.output).iter_errors(answer.document), None)
    if problem is None:
        return []
    where = ".".join(str(part) for part in problem.absolute_path) or "—"
    return [C_OUTPUT.broken(place=place, evidence=f"{where}: {problem.validator}")]


def _has_code(answer: Answer, declared: str) -> bool:
    said = answer.document
    if not isinstance(said, dict) or not isinstance(said.get("code"), str):
        return False
    code = said["code"]
    return bool(ERROR_CODE.fullmatch(code)) and code == declared and bool(said.get("message"))


def _schema(given: object, place: str, findings: list[Finding]) -> Mapping[str, Any] | None:
    """Read a schema; references outwards are refused, so that nothing is ever fetched."""
    try:
        schema = json.loads(given) if isinstance(given, str) else given
        if not isinstance(schema, Mapping):
            raise ValueError("no object")
        if re.search(r'"\$(?:ref|dynamicRef)"\s*:\s*"[^#]', json.dumps(schema)):
            raise ValueError("references must point into the schema")
        Draft202012Validator.check_schema(schema)
    except (ValueError, RecursionError, SchemaError) as error:
        findings.append(C_SCHEMA.broken(place=place, evidence=str(error)[:200]))
        return None
    return schema


def _cases(given: object) -> list[Case] | None:
    if not isinstance(given, Sequence) or isinstance(given, str) or not 0 < len(given) <= MAX_CASES:
        return None
    read = []
    for row in given:
        if not isinstance(row, Mapping):
            return None
        try:
            body = json.loads(str(row.get("input", "")))
        except (ValueError, RecursionError):
            return None
        status = row.get("expectedStatus")
        kind = str(row.get("kind"))
        if not isinstance(status, int) or kind not in {"normal", *_WRONG_INPUT}:
            return None
        read.append(Case(str(row.get("name", ""))[:100], kind, body, status, str(row.get("errorCode") or "")))
    return read
