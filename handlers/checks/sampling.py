"""Samples of a running component: its log, its metrics, and whether its health tells of its dependencies.

Source: draft standard, clauses 6.2 b and 8.1.2 c
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from handlers.checks.addresses import ProbeGuard
from handlers.checks.calls import Answer, CannotCall, NoAnswer, call
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

LINES_SAMPLED = 200
HEALTH_SECONDS = 1.0
_HEALTH_TRIES = 3
# Of the lines that are sampled so many may be no JSON: what a runtime prints before the component speaks.
_STRAY_SHARE = 0.1
_TIME = {"time", "timestamp", "ts", "@timestamp"}
_LEVEL = {"level", "severity", "lvl", "loglevel"}
_MESSAGE = {"message", "msg", "event"}
_UP = {"up", "ok", "pass", "healthy"}
_DEPENDENCIES = ("dependencies", "components", "checks", "details")
_TYPE = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)


def _rule(rule: str, severity: Severity, clause: str, zh: str, en: str) -> Rule:
    return Rule(rule, severity, clause, Text(zh, en))


S_LOG_MISSING = _rule(
    "S-LOG-MISSING",
    Severity.ERROR,
    "6.2b",
    "组件没有输出日志，应向标准输出写入结构化日志",
    "The component wrote no log: write structured log lines to standard output",
)
S_LOG_LINES = _rule(
    "S-LOG-LINES",
    Severity.ERROR,
    "6.2b",
    "日志应为每行一个 JSON 对象，含时间、级别和消息",
    "The log must be one JSON object per line, with time, level and message",
)
S_METRICS = _rule(
    "S-METRICS",
    Severity.ERROR,
    "6.2b",
    "指标接口应以200返回 Prometheus 文本格式的指标",
    "The metrics endpoint must answer 200 with metrics in the Prometheus text format",
)
S_METRICS_TWICE = _rule(
    "S-METRICS-TWICE",
    Severity.ERROR,
    "6.2b",
    "同一指标重复声明 TYPE",
    "A metric declares its TYPE more than once",
)
S_HEALTH = _rule(
    "S-HEALTH",
    Severity.ERROR,
    "8.1.2c",
    "健康检查接口应在1秒内返回200，状态为 UP",
    "The health endpoint must answer 200 with status UP within one second",
)
S_DEPENDENCIES = _rule(
    "S-DEPENDENCIES",
    Severity.ERROR,
    "8.1.2c",
    "健康检查接口应列出核心依赖服务及其状态",
    "The health endpoint must list the core services it depends on, with their states",
)
S_UNTRUE = _rule(
    "S-UNTRUE",
    Severity.ERROR,
    "8.1.2c",
    "依赖中断时健康检查接口仍报告正常，应如实反映",
    "With a broken dependency the health endpoint still reports itself as well; it must tell the truth",
)
NO_SWITCH = Text(
    "提供方未声明依赖故障的测试开关，无法验证依赖中断时的表现",
    "the provider declares no test switch, so a broken dependency was not tried",
)


def check_log(tail: str) -> CheckResult:
    """Judge the last lines of a log."""
    looked_at = Text("结构化日志", "Structured logs")
    lines = [line for line in tail.splitlines() if line.strip()][-LINES_SAMPLED:]
    if not lines:
        return concluded("runtime.logs", looked_at, [S_LOG_MISSING.broken(place="log")])
    stray = [line for line in lines if not _is_structured(line)]
    findings = []
    if len(stray) > _STRAY_SHARE * len(lines):
        evidence = f"{len(stray)}/{len(lines)}: {stray[0][:200]}"
        findings.append(S_LOG_LINES.broken(place="log", evidence=evidence))
    return concluded("runtime.logs", looked_at, findings)


def check_metrics(guard: ProbeGuard, url: str) -> CheckResult:
    """Ask the metrics endpoint once and read what it says."""
    looked_at = Text("监控指标", "Metrics")
    try:
        answer = call(guard, "GET", url)
    except CannotCall as error:
        return concluded("runtime.metrics", looked_at, [], error.reason)
    except NoAnswer as error:
        return concluded(
            "runtime.metrics", looked_at, [S_METRICS.broken(place="metricsPath", evidence=error)]
        )
    return concluded("runtime.metrics", looked_at, _judge_metrics(answer))


def check_health_truth(
    guard: ProbeGuard, url: str, broken: Callable[[], str | None] | None = None
) -> list[CheckResult]:
    """Ask the health endpoint, and ask it again with a broken dependency where that can be arranged.

    ``broken`` starts the component with a dependency that is away and gives the address of its health
    endpoint, or None when it did not come up at all, which counts as telling the truth.
    """
    looked_at = Text("健康检查接口", "Health endpoint")
    try:
        answer = _fastest(guard, url)
    except CannotCall as error:
        return [concluded("health", looked_at, [], error.reason), _untried()]
    except NoAnswer as error:
        return [
            concluded("health", looked_at, [S_HEALTH.broken(place="healthPath", evidence=error)]),
            _untried(),
        ]
    findings = []
    if answer.status != 200 or answer.seconds >= HEALTH_SECONDS or _status(answer) not in _UP:
        said = f"{answer.evidence}, status={_status(answer) or '—'}"
        findings.append(S_HEALTH.broken(place="healthPath", evidence=said))
    if not _lists_dependencies(answer):
        findings.append(S_DEPENDENCIES.broken(place="healthPath", evidence=answer.evidence))
    health = concluded("health", looked_at, findings)
    return [health, _untried() if broken is None else _tried(guard, broken)]


def _untried() -> CheckResult:
    return concluded(
        "runtime.health", Text("健康检查反映依赖", "Health tells of dependencies"), [], NO_SWITCH
    )


def _tried(guard: ProbeGuard, broken: Callable[[], str | None]) -> CheckResult:
    looked_at = Text("健康检查反映依赖", "Health tells of dependencies")
    url = broken()
    if url is None:
        return concluded("runtime.health", looked_at, [])
    try:
        answer = call(guard, "GET", url, timeout_seconds=5.0)
    except (CannotCall, NoAnswer):
        return concluded("runtime.health", looked_at, [])
    findings = []
    if answer.status == 200 and _status(answer) in _UP | {""}:
        findings.append(S_UNTRUE.broken(place="healthPath", evidence=answer.evidence))
    return concluded("runtime.health", looked_at, findings)


def _fastest(guard: ProbeGuard, url: str) -> Answer:
    """Ask up to three times for an answer within the second: a busy machine is not the component's fault."""
    answers = []
    for _ in range(_HEALTH_TRIES):
        answers.append(call(guard, "GET", url, timeout_seconds=5.0))
        if answers[-1].seconds < HEALTH_SECONDS:
            break
    return min(answers, key=lambda answer: answer.seconds)


