"""Whether an agent keeps to the published interface, and whether it can be kept in hand.

Source: docs/reference/agent-interface.md; draft standard, clauses 8.2.2 and 8.3.2
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.checks.addresses import ProbeGuard
from handlers.checks.calls import Answer, CannotCall, NoAnswer, call, joined
from handlers.checks.cases import ERROR_CODE
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

STOP_SECONDS = 5.0
TEST_TASK_SECONDS = 60


def _rule(rule: str, zh: str, en: str, clause: str = "8.3.2") -> Rule:
    return Rule(rule, Severity.ERROR, clause, Text(zh, en))


I_ANSWER = _rule("I-ANSWER", "智能体没有应答", "The agent does not answer")
I_SHAPE = _rule(
    "I-SHAPE",
    "应答不符合智能体交互接口规范（docs/reference/agent-interface.md）",
    "The answer does not keep to the interface of agents (docs/reference/agent-interface.md)",
)
I_ERROR = _rule(
    "I-ERROR",
    "错误的请求应以400或422拒绝，并返回 模块-类型-原因 格式的错误码和说明",
    "A malformed call must be refused with 400 or 422, a code MODULE-TYPE-REASON and a sentence",
    "6.2c",
)
I_TRACE = _rule(
    "I-TRACE",
    "留痕接口应按时间列出至少一条操作（time、actor、action）",
    "The trace must list at least one event with time, actor and action, in the order of time",
)
I_TOKEN = _rule(
    "I-TOKEN",
    "请提供测试访问令牌：接口规范要求每次调用携带令牌",
    "Give a token for the tests: the interface asks for one on every call",
    "8.2.2",
)
I_OPEN = _rule(
    "I-OPEN",
    "没有令牌或令牌错误的调用未被拒绝（应返回401或403）",
    "A call without a token, or with a wrong one, was not refused (401 or 403)",
    "8.2.2",
)
I_STOP = _rule(
    "I-STOP",
    "停止后5秒内任务仍未停止，或没有停止接口",
    "Five seconds after the stop the task has not stopped, or there is no stop",
)


@dataclass(frozen=True)
class Agent:
    """The agent under test: its address, its mode (chat or task) and the token for the tests."""

    address: str
    mode: str
    token: str | None

    @property
    def headers(self) -> dict[str, str]:
        """What every call carries."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class _Broken(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


def check_agent_contract(guard: ProbeGuard, agent: Agent, check: str) -> CheckResult:
    """Chat or give a task, read it, ask for its trace, and send something malformed."""
    looked_at = Text("智能体交互接口契约", "Interface of the agent")
    findings: list[Finding] = []
    if agent.token is None:
        findings.append(I_TOKEN.broken(place="testCredential"))
    try:
        for part in (_chat, _task, _malformed) if agent.mode == "chat" else (_task, _malformed):
            try:
                part(guard, agent)
            except _Broken as broken:
                findings.append(broken.finding)
    except CannotCall as error:
        return concluded(check, looked_at, findings, error.reason)
    return concluded(check, looked_at, findings)


def check_agent_controls(guard: ProbeGuard, agent: Agent, check: str) -> CheckResult:
    """Call without a token and with a wrong one, stop a long task, and read what was traced of it."""
    looked_at = Text("智能体认证、停止与留痕", "Authentication, stop and trace of the agent")
    findings: list[Finding] = []
    if agent.token is None:
        findings.append(I_TOKEN.broken(place="testCredential"))
    try:
        for part in (_unauthorised, _stopping):
            try:
                part(guard, agent)
            except _Broken as broken:
                findings.append(broken.finding)
    except CannotCall as error:
        return concluded(check, looked_at, findings, error.reason)
    return concluded(check, looked_at, findings)


def _chat(guard: ProbeGuard, agent: Agent) -> None:
    answer = _call(guard, agent, "POST", "chat", {"message": "你好"})
    said = _shaped(answer, 200, ("sessionId", "traceId", "reply"))
    _read_trace(guard, agent, said["traceId"])


def _task(guard: ProbeGuard, agent: Agent) -> None:
    said = _begin(guard, agent, 0)
    read = _call(guard, agent, "GET", f"tasks/{said['taskId']}")
    _shaped(read, 200, ("taskId", "traceId", "state"))
    _read_trace(guard, agent, said["traceId"])
    stopped = _call(guard, agent, "POST", f"tasks/{said['taskId']}/stop", {})
    _shaped(stopped, 200, ("state",))


