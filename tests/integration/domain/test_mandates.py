"""The mandate of a provider: offered, in force, revoked, over."""

from __future__ import annotations

from typing import Any

import pytest

from domain.catalogue import queries, service
from domain.catalogue.errors import (
    GuardNotMet,
    NotYours,
    TransitionForbidden,
    VersionNotFound,
)
from domain.catalogue.states import Event, State
from domain.people.queries import unit_by_name
from kernel.errors import Invalid, NotAllowed
from tests.integration.domain.living import PLATFORM, REASON, Life, life

__all__ = ["life"]


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
