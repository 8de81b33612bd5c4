"""Stories of the take-down that the four delistings share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.processes.story import MONDAY, VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "component-takedown"
PARTS = [
    "takedown.unpublish",
    "takedown.remove_routes",
    "takedown.reclaim",
    "takedown.execute",
    "takedown.end_other_cases",
]


def announced(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer with a day that is as many days away as the table said."""
    at = MONDAY + timedelta(days=int(parameters["graceDays"]))
    return {"takedownAt": at.isoformat(), "told": 1}


def takedown(kind: str, answers: Mapping[str, Answer] | None = None, **facts: Any) -> Story:
    """Tell of a take-down that has just been called."""
    desk: dict[str, Answer] = {
        "takedown.announce": announced,
        "takedown.look_for_calls": {"callsFound": False},
        **(answers or {}),
    }
    return Story(KEY, desk, None).start(versionId=VERSION_ID, kind=kind, **facts)


def grace_of(kind: str, severity: str) -> int:
    """Return the days of grace that the table gives."""
    story = takedown(kind, severity=severity)
    return int(story.desk.calls[0][1]["graceDays"])


def test_the_parts_go_in_their_order_when_the_grace_is_over() -> None:
    story = takedown("forced")

    story.time_passes(days=29).expect_waiting_at()
    assert story.topics == ["takedown.announce"]
    story.time_passes(days=2).expect_ended_with("delisted")
    assert story.topics == ["takedown.announce", *PARTS]
    assert story.expect_thrown("version.delisted") == {"versionId": VERSION_ID}


def test_a_critical_hole_leaves_no_grace() -> None:
    story = takedown("forced", severity="critical")

    story.time_passes(seconds=1).expect_ended_with("delisted")


def test_an_idle_version_that_was_called_meanwhile_stays() -> None:
    story = takedown("idle", {"takedown.look_for_calls": {"callsFound": True}}, checkCalls=True)

    story.time_passes(days=31).expect_ended_with("calls_found")
    assert not set(story.topics) & set(PARTS)


def test_an_idle_version_that_stayed_idle_goes() -> None:
    story = takedown("idle", checkCalls=True)

    story.time_passes(days=31).expect_ended_with("delisted")


def test_the_table_gives_the_days_of_grace() -> None:
    assert [grace_of("forced", severity) for severity in ("critical", "high", "normal")] == [0, 7, 30]
    assert [grace_of(kind, "normal") for kind in ("idle", "compliance", "voluntary")] == [30, 30, 0]
    assert grace_of("compliance", "critical") == 0


def test_the_regulation_and_the_guide_reach_the_holders() -> None:
    story = takedown("compliance", notAfter="2026-06-01", guide="改用新版")

    assert story.desk.calls[0][1]["notAfter"] == "2026-06-01"
    assert story.desk.calls[0][1]["guide"] == "改用新版"


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
