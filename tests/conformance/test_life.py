"""The onboarding of 9.1b and 9.1c from the creation to the market, unhosted and hosted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import GuardNotMet
from domain.catalogue.states import Event, State
from domain.checks import names
from domain.checks.service import CheckRunInput, Status, record_check_run
from domain.deployments import queries as deployments
from domain.gateway import queries as gateway
from domain.notices.queries import notices
from domain.people.permissions import OPERATOR, PROVIDER, REVIEWER
from domain.samples.services.packing import python_archive
from kernel import audit
from kernel.audit import AuditSearch
from kernel.clock import ManualClock, now, use_clock
from kernel.files import FileStore, store_file
from kernel.ids import new_id
from kernel.language import Text
from tests.conformance.lives import Life, Town
from tests.conformance.onboarding_case import PLATFORM
from tests.integration.handlers.conftest import Bench
from tests.processes import papers

TESTS = ("functional", "performance", "security")
ITEMS = ("networkZone", "serviceAddress", "accessPolicies", "healthCheck", "apiInfo", "productionDeployment")
PARTS = ("prepared", "adapted", "deployed", "assessed")
PROVIDES = "tigong4"


def stands_against(life: Life, event: Event) -> list[str]:
    """Return the conditions that stand against a transition which the platform asks for in a case."""
    case = CaseFacts(instance_id=new_id(), initiator_id=life.opener.person_id)
    with life.platform.database.write() as session, pytest.raises(GuardNotMet) as refused:
        service.request_transition(session, PLATFORM, life.version_id, event, case=case)
    return [refusal.rule for refusal in refused.value.refusals]


def record(life: Life, check: str, status: Status = "passed") -> None:
    """Record by hand how a check came out."""
    dash = Text("—", "—")
    run = CheckRunInput(
        version_id=life.version_id,
        check=check,
        status=status,
        summary=dash,
        region_code=life.detail.region_code,
    )
    with life.platform.database.write() as session:
        record_check_run(session, run)


def registration_alone_starts_no_test(life: Life) -> None:
    """A version that is registered and nothing else goes to no assessment, and so to no test."""
    record(life, names.PREREGISTRATION)
    assert stands_against(life, Event.SUBMIT_ASSESSMENT) == ["variant_done"]
    record(life, names.PREREGISTRATION, "failed")


def stages(life: Life) -> list[str]:
    """Return the stages at which routes of the version stand."""
    return [route.stage for route in life.read(lambda session: gateway.routes(session, life.version_id))]


def without(whole: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a copy that lacks one entry."""
    return {key: value for key, value in whole.items() if key != name}


@pytest.mark.requirement("R-9.1b1", "R-9.1b1t", "R-9.1b2", "R-9.1b3", "R-9.1c2", "R-3.4")
def test_an_unhosted_api_is_probed_tested_reviewed_and_verified_in_this_order(town: Town) -> None:
    life = town.component("示例非托管接入组件", "fei-tuo-guan-jie-ru").until("network-declaration")
    registration_alone_starts_no_test(life)
    life.until("api-info")
    assert (stages(life), stands_against(life, Event.SUBMIT_ASSESSMENT)) == ([], ["variant_done"])

    life.until("operator-tests")
    assert stages(life) == ["pre_release"]
    assert [run.status for run in life.runs("network.reachability")] == ["passed"]
    assert life.read(lambda session: deployments.deployments_of_version(session, life.version_id)) == []

    three_tests_with_evidence_and_a_failed_one_returns(life)
    life.until("operator-tests")
    assert "申请接入审核" not in town.page(PROVIDES, "/tasks?view=claimable")
    life.complete("test_component", tests=papers.tests(), outcome="all_pass").run()
    assert "申请接入审核" in town.page(PROVIDES, "/tasks?view=claimable")

    done = dict.fromkeys(PARTS, True)
    for part in PARTS:
        assert life.refuses("apply_for_review", checklist=without(done, part), outcome="submit"), part
        assert life.refuses("apply_for_review", checklist={**done, part: False}, outcome="submit"), part
    life.complete("apply_for_review", checklist=done, outcome="submit")
    reviewer, task = life.open_task()
    assert (task.element_id, reviewer.has_role(REVIEWER, life.detail.region_code)) == (
        "review_onboarding",
        True,
    )

    for check in (names.INFORMATION_VERIFIED, names.ROUTE_REGISTRATION):
        record(life, check)
    assert stands_against(life, Event.CONFIRM_ONBOARDED) == ["onboarding_approved"]
    checklist = {"layer": True, "architecture": True}
    life.complete("review_onboarding", checklist=checklist, outcome="agree")

    verified = papers.verification()
    for item in ITEMS:
        assert life.refuses("deploy_or_verify", items=without(verified, item), outcome="verified"), item
        assert life.refuses("deploy_or_verify", items={**verified, item: "failed"}, outcome="verified"), item
    life.complete("deploy_or_verify", items=verified, outcome="verified").run()
    assert life.detail.state is State.ONBOARDED
    assert {finding.place for finding in life.runs(names.INFORMATION_VERIFIED)[0].findings} == set(ITEMS)
    assert life.runs(names.ONBOARDING_REVIEW)[0].status == "passed"


