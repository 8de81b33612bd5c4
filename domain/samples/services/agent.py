"""An agent that keeps to docs/reference/agent-interface.md and does nothing in the world.

``FAULTS``: open (no token needed), any-token, no-trace, empty-trace, deaf (a stop is acknowledged, no more),
no-stop, lax (takes malformed calls), plain-errors (no codes), no-reply.
"""

import os
import secrets
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

try:
    from domain.samples.services.serving import Answer, error, faults, serve
except ImportError:  # packed on its own
    from serving import Answer, error, faults, serve  # type: ignore[import-not-found,no-redef]


class Agent:
    """Chats, tasks and their traces, in memory."""

    def __init__(self, token: str, planted: set[str]) -> None:
        self.token, self.planted = token, planted
        self.tasks: dict[str, dict[str, Any]] = {}
        self.traces: dict[str, list[dict[str, str]]] = {}
        self.lock = threading.Lock()

    def respond(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """Answer one call."""
        if not self._may_enter(headers):
            return self._refuse(401, "AGENT-AUTH-TOKEN_INVALID", "令牌无效")
        parts = path.strip("/").split("/")
        if method == "POST" and parts == ["chat"]:
            return self._chat(body)
        if method == "POST" and parts == ["tasks"]:
            return self._begin(body)
        if len(parts) >= 2 and parts[0] == "tasks" and parts[1] in self.tasks:
            if method == "POST" and parts[2:] == ["stop"] and "no-stop" not in self.planted:
                return self._stop(parts[1])
            if method == "GET" and len(parts) == 2:
                return 200, self._state(parts[1])
        if method == "GET" and parts[0] == "traces" and len(parts) == 2 and "no-trace" not in self.planted:
            events = [] if "empty-trace" in self.planted else self.traces.get(parts[1])
            if events is not None:
                return 200, {"traceId": parts[1], "events": events}
        return self._refuse(404, "AGENT-REQUEST-NOT_FOUND", "没有该资源")

    def _may_enter(self, headers: Mapping[str, str]) -> bool:
        given = headers.get("Authorization", "")
        if "open" in self.planted or ("any-token" in self.planted and given):
            return True
        return secrets.compare_digest(given.encode(), f"Bearer {self.token}".encode())

    def _refuse(self, status: int, code: str, message: str) -> Answer:
        return (
            (status, {"error": message}) if "plain-errors" in self.planted else error(status, code, message)
        )

    def _chat(self, body: Any) -> Answer:
        message = body.get("message") if isinstance(body, dict) else None
        if not isinstance(message, str) and "lax" not in self.planted:
            return self._refuse(400, "AGENT-REQUEST-MESSAGE_MISSING", "缺少 message")
        trace = self._trace("chat")
        said = {"sessionId": secrets.token_hex(8), "traceId": trace, "reply": "您好，我是示例智能体。"}
        if "no-reply" in self.planted:
            del said["reply"]
        return 200, said

    def _begin(self, body: Any) -> Answer:
        goal = body.get("goal") if isinstance(body, dict) else None
        if not isinstance(goal, str) and "lax" not in self.planted:
            return self._refuse(400, "AGENT-REQUEST-GOAL_MISSING", "缺少 goal")
        seconds = float(((body or {}).get("test") or {}).get("seconds", 0)) if isinstance(body, dict) else 0.0
        task, trace = secrets.token_hex(8), self._trace("task started")
        with self.lock:
            self.tasks[task] = {"ends": time.monotonic() + seconds, "trace": trace, "stopped": False}
        return 202, self._state(task)

    def _state(self, task: str) -> dict[str, Any]:
        kept = self.tasks[task]
        running = "running" if time.monotonic() < kept["ends"] else "done"
        state = "stopped" if kept["stopped"] else running
        return {"taskId": task, "traceId": kept["trace"], "state": state}

    def _stop(self, task: str) -> Answer:
        self._note(self.tasks[task]["trace"], "stopped")
        if "deaf" not in self.planted:
            self.tasks[task]["stopped"] = True
        return 200, {"state": "stopping"}

    def _trace(self, action: str) -> str:
        trace = secrets.token_hex(8)
        self._note(trace, action)
        return trace

    def _note(self, trace: str, action: str) -> None:
        event = {"time": datetime.now(UTC).isoformat(), "actor": "caller", "action": action}
        with self.lock:
            self.traces.setdefault(trace, []).append(event)


if __name__ == "__main__":
    serve(Agent(os.environ.get("AGENT_TOKEN", secrets.token_hex(16)), faults()).respond)
