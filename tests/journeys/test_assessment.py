"""The security assessment (P03) on the pages, as the onboarding calls it."""

from __future__ import annotations

import json

from domain.catalogue.states import State
from domain.people.permissions import PROVIDER
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.demo.supplies import Upload

API = "统一认证中心"
DENIED, ALLOWED = "AGPL-3.0-only", "Apache-2.0"
EXAMINE = "security-assessment/examine"
CONFIRMED = {"outcome": "confirmed", "opinion": "源码和第三方报告均未提交"}
SENT_BACK = {"outcome": "return", "opinion": "报告未覆盖本版本"}


@reaches(
    "security-assessment/confirmed",
    "security-assessment/below_baseline",
    "security-assessment/passed",
)
def test_an_assessment_without_material_with_a_denied_licence_and_with_reports(theatre: Theatre) -> None:
    journey = theatre.draft(API, isHosting=0, buildMode="新建")
    with theatre.by_services():
        journey.say(stops=(EXAMINE,)).created()
    journey.say({"examine": [CONFIRMED]}, stops=("rework",)).go_on().expect(State.REWORK)

    hand_in_bill_of_materials(journey, DENIED)
    assessed_again(journey, "rework").expect(State.REWORK)

    hand_in_bill_of_materials(journey, ALLOWED)
    assessed_again(journey, EXAMINE)
    journey.say({"second-examine": [SENT_BACK]}, stops=("operator-tests",)).go_on()

    assert journey.answered["second-examine"] == 2
    journey.expect(State.ASSESSING).expect_waiting_at("test_component")
    journey.expect_ends(
        "security-assessment/confirmed",
        "security-assessment/below_baseline",
        "security-assessment/passed",
    )


def assessed_again(journey: Journey, stop: str) -> Journey:
    """Take a component out of its rework to its next assessment and on to a form, by services."""
    with journey.theatre.by_services():
        journey.say(stops=("adaptation",)).go_on()
        return journey.say(stops=(stop,)).go_on()


def hand_in_bill_of_materials(journey: Journey, licence: str) -> None:
    """Let the provider hand in a bill with one library."""
    detail = journey.detail
    actor = journey.theatre.cast.with_role(PROVIDER, detail.region_code, detail.provider_unit_id)
    provider = journey.theatre.person_of(actor)
    library = {"type": "library", "name": "table", "version": "1.2.0", "purl": "pkg:pypi/table@1.2.0"}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "components": [{**library, "licenses": [{"license": {"id": licence}}]}],
    }
    provider.visit(f"/assessments/versions/{detail.id}")
    form = f'form[action="/assessments/versions/{detail.id}/materials"]'
    provider.put(f'{form} [name="kind"]', ["sbom"])
    provider.attach(f'{form} [name="file"]', [Upload("bom.json", json.dumps(bill).encode())])
    provider.press(f"{form} button")
