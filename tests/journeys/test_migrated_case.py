"""A case that began on an older diagram is migrated on the whole platform, and goes on to its end."""

from __future__ import annotations

import pytest

from domain.catalogue.states import State
from engine.api import MigrationPlan, MigrationVerdict
from kernel.actor import system_actor
from kernel.unit_of_work import perform
from tests.integration.engine.desk import person
from tests.journeys.theatre import Theatre
from tests.processes.story import PROCESSES
from tests.processes.test_migrated_cases import older
from webapp.catalogue.starting import ONBOARDING as KEY
from webapp.cli.check import definition_files
from webapp.wiring import Platform

API = "统一认证中心"


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
    theatre: Theatre,
) -> None:
    shipped = definition_files(PROCESSES / KEY / f"{KEY}.bpmn")
    before = {**shipped, f"{KEY}.bpmn": older(shipped[f"{KEY}.bpmn"])}
    number = deployed(theatre.platform, before)
    with theatre.by_services():
        journey = theatre.draft(API, isHosting=0, buildMode="新建").say(stops=("adaptation",)).created()
    journey.expect_waiting_at("adapt")
    assert deployed(theatre.platform, shipped) > number

    (moved,) = migrated(theatre.platform, journey.detail.region_code)

    assert moved.is_movable, moved.reasons
    with theatre.by_services():
        journey.say().go_on().expect(State.ONBOARDED)
    with theatre.platform.database.read() as session:
        overseer = theatre.cast.permitted("incident.resolve")
        assert theatre.platform.engine.incidents(session, overseer) == ()
