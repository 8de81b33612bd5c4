"""What stands in the records of a component after the odd branches of its creation and onboarding.

The ends themselves are reached by the journeys of each process; what leads here is done by services.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from domain.assessments.queries import assessment_detail, assessments_of
from domain.catalogue.states import State
from domain.checks.queries import check_runs
from domain.people.permissions import RELEASING_UNIT
from kernel.errors import Conflict
from kernel.unit_of_work import perform
from tests.journeys.cases import PLATFORM
from tests.journeys.theatre import Journey, Said, Theatre
from webapp.catalogue.starting import CREATION, CreationAsked, open_draft

pytestmark = pytest.mark.slow

API, OTHER = "统一认证中心", "统一视频会商"


def own(theatre: Theatre, sample: str = API, **changes: Any) -> Journey:
    """Draft an unhosted component of one's own: what comes from outside would be admitted first."""
    return theatre.draft(sample, isHosting=0, buildMode="新建", **changes)


def test_a_failed_assessment_a_returned_review_and_a_failed_verification_are_each_mended(
    theatre: Theatre,
) -> None:
    said: Said = {
        "examine": [{"outcome": "confirmed", "opinion": "源码和第三方报告均未提交"}],
        "onboarding-review": [{"outcome": "return", "opinion": "文档不全"}],
        "deploy-or-verify": [{"outcome": "fail", "opinion": "地址不可达"}],
    }

    # A demonstration stops at a form that comes back for the fourth time; here it is meant to.
    with theatre.by_services():
        journey = own(theatre).say(said).created().go_on()

    assert journey.expect(State.ONBOARDED).detail.row.round == 4
    # The reports that two operators accepted in the second round stand in the later ones, too.
    assert journey.answered["examine"] == 2
    with theatre.platform.database.read() as session:
        rows = assessments_of(session, PLATFORM, journey.version_id)
        newest = assessment_detail(session, PLATFORM, rows[0].id)
    assert [row.standing for row in rows] == ["passed", "passed", "passed", "failed"]
    # Its attacks are made once: the API risk check quotes them.
    risk = next(item for item in newest.items if item.item == "api_risk")
    assert (risk.status, risk.looked_at["quotedFrom"]) == ("passed", "dynamic")


def test_a_creation_that_is_withdrawn_sets_name_and_version_free(theatre: Theatre) -> None:
    with theatre.by_services():
        journey = own(theatre).say(stops=("accept-mandate",)).created().expect_waiting_at("accept_mandate")
    with pytest.raises(Conflict):
        draft_of_the_same_name(journey)

    journey.withdraw().expect(State.CANCELLED)

    assert journey.outcomes_of(CREATION) == ["cancelled"]
    assert theatre.cast.next_task(theatre.platform, journey.version_id, set()) is None
    assert draft_of_the_same_name(journey) != journey.version_id


def draft_of_the_same_name(journey: Journey) -> UUID:
    """Reserve name and version number of a component for another one."""
    detail, person = journey.detail, journey.actor(RELEASING_UNIT)
    opened = partial(open_draft, actor=person, asked=CreationAsked(detail.name, detail.version, "新建"))
    return perform(journey.theatre.platform.database, "component.create", person, opened)


def test_what_has_no_endpoint_is_onboarded_with_the_reason_of_its_exemption(theatre: Theatre) -> None:
    nearest = {
        "features": "离线规则包",
        "nearestType": "api",
        "reasonForChoice": "按接口取数规则组织",
        "withoutEndpoint": True,
        "withoutEndpointReason": "随应用离线分发",
    }
    journey = own(theatre, OTHER, serviceAddress=None, healthPath=None)

    with theatre.by_services():
        journey.say({"nearest-type": [{"nearest": nearest}]}).created().expect(State.ONBOARDED)

    with theatre.platform.database.read() as session:
        runs = {run.check: run for run in check_runs(session, journey.version_id)}
    assert [finding.evidence for finding in runs["health_exemption"].findings] == ["随应用离线分发"]
    assert "network" not in runs


def test_a_revoked_authorisation_sends_the_version_back_and_another_creation_takes_it_up(
    theatre: Theatre,
) -> None:
    with theatre.by_services():
        journey = own(theatre).say(stops=("operator-tests",)).created()

    journey.revoke().expect(State.DRAFT)

    with theatre.by_services():
        journey.say().created().expect(State.ONBOARDED)
