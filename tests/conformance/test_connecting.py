"""What is checked before and while a component is connected: clauses 8.1.2, 8.2.1, 8.2.2 and 8.2.3."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from domain.catalogue.facts import Facts
from domain.catalogue.refusals import refusals
from domain.catalogue.service import record_statement
from domain.catalogue.states import TRANSITIONS, Event
from domain.checks.names import NETWORK, ONBOARDING_REVIEW
from domain.checks.queries import latest_statuses
from domain.credentials import service as credentials
from domain.samples.services.agent import Agent
from engine.api import BPMNError
from kernel.actor import system_actor
from kernel.clock import now
from kernel.files import store_file
from kernel.unit_of_work import perform
from tests.conformance.office import Office, good
from tests.conformance.running import (
    act_as,
    bench,
    database_url,
    platform,
    served,
    settings,
    version_id,
    versions,
)
from tests.integration.handlers.conftest import ActAs, Bench
from tests.unit.handlers.checks.serving import answering
from webapp.catalogue.importing import import_records

__all__ = ["act_as", "bench", "database_url", "platform", "served", "settings", "version_id", "versions"]


@pytest.mark.requirement("R-8.2.1a2")
def test_a_charged_component_says_unit_price_and_billing_period(office: Office) -> None:
    whole = {"unit": "次", "price": "0.05", "currency": "CNY", "billingPeriod": "月"}

    def broken(is_charge: str, tariff: Any) -> bool:
        extension = {**good()["extension"], "chargeStandard": tariff}
        return "V-CHG-02" in office.broken(good(isCharge=is_charge, extension=extension), "onboarding")

    assert not broken("1", whole)
    for part in ("unit", "price", "billingPeriod"):
        assert broken("1", {name: value for name, value in whole.items() if name != part}), part
        assert broken("1", {**whole, part: " "}), part
    assert broken("1", "每次0.05元")
    assert "V-CHG-02" in office.broken(good(isCharge="1"), "onboarding")
    assert "V-CHG-02" not in office.broken(good(isCharge="2"), "onboarding")


def api_document(version: str, base: str, path: str = "/query") -> dict[str, Any]:
    """Return an API document of a version of the specification, with one operation below a base."""
    operation = {"responses": {"200": {"description": "成功"}, "default": {"description": "出错"}}}
    whole: dict[str, Any] = {
        "info": {"title": "网络资源查询", "version": "1.2.0"},
        "security": [{"token": []}],
        "paths": {path: {"get": operation}},
    }
    if version == "2.0":
        token = {"type": "apiKey", "in": "header", "name": "Authorization"}
        return {**whole, "swagger": version, "basePath": base or "/", "securityDefinitions": {"token": token}}
    schemes = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    servers = [{"url": f"https://gateway.example{base}"}]
    return {**whole, "openapi": version, "servers": servers, "components": schemes}


@pytest.mark.requirement("R-8.2.1d1")
def test_the_api_document_is_openapi_and_covers_the_registered_paths(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    actor = act_as("fabu1")

    def passes(document: object) -> tuple[object, object]:
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        file = perform(
            bench.platform.database,
            "file.store",
            actor,
            lambda session: store_file(
                session, bench.platform.files, io.BytesIO(content), "openapi.json", actor
            ),
        )
        record = {"extension": {"documents": {"apiDocument": file.reference}}}
        bench.listen("catalogue.save_record", actor, versionId=str(version_id), record=record)
        prepared = bench.preparation()
        parsed = bench.run("checks.preparation", versionId=str(version_id), preparation=prepared)["passed"]
        return parsed, bench.run("gateway.preregister", versionId=str(version_id), apiInfo={})["passed"]

    for version in ("3.1.0", "3.0.3", "2.0"):
        assert passes(api_document(version, "/open/network-resource/v1")) == (True, True), version
        assert passes(api_document(version, "", "/api/network-resource/query")) == (True, True), version
        assert passes(api_document(version, "/open/other/v1")) == (True, False), version
        found = bench.runs(version_id)["openapi.paths"].findings
        assert [finding.rule for finding in found] == ["D-COVERED"]
    assert passes(b"{not json")[0] is False
    assert passes({**api_document("3.0.3", "/open/network-resource/v1"), "openapi": "1.2"})[0] is False


@pytest.mark.requirement("R-8.2.2d")
def test_an_agent_keeps_to_the_specification_of_chat_task_stop_and_trace(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    bench.case = bench.facts()
    with bench.platform.database.write() as session:
        case_id, provider = bench.case.id, act_as("tigong1")
        token = credentials.seal(session, bench.platform.vault, provider, "for-the-tests", case_id)

    def passes(mode: str, planted: str = "") -> object:
        with answering(Agent("for-the-tests", {planted}).respond) as address:
            agent = {"testAddress": address, "mode": mode, "testCredential": token}
            return bench.run("agent.contract", versionId=str(version_id), agent=agent)["passed"]

    def rules() -> set[str]:
        return {finding.rule for finding in bench.runs(version_id)["agent.contract"].findings}

    assert (passes("chat"), passes("task")) == (True, True)
    for mode, planted, rule in (
        ("chat", "no-reply", "I-SHAPE"),
        ("task", "no-stop", "I-SHAPE"),
        ("chat", "empty-trace", "I-TRACE"),
        ("task", "no-trace", "I-TRACE"),
    ):
        assert passes(mode, planted) is False, planted
        assert rules() == {rule}, planted


@pytest.mark.requirement("R-6.1.2a")
def test_a_refactored_component_names_its_source_system_and_hands_in_its_record(
    bench: Bench, version_id: UUID
) -> None:
    whole = bench.preparation()

    def passes(preparation: dict[str, Any]) -> object:
        return bench.run("checks.preparation", versionId=str(version_id), preparation=preparation)["passed"]

    def places() -> list[str]:
        found = bench.runs(version_id)["self_checks"].findings
        return [finding.place for finding in found if finding.rule == "P-REFACTORING"]

    assert passes(whole) is True
    for place in ("sourceSystem", "reworkRecord"):
        assert passes({**whole, place: " "}) is False
        assert places() == [place]
    assert passes({**whole, "reworkRecord": f"file:{version_id}"}) is False
    assert places() == ["reworkRecord"]
    # Without a passed preparation the version goes neither to the assessment nor to the review.
    with bench.platform.database.read() as session:
        statuses = latest_statuses(session, version_id, now() - timedelta(hours=1))
    [submit] = [row for row in TRANSITIONS if row.event is Event.SUBMIT_ASSESSMENT]
    against = refusals(submit, Facts(roles=frozenset(submit.roles), checks=statuses))
    assert "preparation_passed" in {refusal.rule for refusal in against}


@pytest.mark.requirement("R-8.1.2a2")
def test_an_address_by_ip_is_acknowledged_and_one_that_does_not_answer_fails(
    bench: Bench, act_as: ActAs, version_id: UUID, served: int
) -> None:
    declared = {
        "networkZone": "政务外网区",
        "serviceAddress": f"http://127.0.0.1:{served}",
        "healthPath": "/health",
        "accessPolicies": [{"sourceCidr": "10.1.2.0/24", "port": served, "protocol": "TCP"}],
    }

    def declares(**changed: Any) -> tuple[object, set[str]]:
        given = {**declared, **changed}
        passed = bench.run("network.declaration", versionId=str(version_id), declaration=given)["passed"]
        return passed, {finding.rule for finding in bench.runs(version_id)["network.declaration"].findings}

    passed, rules = declares()
    assert (passed, rules >= {"N-ADDRESS-IP", "N-ADDRESS-ACKNOWLEDGED"}) == (False, True)
    passed, rules = declares(ipAddressAcknowledged=True)
    assert (passed, "N-ADDRESS-IP" in rules, "N-ADDRESS-ACKNOWLEDGED" in rules) == (True, True, False)
    passed, rules = declares(serviceAddress=f"http://localhost:{served}")
    assert (passed, "N-ADDRESS-IP" in rules) == (True, False)

    assert connected(bench, act_as, version_id, f"http://localhost:{served}") == (True, set())
    for silent, rule in (("http://localhost:9", "R-TCP"), ("http://no-such-name.invalid", "R-DNS")):
        assert connected(bench, act_as, version_id, silent) == (False, {rule})


@pytest.mark.requirement("R-6.2b3")
def test_a_health_endpoint_answers_200_unless_a_component_without_endpoint_is_exempt_for_a_reason(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    def declares(address: str, path: str) -> object:
        declared = {
            "networkZone": "政务外网区",
            "serviceAddress": address.replace("127.0.0.1", "localhost"),
            "healthPath": path,
            "accessPolicies": [{"sourceCidr": "10.1.2.0/24", "port": 8080, "protocol": "TCP"}],
        }
        return bench.run("network.declaration", versionId=str(version_id), declaration=declared)["passed"]

    refused: list[str] = []

    def is_exempt(asked: UUID, reason: str) -> tuple[str, list[str], str]:
        given: dict[str, Any] = {"versionId": str(asked), "reason": reason}
        try:
            bench.run("checks.exempt_from_health", **given)
        except BPMNError as error:
            refused.append(error.code)
            perform(bench.platform.database, "job.test", system_actor(), error.apply or (lambda _s: None))
        run = bench.runs(asked)["health_exemption"]
        return run.status, [finding.place for finding in run.findings], run.findings[0].evidence

    with answering(lambda *_asked: (503, {})) as address:
        assert (declares(address, "/health"), declares(address, "/busy")) == (True, False)
    # An API is never exempt, nor what is hosted; another kind without an endpoint is, and says why.
    extension = {"layer": "能力层", "capabilityClass": "基础支撑", "buildMode": "新建"}
    plain: dict[str, Any] = {"technicalField": "5", "apiInfo": ..., "extension": extension}
    rows = [
        good(name=f"离线规则包{hosting}", componentId=f"离线规则包{hosting}", isHosting=hosting, **plain)
        for hosting in (0, 1)
    ]
    report = import_records(bench.platform, act_as("fabu1"), rows, "test", Path("/nonexistent"))
    unhosted, hosted = (row.version_id for row in report.rows)
    assert unhosted is not None
    assert hosted is not None
    assert is_exempt(version_id, "离线分发")[:2] == (
        "failed",
        ["technicalField", "apiInfo", "extension.serviceAddress"],
    )
    assert is_exempt(hosted, "离线分发")[:2] == ("failed", ["isHosting"])
    assert is_exempt(unhosted, " ")[:2] == ("failed", ["withoutEndpointReason"])
    assert is_exempt(unhosted, "离线分发") == ("passed", ["healthPath"], "离线分发")
    assert refused == 3 * ["onboarding.failed"]
    s07 = next(row for row in TRANSITIONS if row.event is Event.SUBMIT_ASSESSMENT)
    for checks, is_done in (({"health_exemption": "passed"}, True), ({}, False)):
        facts = Facts(technical_field="5", is_hosting=0, checks=checks)
        assert ("variant_done" not in {found.rule for found in refusals(s07, facts)}) == is_done


@pytest.mark.requirement("R-8.2.3a")
def test_an_unhosted_component_is_reached_from_the_platform_before_its_verification(
    bench: Bench, act_as: ActAs, version_id: UUID, served: int
) -> None:
    [submit] = [row for row in TRANSITIONS if row.event is Event.SUBMIT_ASSESSMENT]

    def stands_against_going_on() -> set[str]:
        with bench.platform.database.read() as session:
            statuses = latest_statuses(session, version_id, now() - timedelta(hours=1))
        facts = Facts(
            roles=frozenset(submit.roles),
            technical_field="1",
            is_hosting=0,
            checks={**statuses, NETWORK: "passed"},
        )
        return {refusal.rule for refusal in refusals(submit, facts)} & {"variant_done"}

    # An address that the platform may not probe was not reached either.
    for address, rule in (("http://localhost:9", "R-TCP"), ("http://192.0.2.1:80", "G-NOT-REACHED")):
        passed, rules = connected(bench, act_as, version_id, address)
        assert (passed, rule in rules) == (False, True), address
        assert stands_against_going_on() == {"variant_done"}

    assert connected(bench, act_as, version_id, f"http://localhost:{served}") == (True, set())
    assert stands_against_going_on() == set()


def connected(bench: Bench, act_as: ActAs, version_id: UUID, address: str) -> tuple[object, set[str]]:
    """Declare an address, let the platform connect, and return whether it passed and what it found."""
    target = {"host": address.partition("://")[2], "rank": 100}
    record = {
        "extension": {"serviceAddress": address},
        "apiInfo": {"protocols": ["HTTP/1.1"], "targetServers": [target]},
    }
    bench.listen("catalogue.save_record", act_as("fabu1"), versionId=str(version_id), record=record)
    passed = bench.run("gateway.preregister", versionId=str(version_id), apiInfo={})["passed"]
    found = bench.runs(version_id)["network.reachability"].findings
    return passed, {finding.rule for finding in found if finding.severity == "error"}


@pytest.mark.requirement("R-8.1.2b1")
def test_a_row_of_the_access_list_with_a_wrong_range_port_or_protocol_is_rejected(
    bench: Bench, version_id: UUID
) -> None:
    row = {"sourceCidr": "10.1.2.0/24", "port": 443, "protocol": "TCP"}

    def rejected(**changed: object) -> bool:
        declaration = {
            "networkZone": "政务外网区",
            "serviceAddress": "https://localhost",
            "healthPath": "/health",
            "accessPolicies": [{**row, **changed}],
        }
        bench.run("network.declaration", versionId=str(version_id), declaration=declaration)
        found = {finding.rule for finding in bench.runs(version_id)["network.declaration"].findings}
        return bool(found & {"N-CIDR", "N-PORT", "N-PROTOCOL"})

    assert not rejected()
    assert rejected(sourceCidr="10.1.2.0/33")
    assert rejected(port=70000)
    assert rejected(protocol="ICMP")


@pytest.mark.requirement("R-8.1.2b2")
def test_the_access_list_is_exported_with_version_and_approver(office: Office) -> None:
    lists = [
        {"sourceCidr": "10.1.2.0/24", "port": 443, "protocol": "TCP"},
        {"sourceCidr": "10.9.0.0/16", "port": 514, "protocol": "UDP"},
    ]
    extension = {**good()["extension"], "networkZone": "政务外网区", "accessPolicies": lists}
    (row,) = office.take_in(good(componentId=..., extension=extension))
    visitor, reviewer = office.visitor("fabu1"), office.actor("shenhe1")
    page = f"/components/{row['versionId']}"

    def exported() -> list[list[str]]:
        answer = visitor.client.get(f"{page}/access-policies.csv")
        assert answer.status_code == 200
        text = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        sheet = openpyxl.load_workbook(
            io.BytesIO(visitor.client.get(f"{page}/access-policies.xlsx").data), read_only=True
        ).active
        assert sheet is not None
        assert [[str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True)] == text
        return text[1:]

    for kind in ("csv", "xlsx"):
        assert f"{page}/access-policies.{kind}" in visitor.get(page).text
    assert {line[7] for line in exported()} == {"尚未审批"}
    with office.platform.database.write() as session:
        version_id = UUID(row["versionId"])
        record_statement(session, reviewer, version_id, ONBOARDING_REVIEW, passed=True, note="同意")

    lines = exported()
    name, version = good()["name"], good()["version"]
    assert [line[:3] for line in lines] == [[name, version, "政务外网区"]] * 2
    assert [line[4:8] for line in lines] == [
        ["10.1.2.0/24", "443", "TCP", reviewer.name],
        ["10.9.0.0/16", "514", "UDP", reviewer.name],
    ]
    # A version without a list has nothing to hand out.
    other = {**good()["apiInfo"], "apiName": "乙接口", "apiCode": "yi", "publicPath": "/yi"}
    bare = {key: value for key, value in extension.items() if key != "accessPolicies"}
    (none,) = office.take_in(good(componentId=..., name="示例乙组件", extension=bare, apiInfo=other))
    assert visitor.client.get(f"/components/{none['versionId']}/access-policies.csv").status_code == 404
