"""Acceptance of what runs: deployments, samples, agents, data services, credentials."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue.guards import Facts, refusals
from domain.catalogue.states import TRANSITIONS
from domain.checks.names import (
    AGENT_ACCESS,
    ARTEFACT_INSPECTION,
    OPERATOR_TESTS,
    PRODUCTION_DEPLOYMENT,
    SECURITY_ASSESSMENT,
)
from domain.credentials import queries as credential_queries
from domain.credentials import service as credentials
from domain.credentials.errors import AlreadyRevealed, CredentialNotFound
from domain.credentials.purposes import AGENT_INITIAL
from domain.credentials.vault import make_key_file
from domain.deployments import queries, service
from domain.deployments.errors import NotReadyForProduction
from domain.samples.services.data_service import DataService
from domain.samples.services.packing import python_archive
from handlers.checks.calls import call
from kernel import audit
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.settings import Settings
from tests.conformance.running import Site
from tests.integration.handlers.conftest import (
    Bench,
    act_as,
    bench,
    platform,
    served,
    version_id,
    versions,
)
from tests.unit.handlers.checks.serving import answering
from webapp.wiring import Platform

__all__ = ["act_as", "bench", "platform", "served", "version_id", "versions"]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give one empty SQLite database: what runs does not depend on where its rows lie."""
    path = tmp_path / "zujian.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let this platform run artefacts and keep credentials."""
    make_key_file(settings.credentials_key_path)
    return replace(settings, local_deployments=True, deployment_start_seconds=10)


@pytest.fixture
def site(
    platform: Platform, bench: Bench, act_as: Callable[[str], Actor], version_id: UUID
) -> Iterator[Site]:
    """Give the site; whatever was started there is ended."""
    yield Site(platform, bench, act_as, version_id)
    for deployment_id in platform.runner.driver.known():
        platform.runner.driver.stop(deployment_id)


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


@pytest.mark.requirement("R-8.1.2b1")
def test_a_row_of_the_access_list_with_a_wrong_range_port_or_protocol_is_rejected(site: Site) -> None:
    good = {"sourceCidr": "10.1.2.0/24", "port": 443, "protocol": "TCP"}

    def rejected(**changed: object) -> bool:
        declaration = {
            "networkZone": "政务外网区",
            "serviceAddress": "https://localhost",
            "healthPath": "/health",
            "accessPolicies": [{**good, **changed}],
        }
        site.run("network.declaration", declaration=declaration)
        return bool(site.rules_of("network.declaration") & {"N-CIDR", "N-PORT", "N-PROTOCOL"})

    assert not rejected()
    assert rejected(sourceCidr="10.1.2.0/33")
    assert rejected(port=70000)
    assert rejected(protocol="ICMP")


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
    site.run("deployment.remove", reason="换版")

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


@pytest.mark.requirement("R-8.3.2b")
def test_an_agent_is_onboarded_with_address_console_and_a_credential_that_each_holder_sees_once(
    site: Site, served: int
) -> None:
    site.bench.case = site.bench.facts()
    owners = [site.act_as("shiyong"), site.act_as("fabu2")]
    address = f"http://localhost:{served}"
    with site.platform.database.write() as session:
        reference = credentials.seal(
            session, site.platform.vault, site.act_as("tigong1"), "first-password", site.bench.case.id
        )
    access = {"serviceAddress": address, "consoleAddress": address, "credential": reference}

    incomplete = [
        site.run("agent.verify_access", access={**access, left_out: ""})["passed"] for left_out in access
    ]
    asked = _onboarding_asked_for(site)
    complete = site.run("agent.verify_access", access=access)["passed"]

    with site.platform.database.write() as session:
        [credential_id] = credential_queries.active_ids(session, site.version_id, [AGENT_INITIAL])
        platform_actor = site.act_as("tigong1")
        for owner in owners:
            assert owner.person_id is not None
            credentials.entitle(session, _system(), credential_id, owner.person_id, new_id())
    with site.platform.database.write() as session:
        shown = [
            credentials.reveal_once(session, site.platform.vault, owner, credential_id) for owner in owners
        ]
    for stranger, error in ((owners[0], AlreadyRevealed), (platform_actor, CredentialNotFound)):
        with pytest.raises(error), site.platform.database.write() as session:
            credentials.reveal_once(session, site.platform.vault, stranger, credential_id)
    with site.platform.database.read() as session:
        events = audit.events_of_stream(session, f"component:{site.version_id}")
        [row] = credential_queries.credentials_of_version(session, site.version_id)
    assert incomplete == [False, False, False]
    assert asked == ["agent_access_returned"]
    assert complete is True
    assert _onboarding_asked_for(site) == []
    assert shown == ["first-password", "first-password"]
    assert row.must_change
    viewed = [event.actor_name for event in events if event.action == "credential.revealed"]
    assert viewed == [owner.name for owner in owners]
    assert "first-password" not in str(events)
    assert b"first-password" not in Path(site.platform.database.url.removeprefix("sqlite:///")).read_bytes()


def _system() -> Actor:
    from kernel.actor import system_actor

    return system_actor("platform")


