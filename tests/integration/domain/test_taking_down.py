"""Taken down and archived: what must be gone before, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import TransitionForbidden
from domain.catalogue.states import Event, State
from domain.delisting import service as delisting
from domain.delisting.errors import DelistingFourEyes, TooEarly
from domain.delisting.kinds import REFUSED
from domain.orders import queries as orders
from domain.orders import service as order_service
from domain.orders.states import OrderState
from kernel import audit
from kernel.clock import ManualClock
from kernel.errors import NotAllowed
from tests.integration.domain.leaving import (
    PLATFORM,
    REASON,
    Leaving,
    approve,
    case_id,
    delisted,
    forced_until_asked,
    leaving,
    refused,
)

__all__ = ["leaving"]


def test_nothing_is_taken_down_before_everybody_was_told_and_everything_is_gone(
    leaving: Leaving, clock: ManualClock
) -> None:
    leaving.order()
    forced_until_asked(leaving, clock)
    everything = {"delisting_approved", "notice_given", "grace_over", "taken_down"}
    assert refused(leaving, "platform", Event.EXECUTE) == everything
    with pytest.raises(DelistingFourEyes):
        approve(leaving, "shenhe1")
    approve(leaving, days=30)
    with pytest.raises(TooEarly):
        delisting.begin_takedown(leaving.session, PLATFORM, leaving.version, leaving.instance_id)
    assert leaving.tell_holders(case_id(leaving)) == 1
    assert leaving.tell_holders(case_id(leaving)) == 0
    clock.advance(timedelta(days=31))
    leaving.take_down()
    with pytest.raises(TooEarly):
        delisting.stop(
            leaving.session, leaving.actor("shenhe2"), leaving.version, leaving.instance_id, REFUSED, REASON
        )

    assert leaving.ask("platform", Event.EXECUTE) is State.DELISTED
    with pytest.raises(TransitionForbidden):
        leaving.ask("platform", Event.EXECUTE)


def test_an_archive_waits_for_six_months_and_every_statement(leaving: Leaving, clock: ManualClock) -> None:
    order = leaving.order()
    delisted(leaving, clock)
    ended = orders.order(leaving.session, leaving.actor("shiyong"), order)
    assert ended.state is OrderState.CANCELLED
    assert ended.final_statement is not None
    assert ended.final_statement["calls"] == 0
    clock.advance(timedelta(days=200))

    assert refused(leaving, "yunying1", Event.ARCHIVE) == {"rested_and_settled"}
    with pytest.raises(NotAllowed):
        order_service.settle(leaving.session, leaving.actor("shiyong"), leaving.version, order, note="无费用")
    order_service.settle(leaving.session, leaving.actor("yunying1"), leaving.version, order, note="无费用")

    assert leaving.ask("yunying1", Event.ARCHIVE) is State.ARCHIVED
    for event in Event:
        with pytest.raises(TransitionForbidden):
            leaving.ask("platform", event)


def test_a_delisted_version_comes_back_by_no_event_and_its_trail_holds(
    leaving: Leaving, clock: ManualClock
) -> None:
    delisted(leaving, clock)

    for event in set(Event) - {Event.ARCHIVE}:
        with pytest.raises(TransitionForbidden):
            leaving.ask("platform", event)
    assert refused(leaving, "yunying1", Event.ARCHIVE) == {"rested_and_settled"}
    assert [change.transition for change in leaving.version.history][-2:] == ["S35", "S40"]
    assert audit.verify(leaving.session).ok


def test_the_same_transition_twice_happens_once(leaving: Leaving, clock: ManualClock) -> None:
    forced_until_asked(leaving, clock)

    with pytest.raises(TransitionForbidden):
        service.request_transition(
            leaving.session,
            leaving.actor("shenhe1"),
            leaving.version_id,
            Event.START_DELISTING,
            reason=REASON,
            case=CaseFacts(instance_id=leaving.instance_id),
        )
