"""What the callable sample services share: JSON over HTTP with a token, on the standard library alone."""

import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
Respond = Callable[[str, str, Any, Mapping[str, str]], Answer]


def faults() -> set[str]:
    """Return the planted mistakes that ``FAULTS`` names, separated by blanks."""
    return set(os.environ.get("FAULTS", "").split())


def error(status: int, code: str, message: str) -> Answer:
    """Return an error as clause 6.2 c asks: a code of three parts and a sentence."""
    return status, {"code": code, "message": message}


def say(message: str, **more: object) -> None:
    """Write one line of the log."""
    line = {"time": datetime.now(UTC).isoformat(), "level": "info", "message": message, **more}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def store_is_up() -> bool:
    """Tell whether the store answers that ``STORE_ADDRESS`` names; without one, data is kept in memory."""
    host, _, port = os.environ.get("STORE_ADDRESS", "").rpartition(":")
    if not host:
        return True
    try:
        with socket.create_connection((host, int(port)), timeout=0.5):
            return True
    except OSError:
        return False


def handler(respond: Respond, *, says: bool = True) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that answers health and metrics itself and asks ``respond`` for the rest.

    ``says`` tells whether each call is logged.
    """

    class Service(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer a read."""
            if self.path == "/health":
                state = "UP" if store_is_up() else "DOWN"
                said = {"status": state, "dependencies": {"store": {"status": state}}}
                self._answer(200 if state == "UP" else 503, said)
            elif self.path == "/metrics":
                self._send(200, b"# TYPE sample_up gauge\nsample_up 1\n", "text/plain; version=0.0.4")
            else:
                self._answer(*respond("GET", self.path, None, dict(self.headers)))

        def do_POST(self) -> None:
            """Answer a call with a body."""
            if "chunked" in self.headers.get("Transfer-Encoding", ""):
                # Its end is not known without reading it, so the connection cannot serve another call.
                self.close_connection = True
            length = self.headers.get("Content-Length") or "0"
            content = self.rfile.read(int(length) if length.isdecimal() else 0)
            try:
                body = json.loads(content)
            except ValueError:
                body = None
            self._answer(*respond("POST", self.path, body, dict(self.headers)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Leave the log to ``say``."""

        def _answer(self, status: int, body: Any) -> None:
            self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")

        def _send(self, status: int, content: bytes, media_type: str) -> None:
            if says:
                say("request", path=self.path, status=status)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Service


def serve(respond: Respond) -> None:
    """Serve at ``HOST`` and ``PORT`` until told to end."""
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"]))
    server = ThreadingHTTPServer(address, handler(respond))
    say("started", port=address[1])
    server.serve_forever()