def _malformed(guard: ProbeGuard, agent: Agent) -> None:
    path = "chat" if agent.mode == "chat" else "tasks"
    answer = _call(guard, agent, "POST", path, {"nothing": "of this kind"})
    said = answer.document
    code = said.get("code") if isinstance(said, dict) else None
    proper = isinstance(code, str) and ERROR_CODE.fullmatch(code) and said.get("message")
    if answer.status not in (400, 422) or not proper:
        raise _Broken(I_ERROR.broken(place=path, evidence=f"{answer.evidence}: {answer.text[:200]}"))


def _unauthorised(guard: ProbeGuard, agent: Agent) -> None:
    path, body = ("chat", {"message": "你好"}) if agent.mode == "chat" else ("tasks", {"goal": "你好"})
    for place, headers in (
        ("no token", {}),
        ("wrong token", {"Authorization": f"Bearer {secrets.token_hex(16)}"}),
    ):
        answer = _asked(guard, agent, "POST", path, body, headers)
        if answer.status not in (401, 403):
            raise _Broken(I_OPEN.broken(place=place, evidence=answer.evidence))


def _stopping(guard: ProbeGuard, agent: Agent) -> None:
    said = _begin(guard, agent, TEST_TASK_SECONDS)
    began = time.monotonic()
    answer = _call(guard, agent, "POST", f"tasks/{said['taskId']}/stop", {})
    if answer.status != 200:
        raise _Broken(I_STOP.broken(place="stop", evidence=answer.evidence))
    state = ""
    while time.monotonic() - began <= STOP_SECONDS:
        now = _shaped(_call(guard, agent, "GET", f"tasks/{said['taskId']}"), 200, ("state",))
        state = str(now["state"])
        if state == "stopped":
            break
        time.sleep(0.1)
    if state != "stopped":
        evidence = f"{time.monotonic() - began:.1f} s, state={state}"
        raise _Broken(I_STOP.broken(place="stop", evidence=evidence))
    events = _read_trace(guard, agent, said["traceId"])
    if len(events) < 2:
        raise _Broken(I_TRACE.broken(place="trace", evidence=f"{len(events)} event(s), the stop is missing"))


def _begin(guard: ProbeGuard, agent: Agent, seconds: int) -> Mapping[str, Any]:
    body: dict[str, Any] = {"goal": "平台契约测试，不产生任何影响"}
    if seconds:
        body["test"] = {"seconds": seconds}
    return _shaped(_call(guard, agent, "POST", "tasks", body), 202, ("taskId", "traceId", "state"))


def _read_trace(guard: ProbeGuard, agent: Agent, trace_id: object) -> list[Any]:
    answer = _call(guard, agent, "GET", f"traces/{trace_id}")
    said = answer.document
    events = said.get("events") if isinstance(said, dict) else None
    if answer.status != 200 or not isinstance(events, list) or not events:
        raise _Broken(I_TRACE.broken(place="trace", evidence=answer.evidence))
    named = all(
        isinstance(event, dict) and all(event.get(k) for k in ("time", "actor", "action")) for event in events
    )
    times = [str(event.get("time")) for event in events if isinstance(event, dict)]
    if not named or times != sorted(times):
        raise _Broken(I_TRACE.broken(place="trace", evidence=answer.text[:200]))
    return events


def _shaped(answer: Answer, status: int, fields: tuple[str, ...]) -> Mapping[str, Any]:
    said = answer.document
    missing = [name for name in fields if not isinstance(said, dict) or not isinstance(said.get(name), str)]
    if answer.status != status or not isinstance(said, dict) or missing:
        evidence = f"{answer.evidence}; {status}, {', '.join(missing)}"
        raise _Broken(I_SHAPE.broken(place=answer.url, evidence=evidence))
    return said


def _call(guard: ProbeGuard, agent: Agent, method: str, path: str, body: Any = None) -> Answer:
    return _asked(guard, agent, method, path, body, agent.headers)


def _asked(
    guard: ProbeGuard, agent: Agent, method: str, path: str, body: Any, headers: Mapping[str, str]
) -> Answer:
    try:
        return call(guard, method, joined(agent.address, path), body=body, headers=headers)
    except NoAnswer as error:
        raise _Broken(I_ANSWER.broken(place=path, evidence=error)) from error
