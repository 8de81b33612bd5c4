"""The five forms of components and the variant of the onboarding that each of them starts: clause 5.3.2."""

from __future__ import annotations

import pytest

from domain.catalogue.dictionaries import INTRODUCED
from tests.conformance.admitting import admit
from tests.conformance.onboarding_case import Case
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.processes import onboarding_case as told
from tests.processes import papers, papers_of_variants, variants
from tests.processes.story import Story

UNHOSTED, HOSTED = "统一网络资源服务", "统一认证中心"
AGENT, MODEL, DATA, OTHER = "政策咨询智能体", "自然语言处理", "企业信用数据服务", "统一视频会商"


def begun(desk: CatalogueDesk, name: str) -> tuple[str | None, int | None, str, str]:
    """Onboard a sample component until its form decides; return form, hosting, and what then is open."""
    case = Case(desk.platform, desk.actor, desk.version_id(name))
    if case.detail.row.build_mode == INTRODUCED:
        admit(case)
    case.authorise().start()
    case.complete("start_onboarding", outcome="start")
    case.complete("prepare", preparation=case.preparation(), outcome="submit")
    case.complete("adapt", items=papers.adaptation(), outcome="submit")
    row, task = case.detail.row, case.detail_of_task()
    return row.technical_field, row.is_hosting, task.scope_process, case.waits_at


def of_form(technical_field: str) -> Story:
    """Tell an onboarding of a form on the shipped diagrams up to the first step of its variant."""
    story = told.onboarding(technicalField=technical_field, isHosting=0)
    return told.adapted(told.prepared(story))


@pytest.mark.slow
@pytest.mark.requirement("R-5.3.2a", "R-5.3.2b", "R-5.3.2c", "R-5.3.2d", "R-5.3.2e")
def test_the_technical_field_starts_the_variant_of_the_form(shared_desk: CatalogueDesk) -> None:
    assert begun(shared_desk, HOSTED) == ("1", 1, "onboarding-api-hosted", "upload_artefact")
    assert begun(shared_desk, UNHOSTED) == ("1", 0, "onboarding-api-unhosted", "declare_network")
    assert begun(shared_desk, AGENT) == ("2", 0, "onboarding-agent", "register_agent")
    assert begun(shared_desk, MODEL) == ("3", 1, "onboarding-model", "upload_model")
    assert begun(shared_desk, DATA) == ("4", 0, "onboarding-data-service", "configure_source")
    assert begun(shared_desk, OTHER) == ("5", 0, "onboarding-other", "choose_nearest")


@pytest.mark.requirement("R-5.3.2b")
def test_an_agent_returns_its_address_its_console_and_its_first_credential() -> None:
    story = told.cleared(variants.agent(of_form("2")))
    told.agreed(told.applied(story)).expect_waiting_at("return_agent_access")

    access = {
        "serviceAddress": "https://agent.svc.example",
        "consoleAddress": "https://console.svc.example",
        "credential": papers_of_variants.SECRET,
    }
    for left_out in access:
        given = {name: value for name, value in access.items() if name != left_out}
        with pytest.raises(AssertionError, match="return_agent_access"):
            story.complete("return_agent_access", access=given, outcome="submit")
    story.complete("return_agent_access", access=access, outcome="submit")

    story.expect_waiting_at("deploy_or_verify")


@pytest.mark.requirement("R-5.3.2c", "R-8.3.3c")
def test_a_model_goes_through_three_stages() -> None:
    story = of_form("3").expect_waiting_at("upload_model")
    variants.loaded_model(story).expect_waiting_at("wrap_interface")
    story.complete(
        "wrap_interface",
        contract=papers_of_variants.contract(),
        apiInfo=papers_of_variants.api_info(),
        outcome="submit",
    ).expect_waiting_at("describe_model")
    whole = papers_of_variants.metadata()
    for block in ("description", "examples", "performance"):
        lacking = {name: value for name, value in whole.items() if name != block}
        with pytest.raises(AssertionError, match="describe_model"):
            story.complete("describe_model", metadata=lacking, outcome="submit")
    story.complete("describe_model", metadata=papers_of_variants.metadata(), outcome="submit")

    story.expect_waiting_at("test_component")


@pytest.mark.requirement("R-5.3.2d")
def test_a_data_service_goes_through_four_stages() -> None:
    story = variants.connected_source(of_form("4").expect_waiting_at("configure_source"))
    story.expect_waiting_at("wrap_service").complete(
        "wrap_service",
        service=papers_of_variants.data_service(),
        apiInfo=papers_of_variants.api_info(),
        outcome="submit",
    )
    story.expect_waiting_at("grant_permissions").complete(
        "grant_permissions", permissions=papers_of_variants.permissions(), outcome="submit"
    )
    story.complete("review_grades", outcome="agree").expect_waiting_at("supply_documents")
    story.complete("supply_documents", documents=papers_of_variants.documents(), outcome="submit")

    story.expect_waiting_at("test_component")


@pytest.mark.requirement("R-5.3.2e")
@pytest.mark.parametrize(
    ("nearest", "runs"),
    [("api", "declare_network"), ("agent", "register_agent"), ("model", "upload_model")],
)
def test_any_other_kind_picks_the_nearest_type_and_runs_its_variant(nearest: str, runs: str) -> None:
    story = of_form("5").expect_waiting_at("choose_nearest")
    unnamed = {
        name: value for name, value in papers_of_variants.nearest(nearest).items() if name != "nearestType"
    }
    with pytest.raises(AssertionError, match="choose_nearest"):
        story.complete("choose_nearest", nearest=unnamed, outcome="submit")

    variants.nearest(story, nearest).expect_waiting_at(runs)


@pytest.mark.requirement("R-8.2.2c")
def test_second_consent_adds_a_test_of_its_call() -> None:
    def at_the_tests(second_consent: str) -> Story:
        items = {**papers.adaptation(), "secondConsent": second_consent}
        story = told.prepared(told.onboarding()).complete("adapt", items=items, outcome="submit")
        return told.connected(story).expect_waiting_at("test_component")

    story, three = at_the_tests("adapted"), papers.tests()
    asked = dict(story.task("test_component").prefill or {})
    assert asked == {"secondConsent": "adapted"}
    for tests in (three, {**three, **papers.measured("secondConsent", secondConsent="failed")}):
        with pytest.raises(AssertionError, match="test_component"):
            story.complete("test_component", tests=tests, outcome="all_pass", **asked)
    with_consent = {**three, **papers.measured("secondConsent")}
    story.complete("test_component", tests=with_consent, outcome="all_pass", **asked)
    assert story.expect_waiting_at("apply_for_review").statements[-1]["details"] == with_consent

    without = at_the_tests("not_applicable")
    asked = dict(without.task("test_component").prefill or {})
    without.complete("test_component", tests=three, outcome="all_pass", **asked)
    without.expect_waiting_at("apply_for_review")
