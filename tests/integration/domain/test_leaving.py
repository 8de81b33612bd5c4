"""Delisted in four ways, or kept: who opens a case, what it waits for, how it is stopped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from domain.catalogue import queries as catalogue
from domain.catalogue.errors import TransitionForbidden
from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import Event, State
from domain.delisting import queries as delisting_queries
from domain.delisting import service as delisting
from domain.delisting.errors import DelistingAlreadyOpen, DelistingFourEyes, NotDelistable
from domain.delisting.kinds import KEEP, NO_VALUE, REFUSED, STOPPED, WITHDRAWN, Kind
from domain.orders import service as order_service
from domain.usage import queries as usage
from domain.usage.rules import Call
from domain.usage.service import record_call
from kernel.audit import AuditSearch, search
from kernel.clock import ManualClock, now
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, Rejected
from kernel.ids import new_id
from tests.integration.domain.leaving import (
    GROUNDS,
    PLATFORM,
    REASON,
    Leaving,
    approve,
    forced_until_asked,
    leaving,
    put_into,
    refused,
)

__all__ = ["leaving"]


def test_what_is_in_the_catalogue_leaves_it_by_delisting_only(leaving: Leaving) -> None:
    for state in (State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED):
        put_into(leaving.session, leaving.version_id, state)
        for event in (Event.EXECUTE, Event.CANCEL, Event.START_ONBOARDING, Event.ARCHIVE):
            for by in ("platform", "fabu2", "tigong1", "yunying1", "shenhe1"):
                with pytest.raises(TransitionForbidden):
                    leaving.ask(by, event)


@pytest.mark.requirement("R-9.2a1")
def test_a_forced_delisting_waits_for_the_deadline_of_its_notice(
    leaving: Leaving, clock: ManualClock
) -> None:
    assert "delisting_case" in refused(leaving, "shenhe1", Event.START_DELISTING)
    leaving.open(Kind.FORCED)
    assert refused(leaving, "shenhe1", Event.START_DELISTING) == {"forced_deadline"}
    due = delisting.serve_notice(leaving.session, PLATFORM, leaving.version, leaving.instance_id, 30, "high")
    clock.advance(due - now() - timedelta(seconds=1))
    assert refused(leaving, "shenhe1", Event.START_DELISTING) == {"forced_deadline"}

    clock.advance(timedelta(seconds=1))
    for other in ("yunying1", "tigong1"):
        assert "delisting_case" in refused(leaving, other, Event.START_DELISTING)
    with pytest.raises(Invalid):
        leaving.ask("shenhe1", Event.START_DELISTING, " ")
    assert leaving.ask("shenhe1", Event.START_DELISTING) is State.DELISTING


def test_a_fault_that_was_mended_in_time_closes_the_way_to_a_forced_delisting(
    leaving: Leaving, clock: ManualClock
) -> None:
    leaving.open(Kind.FORCED)
    delisting.serve_notice(leaving.session, PLATFORM, leaving.version, leaving.instance_id, 30, "high")
    delisting.reply(leaving.session, leaving.actor("tigong1"), leaving.version, leaving.instance_id, "已修复")
    delisting.mend(
        leaving.session, leaving.actor("yunying1"), leaving.version, leaving.instance_id, True, "复测通过"
    )
    clock.advance(timedelta(days=60))

    assert refused(leaving, "shenhe1", Event.START_DELISTING) == {"forced_deadline"}


def test_calling_a_fault_mended_against_a_failed_scan_needs_its_reason_and_stands_in_the_trail(
    leaving: Leaving,
) -> None:
    leaving.open(Kind.FORCED)
    who = (leaving.session, leaving.actor("yunying1"), leaving.version, leaving.instance_id)

    with pytest.raises(Invalid):
        delisting.mend(*who, True, " ", rescan_passed=False)
    delisting.mend(*who, True, "所列漏洞已修复，复测问题另行整改", rescan_passed=False)

    events = search(leaving.session, AuditSearch(action_prefix="delisting.verified"))
    assert [(event.reason, event.after["rescan_passed"]) for event in events if event.after] == [
        ("所列漏洞已修复，复测问题另行整改", False)
    ]


def test_each_kind_is_opened_by_its_own_side(leaving: Leaving) -> None:
    strangers = [
        (Kind.FORCED, "yunying1"),
        (Kind.FORCED, "tigong1"),
        (Kind.FORCED, "platform"),
        (Kind.COMPLIANCE, "fabu2"),
        (Kind.VOLUNTARY, "tigong3"),
        (Kind.VOLUNTARY, "shenhe1"),
    ]

    for kind, by in strangers:
        with pytest.raises(NotAllowed):
            leaving.open(kind, by)


def test_a_case_is_not_opened_on_thin_grounds(leaving: Leaving) -> None:
    for kind in (Kind.FORCED, Kind.COMPLIANCE, Kind.VOLUNTARY):
        for name in GROUNDS[kind]:
            with pytest.raises(Invalid) as refusal:
                leaving.open(kind, **{name: " "})
            assert refusal.value.problems[0].path == name


def test_of_two_delistings_one_is_opened(leaving: Leaving) -> None:
    leaving.open(Kind.FORCED)
    leaving.instance_id = new_id()

    with pytest.raises(DelistingAlreadyOpen):
        leaving.open(Kind.VOLUNTARY)


def test_what_never_was_in_the_catalogue_is_not_delisted(leaving: Leaving) -> None:
    put_into(leaving.session, leaving.version_id, State.ONBOARDED)

    with pytest.raises(NotDelistable):
        leaving.open(Kind.FORCED)


def test_an_idle_delisting_waits_for_the_last_day_and_for_both_opinions(
    leaving: Leaving, clock: ManualClock
) -> None:
    leaving.open(Kind.IDLE)
    for role, by in (("operator", "yunying1"), ("reviewer", "shenhe1")):
        assert "idle_opinions" in refused(leaving, "yunying2", Event.START_DELISTING)
        delisting.record_opinion(
            leaving.session, leaving.actor(by), leaving.version, leaving.instance_id, role, NO_VALUE, REASON
        )
    # Listed on 23 November: the 22nd of May is a day short.
    clock.advance(timedelta(days=180))
    assert refused(leaving, "yunying2", Event.START_DELISTING) == {"idle_months"}
    clock.advance(timedelta(days=1))
    call = Call(
        version_id=leaving.version_id,
        called_at=now(),
        kind="probe",
        trace_id="t-1",
        application="监测",
        result_code=200,
    )
    record_call(leaving.session, call, "gateway")

    assert leaving.ask("yunying2", Event.START_DELISTING) is State.DELISTING
    assert usage.last_real_call(leaving.session, leaving.version_id) is None


@pytest.mark.requirement("R-9.2b1")
def test_candidates_are_idle_for_six_calendar_months_to_the_day(leaving: Leaving, clock: ManualClock) -> None:
    def called(kind: str, trace: str) -> None:
        call = Call(
            version_id=leaving.version_id,
            called_at=now(),
            kind=kind,
            trace_id=trace,
            application="监测",
            result_code=200,
        )
        record_call(leaving.session, call, "gateway")

    def candidates() -> list[tuple[UUID, State]]:
        return [(one.id, one.state) for one in catalogue.idle_candidates(leaving.session)]

    # Listed on 23 November 2026: 22 May 2027 is one day less than six calendar months.
    clock.advance(timedelta(days=180))
    for kind in ("probe", "debug", "operator_test"):
        called(kind, kind)
    assert candidates() == []
    clock.advance(timedelta(days=1))
    assert candidates() == [(leaving.version_id, State.PUBLISHED)]

    put_into(leaving.session, leaving.version_id, State.SUSPENDED)
    leaving.session.execute(
        update(ComponentVersion)
        .where(ComponentVersion.id == leaving.version_id)
        .values(listed_at=now() - timedelta(days=181))
    )
    assert candidates() == [(leaving.version_id, State.SUSPENDED)]
    called("real", "t-real")
    assert candidates() == []
    clock.advance(timedelta(days=183))
    assert candidates() == []
    clock.advance(timedelta(days=1))
    assert candidates() == [(leaving.version_id, State.SUSPENDED)]


def test_any_real_call_lets_the_idle_clock_run_anew(leaving: Leaving, clock: ManualClock) -> None:
    leaving.open(Kind.IDLE)
    for role, by in (("operator", "yunying1"), ("reviewer", "shenhe1")):
        delisting.record_opinion(
            leaving.session, leaving.actor(by), leaving.version, leaving.instance_id, role, NO_VALUE, REASON
        )
    clock.advance(timedelta(days=200))
    call = Call(
        version_id=leaving.version_id,
        called_at=now() - timedelta(days=100),
        kind="real",
        trace_id="t-1",
        application="一网通办",
        result_code=200,
    )
    assert record_call(leaving.session, call, "gateway")
    assert not record_call(leaving.session, call, "gateway")

    assert refused(leaving, "yunying2", Event.START_DELISTING) == {"idle_months"}


@pytest.mark.requirement("R-9.2b2")
def test_one_who_wants_to_keep_it_is_enough(leaving: Leaving, clock: ManualClock) -> None:
    leaving.open(Kind.IDLE)
    for role, by, said in (("operator", "yunying1", NO_VALUE), ("reviewer", "shenhe1", KEEP)):
        delisting.record_opinion(
            leaving.session, leaving.actor(by), leaving.version, leaving.instance_id, role, said, REASON
        )
    clock.advance(timedelta(days=200))

    assert refused(leaving, "yunying2", Event.START_DELISTING) == {"idle_opinions"}
    assert catalogue.idle_candidate(leaving.session, leaving.version_id) is not None
    delisting.retain(leaving.session, leaving.instance_id)
    delisting.close(leaving.session, PLATFORM, leaving.version, leaving.instance_id, "kept", REASON)
    assert catalogue.idle_candidate(leaving.session, leaving.version_id) is None
    clock.advance(timedelta(days=190))
    assert catalogue.idle_candidate(leaving.session, leaving.version_id) is not None
    with pytest.raises(Invalid):
        delisting.record_opinion(
            leaving.session, PLATFORM, leaving.version, leaving.instance_id, "reviewer", NO_VALUE, " "
        )


@pytest.mark.requirement("R-9.2c")
def test_a_compliance_delisting_rests_on_the_conclusion(leaving: Leaving) -> None:
    for name in ("regulationTitle", "regulationClause"):
        with pytest.raises(Invalid) as refusal:
            leaving.open(Kind.COMPLIANCE, **{name: ""})
        assert refusal.value.problems[0].path == name
    leaving.open(Kind.COMPLIANCE)
    assert refused(leaving, "shenhe1", Event.START_DELISTING) == {"cannot_be_adapted"}

    delisting.conclude(
        leaving.session,
        leaving.actor("shenhe1"),
        leaving.version,
        leaving.instance_id,
        "cannot_adapt",
        REASON,
    )

    assert leaving.ask("shenhe1", Event.START_DELISTING) is State.DELISTING
    with pytest.raises(DelistingFourEyes):
        approve(leaving, "shenhe1")


@pytest.mark.requirement("R-9.2d1")
def test_a_voluntary_delisting_needs_its_migration_plan_and_goes_by_a_grace_period(
    leaving: Leaving, clock: ManualClock
) -> None:
    order = leaving.order()
    leaving.open(Kind.VOLUNTARY)
    assert refused(leaving, "tigong1", Event.START_DELISTING) == {"migration_planned"}
    delisting.ask(
        leaving.session,
        leaving.actor("tigong1"),
        leaving.version,
        leaving.instance_id,
        {"migrationPlan": "file:x"},
    )
    assert leaving.ask("tigong1", Event.START_DELISTING) is State.DELISTING
    approve(leaving, days=90)
    assert leaving.ask("shenhe2", Event.APPROVE_VOLUNTARY, opener="tigong1") is State.DEPRECATED
    assert refused(leaving, "yunying1", Event.UNDEPRECATE) == {"no_delisting_pending"}
    assert refused(leaving, "platform", Event.END_GRACE) == {"grace_over"}

    with pytest.raises(NotAllowed):
        order_service.confirm_migration(leaving.session, leaving.actor("yunying1"), leaving.version, order)
    order_service.confirm_migration(leaving.session, leaving.actor("shiyong"), leaving.version, order)

    assert leaving.ask("platform", Event.END_GRACE) is State.DELISTING
    assert leaving.version.row.state is State.DELISTING


def test_a_stopped_voluntary_delisting_is_published_again(leaving: Leaving) -> None:
    leaving.open(Kind.VOLUNTARY)
    delisting.ask(
        leaving.session,
        leaving.actor("tigong1"),
        leaving.version,
        leaving.instance_id,
        {"migrationPlan": "file:x"},
    )
    leaving.ask("tigong1", Event.START_DELISTING)
    approve(leaving, days=90)
    leaving.ask("shenhe2", Event.APPROVE_VOLUNTARY, opener="tigong1")

    delisting.stop(
        leaving.session, leaving.actor("shenhe1"), leaving.version, leaving.instance_id, STOPPED, REASON
    )

    assert leaving.ask("platform", Event.UNDEPRECATE, opener="tigong1") is State.PUBLISHED


def test_a_refused_or_withdrawn_delisting_restores_what_was(leaving: Leaving, clock: ManualClock) -> None:
    forced_until_asked(leaving, clock)
    assert refused(leaving, "shenhe2", Event.KEEP) == {"keeping_decided"}
    delisting.stop(
        leaving.session, leaving.actor("shenhe1"), leaving.version, leaving.instance_id, REFUSED, REASON
    )
    assert refused(leaving, "shenhe1", Event.KEEP) == {"keeping_decided"}

    delisting.stop(
        leaving.session, leaving.actor("shenhe1"), leaving.version, leaving.instance_id, WITHDRAWN, REASON
    )

    assert leaving.ask("shenhe1", Event.KEEP) is State.PUBLISHED


def test_who_sees_a_case(leaving: Leaving, database: Database) -> None:
    opened = leaving.open(Kind.FORCED)

    for seeing in ("shenhe1", "yunying1", "tigong1", "fabu2", "jiandu"):
        assert delisting_queries.case(leaving.session, leaving.actor(seeing), opened).id == opened
    for stranger in ("tigong3", "shiyong"):
        with pytest.raises(Rejected):
            delisting_queries.case(leaving.session, leaving.actor(stranger), opened)
