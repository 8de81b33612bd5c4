"""A data service over fictitious citizens: query by district, masked as the rules say.

``FAULTS``: unmasked, extra-field, no-code, open, wrong-shape.
"""

import os
import secrets
from collections.abc import Mapping
from typing import Any

try:
    from domain.samples.services.serving import Answer, error, faults, serve
except ImportError:  # packed on its own
    from serving import Answer, error, faults, serve  # type: ignore[import-not-found,no-redef]

# Fictitious: region 990100 does not exist, and the numbers are made to pass their check digits.
ROWS = (
    {
        "name": "示例一",
        "idCard": "990100199001011234",
        "phone": "13800000001",
        "district": "示例区",
        "visits": 3,
    },
    {
        "name": "示例二",
        "idCard": "990100198505054321",
        "phone": "13900000002",
        "district": "示例区",
        "visits": 1,
    },
)
MASKED = {"name": "示**", "idCard": "990100********1234", "phone": "138****0001"}


class DataService:
    """Answers ``POST /query`` with ``{"district": text}`` by ``{"rows": [...]}``."""

    def __init__(self, planted: set[str], token: str = "") -> None:
        self.planted, self.token = planted, token

    def respond(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """Answer one call."""
        if self.token and "open" not in self.planted:
            given = headers.get("Authorization", "")
            if not secrets.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
                return error(401, "DATA-AUTH-TOKEN_INVALID", "令牌无效")
        if method == "GET" and path == "/":
            return 200, {"service": "sample"}
        if method != "POST" or path != "/query":
            return error(404, "DATA-REQUEST-NOT_FOUND", "没有该资源")
        district = body.get("district") if isinstance(body, dict) else None
        if not isinstance(district, str) or not district:
            return (
                (400, {"error": "bad"})
                if "no-code" in self.planted
                else error(400, "DATA-INPUT-DISTRICT_MISSING", "缺少 district")
            )
        if "wrong-shape" in self.planted:
            return 200, list(ROWS)
        return 200, {"rows": [self._shown(row) for row in ROWS]}

    def _shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(row) if "unmasked" in self.planted else {**row, **MASKED}
        return {**shown, "bankCard": "6222020000000000000"} if "extra-field" in self.planted else shown


if __name__ == "__main__":
    serve(DataService(faults(), os.environ.get("DATA_TOKEN", "")).respond)
