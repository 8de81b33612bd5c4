"""Cases that began on older diagrams go on in the shipped ones, also past the step that names the reviewers.

The older diagrams are the shipped ones without the region of review, as they were before the scope of a
component decided who reviews it. Where no step has said the region, that of the case stands in.
"""

from __future__ import annotations

from functools import cache

import pytest

from domain.catalogue.states import State
from engine.api import MigrationPlan, MigrationVerdict
from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from kernel.actor import system_actor
from kernel.unit_of_work import perform
from tests.integration.engine.desk import person
from tests.processes import test_on_the_platform as on_the_platform
from tests.processes.onboarding_case import (
    KEY,
    adapted,
    agreed,
    applied,
    cleared,
    connected,
    onboarding,
    prepared,
    verified,
)
from tests.processes.story import PROCESSES, shipped_files
from tests.processes.test_component_creation import creation, filled
from tests.processes.test_component_listing import confirmed, listing
from webapp.cli.check import definition_files
from webapp.wiring import Platform

REGION_IS_SET = b'<zujian:output variable="reviewRegion" expression="get(reviewRegions, level)"/>'
REGION_IS_READ = b' zujian:region="reviewRegion"'

# The stage of the other stories on the whole platform, built once more for this file.
theatre = on_the_platform.theatre


def older(diagram: bytes) -> bytes:
    """Return a diagram as it was before it knew where a component is reviewed."""
    without = diagram.replace(REGION_IS_SET, b"").replace(REGION_IS_READ, b"")
    lines = without.splitlines(keepends=True)
    return b"".join(line for line in lines if b'"reviewRegion"' not in line and b"review_region" not in line)


@cache
def older_net() -> Net:
    """Compile the older diagrams."""
    return compile_process_files({name: older(text) for name, text in shipped_files().items()})


def test_an_onboarding_past_the_choice_of_reviewers_is_reviewed_in_its_own_region() -> None:
    story = prepared(onboarding(net=older_net())).expect_waiting_at("adapt").migrate()

    applied(cleared(connected(adapted(story))))

    assert story.task("review_onboarding").region is None
    verified(agreed(story)).expect_ended_with("onboarded")


def test_an_onboarding_that_comes_to_the_choice_later_is_reviewed_where_the_scope_says() -> None:
    story = prepared(onboarding(net=older_net()).migrate())

    applied(cleared(connected(adapted(story))))

    assert story.task("review_onboarding").region == "990100"


def test_a_listing_under_approval_takes_a_further_signatory() -> None:
    story = confirmed(listing(net=older_net())).migrate()

    assert story.add_signatory("approve_listing", "乙").region is None


def test_a_creation_under_review_takes_a_further_signatory() -> None:
    story = filled(creation(review=True, net=older_net())).migrate()

    assert story.add_signatory("review_duplication", "乙").region is None


def deployed(platform: Platform, files: dict[str, bytes]) -> int:
    """Deploy a version of the onboarding and return its number."""
    actor = system_actor("deployment", permissions=frozenset({"definition.deploy"}))
    version = perform(
        platform.database,
        "definition.deploy",
        actor,
        lambda session: platform.engine.deploy_files(session, actor, KEY, files, ""),
        stream="system:definitions",
    )
    return version.version


def migrated(platform: Platform, region_code: str) -> tuple[MigrationVerdict, ...]:
    """Carry the open onboardings of a region over to the version in service, with the consent of another."""
    asking = person("system_administrator", region=region_code, permissions=["instance.operate"])
    consenting = person("security_administrator", region=region_code, permissions=["instance.consent"])
    engine, database = platform.engine, platform.database
    with database.read() as session:
        newest = engine.definition_versions(session, KEY)[0]
    plan = MigrationPlan(version_id=newest.id, region_code=region_code)
    request = perform(
        database,
        "instance.operate",
        asking,
        lambda session: engine.request_migration(session, asking, plan, "审查层级按发布范围确定"),
    )
    perform(
        database,
        "instance.consent",
        consenting,
        lambda session: engine.consent_to_operation(session, consenting, request.id),
    )
    return engine.run_migration(database, request.id)


@pytest.mark.slow
def test_a_case_of_an_older_version_is_migrated_and_onboarded_on_the_whole_platform(
    theatre: on_the_platform.Theatre,
) -> None:
    shipped = definition_files(PROCESSES / KEY / f"{KEY}.bpmn")
    before = {**shipped, f"{KEY}.bpmn": older(shipped[f"{KEY}.bpmn"])}
    number = deployed(theatre.platform, before)
    component = theatre.component(stops=("adaptation",)).created()
    assert component.task()[1].element_id == "adapt"
    assert deployed(theatre.platform, shipped) > number

    (moved,) = migrated(theatre.platform, component.detail.region_code)

    assert moved.is_movable, moved.reasons
    component.say({}).go_on().expect(State.ONBOARDED)
    with theatre.platform.database.read() as session:
        overseer = theatre.cast.permitted("incident.resolve")
        assert theatre.platform.engine.incidents(session, overseer) == ()
