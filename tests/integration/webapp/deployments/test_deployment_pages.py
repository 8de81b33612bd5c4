"""The page of deployments: what is shown, and what the operator asks for."""

from __future__ import annotations

from uuid import UUID

from domain.deployments import queries, service
from kernel.actor import system_actor
from kernel.ids import new_id
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.integration.webapp.inspected import inspect_artefact

NAME = "统一网络资源服务"


def begun(desk: CatalogueDesk, version_id: UUID, digest: str) -> UUID:
    """Begin a deployment of an inspected artefact, and let it fail with a log."""
    wanted = service.Wanted(
        version_id=version_id,
        digest=digest,
        file_name="app.zip",
        kind="python",
        driver="local",
        job_id=new_id(),
    )
    with desk.platform.database.write() as session:
        return service.begin(session, system_actor(), wanted)


def test_a_deployment_is_shown_with_its_state_and_digest_and_what_it_is_not(
    catalogue_desk: CatalogueDesk,
) -> None:
    version_id = catalogue_desk.version_id(NAME)
    digest = inspect_artefact(catalogue_desk.platform, version_id)
    begun(catalogue_desk, version_id, digest)

    page = catalogue_desk.visitor("fabu1").get(f"/components/{version_id}/deployments")

    assert "准备中" in page.text
    assert digest in page.text
    assert "不得用于生产" in page.text
    assert "未启用本地部署" in page.text
    assert "部署到准入环境</button>" not in page.text


def test_the_operator_stops_a_deployment_and_nobody_else_may(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    deployment_id = begun(catalogue_desk, version_id, inspect_artefact(catalogue_desk.platform, version_id))
    address = f"/components/{version_id}/deployments"
    provider, operator = catalogue_desk.visitor("tigong1"), catalogue_desk.visitor("yunying1")
    provider.get("/account")
    operator.get(address)

    refused = provider.post(f"{address}/{deployment_id}/stop")
    stopped = operator.post(f"{address}/{deployment_id}/stop", follow_redirects=True)

    assert refused.status_code == 403
    assert "停止中" in stopped.text
    with catalogue_desk.platform.database.read() as session:
        row = queries.deployment(session, deployment_id)
    assert row is not None
    assert row.state == "stopping"


def test_without_an_artefact_the_operator_is_told_what_is_missing(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id(NAME)
    operator = catalogue_desk.visitor("yunying1")
    operator.get(f"/components/{version_id}/deployments")

    answer = operator.post(
        f"/components/{version_id}/deployments",
        {"stage": "production", "address": "https://api.example"},
        follow_redirects=True,
    )

    assert "还没有上传制品" in answer.text
