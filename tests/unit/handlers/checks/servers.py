"""A health endpoint on the loopback interface that behaves as a test tells it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/health": (200, {}, b'{"status": "UP", "components": {"database": {"status": "UP"}}}'),
    "/plain": (200, {}, b"ok"),
    "/down": (200, {}, b'{"status": "DOWN", "components": {}}'),
    "/broken": (503, {}, b'{"status": "DOWN"}'),
    "/missing": (404, {}, b""),
    "/large": (200, {}, b"x" * 200_000),
    "/moved": (302, {"Location": "/health"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/away": (302, {"Location": "http://other.example/health"}, b""),
    "/inside": (302, {"Location": "http://127.0.0.1:1/admin"}, b""),
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers from ``ANSWERS``; ``/drip`` and ``/silent`` take their time."""

    seen: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Host"]))
        if self.path == "/silent":
            time.sleep(1.5)
        status, headers, body = ANSWERS.get(self.path, (200, {}, b"{}"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(5000 if self.path == "/drip" else len(body)))
        self.end_headers()
        try:
            if self.path == "/drip":
                for _ in range(20):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        return


@contextmanager
def endpoint() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Serve on a free port; give the port and the list of (path, Host header) seen."""
    seen: list[tuple[str, str]] = []
    handler = type("Seen", (Endpoint,), {"seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server.server_address[1], seen
        server.shutdown()
        thread.join()
