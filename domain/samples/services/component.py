"""A hosted component as the standard asks: health, metrics, structured log, settings from the environment.

``FAULTS`` names mistakes, separated by blanks: lying-health, plain-log, no-log, no-metrics, broken-metrics,
double-type, no-dependencies, slow-start, crash, wrong-port, flood, deaf (ignores SIGTERM), unhealthy,
slow-health.
"""

import json
import os
import signal
import socket
import sys
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = set(os.environ.get("FAULTS", "").split())
# A core service it depends on; where none is named, it keeps its data in memory and all is well.
DEPENDENCY = os.environ.get("DATABASE_ADDRESS", "")
calls = {"total": 0}


def write(line: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say(level: str, message: str, **more: object) -> None:
    """Write one line of the log."""
    if "no-log" in FAULTS:
        return
    if "plain-log" in FAULTS:
        write(f"{level} {message}")
        return
    time_now = datetime.now(timezone.utc).isoformat()  # noqa: UP017 - runs on older Pythons, too
    write(json.dumps({"time": time_now, "level": level, "message": message, **more}))


def dependency_is_up() -> bool:
    """Tell whether the core service answers."""
    if not DEPENDENCY:
        return True
    host, _, port = DEPENDENCY.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=0.5):
            return True
    except OSError:
        return False


def metrics() -> str:
    """Return the figures in the Prometheus text format."""
    lines = ["# HELP sample_calls_total Calls.", "# TYPE sample_calls_total counter"]
    if "double-type" in FAULTS:
        lines.append("# TYPE sample_calls_total counter")
    if "broken-metrics" in FAULTS:
        lines.append("sample_calls_total is many")
    return "\n".join([*lines, f"sample_calls_total {calls['total']}", ""])


class Component(BaseHTTPRequestHandler):
    """Answers health, metrics and one call."""

    def do_GET(self) -> None:
        """Answer by path."""
        calls["total"] += 1
        say("info", "request", path=self.path)
        if self.path in ("/health", "/status"):
            self._health()
        elif self.path == "/metrics" and "no-metrics" not in FAULTS:
            self._answer(200, metrics(), "text/plain; version=0.0.4")
        elif self.path == "/settings":
            self._answer(200, json.dumps(dict(os.environ)))
        else:
            self._answer(404, json.dumps({"code": "SAMPLE-REQUEST-NOT_FOUND"}))

    def _health(self) -> None:
        if "slow-health" in FAULTS:
            time.sleep(1.2)
        up = "unhealthy" not in FAULTS and ("lying-health" in FAULTS or dependency_is_up())
        said: dict[str, object] = {"status": "UP" if up else "DOWN"}
        if "no-dependencies" not in FAULTS:
            said["dependencies"] = {"database": {"status": "UP" if dependency_is_up() else "DOWN"}}
        self._answer(200 if up else 503, json.dumps(said))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Leave the log to ``say``."""

    def _answer(self, status: int, text: str, media_type: str = "application/json") -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serve until told to end."""
    if "crash" in FAULTS:
        say("error", "cannot start: the configuration is incomplete")
        sys.exit(3)
    if "deaf" in FAULTS:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while "flood" in FAULTS:
        write("x" * 1000)
    if "slow-start" in FAULTS:
        time.sleep(3600)
    port = 8080 if "wrong-port" in FAULTS else int(os.environ["PORT"])
    server = ThreadingHTTPServer((os.environ.get("HOST", "127.0.0.1"), port), Component)
    say("info", "started", port=port)
    server.serve_forever()


if __name__ == "__main__":
    main()
