"""What a hosted component shows while it runs, and when it is deployed: clauses 6.2b, 8.1.2c and 8.2.3b."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.checks.names import (
    ARTEFACT_INSPECTION,
    OPERATOR_TESTS,
    PRODUCTION_DEPLOYMENT,
    SECURITY_ASSESSMENT,
)
from domain.deployments import queries, service
from domain.deployments.errors import NotReadyForProduction
from handlers.checks.calls import call
from handlers.deploying.reconciling import reconcile
from tests.conformance.running import (
    Site,
    act_as,
    bench,
    database_url,
    platform,
    served,
    settings,
    site,
    version_id,
    versions,
)

__all__ = [
    "act_as", "bench", "database_url", "platform", "served", "settings", "site", "version_id", "versions",
]  # fmt: skip


@pytest.mark.requirement("R-6.2b2")
def test_a_hosted_component_is_configured_by_the_environment_alone_and_the_values_are_shown(
    site: Site,
) -> None:
    file = site.inspected()

    refused = site.deploy(file, DATABASE_PASSWORD="in clear")
    own_port = site.deploy(file, PORT="8080")
    deployed = site.deploy(file, DATABASE_ADDRESS="", REGION="示例市")

    with site.platform.database.read() as session:
        row = queries.deployment(session, UUID(str(deployed["deploymentId"])))
    seen = call(site.platform.runner.guard, "GET", f"{deployed['address']}/settings").document
    assert (refused["passed"], own_port["passed"], deployed["passed"]) == (False, False, True)
    assert row is not None
    assert row.environment == {"DATABASE_ADDRESS": "", "REGION": "示例市"}
    assert seen["REGION"] == "示例市"
    assert not [name for name in seen if name.startswith("ZUJIAN_")]


@pytest.mark.requirement("R-6.2b4")
def test_a_component_without_json_lines_or_without_metrics_fails_its_samples(site: Site) -> None:
    file = site.inspected()

    outcomes = {}
    for fault in ("", "plain-log", "no-log", "no-metrics"):
        site.deploy(file, FAULTS=fault)
        outcomes[fault] = site.run("deployment.sample")["passed"]

    assert outcomes == {"": True, "plain-log": False, "no-log": False, "no-metrics": False}


@pytest.mark.requirement("R-8.1.2c1")
def test_the_health_endpoint_answers_200_within_a_second_at_whatever_path_was_declared(site: Site) -> None:
    file = site.inspected()

    outcomes = {}
    for path, fault in ((None, ""), ("/status", ""), ("/health", "slow-health")):
        site.deploy(file, path, FAULTS=fault)
        site.run("deployment.sample")
        outcomes[path, fault] = site.status_of("health")
    missing = site.deploy(file, "/no-such-path")

    assert outcomes == {(None, ""): "passed", ("/status", ""): "passed", ("/health", "slow-health"): "failed"}
    assert missing["passed"] is False


@pytest.mark.requirement("R-8.1.2c2")
def test_with_a_stopped_dependency_the_health_endpoint_is_not_up_and_without_a_switch_nobody_checked(
    site: Site,
) -> None:
    with_switch, without = site.inspected(), site.upload(switch=False)

    outcomes = {}
    for fault in ("", "lying-health", "no-dependencies"):
        site.deploy(with_switch, FAULTS=fault)
        site.run("deployment.sample")
        outcomes[fault] = (site.status_of("health"), site.status_of("runtime.health"))
    site.check(ARTEFACT_INSPECTION, "passed", without.digest)
    site.deploy(without)
    site.run("deployment.sample")

    assert outcomes == {
        "": ("passed", "passed"),
        "lying-health": ("passed", "failed"),
        "no-dependencies": ("failed", "passed"),
    }
    assert site.status_of("runtime.health") == "not_checked"


@pytest.mark.requirement("R-8.2.3b2")
def test_an_artefact_is_deployed_only_after_its_inspection_has_passed(site: Site) -> None:
    file = site.upload()

    before = site.deploy(file)
    site.check(ARTEFACT_INSPECTION, "failed", file.digest)
    failed = site.deploy(file)
    site.check(ARTEFACT_INSPECTION, "passed", "f" * 64)
    other = site.deploy(file)
    site.check(ARTEFACT_INSPECTION, "passed", file.digest)
    after = site.deploy(file)

    assert [answer["passed"] for answer in (before, failed, other, after)] == [False, False, False, True]


@pytest.mark.requirement("R-8.2.3b3")
def test_a_deployment_shows_environment_digest_and_log_and_can_be_run_again(site: Site) -> None:
    file = site.inspected()

    first, second = site.deploy(file, MODE="a"), site.deploy(file, MODE="b")
    site.run("lifecycle.cleanup", reason="换版")
    reconcile(site.platform.database, site.platform.runner, site.platform.files)

    with site.platform.database.read() as session:
        rows = {str(row.id): row for row in queries.deployments_of_version(session, site.version_id)}
    assert set(rows) == {first["deploymentId"], second["deploymentId"]}
    for row in rows.values():
        assert (row.stage, row.digest, row.state) == ("pre_release", file.digest, "stopped")
        assert '"message": "started"' in (row.log_tail or "")
    assert rows[str(second["deploymentId"])].environment == {"MODE": "b"}


@pytest.mark.requirement("R-8.2.3b4")
def test_production_is_refused_while_any_of_the_results_is_not_passed(site: Site) -> None:
    file, operator = site.inspected(), site.act_as("yunying1")

    def state() -> bool:
        try:
            with site.platform.database.write() as session:
                service.state_production(
                    session, operator, site.version_id, file.digest, file.name, "https://api.example"
                )
        except NotReadyForProduction:
            return False
        return True

    outcomes = [state()]
    site.check(SECURITY_ASSESSMENT, "passed")
    outcomes.append(state())
    site.check(OPERATOR_TESTS, "failed")
    outcomes.append(state())
    site.check(SECURITY_ASSESSMENT, "failed")
    site.check(OPERATOR_TESTS, "passed")
    outcomes.append(state())
    site.check(SECURITY_ASSESSMENT, "passed")
    outcomes.append(state())

    assert outcomes == [False, False, False, False, True]
    assert site.status_of(PRODUCTION_DEPLOYMENT) == "passed"
