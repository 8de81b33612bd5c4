"""Stories of the publishing (P05)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.catalogue.states import State
from tests.processes.story import VERSION_ID, Answer, Story, flows_not_walked, stories_of

KEY = "component-publishing"
SETTINGS = {"category": "基础支撑", "publicScope": 1}


def publishing(answers: Mapping[str, Answer] | None = None) -> Story:
    """Tell of an operator who starts to publish a listed version."""
    desk: dict[str, Answer] = {
        "directory.receipt": {"present": True},
        "market.publish": {"ok": True, "marketIndexId": "m-1", "publishedAt": "2026-03-02T01:00:00Z"},
        **(answers or {}),
    }
    return Story(KEY, desk, State.LISTED).start(versionId=VERSION_ID, action="publish")


def unpublishing() -> Story:
    """Tell of an operator who starts to take a version out of the market."""
    return Story(KEY, {}, State.PUBLISHED).start(versionId=VERSION_ID, action="unpublish")


def test_a_listed_version_is_published() -> None:
    story = publishing().complete("publishing_settings", settings=SETTINGS, outcome="publish")

    story.expect_ended_with("published").expect_asked("PUBLISH").expect_state(State.PUBLISHED)
    assert story.topics == ["directory.receipt", "market.publish", "notices.send"]


def test_publishing_waits_for_the_receipt_of_the_catalogue() -> None:
    answers = iter([False, False, True])
    story = publishing({"directory.receipt": lambda _asked: {"present": next(answers)}})

    story.expect_waiting_at().time_passes(minutes=10).expect_waiting_at()
    story.time_passes(minutes=10).expect_waiting_at("publishing_settings")


def test_a_receipt_that_stays_out_for_an_hour_is_alarmed_once() -> None:
    story = publishing({"directory.receipt": {"present": False}})

    story.time_passes(minutes=59)
    assert "notices.send" not in story.topics
    story.time_passes(hours=3)
    assert story.topics.count("notices.send") == 1


def test_publishing_is_held_for_a_week() -> None:
    story = publishing().complete("publishing_settings", reason="等待宣传窗口", outcome="hold")

    story.expect_waiting_at().time_passes(days=7).expect_waiting_at("publishing_settings")


def test_publishing_is_stopped_with_a_reason() -> None:
    story = publishing().complete("publishing_settings", reason="政策调整", outcome="stop")

    story.expect_ended_with("not published").expect_state(State.LISTED).expect_asked()


def test_a_failure_to_publish_leads_back_to_the_settings() -> None:
    story = publishing({"market.publish": {"ok": False}})

    story.complete("publishing_settings", settings=SETTINGS, outcome="publish")

    story.expect_waiting_at("publishing_settings").expect_state(State.LISTED).expect_asked()


def test_a_published_version_is_taken_out_of_the_market() -> None:
    story = unpublishing().complete("unpublishing_reason", reason="内容更新", outcome="submit")

    story.expect_ended_with("not published").expect_asked("UNPUBLISH").expect_state(State.LISTED)
    assert story.desk.calls[0] == ("market.unpublish", {"versionId": VERSION_ID, "reason": "内容更新"})
    assert story.desk.calls[1][1]["to"] == ["releasing_unit", "provider", "order_holders"]


def test_unpublishing_is_withdrawn_and_the_version_stays() -> None:
    story = unpublishing().withdraw("unpublishing_reason")

    story.expect_ended_with("published").expect_state(State.PUBLISHED).expect_asked()


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
