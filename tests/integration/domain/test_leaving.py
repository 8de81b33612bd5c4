"""Suspended, delisted in four ways, kept and archived: what is recorded, and what that lets happen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import GuardNotMet, NotYours, TransitionForbidden
from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import Event, State
from domain.delisting import queries as delisting_queries
from domain.delisting import service as delisting
from domain.delisting.errors import DelistingAlreadyOpen, DelistingFourEyes, NotDelistable, TooEarly
from domain.delisting.kinds import KEEP, NO_VALUE, REFUSED, STOPPED, WITHDRAWN, Kind
from domain.orders import queries as orders
from domain.orders import service as order_service
from domain.orders.states import OrderState
from domain.suspension import service as suspension
from domain.usage import queries as usage
from domain.usage.rules import Call
from domain.usage.service import record_call
from kernel import audit
from kernel.clock import ManualClock, now
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, Rejected
from kernel.files import FileStore
from kernel.ids import new_id
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.leaving import GROUNDS, PLATFORM, REASON, Leaving, in_catalogue, put_into


@pytest.fixture
def leaving(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path, clock: ManualClock) -> Leaving:
    """A published version, listed this morning."""
    return in_catalogue(session, act_as, store, tmp_path)


def refused(leaving: Leaving, by: str, event: Event, reason: str | None = REASON) -> set[str]:
    """Ask for a transition that is refused, and return the rules that refuse it."""
    with pytest.raises((GuardNotMet, NotYours)) as refusal:
        leaving.ask(by, event, reason)
    return {found.rule for found in refusal.value.refusals}


def suspend(leaving: Leaving) -> State:
    """Block the version after an incident."""
    operator, version = leaving.actor("yunying1"), leaving.version
    suspension.record_event(
        leaving.session, operator, version, "incident", "服务不可用", version.record_digest
    )
    return leaving.ask("yunying1", Event.SUSPEND)


def forced_until_asked(leaving: Leaving, clock: ManualClock) -> None:
    """Serve a notice, let its deadline pass and ask for the delisting."""
    leaving.open(Kind.FORCED)
    delisting.serve_notice(leaving.session, PLATFORM, leaving.version, leaving.instance_id, 30, "high")
    clock.advance(timedelta(days=31))
    delisting.ask(leaving.session, leaving.actor("shenhe1"), leaving.version, leaving.instance_id)
    assert leaving.ask("shenhe1", Event.START_DELISTING) is State.DELISTING


def approve(leaving: Leaving, by: str = "shenhe2", days: int = 0) -> None:
    """Agree and settle the grace period."""
    delisting.approve(leaving.session, leaving.actor(by), leaving.version, leaving.instance_id, "同意")
    delisting.set_grace(leaving.session, PLATFORM, leaving.version, leaving.instance_id, days=days)


def case_id(leaving: Leaving) -> UUID:
    """Return the open case."""
    case = delisting_queries.open_case(leaving.session, leaving.version_id)
    assert case is not None
    return case.id


def delisted(leaving: Leaving, clock: ManualClock) -> None:
    """Delist by force, whole."""
    forced_until_asked(leaving, clock)
    approve(leaving)
    leaving.tell_holders(case_id(leaving))
    leaving.take_down()
    order_service.cancel_for_version(leaving.session, PLATFORM, leaving.version, "组件已下架")
    assert leaving.ask("platform", Event.EXECUTE) is State.DELISTED
    delisting.close(leaving.session, PLATFORM, leaving.version, leaving.instance_id, "delisted", None)


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


def test_who_sees_a_case(leaving: Leaving, database: Database) -> None:
    opened = leaving.open(Kind.FORCED)

    for seeing in ("shenhe1", "yunying1", "tigong1", "fabu2", "jiandu"):
        assert delisting_queries.case(leaving.session, leaving.actor(seeing), opened).id == opened
    for stranger in ("tigong3", "shiyong"):
        with pytest.raises(Rejected):
            delisting_queries.case(leaving.session, leaving.actor(stranger), opened)
