"""An interface that keeps to the API document of the samples: a token for its query, errors with codes.

``FAULTS``: open (no token needed).
"""

import os
import secrets
from collections.abc import Mapping
from typing import Any

try:
    from domain.samples.services.serving import Answer, error, faults, serve
except ImportError:  # packed on its own
    from serving import Answer, error, faults, serve  # type: ignore[import-not-found,no-redef]

MOST_CONDITIONS = 20


class Interface:
    """Answers ``POST /query`` with an object of conditions by ``{"rows": []}``."""

    def __init__(self, token: str, planted: set[str]) -> None:
        self.token, self.planted = token, planted

    def respond(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """Answer one call."""
        if path.partition("?")[0] != "/query":
            return error(404, "SAMPLE-REQUEST-NOT_FOUND", "没有该资源")
        if method != "POST":
            return error(405, "SAMPLE-REQUEST-METHOD", "请使用 POST")
        given = headers.get("Authorization", "")
        wanted = f"Bearer {self.token}"
        if "open" not in self.planted and not secrets.compare_digest(given.encode(), wanted.encode()):
            return error(401, "SAMPLE-AUTH-TOKEN_INVALID", "令牌无效")
        if not isinstance(body, dict) or len(body) > MOST_CONDITIONS:
            return error(400, "SAMPLE-INPUT-CONDITIONS", f"应为至多{MOST_CONDITIONS}个查询条件")
        return 200, {"rows": []}


if __name__ == "__main__":
    serve(Interface(os.environ.get("API_TOKEN") or secrets.token_hex(16), faults()).respond)