def three_tests_with_evidence_and_a_failed_one_returns(life: Life) -> None:
    """Hand in the operator's tests, first incomplete, then with one that failed."""
    whole = papers.tests()
    for test in TESTS:
        assert life.refuses("test_component", tests=without(whole, test), outcome="all_pass"), test
        unproven = {**whole, test: without(whole[test], "evidence")}
        assert life.refuses("test_component", tests=unproven, outcome="all_pass"), test
        failed = papers.tests(**{test: "failed"})
        assert life.refuses("test_component", tests=failed, outcome="all_pass"), test
    failed = papers.tests(security="failed")
    life.complete("test_component", tests=failed, opinion="越权访问", outcome="any_fail")

    holder, task = life.open_task()
    assert (task.element_id, holder.has_role(PROVIDER, life.detail.region_code, holder.unit_id)) == (
        "rework",
        True,
    )
    run = life.runs(names.OPERATOR_TESTS)[0]
    assert (run.status, {finding.place for finding in run.findings}) == ("failed", set(TESTS))
    assert all(finding.evidence for finding in run.findings)


@pytest.mark.requirement("R-9.1b1", "R-9.1c1")
def test_a_hosted_api_is_deployed_and_routed_before_its_tests_and_again_by_operators(town: Town) -> None:
    life = town.component("示例托管接入组件", "tuo-guan-jie-ru", isHosting=1).until("artefact")
    registration_alone_starts_no_test(life)

    packed = BytesIO(python_archive("component", {"testSwitch": {"DATABASE_ADDRESS": "127.0.0.1:9"}}))
    with town.platform.database.write() as session:
        file = store_file(session, town.platform.files, packed, "component.zip", town.actor(PROVIDES))
    life.complete(
        "upload_artefact",
        artefact={"file": file.reference, "kind": "python"},
        settings={"environment": [], "healthPath": "/health"},
        outcome="submit",
    )
    assert life.waits_at == "fill_api_data"
    deployed = life.read(lambda session: deployments.deployments_of_version(session, life.version_id))
    assert [(row.stage, row.state) for row in deployed] == [("pre_release", "running")]
    assert (stages(life), stands_against(life, Event.SUBMIT_ASSESSMENT)) == ([], ["variant_done"])
    life.until("operator-tests")
    assert stages(life) == ["pre_release"]

    life.until("deploy-or-verify")
    _operator, task = life.open_task()
    assert (task.element_id, task.candidate_role) == ("deploy_or_verify", OPERATOR)
    assert "productionDeployment" in str(life.detail_of_task().form_schema)
    undeployed = {**papers.verification(), "productionDeployment": "failed"}
    assert life.refuses("deploy_or_verify", items=undeployed, outcome="verified")
    deployed_twice = {**papers.verification(), "productionDeployment": "confirmed"}
    life.complete("deploy_or_verify", items=deployed_twice, outcome="verified").run()
    assert stages(life) == ["pre_release", "production"]


def is_asked_for_the_listing(town: Town, life: Life) -> bool:
    """Tell whether the releasing unit finds the version among what it is to do."""
    return f"{life.detail.name} {life.detail.version} 已接入，请发起上架申请" in town.page("fabu1", "/tasks")


@pytest.mark.requirement("R-9.1c4", "R-9.1d1")
def test_a_listing_is_asked_for_and_the_catalogue_hears_of_it_once_after_a_failure_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = town.component("示例目录同步组件", "mu-lu-tong-bu").until("deploy-or-verify")
    assert not is_asked_for_the_listing(town, life)
    life.complete("deploy_or_verify", items=papers.verification(), outcome="verified").run()
    told = life.read(lambda session: notices(session, town.actor("fabu1"))).rows
    (asked,) = [row for row in told if row.title.zh.startswith(f"组件已接入：{life.detail.name}")]
    assert asked.link == f"/components/{life.version_id}"
    assert "申请上架" in town.page("fabu1", asked.link)
    assert is_asked_for_the_listing(town, life)

    life.until("approve-listing")
    assert not is_asked_for_the_listing(town, life)
    clock = ManualClock(now())
    with use_clock(clock):
        with monkeypatch.context() as broken:
            broken.setattr(FileStore, "put", unreachable)
            life.complete("approve_listing", outcome="agree", opinion="符合上架条件").run()
        assert (life.detail.state, life.detail.directory_receipt) == (State.LISTED, None)
        clock.advance(timedelta(minutes=2))
        life.run()
    first = life.detail
    Bench(town.platform, town.actor).run("directory.push", versionId=str(life.version_id))

    again = life.detail
    assert first.directory_receipt is not None
    assert (again.directory_id, again.directory_receipt) == (first.directory_id, first.directory_receipt)
    with town.platform.database.read() as session:
        trail = audit.search(session, AuditSearch(stream=f"component:{life.version_id}"))
    assert [event.action for event in trail].count("component.sent_to_directory") == 1
    kept = json.loads(town.platform.files.path(first.directory_receipt.removeprefix("local:")).read_bytes())
    assert (kept["versionId"], kept["digest"]) == (str(life.version_id), first.record_digest)


def unreachable(*_given: object) -> None:
    """Stand for a catalogue that does not answer."""
    raise ConnectionError("the catalogue does not answer")
