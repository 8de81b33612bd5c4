"""What agents, models and data services each go through besides: clauses 8.3.2, 8.3.3 and 8.3.4."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue.facts import Facts
from domain.catalogue.refusals import refusals
from domain.catalogue.states import TRANSITIONS, State
from domain.checks.names import AGENT_ACCESS, ARTEFACT_INSPECTION
from domain.credentials import queries as credential_queries
from domain.credentials import service as credentials
from domain.credentials.errors import AlreadyRevealed, CredentialNotFound
from domain.deployments import queries
from domain.people import service as people
from domain.people.permissions import USER
from domain.samples.services.data_service import DataService
from domain.samples.services.packing import python_archive
from kernel import audit
from kernel.actor import Actor
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
from tests.factories.versions import put_in_state
from tests.unit.handlers.checks.serving import answering
from webapp.orders.importing import import_orders

__all__ = [
    "act_as", "bench", "database_url", "platform", "served", "settings", "site", "version_id", "versions",
]  # fmt: skip


@pytest.mark.requirement("R-8.3.2b")
def test_an_agent_is_onboarded_with_address_console_and_a_credential_that_each_holder_sees_once(
    site: Site, served: int
) -> None:
    site.bench.case = site.bench.facts()
    _let_use(site, "fabu2")
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

    assert all(_held(site, owner) == [] for owner in owners)
    _publish_and_order(site, "示例市政务服务中心", "示例市数据局（示例）")
    [credential_id] = {held for owner in owners for held in _held(site, owner)}
    with site.platform.database.write() as session:
        shown = [
            credentials.reveal_once(session, site.platform.vault, owner, credential_id) for owner in owners
        ]
    for stranger, error in ((owners[0], AlreadyRevealed), (site.act_as("tigong1"), CredentialNotFound)):
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


def _let_use(site: Site, user_name: str) -> None:
    """Let a person use components for the own unit, as the two administrators do."""
    with site.platform.database.write() as session:
        system, security = site.act_as("sysadmin"), site.act_as("secadmin")
        person = site.act_as(user_name)
        assert person.person_id is not None
        grant = people.propose_grant(session, system, person.person_id, USER, "990100", person.unit_id)
        people.decide_grant(session, security, grant, approve=True)


def _publish_and_order(site: Site, *units: str) -> None:
    """Import an order of each unit, as the operator does."""
    rows = [
        {
            "versionId": str(site.version_id),
            "number": f"DD-{number}",
            "holderUnit": unit,
            "application": "一网通办",
            "purpose": "业务办理",
            "grantedOn": "2026-01-01",
        }
        for number, unit in enumerate(units)
    ]
    with site.platform.database.write() as session:
        put_in_state(session, site.version_id, State.PUBLISHED)
        results = import_orders(session, site.act_as("yunying1"), rows)
    assert [each.outcome for each in results] == ["registered"] * len(units)


def _held(site: Site, owner: Actor) -> list[UUID]:
    """Return the credentials on the page of a person."""
    with site.platform.database.read() as session:
        return [row.id for row in credential_queries.held_by(session, owner)]


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
