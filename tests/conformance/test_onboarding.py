"""Requirements of 8.2, 8.3 and 9.1b on the platform: engine, forms, handlers and catalogue together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from domain.catalogue.dictionaries import INTRODUCED
from domain.catalogue.errors import GuardNotMet
from domain.catalogue.states import State
from domain.checks import names
from domain.deployments import queries as deployments
from kernel.clock import ManualClock, now, use_clock
from tests.conformance.admitting import admit
from tests.conformance.onboarding_case import Case, mandated
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.processes import papers, papers_of_variants

UNHOSTED, HOSTED, FROM_OUTSIDE = "统一网络资源服务", "统一认证中心", "统一融合调度"


def onboarding(desk: CatalogueDesk, **variables: Any) -> Case:
    """Start the onboarding of an unhosted API up to its preparation."""
    case = mandated(desk, UNHOSTED).start(**variables)
    return case.complete("start_onboarding", outcome="start")


def without(whole: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """Return a copy that lacks the field at the path."""
    first, *rest = path
    if rest:
        return {**whole, first: without(whole[first], *rest)}
    return {name: value for name, value in whole.items() if name != first}


@pytest.mark.requirement("R-8.2.1a1")
def test_the_preparation_requires_specification_throughput_latency_and_availability(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = onboarding(catalogue_desk)
    whole = case.preparation()

    for field in ("specification", "throughput", "p95Ms", "availability"):
        material = without(whole, "capability", field)
        assert case.refuses("prepare", preparation=material, outcome="submit"), field

    case.complete("prepare", preparation=whole, outcome="submit")
    assert case.waits_at == "adapt"


@pytest.mark.requirement("R-8.2.1c1", "R-8.2.1c2", "R-8.2.1d2")
def test_self_checks_reports_and_manual_are_required_and_recorded(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = onboarding(catalogue_desk)
    whole = case.preparation()

    for check in ("functional", "performance", "security"):
        material = without(whole, "selfChecks", check)
        assert case.refuses("prepare", preparation=material, outcome="submit"), check
    for report in ("functionalTestReport", "performanceTestReport", "securityTestReport"):
        material = without(whole, "record", "componentDetails", "resources", report)
        assert case.refuses("prepare", preparation=material, outcome="submit"), report
    manual = without(whole, "record", "extension", "documents", "userManual")
    assert case.refuses("prepare", preparation=manual, outcome="submit")

    failed = {**whole, "selfChecks": {**whole["selfChecks"], "security": "failed"}}
    case.complete("prepare", preparation=failed, outcome="submit")
    assert case.waits_at == "prepare"
    assert case.runs("self_checks")[0].status == "failed"

    case.complete("prepare", preparation=whole, outcome="submit")
    assert case.waits_at == "adapt"
    assert case.runs("self_checks")[0].status == "passed"
    kinds = {attachment.kind for attachment in case.detail.attachments}
    assert kinds >= {"functionalTestReport", "performanceTestReport", "securityTestReport", "userManual"}


@pytest.mark.requirement("R-8.2.1b1", "R-8.2.1b2")
def test_an_authorised_third_party_confirms_the_mode_and_a_mismatch_blocks(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = onboarding(catalogue_desk, providerType="third_party")
    case.complete("prepare", preparation=case.preparation(), outcome="submit")
    actor, row = case.open_task()
    assert row.element_id == "confirm_mode"
    assert actor.has_role("reviewer", case.detail.region_code)
    assert case.refuses("confirm_mode", isHosting=0, outcome="confirm")

    case.complete("confirm_mode", isHosting=0, confirmedMode=1, outcome="confirm")
    assert case.waits_at == "prepare"

    case.complete("prepare", preparation=case.preparation(), outcome="submit")
    case.complete("confirm_mode", isHosting=0, confirmedMode=0, outcome="confirm")
    assert case.waits_at == "adapt"


@pytest.mark.requirement("R-8.2.2a")
def test_the_adaptation_is_a_checklist_with_a_result_for_each_item(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = onboarding(catalogue_desk)
    case.complete("prepare", preparation=case.preparation(), outcome="submit")

    items = papers.adaptation()
    for item in items:
        assert case.refuses("adapt", items=without(items, item), outcome="submit"), item

    case.complete("adapt", items=items, outcome="submit")
    assert case.waits_at == "declare_network"


@pytest.mark.requirement("R-8.3.1b")
def test_an_unhosted_api_is_onboarded_without_any_deployment(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = onboarding(catalogue_desk)
    case.complete("prepare", preparation=case.preparation(), outcome="submit")
    case.complete("adapt", items=papers.adaptation(), outcome="submit")

    assert case.waits_at == "declare_network"
    found = case.read(lambda session: deployments.deployments_of_version(session, case.version_id))
    assert found == []


@pytest.mark.requirement("R-8.3.1a", "R-8.2.3b2")
def test_registering_a_hosted_api_comes_after_its_inspection_and_deployment(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = mandated(catalogue_desk, HOSTED)
    case.start("onboarding-api-hosted")
    artefact = {"file": case.file("program.jar"), "kind": "jar"}
    settings = papers_of_variants.settings()

    case.complete("upload_artefact", artefact=artefact, settings=settings, outcome="submit")

    # What was uploaded is no JAR: it is not deployed, and nothing asks to register anything.
    assert case.waits_at == "upload_artefact"
    assert case.runs(names.ARTEFACT_INSPECTION)[0].status == "failed"
    assert case.runs(names.DEPLOYMENT) == []
    assert case.read(lambda session: deployments.deployments_of_version(session, case.version_id)) == []


@pytest.mark.requirement("R-8.3.2a")
def test_an_agent_says_whether_it_runs_locally_or_in_the_government_cloud(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = mandated(catalogue_desk, UNHOSTED).start("onboarding-agent")
    agent = papers_of_variants.agent()
    del agent["testCredential"]

    assert case.refuses("register_agent", agent=without(agent, "deployPlace"), outcome="submit")
    assert case.refuses("register_agent", agent={**agent, "deployPlace": "公有云"}, outcome="submit")
    for place in ("本地", "政务云"):
        case.complete("register_agent", agent={**agent, "deployPlace": place}, outcome="submit")
        # Nothing answers at the address of the sample, so the registration is asked for again.
        assert case.waits_at == "register_agent"
        assert case.detail.record["extension"]["agent"]["deployPlace"] == place


@pytest.mark.requirement("R-8.3.5")
def test_another_kind_names_the_nearest_one_and_runs_its_variant(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = mandated(catalogue_desk, UNHOSTED).start("onboarding-other")
    chosen = papers_of_variants.nearest("agent")
    assert case.refuses("choose_nearest", nearest=without(chosen, "nearestType"), outcome="submit")

    case.complete("choose_nearest", nearest=chosen, outcome="submit")
    case.complete("confirm_nearest", confirmedType="agent", outcome="confirm")

    assert case.waits_at == "register_agent"
    assert "deployPlace" in str(case.detail_of_task().form_schema)


@pytest.mark.requirement("R-6.1.3")
def test_what_comes_from_outside_needs_a_valid_admission_and_its_hardening_record(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = Case(catalogue_desk.platform, catalogue_desk.actor, catalogue_desk.version_id(FROM_OUTSIDE))
    with pytest.raises(GuardNotMet, match="安全准入"):
        case.authorise()

    with use_clock(ManualClock(now() - timedelta(days=400))):
        admit(case)
    with pytest.raises(GuardNotMet, match="安全准入"):
        case.authorise()
    assert case.detail.state is State.DRAFT

    admit(case)
    case.authorise().start(buildMode=INTRODUCED).complete("start_onboarding", outcome="start")
    whole = case.preparation()
    case.complete("prepare", preparation=without(whole, "buildModeRecord"), outcome="submit")
    assert case.waits_at == "prepare"
    findings = [finding.rule for run in case.runs("self_checks") for finding in run.findings]
    assert findings == ["P-HARDENING"]

    case.complete("prepare", preparation=whole, outcome="submit")
    assert case.waits_at == "adapt"
