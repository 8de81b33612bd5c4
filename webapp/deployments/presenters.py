"""Deployments in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.standing import roles_for
from domain.checks import names as checks
from domain.deployments.queries import DeploymentRow, deployments_of_version
from domain.people.permissions import OPERATOR
from kernel.actor import Actor
from webapp.catalogue.check_results import ShownRun, shown_runs
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.wiring import Platform

LOG_SHOWN_BYTES = 8192
_SAMPLED = (checks.DEPLOYMENT, checks.DEPLOYMENT_SAMPLE, checks.PRODUCTION_DEPLOYMENT, "health")


@dataclass(frozen=True, slots=True)
class ShownDeployment:
    """One deployment, finished."""

    id: UUID
    stage: str
    state: str
    tone: str
    is_standing: bool
    artefact: str
    digest: str
    driver: str
    address: str
    settings: list[tuple[str, str]]
    reason: str
    requested_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None
    exit_code: int | None
    log_tail: str
    log_note: str


@dataclass(frozen=True, slots=True)
class DeploymentsPage:
    """Everything of the page."""

    version_id: UUID
    name: str
    version: str
    deployments: list[ShownDeployment]
    runs: list[ShownRun]
    may_operate: bool
    runs_here: bool


def page(session: Session, actor: Actor, version_id: UUID, platform: Platform) -> DeploymentsPage:
    """Gather the page.

    Raises:
        VersionNotFound: no such version, or outside the actor's grants.
    """
    detail = catalogue.version_detail(session, actor, version_id)
    return DeploymentsPage(
        version_id=version_id,
        name=detail.name,
        version=detail.version,
        deployments=[_shown(row, platform) for row in deployments_of_version(session, version_id)],
        runs=[run for run in shown_runs(session, version_id) if _is_sample(run)],
        may_operate=OPERATOR in roles_for(actor, detail) and actor.may("deployment.operate"),
        runs_here=platform.settings.local_deployments,
    )


def _is_sample(run: ShownRun) -> bool:
    return run.check in _SAMPLED or run.check.startswith("runtime.")


def _shown(row: DeploymentRow, platform: Platform) -> ShownDeployment:
    state, tone = {
        "preparing": (_("准备中"), "brand"),
        "running": (_("运行中"), "ok"),
        "failed": (_("未能启动"), "bad"),
        "stopping": (_("停止中"), "warn"),
        "stopped": (_("已停止"), ""),
        "lost": (_("意外退出"), "bad"),
    }[row.state]
    return ShownDeployment(
        id=row.id,
        stage={"pre_release": _("准入（预发布）环境"), "production": _("生产环境")}[row.stage],
        state=state,
        tone=tone,
        is_standing=row.state in ("preparing", "running"),
        artefact=row.file_name,
        digest=row.digest,
        driver=_driver(row),
        address=row.address or "",
        settings=sorted(row.environment.items()),
        reason=in_language(row.reason) if row.reason else "",
        requested_at=row.requested_at,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        exit_code=row.exit_code,
        log_tail=_log_tail(row, platform),
        log_note=_("共 %(bytes)s 字节，SHA-256 %(digest)s", bytes=row.log_bytes, digest=row.log_digest[:16])
        if row.log_digest
        else "",
    )


def _log_tail(row: DeploymentRow, platform: Platform) -> str:
    """Return the end of the log: as it is now while the deployment runs, as it was kept once it has ended."""
    driver = platform.runner.driver
    if row.state in ("preparing", "running", "stopping") and row.driver == driver.name:
        return driver.log(row.id, LOG_SHOWN_BYTES).tail
    return (row.log_tail or "")[-LOG_SHOWN_BYTES:]


def _driver(row: DeploymentRow) -> str:
    if row.driver == "stated":
        return _("运营方说明，平台未自行部署")
    return _("本机进程（已限制文件与端口）") if row.process.get("confined") else _("本机进程（未隔离文件）")