def _status(answer: Answer) -> str:
    said = answer.document
    return str(said.get("status", "")).lower() if isinstance(said, dict) else ""


def _lists_dependencies(answer: Answer) -> bool:
    said = answer.document
    return isinstance(said, dict) and any(said.get(name) for name in _DEPENDENCIES)


def _is_structured(line: str) -> bool:
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict):
        return False
    names = {str(name).lower() for name in said}
    return bool(names & _TIME and names & _LEVEL and names & _MESSAGE)


def _judge_metrics(answer: Answer) -> list[Finding]:
    if answer.status != 200:
        return [S_METRICS.broken(place="metricsPath", evidence=answer.evidence)]
    twice = [name for name, count in Counter(_TYPE.findall(answer.text)).items() if count > 1]
    if twice:
        # The parser merges them silently, a scraper may not.
        return [S_METRICS_TWICE.broken(place="metricsPath", evidence=", ".join(twice[:10]))]
    try:
        families = list(text_string_to_metric_families(answer.text))
    except ValueError as error:
        return [S_METRICS.broken(place="metricsPath", evidence=f"{answer.evidence}: {error}")]
    if not any(family.samples for family in families):
        return [S_METRICS.broken(place="metricsPath", evidence=f"{answer.evidence}: no samples")]
    return []
