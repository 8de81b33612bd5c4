"""Stories of the confirmation of a record that nobody touched for long."""

from __future__ import annotations

import pytest

from tests.processes.delisting_case import UNIT
from tests.processes.story import VERSION_ID, Story, flows_not_walked, stories_of

KEY = "catalogue-confirmation"


def due() -> Story:
    """Tell of a record that came up."""
    facts = {"versionId": VERSION_ID, "releasingUnitId": UNIT, "untouchedSince": "2025-09-01"}
    return Story(KEY, {}, None).start("confirmation_due", **facts)


def test_a_confirmed_record_needs_nothing_else() -> None:
    story = due().complete("confirm_record", outcome="confirm")

    story.expect_ended_with("confirmed")
    assert story.statements[0]["accurate"] is True


def test_an_outdated_record_is_to_be_changed() -> None:
    story = due().complete("confirm_record", outcome="outdated", reason="服务地址已变更")

    story.expect_ended_with("outdated")
    assert story.statements[0]["accurate"] is False
    assert story.desk.calls[-1][1]["template"] == "record_outdated"


def test_an_outdated_record_needs_its_reason() -> None:
    with pytest.raises(AssertionError, match="reason"):
        due().complete("confirm_record", outcome="outdated")


def test_the_stories_take_every_flow() -> None:
    assert flows_not_walked(KEY, stories_of(globals())) == []
