"""Changes of a component in the market (P13) on their pages: refused, in force, and put back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.catalogue import queries
from domain.catalogue.states import State
from domain.changes.kinds import Status
from domain.changes.queries import ChangeRow, changes_of
from domain.people.permissions import PROVIDER, REVIEWER
from kernel.calendar import day_of
from kernel.clock import now
from kernel.errors import Rejected
from tests.journeys.cases import PLATFORM
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.catalogue.starting import CHANGE, COMPLIANCE, NoSuchCause

API = "统一认证中心"
WINDOW_BEGINS_IN = timedelta(hours=2)


def published(theatre: Theatre) -> Journey:
    """Bring an unhosted interface to the market."""
    return theatre.draft(API, isHosting=0, buildMode="新建").until(State.PUBLISHED)


def planned(record: dict[str, Any]) -> dict[str, Any]:
    """Return what a provider says about a change in a window."""
    begin = now() + WINDOW_BEGINS_IN
    return {
        "summary": "调整运行参数",
        "windowStart": begin.isoformat(),
        "windowEnd": (begin + timedelta(hours=4)).isoformat(),
        "impact": "高峰时段可能限流",
        "rollbackPlan": "恢复原值",
        "record": record,
    }


def newest_change(journey: Journey) -> ChangeRow:
    """Return the change of the version that was opened last."""
    with journey.theatre.platform.database.read() as session:
        return changes_of(session, journey.version_id)[0]


def carried_out(journey: Journey) -> Journey:
    """Let the window begin, and the component be watched."""
    journey.time_passes(hours=2, minutes=1)
    for _ in range(3):
        journey.time_passes(minutes=11)
    return journey


@reaches("version-change/review_refused", "version-change/changed")
def test_a_change_of_the_catalogue_is_refused_and_made_again(theatre: Theatre) -> None:
    journey = published(theatre)
    described = {"summary": "改简介", "record": {"remark": "提供统一的登录与授权。"}}
    refused = {"outcome": "refuse", "opinion": "与实际能力不符"}

    journey.say({"change-catalogue": [described], "review-catalogue": [refused]})
    journey.start(CHANGE, PROVIDER, changeType="目录信息")
    ended = newest_change(journey)
    assert (ended.status, ended.ending_reason) == (Status.REFUSED, "与实际能力不符")
    assert journey.detail.record["remark"] != "提供统一的登录与授权。"

    journey.say({"change-catalogue": [described]}).start(CHANGE, PROVIDER, changeType="目录信息")
    assert journey.detail.record["remark"] == "提供统一的登录与授权。"
    journey.expect_ends("version-change/review_refused", "version-change/changed")


@reaches("version-change/changed")
def test_a_policy_holds_from_its_window_on(theatre: Theatre) -> None:
    journey = published(theatre)
    before = journey.detail.record["apiInfo"]["rateLimit"]
    journey.say({"change-policy": [planned({"apiInfo": {"rateLimit": 7}})]})

    journey.start(CHANGE, PROVIDER, changeType="策略")
    (differs,) = newest_change(journey).differences
    assert (differs.path, differs.before, differs.after) == ("apiInfo.rateLimit", before, 7)
    assert journey.detail.record["apiInfo"]["rateLimit"] == before != 7
    with theatre.by_services(), pytest.raises(Rejected):
        journey.start(CHANGE, PROVIDER, changeType="目录信息")

    carried_out(journey).expect(State.PUBLISHED)
    assert journey.detail.record["apiInfo"]["rateLimit"] == 7
    assert newest_change(journey).status is Status.FINISHED
    journey.expect_ends("version-change/changed")


@reaches("version-change/rolled_back")
def test_a_component_that_answers_no_more_has_its_configuration_back(theatre: Theatre) -> None:
    journey = published(theatre)
    before = journey.detail.record
    journey.say({"change-configuration": [planned({"extension": {"healthPath": "/nowhere"}})]})

    journey.start(CHANGE, PROVIDER, changeType="配置")
    journey.time_passes(hours=2, minutes=1)
    assert journey.detail.record["extension"]["healthPath"] == "/nowhere"

    journey.time_passes(minutes=11)
    assert journey.detail.record == before
    journey.expect_ends("version-change/rolled_back")


def newer(version: str) -> dict[str, Any]:
    """Return what a provider says about a new version."""
    plans = planned({})
    return {**plans, "record": None, "newVersion": version, "compatibilityPlan": "双版本并行6个月"}


def brought_beside(old: Journey) -> Journey:
    """Return the journey of the new version, which the case of the change is about from its draft on."""
    with old.theatre.platform.database.read() as session:
        component = queries.component_page(session, PLATFORM, old.detail.component_id)
    (new,) = (version.id for version in component.versions if version.id != old.version_id)
    return Journey(old.theatre, new)


@reaches("version-change/changed", "emergency-plan-filing/covered")
def test_a_new_version_follows_the_old_one_whose_plan_covers_it(theatre: Theatre) -> None:
    old = theatre.draft(API, version="1.0.0", isHosting=0, buildMode="新建")
    old.say({"fill-plan": [{"plan": {"coversLaterVersions": True}}]}).until(State.PUBLISHED)

    old.say({"change-version": [newer("1.1.0")]}).start(CHANGE, PROVIDER, changeType="版本")
    new = brought_beside(old)
    with theatre.by_services():
        new.go_on().expect(State.LISTED)

    carried_out(new).expect(State.PUBLISHED)
    old.expect(State.DEPRECATED)
    change = newest_change(old)
    assert (change.status, change.new_version_id) == (Status.FINISHED, new.version_id)
    assert change.sunset_on is not None
    # The provider opened the case; that it authorised itself is not recorded.
    mandate = new.detail.authorisation
    assert mandate is not None
    assert (mandate.provider_unit_id, mandate.granted_by) == (old.detail.provider_unit_id, None)
    new.expect_ends("version-change/changed", "emergency-plan-filing/covered")


def test_a_compliance_case_waits_for_the_change_that_it_asked_for(theatre: Theatre) -> None:
    journey = published(theatre).say({"state-adaptability": [{"outcome": "adaptable", "plan": "调整用途"}]})
    with theatre.by_services():
        journey.start(
            COMPLIANCE,
            REVIEWER,
            regulationTitle="示例省公共数据条例（虚构）",
            regulationClause="第十二条",
            effectiveDate=day_of(now() + timedelta(days=60)).isoformat(),
        )
        with pytest.raises(NoSuchCause):
            journey.start(CHANGE, PROVIDER, changeType="目录信息", causeId="ZJ-000000-2026-000000")

    described(journey, "另一处更正（示例）。").start(CHANGE, PROVIDER, changeType="目录信息", causeId="")
    assert journey.outcomes_of(CHANGE) == ["changed"]
    assert journey.outcomes_of(COMPLIANCE) == [None]

    described(journey, "不再用于已被禁止的用途。").start(CHANGE, PROVIDER, changeType="目录信息")
    assert journey.outcomes_of(CHANGE) == ["changed", "changed"]
    assert journey.outcomes_of(COMPLIANCE) == ["kept"]


def described(journey: Journey, remark: str) -> Journey:
    """Let the provider propose another introduction."""
    return journey.say({"change-catalogue": [{"summary": "更正简介", "record": {"remark": remark}}]})