def _onboarding_asked_for(site: Site) -> list[str]:
    """Return which conditions of the access data stand against confirming that an agent is onboarded."""
    [confirm] = [row for row in TRANSITIONS if row.number == "S13"]
    runs = site.bench.runs(site.version_id)
    passed = {AGENT_ACCESS: runs[AGENT_ACCESS].status} if AGENT_ACCESS in runs else {}
    facts = Facts(roles=frozenset(confirm.roles), technical_field="2", checks=passed)
    return [refusal.rule for refusal in refusals(confirm, facts) if refusal.rule == "agent_access_returned"]


@pytest.mark.requirement("R-8.3.4a")
def test_the_connection_to_a_source_is_tested_and_its_password_never_echoed(site: Site) -> None:
    site.bench.case = site.bench.facts()
    password = "of-the-source"
    with site.platform.database.write() as session:
        reference = credentials.seal(
            session, site.platform.vault, site.act_as("tigong1"), password, site.bench.case.id
        )

    def connects(address: str) -> object:
        declared = {"kind": "api", "address": address, "name": "示例", "secret": reference}
        return site.run("data.connection", dataSource=declared)["passed"]

    with answering(DataService(set(), password).respond) as address:
        good = connects(f"{address}/")
    with answering(DataService(set(), "another").respond) as address:
        wrong = connects(f"{address}/")

    stored = Path(site.platform.database.url.removeprefix("sqlite:///")).read_bytes()
    assert (good, wrong) == (True, False)
    assert password not in str(site.bench.runs(site.version_id))
    assert password.encode() not in stored


@pytest.mark.requirement("R-8.3.4b")
def test_a_data_service_names_a_mode_and_its_contract_test_passes(site: Site) -> None:
    cases = [
        {"name": "查询", "kind": "normal", "input": '{"district": "示例区"}', "expectedStatus": 200},
        {
            "name": "缺参数",
            "kind": "invalid",
            "input": "{}",
            "expectedStatus": 400,
            "errorCode": "DATA-INPUT-DISTRICT_MISSING",
        },
    ]
    output = {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "array"}}}

    def passes(modes: list[str], planted: str = "") -> object:
        with answering(DataService({planted}).respond) as address:
            declared = {
                "modes": modes,
                "address": f"{address}/query",
                "schema": json.dumps(output),
                "cases": cases,
            }
            return site.run("data.contract", service=declared)["passed"]

    assert passes(["query"]) is True
    assert passes(["query", "subscribe"]) is True
    assert passes([]) is False
    assert passes(["query"], "wrong-shape") is False
    assert passes(["query"], "no-code") is False


MODEL_INPUT = {"type": "object", "properties": {"calls": {"type": "number", "minimum": 0, "maximum": 100000}}}
MODEL_OUTPUT = {"type": "object", "required": ["label"], "properties": {"label": {"enum": ["busy", "quiet"]}}}
MODEL_CASES = [
    {"name": "正常", "kind": "normal", "input": '{"calls": 130}', "expectedStatus": 200},
    {
        "name": "越界",
        "kind": "out_of_range",
        "input": '{"calls": -1}',
        "expectedStatus": 400,
        "errorCode": "MODEL-INPUT-OUT_OF_RANGE",
    },
]


def _load_model(site: Site, label: str = "busy") -> Mapping[str, Any]:
    """Upload the sample model with a sample of what it should say, and have it loaded."""
    manifest = {"sample": {"input": {"calls": 130}, "output": {"label": label}}}
    file = site.upload(content=python_archive("model", manifest))
    model = {"file": file.reference, "format": "python", "licence": "Apache-2.0", "origin": "自研"}
    return site.run("model.load", model=model)


@pytest.mark.requirement("R-8.3.3a")
def test_a_model_is_loaded_and_asked_once_and_both_are_recorded(site: Site) -> None:
    loaded = _load_model(site)
    recorded = (site.status_of(ARTEFACT_INSPECTION), site.status_of("deployment.deploy"))
    verdict = site.status_of("model.load")
    mistaken = _load_model(site, "quiet")

    with site.platform.database.read() as session:
        row = queries.deployment(session, UUID(str(loaded["deploymentId"])))
    assert loaded["passed"] is True
    assert (recorded, verdict) == (("passed", "passed"), "passed")
    assert row is not None
    assert row.digest == loaded["digest"]
    assert mistaken["passed"] is False
    assert site.rules_of("model.load") == {"M-SMOKE"}


@pytest.mark.requirement("R-8.3.3b")
def test_a_bad_input_gives_the_registered_code_and_the_output_matches_its_schema(site: Site) -> None:
    _load_model(site)

    def passes(output: object, code: str) -> object:
        cases = [MODEL_CASES[0], {**MODEL_CASES[1], "errorCode": code}]
        contract = {
            "inputSchema": json.dumps(MODEL_INPUT),
            "outputSchema": json.dumps(output),
            "cases": cases,
        }
        return site.run("model.contract", contract=contract)["passed"]

    assert passes(MODEL_OUTPUT, "MODEL-INPUT-OUT_OF_RANGE") is True
    assert passes(MODEL_OUTPUT, "MODEL-INPUT-OTHER") is False
    assert passes({**MODEL_OUTPUT, "required": ["label", "reason"]}, "MODEL-INPUT-OUT_OF_RANGE") is False
