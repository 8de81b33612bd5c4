"""A version that stands in the catalogue, with the people who suspend, delist and keep it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import GuardNotMet, NotYours
from domain.catalogue.models import ComponentVersion
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import Event, State
from domain.delisting import queries as delisting_queries
from domain.delisting import service as delisting
from domain.delisting.kinds import PARTS, Kind
from domain.orders import service as orders
from domain.orders.registering import Granted
from domain.people.queries import unit_by_name
from domain.samples.components import write_attachments
from domain.samples.people import sample_person_id
from domain.suspension import service as suspension
from kernel.actor import Actor, system_actor
from kernel.clock import ManualClock, now
from kernel.files import FileStore
from kernel.ids import new_id
from kernel.language import Text
from tests.integration.domain.conftest import ActAs
from tests.unit.domain.records import valid_record

PLATFORM = system_actor("platform")
REASON = "理由"
GROUNDS: dict[Kind, dict[str, Any]] = {
    Kind.FORCED: {"cause": "vulnerable", "evidence": "检测报告第3章"},
    Kind.IDLE: {},
    Kind.COMPLIANCE: {
        "regulationTitle": "公共数据条例",
        "regulationClause": "第十二条",
        "effectiveDate": "2027-06-01",
    },
    Kind.VOLUNTARY: {"reason": "业务调整"},
}
OPENERS = {
    Kind.FORCED: "shenhe1",
    Kind.IDLE: "platform",
    Kind.COMPLIANCE: "shenhe1",
    Kind.VOLUNTARY: "tigong1",
}


def put_into(session: Session, version_id: UUID, state: State) -> None:
    """Put the version into a state at once, as one that was listed now and has its provider."""
    provider = unit_by_name(session, "示例科技07有限公司（示例）")
    assert provider is not None
    session.execute(
        update(ComponentVersion)
        .where(ComponentVersion.id == version_id)
        .values(state=state.value, listed_at=now(), provider_unit_id=provider.id)
    )
    session.expire_all()


@dataclass
class Leaving:
    """One version in the catalogue and the case in which something happens to it."""

    session: Session
    act_as: ActAs
    version_id: UUID
    instance_id: UUID = field(default_factory=new_id)

    def actor(self, user_name: str) -> Actor:
        """Return a sample person, or the platform."""
        return PLATFORM if user_name == "platform" else self.act_as(user_name)

    @property
    def version(self) -> VersionDetail:
        """Return the version as it is now."""
        self.session.expire_all()
        return queries.version_detail(self.session, PLATFORM, self.version_id)

    def ask(self, by: str, event: Event, reason: str | None = REASON, opener: str | None = None) -> State:
        """Ask for a transition in the case."""
        initiator = sample_person_id(self.session, opener) if opener else None
        case = CaseFacts(instance_id=self.instance_id, initiator_id=initiator)
        return service.request_transition(
            self.session, self.actor(by), self.version_id, event, reason=reason, case=case
        ).to_state

    def open(self, kind: Kind, by: str | None = None, **grounds: Any) -> UUID:
        """Open a case of a kind."""
        return delisting.open_case(
            self.session,
            self.actor(by or OPENERS[kind]),
            self.version,
            kind,
            {**GROUNDS[kind], **grounds},
            self.instance_id,
            listed_before=True,
        )

    def order(self, number: str = "DD-1", holder: str = "示例市政务服务中心") -> UUID:
        """Register an order."""
        unit = unit_by_name(self.session, holder)
        assert unit is not None
        granted = Granted(
            version_id=self.version_id,
            number=number,
            holder_unit_id=unit.id,
            application="一网通办",
            purpose="身份核验",
            granted_on="2026-01-01",
        )
        made = orders.register_order(self.session, self.actor("yunying1"), self.version, granted)
        assert made is not None
        return made

    def tell_holders(self, case_id: UUID) -> int:
        """Tell every holder of the take-down."""
        told = orders.tell_holders(
            self.session,
            PLATFORM,
            self.version,
            case_id,
            "takedown",
            lambda _order: new_id(),
            Text("请迁移", "Please migrate"),
            self.instance_id,
        )
        delisting.tell(self.session, self.instance_id)
        return told

    def take_down(self) -> None:
        """Prove every part gone."""
        delisting.begin_takedown(self.session, PLATFORM, self.version, self.instance_id)
        for part in PARTS:
            delisting.prove_gone(self.session, PLATFORM, self.version, self.instance_id, part, {"count": 0})


def in_catalogue(
    session: Session, act_as: ActAs, store: FileStore, folder: Path, state: State = State.PUBLISHED
) -> Leaving:
    """Import the valid record and put it into the catalogue."""
    records = [valid_record()]
    write_attachments(records, folder)
    report = service.import_components(
        session, act_as("fabu2"), records, source="test", store=store, attachments_root=folder
    )
    version_id = report.rows[0].version_id
    assert version_id is not None
    put_into(session, version_id, state)
    return Leaving(session, act_as, version_id)


@pytest.fixture
def leaving(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path, clock: ManualClock) -> Leaving:
    """A published version, listed this morning."""
    return in_catalogue(session, act_as, store, tmp_path)


def refused(leaving: Leaving, by: str, event: Event, reason: str | None = REASON) -> set[str]:
    """Ask for a transition that is refused, and return the rules that refuse it."""
    with pytest.raises((GuardNotMet, NotYours)) as refusal:
        leaving.ask(by, event, reason)
    assert isinstance(refusal.value, GuardNotMet | NotYours)
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
    orders.cancel_for_version(leaving.session, PLATFORM, leaving.version, "组件已下架")
    assert leaving.ask("platform", Event.EXECUTE) is State.DELISTED
    delisting.close(leaving.session, PLATFORM, leaving.version, leaving.instance_id, "delisted", None)
