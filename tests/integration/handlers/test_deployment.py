"""The topics of deployments on real processes and both databases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.checks.names import ARTEFACT_INSPECTION, OPERATOR_TESTS, SECURITY_ASSESSMENT
from domain.checks.service import CheckRunInput, record_check_run
from domain.deployments import queries, service
from domain.deployments.errors import NotInspected, NotReadyForProduction
from domain.samples.services.packing import python_archive
from handlers.deploying.reconciling import reconcile
from kernel.actor import system_actor
from kernel.files import StoredFile, store_file
from kernel.ids import new_id
from kernel.language import Text
from kernel.settings import Settings
from tests.integration.handlers.conftest import ActAs, Bench
from webapp.wiring import Platform

PLATFORM = system_actor("platform")
SWITCH = {"DATABASE_ADDRESS": "127.0.0.1:9"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let this platform run artefacts."""
    return replace(settings, local_deployments=True)


@pytest.fixture(autouse=True)
def _all_ended(platform: Platform) -> Iterator[None]:
    yield
    for deployment_id in platform.runner.driver.known():
        platform.runner.driver.stop(deployment_id)


def stored(platform: Platform, act_as: ActAs, content: bytes) -> StoredFile:
    with platform.database.write() as session:
        return store_file(session, platform.files, BytesIO(content), "component.zip", act_as("tigong1"))


def checked(
    platform: Platform, version_id: UUID, check: str, status: str, subject: str | None = None
) -> None:
    """Record that a check came out like this."""
    with platform.database.write() as session:
        record_check_run(
            session,
            CheckRunInput(
                version_id=version_id,
                check=check,
                status=status,  # type: ignore[arg-type]  # one of three words, by hand
                summary=Text("—", "—"),
                subject=subject,
                region_code="990100",
            ),
        )


@pytest.fixture
def artefact(platform: Platform, act_as: ActAs, version_id: UUID) -> StoredFile:
    """Store the sample component with its test switch, inspected."""
    file = stored(platform, act_as, python_archive("component", {"testSwitch": SWITCH}))
    checked(platform, version_id, ARTEFACT_INSPECTION, "passed", file.digest)
    return file


def deploy(
    bench: Bench, version_id: UUID, file: StoredFile, job_id: UUID | None = None, **variables: str
) -> dict[str, object]:
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    return dict(
        bench.run(
            "deployment.deploy",
            job_id,
            versionId=str(version_id),
            artefact={"file": file.reference, "kind": "python"},
            settings={"healthPath": "/health", "environment": environment},
        )
    )


def test_an_inspected_artefact_is_deployed_sampled_and_removed(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile
) -> None:
    deployed = deploy(bench, version_id, artefact, MODE="演示")
    sampled = bench.run("deployment.sample", versionId=str(version_id))
    bench.run("lifecycle.cleanup", versionId=str(version_id), reason="接入终止")
    reconcile(platform.database, platform.runner, platform.files)

    with platform.database.read() as session:
        [row] = queries.deployments_of_version(session, version_id)
    runs = bench.runs(version_id)
    assert deployed["passed"] is True
    assert deployed["deploymentId"] == str(row.id)
    assert sampled["passed"] is True, [run.summary.en for run in runs.values()]
    assert {
        runs[name].status for name in ("health", "runtime.health", "runtime.logs", "runtime.metrics")
    } == {"passed"}
    assert (row.state, row.digest, row.environment) == ("stopped", artefact.digest, {"MODE": "演示"})
    assert row.log_digest is not None
    assert '"message": "started"' in (row.log_tail or "")
    assert row.exit_code is not None


def test_an_artefact_that_was_not_inspected_is_not_deployed(
    bench: Bench, platform: Platform, act_as: ActAs, version_id: UUID, artefact: StoredFile
) -> None:
    other = stored(platform, act_as, python_archive("component", {"note": "another digest"}))

    refused = deploy(bench, version_id, other)

    assert refused["passed"] is False
    assert [finding.rule for finding in bench.runs(version_id)["deployment.deploy"].findings] == [
        "D-INSPECTED"
    ]
    checked(platform, version_id, ARTEFACT_INSPECTION, "failed", artefact.digest)
    assert deploy(bench, version_id, artefact)["passed"] is False
    assert not platform.runner.driver.known()


def test_a_component_that_does_not_come_up_fails_with_its_log(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile
) -> None:
    refused = deploy(bench, version_id, artefact, FAULTS="crash")

    [finding] = bench.runs(version_id)["deployment.deploy"].findings
    with platform.database.read() as session:
        [row] = queries.deployments_of_version(session, version_id)
    assert refused["passed"] is False
    assert finding.rule == "D-START"
    assert "configuration is incomplete" in finding.evidence
    assert row.state == "failed"
    assert "configuration is incomplete" in (row.log_tail or "")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("DATABASE_PASSWORD", "hunter2", "D-SETTING-SECRET"),
        ("PORT", "8080", "D-SETTING-NAME"),
        ("1ST", "x", "D-SETTING-NAME"),
        ("LONG", "x" * 2001, "D-SETTING-VALUE"),
    ],
)
def test_a_setting_that_breaks_a_rule_is_refused_before_anything_starts(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile, name: str, value: str, rule: str
) -> None:
    refused = deploy(bench, version_id, artefact, None, **{name: value})

    [finding] = bench.runs(version_id)["deployment.deploy"].findings
    assert refused["passed"] is False
    assert finding.rule == rule
    assert "hunter2" not in finding.evidence
    assert not platform.runner.driver.known()


