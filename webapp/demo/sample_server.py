"""A local server that answers for the sample components: their health endpoints and a small API.

The host names of the samples end in ``.example`` and resolve nowhere, so the samples are declared at this
server instead. It listens on the loopback interface only and knows nothing of the platform.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
FICTITIOUS = "示例服务，纯属虚构 / sample service, fictitious"


class SampleService(BaseHTTPRequestHandler):
    """Answers ``/<component>/health`` and, with a token, ``/<component>/api``."""

    protocol_version = "HTTP/1.1"
    server_version = "ZujianSample/1"

    def do_GET(self) -> None:
        """Answer one request by the last part of its path."""
        component, _, what = self.path.partition("?")[0].strip("/").partition("/")
        if not component or what not in {"health", "api"}:
            self._answer(HTTPStatus.NOT_FOUND, {"code": "NOT_FOUND"})
        elif what == "health":
            dependencies = {"database": {"status": "UP"}, "cache": {"status": "UP"}}
            self._answer(
                HTTPStatus.OK,
                {
                    "status": "UP",
                    "component": component,
                    "note": FICTITIOUS,
                    "components": dependencies,
                },
            )
        elif not self.headers.get("Authorization"):
            self._answer(HTTPStatus.UNAUTHORIZED, {"code": "UNAUTHENTICATED"})
        else:
            self._answer(HTTPStatus.OK, {"component": component, "note": FICTITIOUS})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Keep the terminal for the demo."""

    def _answer(self, status: HTTPStatus, body: dict[str, object]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving(port: int = 0) -> Iterator[int]:
    """Serve on the loopback interface while the block runs, and give the port (0 takes a free one)."""
    with ThreadingHTTPServer((HOST, port), SampleService) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
