"""What the stories of the delistings share: a desk that answers, and a take-down that goes through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.processes.story import MONDAY, VERSION_ID, Answer, Story

UNIT, PROVIDER_UNIT = "0199a000-0000-7000-8000-000000000002", "0199a000-0000-7000-8000-000000000003"
USER_UNIT = "0199a000-0000-7000-8000-000000000004"
FILE = "file:0199a000-0000-7000-8000-000000000005"
WHY = "经核实"
CASE_NUMBER = "ZJ-990100-2026-000007"


def on_day(days: float) -> str:
    """Return an instant so many days after the beginning of a story."""
    return (MONDAY + timedelta(days=days)).isoformat()


DESK: dict[str, Answer] = {
    "takedown.announce": lambda asked: {"takedownAt": on_day(365), "told": 1} | {"days": asked["graceDays"]},
    "takedown.look_for_calls": {"callsFound": False},
    "notices.send": {"caseNumber": CASE_NUMBER},
    "delisting.keep": {"retainedUntil": "2026-09-02"},
}


def delisting(
    key: str, answers: Mapping[str, Answer] | None = None, *, initiator: str = "initiator", **facts: Any
) -> Story:
    """Tell of a delisting that has just begun."""
    return Story(key, {**DESK, **(answers or {})}, None, initiator=initiator).start(
        **{
            "versionId": VERSION_ID,
            "providerUnitId": PROVIDER_UNIT,
            "releasingUnitId": UNIT,
            "technicalField": "5",
            "isHosting": 0,
            **facts,
        }
    )


def taken_down(story: Story) -> Story:
    """Let the grace period pass."""
    return story.time_passes(days=400)


def said(story: Story, topic: str) -> list[Mapping[str, Any]]:
    """Return what a listener was told, in order."""
    return [parameters for heard, parameters in story.heard if heard == topic]
