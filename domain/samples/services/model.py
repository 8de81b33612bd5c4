"""A tiny model: tells from the number of calls of a hotline whether the day is busy (one threshold).

``FAULTS``: unchecked-input, wrong-shape, no-code, wrong (gives the opposite), slow, unloaded.
"""

import time
from collections.abc import Mapping
from typing import Any

try:
    from domain.samples.services.serving import Answer, error, faults, serve
except ImportError:  # packed on its own
    from serving import Answer, error, faults, serve  # type: ignore[import-not-found,no-redef]

THRESHOLD = 120.0
MOST = 100_000


class Model:
    """Answers ``POST /infer``: ``{"calls": number}`` by ``{"label": "busy" | "quiet", "score": 0..1}``."""

    def __init__(self, planted: set[str]) -> None:
        self.planted = planted

    def respond(self, method: str, path: str, body: Any, _headers: Mapping[str, str]) -> Answer:
        """Answer one call."""
        if method != "POST" or path != "/infer" or "unloaded" in self.planted:
            return error(404, "MODEL-REQUEST-NOT_FOUND", "没有该资源")
        calls = body.get("calls") if isinstance(body, dict) else None
        if "unchecked-input" not in self.planted and not _is_valid(calls):
            if "no-code" in self.planted:
                return 400, {"error": "bad"}
            return error(400, "MODEL-INPUT-OUT_OF_RANGE", "calls 应为0至100000的数")
        if "slow" in self.planted:
            time.sleep(0.2)
        number = float(calls) if isinstance(calls, int | float) else 0.0
        busy = (number > THRESHOLD) != ("wrong" in self.planted)
        if "wrong-shape" in self.planted:
            return 200, {"result": busy}
        return 200, {"label": "busy" if busy else "quiet", "score": min(1.0, number / (2 * THRESHOLD))}


def _is_valid(calls: object) -> bool:
    return isinstance(calls, int | float) and not isinstance(calls, bool) and 0 <= calls <= MOST


if __name__ == "__main__":
    serve(Model(faults()).respond)
