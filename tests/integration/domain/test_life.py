"""A version from creation to the market: transitions, statements, races and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import (
    GuardNotMet,
    NotEditable,
    NotYours,
    TransitionForbidden,
    VersionHasMoved,
    VersionNotFound,
)
from domain.catalogue.policy import duplicate_threshold, use_strict_rules
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
from domain.people.queries import actor_for, unit_by_name
from domain.samples.components import write_attachments
from domain.samples.people import SamplePerson, sample_person_id
from kernel import audit
from kernel.actor import system_actor
from kernel.audit import AuditSearch
from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed, Rejected
from kernel.files import FileStore
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.integration.domain.conftest import ActAs
from tests.unit.domain.records import valid_record

PLATFORM = system_actor("platform")
REASON = "理由"


@dataclass
class Life:
    """One version and the people who bring it up."""

    session: Session
    act_as: ActAs
    version_id: UUID
    case: CaseFacts = field(init=False)

    def __post_init__(self) -> None:
        """Open the case as the releasing unit."""
        opener = sample_person_id(self.session, "fabu2")
        self.case = CaseFacts(instance_id=new_id(), initiator_id=opener)

    def ask(self, by: str, event: Event, reason: str | None = None) -> State:
        """Ask for a transition as a sample person, or as the platform."""
        actor = PLATFORM if by == "platform" else self.act_as(by)
        return service.request_transition(
            self.session, actor, self.version_id, event, reason=reason, case=self.case
        ).to_state

    def check(self, *checks: str, status: Any = "passed") -> None:
        """Record runs of the platform."""
        for check in checks:
            record_check_run(
                self.session,
                CheckRunInput(
                    version_id=self.version_id, check=check, status=status, summary=Text("检测", "check")
                ),
            )

    def state(self, by: str, check: str, *, passed: bool = True) -> None:
        """Record what a person states."""
        service.record_statement(
            self.session, self.act_as(by), self.version_id, check, passed=passed, note=REASON, case=self.case
        )

    def authorise(self) -> None:
        """Let the sample provider take on the version."""
        provider = unit_by_name(self.session, "示例科技07有限公司（示例）")
        assert provider is not None
        service.assess_basics(self.session, PLATFORM, self.version_id)
        service.record_authorisation(
            self.session, self.act_as("fabu2"), self.version_id, provider.id, "全部", None, case=self.case
        )
        assert self.ask("platform", Event.AUTHORIZE) is State.AUTHORIZED

    def assess(self) -> None:
        """Go from REWORK or AUTHORIZED behind, through the checks, to ASSESSING."""
        self.check(names.PREPARATION, names.NETWORK, names.PREREGISTRATION)
        self.check(names.API_RISK, status="not_checked")
        assert self.ask("platform", Event.SUBMIT_ASSESSMENT) is State.ASSESSING

    def onboard(self) -> None:
        """Go from ASSESSING to ONBOARDED."""
        self.state("yunying1", names.SECURITY_ASSESSMENT)
        self.state("yunying1", names.OPERATOR_TESTS)
        assert self.ask("tigong1", Event.APPLY_REVIEW) is State.ONBOARD_REVIEW
        self.state("shenhe1", names.ONBOARDING_REVIEW)
        self.state("yunying2", names.INFORMATION_VERIFIED)
        gateway.record_route(self.session, PLATFORM, self.version_id, "production")
        self.check(names.ROUTE_REGISTRATION)
        assert self.ask("platform", Event.CONFIRM_ONBOARDED) is State.ONBOARDED

    def list_it(self) -> None:
        """Go from ONBOARDED to LISTED."""
        self.check(names.LISTING)
        assert self.ask("platform", Event.SUBMIT_LISTING) is State.LISTING_REVIEW
        assert self.ask("shenhe2", Event.APPROVE_LISTING) is State.LISTED

    def publish(self, opener: str = "yunying1") -> State:
        """Ask to publish in a case of an operator."""
        market.publish(self.session, PLATFORM, self.version_id, {"category": "基础支撑"})
        case = CaseFacts(instance_id=new_id(), initiator_id=sample_person_id(self.session, opener))
        return service.request_transition(
            self.session, PLATFORM, self.version_id, Event.PUBLISH, case=case
        ).to_state


@pytest.fixture
def life(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path) -> Life:
    """Import the sample version with its attachments and begin its life."""
    records = [valid_record()]
    write_attachments(records, tmp_path)
    report = service.import_components(
        session, act_as("fabu2"), records, source="test", store=store, attachments_root=tmp_path
    )
    assert report.rows[0].version_id is not None
    return Life(session, act_as, report.rows[0].version_id)


def listed(life: Life) -> Life:
    """Bring the version to LISTED."""
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    life.assess()
    life.onboard()
    life.list_it()
    return life


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
    life.state("yunying1", names.SECURITY_ASSESSMENT)
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


def test_only_the_authorised_provider_starts_the_onboarding(life: Life) -> None:
    life.authorise()

    for other in ("tigong3", "tigong4", "fabu2", "yunying1", "shenhe1", "platform"):
        with pytest.raises(NotYours):
            life.ask(other, Event.START_ONBOARDING)
    assert life.ask("tigong2", Event.START_ONBOARDING) is State.ONBOARDING


def test_revoking_takes_the_rights_at_once_and_keeps_the_history(life: Life) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)

    assert life.ask("fabu3", Event.REVOKE_AUTHORIZATION, REASON) is State.DRAFT

    with pytest.raises(VersionNotFound):
        queries.version_detail(life.session, life.act_as("tigong1"), life.version_id)
    with pytest.raises(TransitionForbidden):
        life.ask("tigong1", Event.START_ONBOARDING)
    life.authorise()


def test_who_is_asked_to_take_the_mandate_may_read_the_draft(life: Life) -> None:
    asked = unit_by_name(life.session, "示例科技10有限公司（示例）")
    operating = unit_by_name(life.session, "示例市智能中心运营")
    assert asked is not None
    assert operating is not None

    with pytest.raises(Invalid):
        service.offer_mandate(life.session, life.act_as("fabu2"), life.version_id, operating.id)
    with pytest.raises(NotAllowed):
        service.offer_mandate(life.session, life.act_as("tigong3"), life.version_id, asked.id)
    service.offer_mandate(life.session, life.act_as("fabu2"), life.version_id, asked.id, case=life.case)
    seen = queries.version_detail(life.session, life.act_as("tigong3"), life.version_id)
    assert seen.provider_unit_id is None
    with pytest.raises(NotAllowed):
        service.save_record(life.session, life.act_as("tigong3"), life.version_id, {"remark": "x"})

    life.authorise()
    with pytest.raises(VersionNotFound):
        queries.version_detail(life.session, life.act_as("tigong3"), life.version_id)


def test_a_mandate_without_an_end_goes_on(life: Life) -> None:
    provider = unit_by_name(life.session, "示例科技07有限公司（示例）")
    assert provider is not None
    period = {"from": "2020-01-01", "until": None}

    service.record_authorisation(
        life.session, life.act_as("fabu2"), life.version_id, provider.id, "全部", period, case=life.case
    )

    mandate = queries.version_detail(life.session, life.act_as("fabu2"), life.version_id).authorisation
    assert mandate is not None
    assert (mandate.starts_on, mandate.ends_on) == ("2020-01-01", None)


def test_an_authorisation_that_has_ended_does_not_count(life: Life) -> None:
    provider = unit_by_name(life.session, "示例科技07有限公司（示例）")
    assert provider is not None

    def authorise(period: Any, **more: Any) -> None:
        service.record_authorisation(
            life.session, life.act_as("fabu2"), life.version_id, provider.id, "全部", period, **more
        )

    with pytest.raises(Invalid):
        authorise({"startsOn": "2020-01-01", "endsOn": "2020-12-31"}, case=life.case)
    with pytest.raises(Invalid):
        authorise("2099-02-30", case=life.case)
    with pytest.raises(Invalid):
        authorise("2099-12-31")
    authorise({"startsOn": "2099-01-01", "endsOn": "2099-12-31"}, case=life.case)
    service.assess_basics(life.session, PLATFORM, life.version_id)
    life.ask("platform", Event.AUTHORIZE)
    with pytest.raises(GuardNotMet):
        life.ask("tigong1", Event.START_ONBOARDING)


def test_four_eyes_bind_every_decision(life: Life, people: dict[str, SamplePerson]) -> None:
    life.authorise()
    life.ask("tigong1", Event.START_ONBOARDING)
    life.assess()
    life.state("yunying1", names.SECURITY_ASSESSMENT)
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


def test_what_people_state_is_theirs_to_state_and_says_so(life: Life) -> None:
    with pytest.raises(NotAllowed):
        life.state("tigong1", names.SECURITY_ASSESSMENT)
    with pytest.raises(ValueError, match="not stated by people"):
        life.state("yunying1", names.PREPARATION)
    life.state("yunying1", names.SECURITY_ASSESSMENT)

    run = check_runs(life.session, life.version_id)[-1]
    assert run.is_statement
    assert "人工" in run.summary.zh


def test_a_version_that_moved_is_a_conflict(life: Life) -> None:
    life.authorise()

    with pytest.raises(VersionHasMoved):
        service.request_transition(
            life.session, PLATFORM, life.version_id, Event.START_ONBOARDING, expected_from=State.DRAFT
        )


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


def test_a_draft_reserves_its_name_and_number(session: Session, act_as: ActAs) -> None:
    opened = service.open_draft(session, act_as("fabu2"), "新组件", "1.0", "新建")
    assert opened.ok
    assert opened.record is not None
    assert (opened.record["useRequirements"], opened.record["publicRegion"]) == ("强制", "示例市")

    taken = service.open_draft(session, act_as("fabu1"), " 新组件", "2.0", "新建")
    assert (taken.ok, taken.holder) == (False, "示例市数据局（示例）")
    assert service.open_draft(session, act_as("fabu1"), "  ", "v1", "新建").ok is False
    again = service.open_draft(
        session, act_as("fabu2"), "", "1.0.0", "新建", component_id=opened.component_id
    )
    assert again.ok is False
    further = service.open_draft(
        session, act_as("fabu2"), "", "1.1", "新建", component_id=opened.component_id
    )
    assert further.ok
    same = service.open_draft(session, act_as("fabu2"), "", "", "新建", version_id=opened.version_id)
    assert same.version_id == opened.version_id
    for other in ("tigong1", "yunying1", "shenhe1", "shiyong"):
        with pytest.raises(NotAllowed):
            service.open_draft(session, act_as(other), "别的组件", "1.0", "新建")


def test_a_name_that_is_taken_cannot_be_saved(session: Session, act_as: ActAs) -> None:
    service.open_draft(session, act_as("fabu2"), "甲组件", "1.0", "新建")
    second = service.open_draft(session, act_as("fabu2"), "乙组件", "1.0", "新建")
    assert second.version_id is not None

    with pytest.raises(Invalid) as refused:
        service.save_record(session, act_as("fabu2"), second.version_id, {"name": "甲组件"})
    assert [problem.rule for problem in refused.value.problems] == ["V-NAME-03"]
    service.save_record(session, act_as("fabu2"), second.version_id, {"name": "丙组件", "version": "1.2"})
    assert queries.version_detail(session, act_as("fabu2"), second.version_id).name == "丙组件"
    assert service.open_draft(session, act_as("fabu2"), "乙组件", "1.0", "新建").ok


def test_a_component_like_a_mandatory_one_goes_to_review(life: Life) -> None:
    twin = service.open_draft(life.session, life.act_as("fabu2"), "统一网络资源服务平台", "1.0", "外部引入")
    assert twin.version_id is not None
    record = valid_record()
    service.save_record(life.session, life.act_as("fabu2"), life.version_id, {"useRequirements": "强制"})
    service.save_record(life.session, life.act_as("fabu2"), twin.version_id, {"remark": record["remark"]})

    found = service.assess_basics(life.session, PLATFORM, twin.version_id)

    assert found.review_needed
    assert found.similar[0].version_id == life.version_id
    assert found.duplicate_score >= duplicate_threshold()
    case = CaseFacts(instance_id=new_id(), initiator_id=sample_person_id(life.session, "fabu2"))
    service.settle_duplicate_review(
        life.session, life.act_as("shenhe1"), twin.version_id, "强制", "另有用途", case
    )
    detail = queries.version_detail(life.session, life.act_as("shenhe1"), twin.version_id)
    assert detail.record["useRequirements"] == "强制"


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
                    session, actor, version_id, Event.CANCEL, reason=REASON, expected_from=State.DRAFT
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


def test_name_and_number_are_settled_once_authorised(life: Life) -> None:
    life.authorise()

    for patch in ({"name": "另一名称"}, {"version": "9.9.9"}):
        with pytest.raises(Invalid):
            service.save_record(life.session, life.act_as("fabu2"), life.version_id, patch)


def test_nobody_creates_for_another_region_or_for_what_releases_nothing(
    session: Session, act_as: ActAs
) -> None:
    operating = unit_by_name(session, "示例市智能中心运营")
    assert operating is not None

    with pytest.raises(NotAllowed):
        service.open_draft(session, act_as("fabu2"), "新组件", "1.0", "新建", region_code="990300")
    with pytest.raises(NotAllowed):
        service.open_draft(session, act_as("fabu1"), "新组件", "1.0", "新建", unit_id=operating.id)


def test_an_api_value_that_became_free_is_reserved_before_it_is_relied_on(life: Life) -> None:
    other = service.open_draft(life.session, life.act_as("fabu2"), "另一组件", "1.0", "外部引入")
    assert other.version_id is not None
    patch = valid_record() | {"name": "另一组件", "version": "1.0"}
    service.save_record(life.session, life.act_as("fabu2"), other.version_id, patch)
    taken = {
        breach.rule_id for breach in queries.check_version(life.session, other.version_id, Stage.ONBOARDING)
    }
    assert taken == {"V-API-03", "V-API-05", "V-API-16"}
    life.ask("fabu2", Event.CANCEL, REASON)
    assert queries.check_version(life.session, other.version_id, Stage.ONBOARDING) == []

    second = Life(life.session, life.act_as, other.version_id)
    second.authorise()

    third = service.open_draft(life.session, life.act_as("fabu2"), "第三组件", "1.0", "外部引入")
    assert third.version_id is not None
    saved = service.save_record(
        life.session, life.act_as("fabu2"), third.version_id, {"apiInfo": patch["apiInfo"]}
    )
    assert saved.breaches
    broken = {
        breach.rule_id for breach in queries.check_version(life.session, third.version_id, Stage.ONBOARDING)
    }
    assert {"V-API-03", "V-API-05", "V-API-16"} <= broken


def test_the_strict_reading_binds_whoever_asks(life: Life) -> None:
    assert queries.check_version(life.session, life.version_id, Stage.ONBOARDING) == []

    use_strict_rules(strict=True)
    try:
        broken = queries.check_version(life.session, life.version_id, Stage.ONBOARDING)
    finally:
        use_strict_rules(strict=False)

    assert {breach.rule_id for breach in broken} >= {"V-DET-02"}
