"""Creation, listing, publishing and versions by the values of their acceptance texts, at the services."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import NotYours, TransitionForbidden, VersionNotFound
from domain.catalogue.semantics import Level
from domain.catalogue.states import Event, State
from domain.changes import service as changes
from domain.changes.kinds import Kind
from domain.changes.service import Contract, Proposal
from domain.gateway import service as gateway
from domain.gateway.queries import routes
from domain.market import service as market
from domain.market.queries import MarketFilter, search
from handlers.scanning.contracts import compare_contracts
from kernel import audit
from kernel.actor import Actor, system_actor
from kernel.audit import AuditSearch
from kernel.clock import now
from kernel.errors import Invalid, NotAllowed, Rejected
from kernel.files import FileStore
from kernel.ids import new_id
from tests.factories.versions import listed_version, mandate, put_in_state
from tests.integration.domain.conftest import ActAs
from tests.unit.domain.records import valid_record

PLATFORM = system_actor("platform")
NAME = "示例验收组件"
SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"
)
Placed = Callable[[State], UUID]


@pytest.fixture
def placed(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path) -> Placed:
    """Put a version with its provider into a state."""
    return lambda state: listed_version(session, act_as("fabu2"), valid_record(), store, tmp_path, state)


def asked(session: Session, who: Actor, version_id: UUID, event: Event, reason: str | None = None) -> State:
    """Ask for a transition in a case of a provider."""
    return service.request_transition(session, who, version_id, event, reason=reason).to_state


def contract(required: tuple[str, ...] = ()) -> bytes:
    """Return a small API document."""
    properties = {name: {"type": "string"} for name in ("area", "scale")}
    schema = {"type": "object", "required": list(required), "properties": properties}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}
    head = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}}
    return json.dumps({**head, "paths": {"/maps": operation}}).encode()


@pytest.mark.requirement("R-9.1a1b")
def test_a_provider_sees_and_edits_what_its_mandate_says(session: Session, act_as: ActAs) -> None:
    releasing, provider = act_as("fabu2"), act_as("tigong1")
    opened = service.open_draft(session, releasing, NAME, "1.0.0", "解耦与重构")
    other = service.open_draft(session, releasing, f"{NAME}二", "1.0.0", "解耦与重构")
    assert opened.version_id is not None
    assert other.version_id is not None
    version_id = opened.version_id

    with pytest.raises(VersionNotFound):
        queries.version_detail(session, provider, version_id)
    service.offer_mandate(session, releasing, version_id, provider.unit_id)
    assert queries.version_detail(session, provider, version_id).name == NAME
    with pytest.raises(NotAllowed):
        service.save_record(session, provider, version_id, {"remark": "尚未受托"})

    mandate(session, releasing, version_id)
    service.save_record(session, provider, version_id, {"remark": "受托后填写"})
    with pytest.raises(NotAllowed):
        service.save_record(session, provider, other.version_id, {"remark": "他人的组件"})

    put_in_state(session, version_id, State.AUTHORIZED)
    with pytest.raises(Invalid):
        asked(session, releasing, version_id, Event.REVOKE_AUTHORIZATION)
    asked(session, releasing, version_id, Event.REVOKE_AUTHORIZATION, "更换提供方")
    with pytest.raises(VersionNotFound):
        queries.version_detail(session, provider, version_id)
    trail = audit.search(session, AuditSearch(stream=f"component:{version_id}"))
    assert [event.reason for event in trail if event.action == "component.transitioned"] == ["更换提供方"]


@pytest.mark.requirement("R-9.1a2b")
def test_every_accepted_number_has_a_canonical_semantic_version(session: Session, act_as: ActAs) -> None:
    accepted = {
        "5.0": "5.0.0",
        "5.1.0": "5.1.0",
        "5.2.0.13124": "5.2.0+build.13124",
        "5.3.0 build-13124": "5.3.0+build.13124",
        "5.4.0-rc.1": "5.4.0-rc.1",
    }
    releasing = act_as("fabu2")
    for number, (raw, canonical) in enumerate(accepted.items()):
        opened = service.open_draft(session, releasing, f"{NAME}{number}", raw, "新建")
        assert opened.version_id is not None, raw
        row = queries.version_detail(session, releasing, opened.version_id).row
        assert (row.version, row.canonical) == (raw, canonical)
        assert SEMVER.fullmatch(row.canonical)
    for raw in ("v5.0.0", "5", "05.0.0", "5.0.0.0.1", "５.0.0", "5.0.0-01", ""):
        assert not service.open_draft(session, releasing, f"{NAME}否", raw, "新建").ok, raw


@pytest.mark.requirement("R-6.2d1")
def test_a_number_follows_its_line_and_says_what_the_contract_shows(
    session: Session, act_as: ActAs, placed: Placed
) -> None:
    releasing, provider = act_as("fabu2"), act_as("tigong1")
    first = service.open_draft(session, releasing, "示例版本线", "1.9.0", "新建")

    def further(number: str) -> bool:
        opened = service.open_draft(session, releasing, "", number, "新建", component_id=first.component_id)
        assert opened.ok or "最新版本" in str(opened.problem)
        return opened.ok

    assert further("2.0.0")
    assert further("1.9.1")
    assert not further("1.8.7")
    assert further("2.0.0+build.11")
    assert not further("2.0.0+build.2")

    version_id = placed(State.LISTED)
    change = changes.open_change(session, provider, version_id, Kind.VERSION)
    major, minor, _patch = queries.version_detail(session, PLATFORM, version_id).row.canonical.split(".")
    start = now() + timedelta(days=2)
    proposal = Proposal(
        summary="新增必填参数",
        impact="调用方须改造",
        rollback_plan="恢复",
        window_start=start.isoformat(),
        window_end=(start + timedelta(hours=2)).isoformat(),
        new_version=f"{major}.{int(minor) + 1}.0",
    )
    changes.submit_change(session, provider, change, proposal)
    needed = compare_contracts(contract(), contract(required=("area",))).needed
    judged = changes.assess_change(session, PLATFORM, change, contract=Contract(Level(needed)))
    assert [(breach.rule_id, breach.clause) for breach in judged.breaches] == [("S-VER-02", "6.2d")]


@pytest.mark.requirement("R-9.1c5")
def test_an_approval_lists_with_time_and_opinion_and_a_return_needs_its_reason(
    session: Session, act_as: ActAs, placed: Placed
) -> None:
    version_id = placed(State.LISTING_REVIEW)
    put_in_state(session, version_id, State.LISTING_REVIEW, listed_before=False)
    reviewer = act_as("shenhe1")

    for event in (Event.RETURN_LISTING, Event.REFUSE_LISTING):
        with pytest.raises(Invalid):
            asked(session, reviewer, version_id, event)
    assert asked(session, reviewer, version_id, Event.RETURN_LISTING, "图标不符") is State.ONBOARDED
    put_in_state(session, version_id, State.LISTING_REVIEW, listed_before=False)
    asked(session, reviewer, version_id, Event.APPROVE_LISTING, "符合上架条件")

    detail = queries.version_detail(session, reviewer, version_id)
    approval = detail.history[-1]
    assert (detail.state, approval.reason, approval.actor_name) == (
        State.LISTED,
        "符合上架条件",
        reviewer.name,
    )
    assert detail.row.listed_at is not None
    assert abs(approval.changed_at - detail.row.listed_at) < timedelta(seconds=5)
    assert detail.history[-2].reason == "图标不符"


@pytest.mark.requirement("R-9.1d2")
def test_publishing_is_the_operators_and_is_taken_back_without_delisting(
    session: Session, act_as: ActAs, placed: Placed
) -> None:
    version_id = placed(State.LISTED)

    for who in ("tigong1", "fabu2", "shenhe1"):
        with pytest.raises(NotYours):
            asked(session, act_as(who), version_id, Event.PUBLISH)
    assert asked(session, act_as("yunying1"), version_id, Event.PUBLISH) is State.PUBLISHED
    assert asked(session, act_as("yunying1"), version_id, Event.UNPUBLISH, "内容更新") is State.LISTED


@pytest.mark.requirement("R-9.1d3")
def test_a_user_finds_a_component_once_it_is_published_and_not_before(
    session: Session, act_as: ActAs, placed: Placed
) -> None:
    version_id = placed(State.LISTED)
    user = act_as("shiyong")
    name = queries.version_detail(session, PLATFORM, version_id).name

    assert search(session, user, MarketFilter(text=name)).rows == ()
    with pytest.raises(Rejected):
        queries.version_detail(session, user, version_id)
    market.publish(session, PLATFORM, version_id, {"category": "基础支撑", "publicScope": 1})

    assert [row.version_id for row in search(session, user, MarketFilter(text=name)).rows] == [version_id]


@pytest.mark.requirement("R-11.3.2c")
def test_an_old_major_version_is_callable_in_its_sunset_window(
    session: Session, act_as: ActAs, placed: Placed
) -> None:
    version_id = placed(State.PUBLISHED)
    gateway.record_route(session, PLATFORM, version_id, "production")
    provider, old = act_as("tigong1"), queries.version_detail(session, PLATFORM, version_id)
    with pytest.raises(Rejected):
        asked(session, provider, version_id, Event.DEPRECATE)
    born = service.open_draft(
        session, provider, "", "90.0.0", old.row.build_mode,
        component_id=old.component_id, from_version_id=version_id,
    )  # fmt: skip
    assert born.version_id is not None
    put_in_state(session, born.version_id, State.PUBLISHED)

    assert asked(session, provider, version_id, Event.DEPRECATE) is State.DEPRECATED

    assert [route.stage for route in routes(session, version_id)] == ["production"]
    with pytest.raises(TransitionForbidden):
        asked(session, PLATFORM, version_id, Event.UNPUBLISH, "不得直接撤下")


@pytest.mark.requirement("R-9.1.0")
def test_no_stage_of_the_four_is_skipped(session: Session, act_as: ActAs, placed: Placed) -> None:
    version_id = placed(State.DRAFT)
    case = CaseFacts(instance_id=new_id(), initiator_id=act_as("yunying1").person_id)
    skipping = {
        State.DRAFT: (Event.CONFIRM_ONBOARDED, Event.APPROVE_LISTING, Event.PUBLISH),
        State.AUTHORIZED: (Event.CONFIRM_ONBOARDED, Event.APPROVE_LISTING, Event.PUBLISH),
        State.ONBOARDED: (Event.APPROVE_LISTING, Event.PUBLISH),
        State.LISTING_REVIEW: (Event.PUBLISH,),
    }

    for state, events in skipping.items():
        put_in_state(session, version_id, state)
        for event in events:
            for who in (PLATFORM, act_as("yunying1"), act_as("shenhe1"), act_as("fabu2")):
                with pytest.raises(TransitionForbidden):
                    service.request_transition(session, who, version_id, event, case=case)
    history = queries.version_detail(session, PLATFORM, version_id).history
    assert [change.event for change in history] == ["CREATE"]
