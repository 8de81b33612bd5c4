"""A model once loaded: one inference to see that it works, and many to see how well and how fast.

Source: draft standard, clauses 8.3.3 a and 8.3.3 c
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.checks.addresses import ProbeGuard
from handlers.checks.calls import Answer, CannotCall, NoAnswer, call
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CALLS = 60
MAX_SAMPLES = 1000
# Declared on one machine, measured on another: so much slower, and so much less right, is within tolerance.
LATENCY_TOLERANCE = 1.2
ACCURACY_TOLERANCE = 0.02


def _rule(rule: str, severity: Severity, zh: str, en: str, clause: str = "8.3.3c") -> Rule:
    return Rule(rule, severity, clause, Text(zh, en))


M_SMOKE = _rule(
    "M-SMOKE",
    Severity.ERROR,
    "试推理失败：应以200返回 JSON 结果，与样例的期望输出一致",
    "The smoke inference failed: expected 200 with JSON, as the sample says",
    "8.3.3a",
)
M_SAMPLE = _rule(
    "M-SAMPLE",
    Severity.ERROR,
    "启动说明缺少试推理样例（sample.input）",
    "The manifest has no sample for the smoke inference (sample.input)",
    "8.3.3a",
)
M_DECLARED = _rule(
    "M-DECLARED",
    Severity.ERROR,
    "性能指标应声明P95响应时间（毫秒）和准确率（0至1）",
    "Declare the P95 latency in milliseconds and the accuracy from 0 to 1",
)
M_FAILED = _rule("M-FAILED", Severity.ERROR, "复测中有调用失败", "Calls failed while measuring")
M_LATENCY = _rule(
    "M-LATENCY",
    Severity.ERROR,
    "实测P95响应时间超出声明值20%以上",
    "The measured P95 exceeds the declared one by more than 20 %",
)
M_ACCURACY = _rule(
    "M-ACCURACY",
    Severity.ERROR,
    "实测准确率低于声明值2个百分点以上",
    "The measured accuracy is more than 2 points below the declared one",
)
NO_SAMPLES = Text(
    "未提供样本集（启动说明的 samples），准确率未复测",
    "no sample set was given (samples in the manifest), so the accuracy was not measured",
)


def smoke(guard: ProbeGuard, url: str, sample: object) -> list[Finding]:
    """Ask once with the sample of the manifest; its ``output``, where given, must come back.

    Raises:
        CannotCall: the address may not be probed.
    """
    if not isinstance(sample, Mapping) or "input" not in sample:
        return [M_SAMPLE.broken(place="sample")]
    try:
        answer = call(guard, "POST", url, body=sample["input"], timeout_seconds=30.0)
    except NoAnswer as error:
        return [M_SMOKE.broken(place="sample", evidence=error)]
    wrong = "output" in sample and not agrees(answer.document, sample["output"])
    if answer.status != 200 or answer.document is None or wrong:
        return [M_SMOKE.broken(place="sample", evidence=f"{answer.evidence}: {answer.text[:200]}")]
    return []


def measure(
    guard: ProbeGuard,
    url: str,
    inputs: Sequence[Any],
    samples: Sequence[Mapping[str, Any]],
    declared: Mapping[str, Any],
    check: str,
) -> CheckResult:
    """Call with every sample, or with the inputs again and again, and compare with what was declared."""
    looked_at = Text("模型性能复测", "Performance of the model")
    p95, accuracy = declared.get("p95Ms"), declared.get("accuracy")
    if not _is_number(p95) or not _is_number(accuracy) or (not inputs and not samples):
        return concluded(check, looked_at, [M_DECLARED.broken(place="performance")])
    bodies = [sample["input"] for sample in samples] or list(inputs)
    times, answers, failed = [], [], []
    for number in range(max(CALLS, len(samples))):
        try:
            answer = call(guard, "POST", url, body=bodies[number % len(bodies)])
        except CannotCall as error:
            return concluded(check, looked_at, [], error.reason)
        except NoAnswer as error:
            failed.append(str(error))
            continue
        times.append(answer.seconds * 1000)
        answers.append(answer)
        if answer.status != 200:
            failed.append(answer.evidence)
    findings = []
    if failed:
        findings.append(M_FAILED.broken(place="calls", evidence=f"{len(failed)}: {failed[0]}"))
    findings += _slow(times, float(p95))  # type: ignore[arg-type]  # a number, as seen above
    if not samples:
        return concluded(check, looked_at, findings, NO_SAMPLES)
    findings += _wrong(answers, samples, float(accuracy))  # type: ignore[arg-type]  # as above
    return concluded(check, looked_at, findings)


def read_samples(content: bytes | None) -> list[Mapping[str, Any]]:
    """Read a sample set: a JSON list of ``{"input": …, "output": …}``; nothing where it is something else."""
    try:
        given = json.loads(content) if content else []
    except (ValueError, RecursionError):
        return []
    rows = given if isinstance(given, list) else []
    return [row for row in rows[:MAX_SAMPLES] if isinstance(row, dict) and {"input", "output"} <= row.keys()]


def percentile_95(times: Sequence[float]) -> float:
    """Return the 95th percentile: the smallest value that 95 of 100 do not exceed."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(0.95 * len(ordered)) - 1)]


def agrees(given: object, wanted: object) -> bool:
    """Tell whether an answer holds what was wanted; fields that were not asked for do not matter."""
    if isinstance(wanted, Mapping):
        return isinstance(given, Mapping) and all(
            agrees(given.get(key), value) for key, value in wanted.items()
        )
    return given == wanted


def _slow(times: Sequence[float], declared: float) -> list[Finding]:
    if not times:
        return []
    measured = percentile_95(times)
    if measured <= declared * LATENCY_TOLERANCE:
        return []
    evidence = f"P95 {measured:.1f} ms, {declared:g} ms, n={len(times)}"
    return [M_LATENCY.broken(place="performance.p95Ms", evidence=evidence)]


def _wrong(answers: Sequence[Answer], samples: Sequence[Mapping[str, Any]], declared: float) -> list[Finding]:
    judged = answers[: len(samples)]
    right = sum(
        agrees(answer.document, sample["output"]) for answer, sample in zip(judged, samples, strict=False)
    )
    measured = right / len(samples)
    if measured >= declared - ACCURACY_TOLERANCE:
        return []
    evidence = f"{measured:.3f}, {declared:g}, n={len(samples)}"
    return [M_ACCURACY.broken(place="performance.accuracy", evidence=evidence)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
