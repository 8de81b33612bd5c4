"""What the onboarding review asks of provider and reviewer: clauses 5.2.1 and 6.2a."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from domain.catalogue.states import State
from kernel.language import Text
from tests.conformance.onboarding_case import Case, mandated
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from webapp.demo import answers
from webapp.demo.driver import Driver
from webapp.demo.sample_server import serving

TOKEN = "for-the-tests"
TICKS = ("layer", "architecture", "noBusinessLogic")


def go_on(case: Case, port: int) -> None:
    """Answer everything up to the onboarding review, with a service that answers on this machine."""

    def answer(form: str, scene: answers.Scene) -> Mapping[str, Any]:
        usual = answers.answer(form, scene)
        match form:
            case "network-declaration":
                policies = [{"sourceCidr": "127.0.0.0/24", "port": port, "protocol": "TCP"}]
                address = f"http://localhost:{port}/network-resource"
                return {"declaration": {"serviceAddress": address, "accessPolicies": policies}}
            case "api-info":
                return {"apiInfo": {"targetServers": [{"host": f"localhost:{port}", "rank": 100}]}}
            case _:
                return usual

    stops = {"onboarding-review": Text("在此停下", "Stopped here")}
    driver = Driver(case.platform, case.cast, lambda _line: None, answer, TOKEN, stops)
    _steps, stopped = driver.answer_all(case.version_id, Counter())
    assert stopped is stops["onboarding-review"], stopped


class Review:
    """The open review on its page, claimed by a reviewer."""

    def __init__(self, desk: CatalogueDesk, case: Case) -> None:
        actor, row = case.open_task("review_onboarding")
        assert row.element_id == "review_onboarding"
        name = next(name for name, person in desk.people.items() if person.person_id == actor.person_id)
        self.visitor, self.page = desk.visitor(name), f"/tasks/{row.id}"
        self.visitor.get(self.page)
        self.visitor.post(f"{self.page}/claim")
        assert "能力层" in self.visitor.get(self.page).text

    def decide(self, outcome: str, *ticked: str, **said: str) -> TestResponse:
        """Send the form with some boxes ticked."""
        shown = {f"checklist.{name}._shown": "1" for name in TICKS}
        boxes = shown | {f"checklist.{name}": "1" for name in ticked}
        said = {"outcome": outcome, "revision": "1", **boxes, **said}
        return self.visitor.post(f"{self.page}/complete", said)


def state_of(case: Case) -> State:
    """Return where the version stands now."""
    return case.detail.state


@pytest.mark.slow
@pytest.mark.requirement("R-5.2.1", "R-6.2a")
def test_architecture_and_the_absence_of_business_logic_are_answered_before_the_review_agrees(
    shared_desk: CatalogueDesk,
) -> None:
    case = mandated(shared_desk, "统一网络资源服务").start().complete("start_onboarding", outcome="start")
    whole = case.preparation()
    sections = whole["architecture"]
    for principle in sections:
        lacking = {name: value for name, value in sections.items() if name != principle}
        assert case.refuses("prepare", preparation={**whole, "architecture": lacking}, outcome="submit")
    unmet = {**sections, "dependencyInversion": "not_met"}
    assert case.refuses("prepare", preparation={**whole, "architecture": unmet}, outcome="submit")
    del whole["architecture"]
    assert case.refuses("prepare", preparation=whole, outcome="submit")

    with serving(0, TOKEN) as port:
        go_on(case, port)
        review = Review(shared_desk, case)
        assert review.decide("agree", "layer", "noBusinessLogic").status_code == 422
        assert review.decide("return").status_code == 422
        assert state_of(case) is State.ONBOARD_REVIEW
        assert review.decide("return", opinion="模块职责混杂").status_code == 303
        assert state_of(case) is State.REWORK

        go_on(case, port)
        review = Review(shared_desk, case)
        unanswered = review.decide("agree", "layer", "architecture")
        assert unanswered.status_code == 422
        assert "能力层组件无业务逻辑" in unanswered.text
        assert state_of(case) is State.ONBOARD_REVIEW
        assert review.decide("agree", *TICKS).status_code == 303
        assert case.waits_at == "deploy_or_verify"
