"""The variants of the onboarding by kind of component (P02a to P02f) on their pages.

Each provider first finds the form unsuitable, which leads back to the preparation, and goes through it then.
"""

from __future__ import annotations

from domain.catalogue.states import State
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Said, Theatre

API, AGENT, MODEL = "统一认证中心", "政策咨询智能体", "自然语言处理"
DATA_SERVICE, OTHER = "人口基础数据服务", "统一视频会商"
UNSUITABLE = {"outcome": "unsuitable", "reason": "应按其他形式接入"}
# What follows a variant is told elsewhere.
AFTERWARDS = ("security-assessment/examine", "operator-tests", "component-onboarding/rework")


def connected(theatre: Theatre, sample: str, is_hosting: int, said: Said) -> Journey:
    """Take a component through its onboarding until its variant is done; the start is made by services."""
    journey = theatre.draft(sample, isHosting=is_hosting, buildMode="新建")
    with theatre.by_services():
        journey.say(stops=("start-onboarding",)).created()
    return journey.say(said, stops=AFTERWARDS).go_on().expect(State.ASSESSING)


@reaches("onboarding-api-hosted/unsuitable", "onboarding-api-hosted/variant_done")
def test_a_hosted_interface(theatre: Theatre) -> None:
    journey = connected(theatre, API, 1, {"artefact": [UNSUITABLE]})

    journey.expect_ends("onboarding-api-hosted/unsuitable", "onboarding-api-hosted/variant_done")


@reaches("onboarding-agent/unsuitable", "onboarding-agent/variant_done")
def test_an_agent(theatre: Theatre) -> None:
    journey = connected(theatre, AGENT, 0, {"agent": [UNSUITABLE]})

    journey.expect_ends("onboarding-agent/unsuitable", "onboarding-agent/variant_done")


@reaches("onboarding-model/unsuitable", "onboarding-model/variant_done")
def test_a_model(theatre: Theatre) -> None:
    journey = connected(theatre, MODEL, 1, {"model": [UNSUITABLE]})

    journey.expect_ends("onboarding-model/unsuitable", "onboarding-model/variant_done")


@reaches(
    "onboarding-data-service/unsuitable",
    "onboarding-data-service/refused",
    "onboarding-data-service/variant_done",
)
def test_a_data_service_whose_grades_are_refused_at_first(theatre: Theatre) -> None:
    refused = {"outcome": "refuse", "opinion": "分级过低"}
    journey = connected(theatre, DATA_SERVICE, 1, {"data-source": [UNSUITABLE], "grade-review": [refused]})

    journey.expect_ends(
        "onboarding-data-service/unsuitable",
        "onboarding-data-service/refused",
        "onboarding-data-service/variant_done",
    )


@reaches(
    "onboarding-other/unsuitable",
    "onboarding-other/variant_done",
    "onboarding-api-unhosted/unsuitable",
    "onboarding-api-unhosted/variant_done",
)
def test_another_kind_that_follows_the_unhosted_interfaces(theatre: Theatre) -> None:
    said: Said = {"nearest-type": [UNSUITABLE], "network-declaration": [UNSUITABLE]}
    journey = connected(theatre, OTHER, 0, said)

    journey.expect_ends(
        "onboarding-other/unsuitable",
        "onboarding-other/variant_done",
        "onboarding-api-unhosted/unsuitable",
        "onboarding-api-unhosted/variant_done",
    )
