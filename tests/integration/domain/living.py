"""A version that is brought up from its creation to the market, and the people who do so."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.states import Event, State
from domain.checks import names
from domain.checks.service import CheckRunInput, record_check_run
from domain.gateway import service as gateway
from domain.market import service as market
from domain.people.queries import unit_by_name
from domain.samples.components import write_attachments
from domain.samples.people import sample_person_id
from kernel.actor import system_actor
from kernel.files import FileStore
from kernel.ids import new_id
from kernel.language import Text
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
        self.check(names.SECURITY_ASSESSMENT)
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
