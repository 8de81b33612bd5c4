"""Tells the variants of the onboarding step by step, called by the onboarding or on their own."""

from __future__ import annotations

from collections.abc import Mapping

from tests.processes import papers, papers_of_variants
from tests.processes.story import VERSION_ID, Answer, Story

TOPICS = (
    "artefact.inspect",
    "deployment.deploy",
    "deployment.sample",
    "agent.contract",
    "agent.controls",
    "model.load",
    "model.contract",
    "model.performance",
    "data.connection",
    "data.contract",
    "data.masking",
    "network.declaration",
    "gateway.preregister",
    "checks.api_risk",
)
PASSING: dict[str, Answer] = {topic: {"passed": True} for topic in TOPICS}


def variant(key: str, answers: Mapping[str, Answer] | None = None, **facts: object) -> Story:
    """Tell of a variant that was just called; ``answers`` override the passing ones."""
    return Story(key, {**PASSING, **(answers or {})}, None).start(
        **{
            "versionId": VERSION_ID,
            "record": papers.record(),
            "providerUnitId": papers.PROVIDER_UNIT,
            "releasingUnitId": papers.UNIT,
            **facts,
        }
    )


def api_data(story: Story) -> Story:
    """Describe the API and debug it."""
    story.complete("fill_api_data", apiInfo=papers_of_variants.api_info(), outcome="submit")
    return debugged(story)


def debugged(story: Story) -> Story:
    """Debug a hosted API."""
    checks = dict.fromkeys(("contract", "errorCodes", "authentication"), "passed")
    return story.complete("debug_online", checks=checks, log="GET /items 200", outcome="done")


def unhosted_api(story: Story) -> Story:
    """Declare, open the firewall, describe the API and debug it."""
    story.complete("declare_network", declaration=papers.declaration(), outcome="submit")
    story.complete("open_firewall", outcome="done")
    story.complete("fill_api_data", apiInfo=papers.api_info(), outcome="submit")
    checks = dict.fromkeys(("authentication", "gateway", "calls"), "passed")
    return story.complete("debug_online", checks=checks, log="200 OK", outcome="done")


def uploaded(story: Story) -> Story:
    """Upload the artefact of a hosted API."""
    return story.complete(
        "upload_artefact",
        artefact=papers_of_variants.artefact(),
        settings=papers_of_variants.settings(),
        outcome="submit",
    )


def hosted_api(story: Story) -> Story:
    """Upload the artefact, describe the API and debug it."""
    return api_data(uploaded(story))


def registered_agent(story: Story) -> Story:
    """Register an agent."""
    return story.complete("register_agent", agent=papers_of_variants.agent(), outcome="submit")


def agent(story: Story) -> Story:
    """Register an agent and pass its tests of safety."""
    tests = papers.measured("overreach", "promptInjection", "contentSafety")
    return registered_agent(story).complete("test_safety", tests=tests, outcome="pass")


def loaded_model(story: Story) -> Story:
    """Upload a model."""
    return story.complete("upload_model", model=papers_of_variants.model(), outcome="submit")


def wrapped_model(story: Story) -> Story:
    """Upload a model and wrap its interface."""
    return loaded_model(story).complete(
        "wrap_interface",
        contract=papers_of_variants.contract(),
        apiInfo=papers_of_variants.api_info(),
        outcome="submit",
    )


def model(story: Story) -> Story:
    """Upload a model, wrap its interface and describe it."""
    return wrapped_model(story).complete(
        "describe_model", metadata=papers_of_variants.metadata(), outcome="submit"
    )


def connected_source(story: Story) -> Story:
    """Configure a data source."""
    return story.complete("configure_source", dataSource=papers_of_variants.data_source(), outcome="submit")


def wrapped_service(story: Story) -> Story:
    """Configure a data source and wrap the service."""
    return connected_source(story).complete(
        "wrap_service",
        service=papers_of_variants.data_service(),
        apiInfo=papers_of_variants.api_info(),
        outcome="submit",
    )


def graded(story: Story) -> Story:
    """Everything up to the review of the grades."""
    return wrapped_service(story).complete(
        "grant_permissions", permissions=papers_of_variants.permissions(), outcome="submit"
    )


def data_service(story: Story) -> Story:
    """Everything of a data service."""
    graded(story).complete("review_grades", outcome="agree")
    return story.complete("supply_documents", documents=papers_of_variants.documents(), outcome="submit")


def nearest(story: Story, kind: str) -> Story:
    """Choose the nearest kind and have it confirmed."""
    chosen = papers_of_variants.nearest(kind)
    story.complete("choose_nearest", nearest=chosen, outcome="submit")
    return story.complete("confirm_nearest", confirmedType=kind, nearest=shown(chosen), outcome="confirm")


def shown(chosen: Mapping[str, object]) -> dict[str, object]:
    """Return what the confirming person sees of the choice."""
    return {name: chosen[name] for name in ("features", "nearestType", "reasonForChoice")}
