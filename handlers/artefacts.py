"""Inspection of an uploaded artefact: form, malware, secrets and composition, before anything is deployed.

Source: draft standard, clauses 8.2.3 b and 8.3.1 a; processes P02a, P02c to P02f
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.checks import names
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.results import CheckResult, Finding, Rule, Severity, Status, concluded
from handlers.environment import Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from handlers.scanning.artefacts import open_artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.composition import compose
from handlers.scanning.inspection import inspect_artefact, refused_result
from handlers.scanning.intake import ArtefactRefused
from handlers.scanning.results import ScanResult
from handlers.scanning.secrets import scan_secrets
from kernel.errors import NotFound
from kernel.files import StoredFile, find_file
from kernel.language import Text

MALWARE = "artefact.malware"
SECRETS = "artefact.secrets"
COMPOSITION = "artefact.composition"
_STEP = Text("制品检测", "Inspection of the artefact")

I_MISSING = Rule(
    "I-MISSING",
    Severity.ERROR,
    "8.2.3b",
    Text("未上传制品或制品已不在存储中，请重新上传", "No artefact is there, upload it again"),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the inspection."""
    registry.handler(
        "artefact.inspect",
        partial(inspect, environment),
        Text(
            "制品检测：格式、恶意代码、密钥、成分",
            "Inspect an artefact: form, malware, secrets, composition",
        ),
        (
            VERSION,
            Parameter("artefact", Text("制品：file 为文件引用", "Artefact: file is its reference"), "object"),
        ),
        {
            "passed": Text("全部通过", "All passed"),
            "digest": Text("制品摘要（SHA-256）", "Digest of the artefact (SHA-256)"),
            "kind": Text("按内容判断的类型", "Kind by content"),
        },
    )


def inspect(environment: Environment, job: JobContext) -> HandlerResult:
    """Inspect what was uploaded; what could not be looked at is not passed."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        held = _held(session, environment, mapping(job.parameters.get("artefact")))
    kind, parts = ("", [_missing()]) if held is None else inspect_file(environment.workbench, held)
    passed = all(part.status is Status.PASSED for part in parts)
    decided = conclude_inspection(parts)
    digest = held.digest if held is not None else ""

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*parts, decided], subject=digest or None)

    return HandlerResult({"passed": passed, "digest": digest, "kind": kind}, apply)


def inspect_file(bench: Workbench, held: StoredFile) -> tuple[str, list[CheckResult]]:
    """Inspect one stored file; return its kind, empty where it was refused, and a result per part."""
    try:
        with open_artefact(bench, bench.files.path(held.digest), held.name) as artefact:
            parts: list[tuple[str, ScanResult]] = [
                (MALWARE, inspect_artefact(bench, artefact)),
                (SECRETS, scan_secrets(bench, artefact)),
                (COMPOSITION, compose(bench, artefact).result),
            ]
            return artefact.kind.value, [result.to_check(check) for check, result in parts]
    except ArtefactRefused as refused:
        return "", [refused_result(refused).to_check(MALWARE)]


def _held(session: Session, environment: Environment, artefact: Mapping[str, Any]) -> StoredFile | None:
    try:
        held = find_file(session, str(artefact.get("file", "")))
        environment.files.path(held.digest)
    except NotFound:
        return None
    return held


def _missing() -> CheckResult:
    findings: list[Finding] = [I_MISSING.broken(place="artefact")]
    return concluded(MALWARE, _STEP, findings)


def conclude_inspection(parts: list[CheckResult]) -> CheckResult:
    """Conclude the step: here a part that was not checked keeps it from passing (8.2.3 b)."""
    open_parts = [part for part in parts if part.status is not Status.PASSED]
    if not open_parts:
        return CheckResult(
            names.ARTEFACT_INSPECTION, Status.PASSED, Text(f"{_STEP.zh}：通过", f"{_STEP.en}: passed")
        )
    zh = "；".join(part.summary.zh for part in open_parts)
    en = "; ".join(part.summary.en for part in open_parts)
    said = Text(f"{_STEP.zh}：未通过 — {zh}", f"{_STEP.en}: not passed — {en}")
    return CheckResult(names.ARTEFACT_INSPECTION, Status.FAILED, said)