def test_a_job_that_runs_again_after_a_crash_deploys_the_same_deployment(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile
) -> None:
    job_id = new_id()
    wanted = service.Wanted(
        version_id=version_id,
        digest=artefact.digest,
        file_name=artefact.name,
        kind="python",
        driver="local",
        job_id=job_id,
    )
    with platform.database.write() as session:
        begun = service.begin(session, PLATFORM, wanted)

    # The platform died here: the row says "preparing", and the job is taken over.
    assert reconcile(platform.database, platform.runner, platform.files) == 0
    deployed = deploy(bench, version_id, artefact, job_id)

    assert deployed["deploymentId"] == str(begun)
    with platform.database.read() as session:
        assert [row.state for row in queries.deployments_of_version(session, version_id)] == ["running"]


def test_after_a_restart_what_has_ended_by_itself_is_recorded_and_strangers_are_ended(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile
) -> None:
    deployed = deploy(bench, version_id, artefact)
    driver = platform.runner.driver
    driver.stop(UUID(str(deployed["deploymentId"])))
    stranger = new_id()
    from handlers.deploying.running import Artefact

    package = platform.runner.open(
        stranger, Artefact(platform.files.path(artefact.digest), "component.zip", artefact.digest)
    )
    platform.runner.start(stranger, package, {}, "/health")

    mended = reconcile(platform.database, platform.runner, platform.files)

    with platform.database.read() as session:
        [row] = queries.deployments_of_version(session, version_id)
    assert mended == 2
    assert row.state == "lost"
    assert not driver.condition(stranger).is_running


def test_a_new_deployment_takes_the_place_of_the_former_one(
    bench: Bench, platform: Platform, version_id: UUID, artefact: StoredFile
) -> None:
    first, second = deploy(bench, version_id, artefact), deploy(bench, version_id, artefact)

    reconcile(platform.database, platform.runner, platform.files)

    with platform.database.read() as session:
        states = {str(row.id): row.state for row in queries.deployments_of_version(session, version_id)}
    assert states == {first["deploymentId"]: "stopped", second["deploymentId"]: "running"}


def test_what_an_operator_asks_for_is_started_by_the_next_round(
    platform: Platform, act_as: ActAs, version_id: UUID, artefact: StoredFile
) -> None:
    wanted = service.Wanted(
        version_id=version_id, digest=artefact.digest, file_name=artefact.name, kind="python", driver="local"
    )
    with platform.database.write() as session:
        asked = service.begin(session, act_as("yunying1"), wanted)

    began = time.monotonic()
    reconcile(platform.database, platform.runner, platform.files)

    with platform.database.read() as session:
        row = queries.deployment(session, asked)
    assert row is not None
    assert row.state == "running", row.reason
    assert time.monotonic() - began < 60


def test_production_waits_for_every_result(
    platform: Platform, act_as: ActAs, version_id: UUID, artefact: StoredFile
) -> None:
    operator = act_as("yunying1")

    def state() -> UUID:
        with platform.database.write() as session:
            return service.state_production(
                session, operator, version_id, artefact.digest, artefact.name, "https://api.example"
            )

    checked(platform, version_id, SECURITY_ASSESSMENT, "passed")
    checked(platform, version_id, OPERATOR_TESTS, "failed")
    with pytest.raises(NotReadyForProduction, match="Functional, performance and security tests"):
        state()
    checked(platform, version_id, OPERATOR_TESTS, "passed")

    state()

    with platform.database.read() as session:
        [row] = queries.deployments_of_version(session, version_id)
    assert (row.stage, row.driver, row.state) == ("production", "stated", "running")


def test_production_of_another_artefact_is_refused(
    platform: Platform, act_as: ActAs, version_id: UUID, artefact: StoredFile
) -> None:
    checked(platform, version_id, SECURITY_ASSESSMENT, "passed")
    checked(platform, version_id, OPERATOR_TESTS, "passed")

    with pytest.raises(NotInspected), platform.database.write() as session:
        service.state_production(
            session, act_as("yunying1"), version_id, "f" * 64, artefact.name, "https://api.example"
        )


def test_where_local_deployments_are_switched_off_nothing_runs_and_nothing_passes(
    platform: Platform, bench: Bench, version_id: UUID, artefact: StoredFile, tmp_path: Path
) -> None:
    from webapp.wiring import build_platform

    closed = build_platform(replace(platform.settings, local_deployments=False), platform.database)
    bench.platform = closed

    answer = deploy(bench, version_id, artefact)

    run = bench.runs(version_id)["deployment.deploy"]
    assert answer["passed"] is False
    assert run.status == "not_checked"
    assert "ZUJIAN_LOCAL_DEPLOYMENTS" in run.summary.en


def test_the_operators_verification_of_a_hosted_version_is_their_word_for_production(
    bench: Bench, platform: Platform, act_as: ActAs, version_id: UUID, artefact: StoredFile
) -> None:
    operator = act_as("yunying1")
    with platform.database.write() as session:
        session.execute(text("UPDATE component_version SET is_hosting = 1"))

    def verify() -> None:
        bench.listen(
            "checks.record_statement",
            operator,
            versionId=str(version_id),
            check="information_verified",
            passed=True,
        )

    with pytest.raises(NotReadyForProduction):
        verify()
    checked(platform, version_id, SECURITY_ASSESSMENT, "passed")
    checked(platform, version_id, OPERATOR_TESTS, "passed")
    verify()
    verify()

    with platform.database.read() as session:
        [row] = queries.deployments_of_version(session, version_id)
    assert (row.stage, row.driver, row.digest) == ("production", "stated", artefact.digest)
    assert bench.runs(version_id)["deployment.production"].status == "passed"
