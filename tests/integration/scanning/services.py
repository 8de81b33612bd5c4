"""Two small running components: one that keeps to its API document, one with planted faults."""

from __future__ import annotations

import contextlib
import html
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

TOKEN = "let-me-in"
_ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {
            "type": "string",
            "enum": [
                "NOTICE-AUTH-MISSING",
                "NOTICE-INPUT-AREA",
                "NOTICE-STATE-NOTFOUND",
                "NOTICE-INPUT-METHOD",
            ],
        },
        "message": {"type": "string"},
    },
}
_FAILED = {"description": "failed", "content": {"application/json": {"schema": _ERROR}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notices", "version": "1.0.0"},
    "security": [{"token": []}],
    "paths": {
        "/notices": {
            "get": {
                "operationId": "find",
                "parameters": [
                    {
                        "name": "area",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "string", "pattern": "^[0-9]{6}$"},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "found",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["area", "notices"],
                                    "properties": {
                                        "area": {"type": "string"},
                                        "notices": {"type": "array", "items": {"type": "string"}},
                                    },
                                }
                            }
                        },
                    },
                    "400": _FAILED,
                    "401": _FAILED,
                },
            }
        }
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "x-error-codes": [
        {"code": "NOTICE-AUTH-MISSING", "description": "未携带有效令牌"},
        {"code": "NOTICE-INPUT-AREA", "description": "行政区划代码应为六位数字"},
        {"code": "NOTICE-STATE-NOTFOUND", "description": "没有此地址"},
        {"code": "NOTICE-INPUT-METHOD", "description": "不支持此方法"},
    ],
}


def document(*codes: str) -> bytes:
    """Return the API document that both claim to keep to, with other error codes where they are named."""
    entries = [{"code": code, "description": "示例"} for code in codes] or DOCUMENT["x-error-codes"]
    return json.dumps({**DOCUMENT, "x-error-codes": entries}).encode()


class _Component(BaseHTTPRequestHandler):
    """Answers as declared, or with the planted faults."""

    protocol_version = "HTTP/1.1"
    planted: ClassVar[bool] = False
    seen: ClassVar[list[str]] = []

    def handle_any(self) -> None:
        """Answer any request."""
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.seen.append(f"{self.command} {self.path}")
        split = urlsplit(self.path)
        query = parse_qs(split.query, keep_blank_values=True)
        if split.path == "/page":
            self._page(query.get("q", [""])[0])
        elif split.path == "/elsewhere":
            self._redirect()
        elif split.path != "/notices":
            self._failed(404, "NOTICE-STATE-NOTFOUND")
        elif self.command != "GET":
            self._failed(405, "NOTICE-INPUT-METHOD")
        else:
            self._notices(query.get("area", [""]))

    def __getattr__(self, name: str) -> Any:
        """Take every method that a request may name."""
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def _notices(self, areas: list[str]) -> None:
        area = areas[0]
        valid = len(areas) == 1 and len(area) == 6 and area.isascii() and area.isdigit()
        if self.planted:
            if "'" in area or not area.isascii():
                self._answer(500, {"trace": f"near {area!r}: syntax error in select * from notice"})
                return
            self._answer(200, {"area": area, "notices": [], "idCard": "11010519491231002X"})
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._failed(401, "NOTICE-AUTH-MISSING")
        elif not valid:
            self._failed(400, "NOTICE-INPUT-AREA")
        else:
            self._answer(200, {"area": area, "notices": []})

    def _page(self, said: str) -> None:
        shown = said if self.planted else html.escape(said)
        form = '<form action="/page"><input name="q"></form><a href="/page?q=1">more</a>'
        self._send(
            200, "text/html; charset=utf-8", f"<html><body>{form}<p>{shown}</p></body></html>".encode()
        )

    def _redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:1/inside")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _failed(self, status: int, code: str) -> None:
        self._answer(status, {"code": code, "message": "failed"})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        if status == 405:
            self.send_header("Allow", "GET")
        if not self.planted:
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.send_header("X-Frame-Options", "DENY")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Strict-Transport-Security", "max-age=31536000")
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def component(*, planted: bool) -> Iterator[tuple[str, list[str]]]:
    """Serve one of the two on a free port; give its address and the requests that it saw."""
    seen: list[str] = []
    handler = type("Component", (_Component,), {"planted": planted, "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()
