"""Suspended, resumed, mended: what is recorded, and what that lets happen."""

from __future__ import annotations

import pytest

from domain.catalogue.errors import GuardNotMet, NotYours, TransitionForbidden
from domain.catalogue.states import Event, State
from domain.suspension import service as suspension
from kernel.errors import Invalid, NotAllowed, Rejected
from tests.integration.domain.leaving import (
    PLATFORM,
    REASON,
    Leaving,
    leaving,
    put_into,
    refused,
    suspend,
)

__all__ = ["leaving"]


def test_a_suspension_rests_on_an_event_and_ends_where_it_began(leaving: Leaving) -> None:
    assert refused(leaving, "yunying1", Event.SUSPEND) == {"incident_recorded"}
    with pytest.raises(NotAllowed):
        suspension.record_event(
            leaving.session, leaving.actor("tigong1"), leaving.version, "incident", "x", "digest"
        )
    with pytest.raises(Invalid):
        suspension.record_event(
            leaving.session, leaving.actor("yunying1"), leaving.version, "incident", " ", "digest"
        )
    assert suspend(leaving) is State.SUSPENDED

    assert refused(leaving, "yunying1", Event.RESUME) == {"fault_gone_unchanged"}
    suspension.record_finding(
        leaving.session, leaving.actor("yunying1"), leaving.version, "false_alarm", "监测误报"
    )
    assert leaving.ask("yunying1", Event.RESUME) is State.PUBLISHED
    suspension.end(leaving.session, PLATFORM, leaving.version)
    assert refused(leaving, "yunying1", Event.SUSPEND) == {"incident_recorded"}


def test_a_version_suspended_while_listed_is_not_published_by_resuming(leaving: Leaving) -> None:
    put_into(leaving.session, leaving.version_id, State.LISTED)
    suspend(leaving)
    suspension.record_finding(
        leaving.session, leaving.actor("yunying1"), leaving.version, "fault_outside", "机房断电已恢复"
    )

    assert leaving.ask("yunying1", Event.RESUME) is State.LISTED
    with pytest.raises(TransitionForbidden):
        leaving.ask("yunying1", Event.DEPRECATE)


def test_a_mended_version_comes_back_with_its_three_records_or_not_at_all(leaving: Leaving) -> None:
    suspend(leaving)
    with pytest.raises(TransitionForbidden):
        leaving.ask("yunying1", Event.APPLY_RELISTING)
    assert refused(leaving, "yunying1", Event.START_RECOVERY) == {"same_version_mended"}
    suspension.plan_recovery(leaving.session, leaving.actor("yunying1"), leaving.version, REASON)

    assert leaving.ask("yunying1", Event.START_RECOVERY) is State.REWORK
    for event in (Event.RESUBMIT, Event.WITHDRAW):
        with pytest.raises((GuardNotMet, NotYours, Rejected)):
            leaving.ask("tigong1", event)
