"""The shipped processes on the real domain, off the happy path: engine, diagrams, forms, handlers, catalogue.

People answer as in the demo, except where a story says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.catalogue.service import open_draft
from domain.gateway import queries as gateway
from kernel.actor import system_actor
from kernel.audit import verification
from kernel.unit_of_work import perform
from tests.integration.handlers.conftest import NAMES, ActAs
from tests.unattacked import no_attacks
from webapp.cli.shipped import deploy_shipped
from webapp.demo import answers
from webapp.demo.closing_table import Result
from webapp.demo.driver import Driver
from webapp.demo.stage import sample_cast
from webapp.wiring import Platform


class Theatre:
    """Plays one version with answers that differ from the demo's, by form and visit."""

    def __init__(self, platform: Platform, version_id: UUID) -> None:
        self.platform = platform
        self.version_id = version_id
        deploy_shipped(platform, replace=False)

    def play(self, **told: list[Mapping[str, Any]]) -> Result:
        """Drive the version; ``told`` names what is answered at the first visits of a form."""
        by_form = {name.replace("_", "-"): list(values) for name, values in told.items()}

        def answer(form: str, scene: answers.Scene) -> Mapping[str, Any]:
            usual = answers.answer(form, scene)
            return {**usual, **by_form[form].pop(0)} if by_form.get(form) else usual

        driver = Driver(self.platform, sample_cast(self.platform), lambda text: None, answer)
        return driver.drive(self.version_id)

    @property
    def detail(self) -> VersionDetail:
        with self.platform.database.read() as session:
            return queries.version_detail(session, system_actor(), self.version_id)


@pytest.fixture
def theatre(platform: Platform, version_id: UUID) -> Iterator[Theatre]:
    """Deploy the shipped processes; at the end the trail must be whole and nothing stuck."""
    with no_attacks():
        yield Theatre(platform, version_id)
    with platform.database.read() as session:
        assert verification.verify(session).ok
        operator = sample_cast(platform).permitted("incident.resolve")
        assert platform.engine.incidents(session, operator) == ()


# The services under these stories are held to both databases by their own tests.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

OPINION = "不符合要求，请整改。"


def test_refusal_at_the_onboarding_review_ends_the_version_and_frees_everything(
    theatre: Theatre, platform: Platform, act_as: ActAs
) -> None:
    theatre.play(onboarding_review=[{"outcome": "refuse", "opinion": OPINION}])

    detail = theatre.detail
    assert detail.state == "CANCELLED"
    assert detail.authorisation is None or detail.authorisation.revoked_at is not None
    with platform.database.read() as session:
        assert gateway.routes(session, theatre.version_id) == []
    actor = act_as("fabu2")
    again = perform(
        platform.database,
        "test",
        actor,
        lambda session: open_draft(session, actor, NAMES[0], "2.0.0", "新建"),
    )
    assert again.ok


def test_declaration_that_is_too_broad_comes_back_to_the_provider(theatre: Theatre, served: int) -> None:
    broad = {
        "declaration": {
            "networkZone": "政务外网区",
            "serviceAddress": f"http://localhost:{served}",
            "healthPath": "/health",
            "accessPolicies": [{"sourceCidr": "0.0.0.0/0", "port": served, "protocol": "TCP"}],
        }
    }
    sound = {
        "declaration": {
            **broad["declaration"],
            "accessPolicies": [{"sourceCidr": "127.0.0.0/24", "port": served, "protocol": "TCP"}],
        }
    }

    result = theatre.play(network_declaration=[broad, sound])

    assert result.kind == "published"


def test_provider_who_declines_is_replaced(theatre: Theatre) -> None:
    result = theatre.play(accept_mandate=[{"outcome": "decline", "reason": "人手不足"}])

    assert result.kind == "published"


def test_creation_that_is_cancelled_frees_the_name(theatre: Theatre) -> None:
    theatre.play(authorise_provider=[{"outcome": "cancel", "reason": "不再需要"}])

    assert theatre.detail.state == "CANCELLED"
