"""What the security assessment (P03) answers when another process calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.processes.story import Answer

ASSESSMENT_ID = "0199a000-0000-7000-8000-00000000a55e"
BRANCHES = ("composition", "static", "dynamic", "vulnerabilities", "secrets")


def saying(
    *verdicts: str,
    against: Sequence[Mapping[str, str]] = (),
    open_items: Sequence[Mapping[str, str]] = (),
    **opened: Any,
) -> dict[str, Answer]:
    """Return the answers of an assessment; its summaries say the verdicts in turn, the last one ever after.

    ``opened`` overrides what the subject is.
    """
    said = list(verdicts) or ["passed"]

    def summarise(_parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        verdict = said.pop(0) if len(said) > 1 else said[0]
        return {
            "verdict": verdict,
            "findings": [{"item": "static"}],
            "against": list(against),
            "openItems": list(open_items),
        }

    subject = {"form": "1", "hosting": "hosted", "hasApi": True, "hasEndpoint": True}
    branches: dict[str, Answer] = {f"assessment.{name}": {"status": {}} for name in BRANCHES}
    return {
        "assessment.open": {"assessmentId": ASSESSMENT_ID, **subject, **opened},
        **branches,
        "assessment.summarise": summarise,
        "assessment.archive": {"reportDigest": "d" * 64},
    }


PASSING = saying()
