"""A version from creation to the market: transitions, statements, races and refusals."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import (
    GuardNotMet,
    NotEditable,
    NotYours,
    TransitionForbidden,
)
from domain.catalogue.models import ComponentVersion
from domain.catalogue.policy import use_strict_rules
from domain.catalogue.rules import Stage
from domain.catalogue.states import Event, State
from domain.checks import names
from domain.checks.queries import check_runs
from domain.checks.service import CheckRunInput, Finding, record_check_run
from domain.gateway import queries as gateway_queries
from domain.gateway import service as gateway
from domain.market import queries as market_queries
from domain.market import service as market
from domain.market.errors import EntryNotFound, NotPublishable
from domain.people.queries import actor_for
from domain.samples.people import SamplePerson, sample_person_id
from kernel import audit
from kernel.audit import AuditSearch
from kernel.clock import now
from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed, Rejected
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.integration.domain.living import PLATFORM, REASON, Life, life, listed
from tests.unit.domain.records import valid_record

__all__ = ["life"]


def test_a_version_is_returned_reworked_listed_and_published(life: Life) -> None:
    life.authorise()
    assert life.ask("tigong1", Event.START_ONBOARDING) is State.ONBOARDING
    life.assess()
    life.state("yunying1", names.OPERATOR_TESTS, passed=False)
    assert life.ask("yunying1", Event.ASSESSMENT_FAILED, REASON) is State.REWORK
    assert life.ask("tigong2", Event.RESUBMIT, "已逐项整改") is State.ONBOARDING
    life.assess()
    life.onboard()
    life.list_it()
    service.record_directory_push(life.session, PLATFORM, life.version_id, "DIR-1", "local:1")
    assert life.publish() is State.PUBLISHED

    detail = queries.version_detail(life.session, life.act_as("shenhe1"), life.version_id)
    assert (detail.state, detail.row.round, detail.row.listed_at is not None) == (State.PUBLISHED, 2, True)
    assert [change.transition for change in detail.history] == [
        "S01", "S02", "S06", "S07", "S08", "S14", "S07", "S09", "S13", "S17", "S22", "S23",
    ]  # fmt: skip
    assert detail.provider_unit_name == "示例科技07有限公司（示例）"
    events = audit.search(life.session, AuditSearch(stream=f"instance:{life.case.instance_id}"))
    assert "component.transitioned" in {event.action for event in events}
    assert audit.verify(life.session).ok


def test_the_results_of_an_earlier_round_do_not_count(life: Life) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    life.assess()
    life.check(names.SECURITY_ASSESSMENT)
    life.state("yunying1", names.OPERATOR_TESTS, passed=False)
    life.ask("yunying1", Event.ASSESSMENT_FAILED, REASON)
    life.ask("tigong1", Event.RESUBMIT, REASON)

    with pytest.raises(GuardNotMet):
        life.ask("platform", Event.SUBMIT_ASSESSMENT)
    life.assess()
    with pytest.raises(GuardNotMet) as refused:
        life.ask("tigong1", Event.APPLY_REVIEW)
    assert {refusal.rule for refusal in refused.value.refusals} == {
        "assessment_passed",
        "operator_tests_passed",
    }


def test_no_stage_is_skipped(life: Life) -> None:
    for event in (Event.APPROVE_LISTING, Event.PUBLISH, Event.SUBMIT_ASSESSMENT, Event.CONFIRM_ONBOARDED):
        with pytest.raises(TransitionForbidden):
            life.ask("platform", event)
    with pytest.raises(GuardNotMet):
        life.ask("fabu2", Event.AUTHORIZE)


def test_four_eyes_bind_every_decision(life: Life, people: dict[str, SamplePerson]) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    life.assess()
    life.check(names.SECURITY_ASSESSMENT)
    life.state("yunying1", names.OPERATOR_TESTS)
    life.ask("tigong1", Event.APPLY_REVIEW)
    own_case = CaseFacts(instance_id=new_id(), initiator_id=people["shenhe1"].person_id)

    with pytest.raises(NotAllowed):
        service.record_statement(
            life.session, life.act_as("shenhe1"), life.version_id, names.ONBOARDING_REVIEW,
            passed=True, case=own_case,
        )  # fmt: skip
    with pytest.raises(NotYours):
        service.request_transition(
            life.session, life.act_as("shenhe1"), life.version_id, Event.RETURN_ONBOARDING,
            reason=REASON, case=own_case,
        )  # fmt: skip
    with pytest.raises(NotYours):
        life.ask("platform", Event.RETURN_ONBOARDING, REASON)
    with pytest.raises(Invalid):
        life.ask("shenhe1", Event.RETURN_ONBOARDING, " ")
    assert life.ask("shenhe1", Event.RETURN_ONBOARDING, REASON) is State.REWORK


def test_nobodys_word_stands_in_for_the_assessment(life: Life) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    life.assess()
    life.state("yunying1", names.OPERATOR_TESTS)
    life.state("yunying1", names.SECURITY_ASSESSMENT)

    with pytest.raises(GuardNotMet):
        life.ask("tigong1", Event.APPLY_REVIEW)

    # A later word does not take back what the platform found either.
    life.check(names.SECURITY_ASSESSMENT, status="failed")
    life.state("yunying1", names.SECURITY_ASSESSMENT)
    with pytest.raises(GuardNotMet):
        life.ask("tigong1", Event.APPLY_REVIEW)
    life.check(names.SECURITY_ASSESSMENT)
    assert life.ask("tigong1", Event.APPLY_REVIEW) is State.ONBOARD_REVIEW


def test_what_people_state_is_theirs_to_state_and_says_so(life: Life) -> None:
    with pytest.raises(NotAllowed):
        life.state("tigong1", names.SECURITY_ASSESSMENT)
    with pytest.raises(ValueError, match="not stated by people"):
        life.state("yunying1", names.PREPARATION)
    life.state("yunying1", names.SECURITY_ASSESSMENT)

    run = check_runs(life.session, life.version_id)[-1]
    assert run.is_statement
    assert "人工" in run.summary.zh


def test_a_cancelled_version_frees_its_name_and_comes_back_as_another(life: Life) -> None:
    life.ask("fabu2", Event.CANCEL, REASON)

    report = service.import_components(
        life.session, life.act_as("fabu2"), [valid_record() | {"componentId": "new"}], source="again"
    )
    assert report.rows[0].outcome == "created"
    for event in Event:
        with pytest.raises(Rejected):
            life.ask("fabu2", event, REASON)


def test_a_listed_version_leaves_by_delisting_only(life: Life) -> None:
    listed(life)

    for event in (Event.WITHDRAW, Event.CANCEL, Event.REVOKE_AUTHORIZATION, Event.RESUBMIT, Event.EXECUTE):
        with pytest.raises(TransitionForbidden):
            life.ask("fabu2", event, REASON)
    with pytest.raises(GuardNotMet, match="No case of delisting is open"):
        life.ask("shenhe1", Event.START_DELISTING, REASON)


def test_publishing_needs_the_receipt_and_an_operator(life: Life) -> None:
    with pytest.raises(NotPublishable):
        life.publish()
    listed(life)
    with pytest.raises(GuardNotMet):
        life.publish()
    service.record_directory_push(life.session, PLATFORM, life.version_id, "DIR-1", "local:1")
    with pytest.raises(NotYours):
        life.publish(opener="shenhe1")
    with pytest.raises(NotAllowed):
        market.publish(life.session, life.act_as("fabu2"), life.version_id)
    assert life.publish() is State.PUBLISHED


def test_the_record_is_closed_while_it_is_reviewed(life: Life) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    saved = service.save_record(
        life.session, life.act_as("tigong1"), life.version_id, {"apiInfo": {"rateLimit": 0}}
    )
    assert [breach.rule_id for breach in saved.breaches] == ["V-API-11"]
    service.save_record(
        life.session, life.act_as("tigong1"), life.version_id, {"apiInfo": {"rateLimit": 5}}, case=life.case
    )
    life.assess()

    with pytest.raises(NotEditable):
        service.save_record(life.session, life.act_as("tigong1"), life.version_id, {"remark": "x"})
    with pytest.raises(NotAllowed):
        service.save_record(life.session, life.act_as("tigong3"), life.version_id, {"remark": "x"})


def test_routes_are_recorded_once_and_never_enforced(life: Life) -> None:
    first = gateway.record_route(life.session, PLATFORM, life.version_id, "pre_release")
    again = gateway.record_route(life.session, PLATFORM, life.version_id, "pre_release")

    assert first == again
    rows = gateway_queries.routes(life.session, life.version_id)
    assert [(row.stage, row.enforced) for row in rows] == [("pre_release", False)]
    assert gateway_queries.other_paths(life.session, life.version_id) == []
    with pytest.raises(NotAllowed):
        gateway.record_route(life.session, life.act_as("fabu2"), life.version_id, "production")
    assert gateway.remove_routes(life.session, PLATFORM, life.version_id, REASON) == 1
    assert gateway_queries.routes(life.session, life.version_id) == []


def test_the_market_is_searched_by_territory(life: Life) -> None:
    listed(life)
    service.record_directory_push(life.session, PLATFORM, life.version_id, "DIR-1", "local:1")
    life.publish()

    def found(by: str, **wanted: Any) -> int:
        page = market_queries.search(life.session, life.act_as(by), market_queries.MarketFilter(**wanted))
        assert page.total == len(page.rows)
        return page.total

    assert found("shiyong", text="网络资源", layer="能力层", technical_field="1") == 1
    assert found("shiyong", text="络") == 1
    assert found("shiyong", text="地图") == 0
    assert found("shenhe3") == 0
    row = market_queries.search(life.session, life.act_as("shiyong")).rows[0]
    shown = market_queries.entry(life.session, life.act_as("shiyong"), row.id).record["apiInfo"]
    assert "publicPath" in shown
    assert "targetServers" not in shown
    with pytest.raises(EntryNotFound):
        market_queries.entry(life.session, life.act_as("shenhe3"), row.id)

    life.case = CaseFacts(instance_id=new_id(), initiator_id=sample_person_id(life.session, "yunying1"))
    market.unpublish(life.session, PLATFORM, life.version_id, REASON)
    assert life.ask("platform", Event.UNPUBLISH, REASON) is State.LISTED
    assert found("shiyong") == 0


def test_a_job_that_reports_twice_is_stored_once(life: Life) -> None:
    finding = Finding("R-1", "error", "证据", "apiInfo", "8.1.2", Text("问题", "problem"))
    given = CheckRunInput(
        version_id=life.version_id, check=names.NETWORK, status="failed", summary=Text("失败", "failed"),
        findings=[finding], job_id=new_id(),
    )  # fmt: skip

    assert record_check_run(life.session, given) == record_check_run(life.session, given)
    life.check(names.NETWORK)
    runs = {run.check: run for run in check_runs(life.session, life.version_id)}
    assert runs[names.NETWORK].status == "passed"


def test_of_two_at_once_exactly_one_wins(database: Database, people: dict[str, SamplePerson]) -> None:
    with database.write() as session:
        actor = actor_for(session, people["fabu2"].person_id)
        report = service.import_components(session, actor, [valid_record()], source="race")
    version_id = report.rows[0].version_id
    assert version_id is not None
    results: list[str] = []
    together = Barrier(2)

    def cancel() -> None:
        together.wait()
        try:
            perform(
                database,
                "component.transitioned",
                actor,
                lambda session: service.request_transition(
                    session, actor, version_id, Event.CANCEL, reason=REASON
                ),
                subject=("component_version", version_id),
            )
            results.append("done")
        except Conflict:
            results.append("refused")

    threads = [Thread(target=cancel) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "refused"]
    with database.read() as session:
        outcomes = [event.outcome for event in audit.search(session, AuditSearch(subject_id=version_id))]
    assert "refused" in outcomes


def test_the_strict_reading_binds_whoever_asks(life: Life) -> None:
    assert queries.check_version(life.session, life.version_id, Stage.ONBOARDING) == []

    use_strict_rules(strict=True)
    try:
        broken = queries.check_version(life.session, life.version_id, Stage.ONBOARDING)
    finally:
        use_strict_rules(strict=False)

    assert {breach.rule_id for breach in broken} >= {"V-DET-02"}


@pytest.mark.parametrize(("then", "later"), [("强制", "推荐"), ("推荐", "强制")])
def test_what_was_mandatory_at_an_instant_is_what_the_record_said_then(
    life: Life, then: str, later: str
) -> None:
    version = life.session.get_one(ComponentVersion, life.version_id)
    version.use_requirements = then
    listed(life)

    # The record may say something else once the version was mended.
    version.use_requirements = later
    life.session.flush()

    (found,) = queries.in_catalogue_at(life.session, now() + timedelta(seconds=1))
    assert (found.version_id, found.is_mandatory) == (life.version_id, then == "强制")
