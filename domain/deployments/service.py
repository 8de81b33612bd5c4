"""Record deployments: asked for, running, failed, stopped. The driver does the work, in between.

Source: draft standard, clause 8.2.3 b
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.queries import standing_of
from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionDetail
from domain.catalogue.trail import append_to_version
from domain.checks import names as checks
from domain.checks.queries import latest_run, latest_statuses
from domain.checks.service import CheckRunInput, record_check_run
from domain.deployments.errors import (
    DeploymentNotFound,
    NotInspected,
    NotReadyForProduction,
    NotTheOperator,
)
from domain.deployments.models import Deployment
from domain.people.permissions import OPERATOR, require
from kernel.actor import Actor, system_actor
from kernel.clock import now
from kernel.ids import new_id
from kernel.language import Text

CLAUSE: Final = "8.2.3b"
Stage = Literal["pre_release", "production"]
STANDING: Final = ("preparing", "running", "stopping")
# What must have passed before production, by check and in words.
BEFORE_PRODUCTION: Final = (checks.SECURITY_ASSESSMENT, checks.OPERATOR_TESTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be deployed: the stored artefact by digest, its kind, and the settings to inject."""

    version_id: UUID
    digest: str
    file_name: str
    kind: str
    driver: str
    stage: Stage = "pre_release"
    environment: Mapping[str, str] = field(default_factory=dict)
    health_path: str = "/health"
    metrics_path: str | None = None
    instance_id: UUID | None = None
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """What is kept of a log: its digest, whole size and end."""

    digest: str
    size: int
    tail: str


def begin(session: Session, actor: Actor, wanted: Wanted) -> UUID:
    """Record that a deployment is being prepared; the same job begins one only once.

    Raises:
        NotTheOperator: the actor is neither the platform nor an operator of the region.
        NotInspected: this very artefact has not passed its inspection in the current round.
        NotReadyForProduction: for production, the assessment or a test is not passed.
        VersionNotFound: no such version.
    """
    if wanted.job_id is not None:
        known = session.scalar(select(Deployment.id).where(Deployment.job_id == wanted.job_id))
        if known is not None:
            return known
    detail = _detail(session, actor, wanted.version_id)
    require_inspected(session, detail, wanted.digest)
    if wanted.stage == "production":
        require_ready_for_production(session, detail)
    deployment = Deployment(
        id=new_id(),
        version_id=wanted.version_id,
        region_code=detail.region_code,
        unit_id=detail.unit_id,
        instance_id=wanted.instance_id,
        job_id=wanted.job_id,
        stage=wanted.stage,
        driver=wanted.driver,
        kind=wanted.kind,
        digest=wanted.digest,
        file_name=wanted.file_name[:255],
        environment=dict(wanted.environment),
        health_path=wanted.health_path,
        metrics_path=wanted.metrics_path,
        state="preparing",
        requested_by=actor.person_id,
        requested_at=now(),
    )
    session.add(deployment)
    _record(session, actor, detail, deployment, "deployment.requested")
    return deployment.id


def state_production(
    session: Session, actor: Actor, version_id: UUID, digest: str, file_name: str, address: str
) -> UUID:
    """Record that the operator put the inspected artefact into production elsewhere; the word is theirs.

    Raises:
        NotTheOperator: the actor is not an operator of the region.
        NotInspected: this very artefact has not passed its inspection in the current round.
        NotReadyForProduction: the assessment or a test is not passed.
        VersionNotFound: no such version.
    """
    wanted = Wanted(
        version_id=version_id,
        digest=digest,
        file_name=file_name,
        kind="stated",
        driver="stated",
        stage="production",
    )
    deployment_id = begin(session, actor, wanted)
    # The row that was just begun is read again.
    session.flush()
    record_running(session, actor, deployment_id, address=address, process={})
    return deployment_id


def settle_production(session: Session, actor: Actor, version_id: UUID) -> None:
    """Take the operator's verification of a hosted version as the word that it runs in production.

    Nothing happens where no artefact was inspected (nothing was to be deployed), or where production was
    recorded before.

    Raises:
        NotTheOperator: the actor is not an operator of the region.
        NotReadyForProduction: the assessment or a test is not passed.
        VersionNotFound: no such version.
    """
    detail = _detail(session, actor, version_id)
    inspected = latest_run(session, version_id, checks.ARTEFACT_INSPECTION, since=detail.row.round_started_at)
    if detail.row.is_hosting != 1 or inspected is None or inspected.status != "passed":
        return
    digest = inspected.subject or ""
    if any(row.digest == digest for row in _standing(session, version_id, "production")):
        return
    extension = detail.record.get("extension")
    address = extension.get("serviceAddress") if isinstance(extension, Mapping) else None
    state_production(session, actor, version_id, digest, "", str(address or ""))


def record_running(
    session: Session, actor: Actor, deployment_id: UUID, *, address: str, process: Mapping[str, Any]
) -> None:
    """Record that the deployment answers at its address; earlier ones of the stage are to be stopped.

    Raises:
        DeploymentNotFound: no such deployment.
    """
    deployment, detail = _found(session, actor, deployment_id)
    if deployment.state != "preparing":
        return  # recorded before, or asked to stop meanwhile
    deployment.state, deployment.address, deployment.process = "running", address, dict(process)
    deployment.started_at = now()
    for other in _standing(session, deployment.version_id, deployment.stage):
        if other.id != deployment.id:
            other.state, other.reason = "stopping", Text("已由新的部署替换", "superseded").to_json()
    _record(session, actor, detail, deployment, "deployment.started", after={"address": address})
    if deployment.stage == "production":
        _record_production(session, actor, detail, deployment)


def record_failed(session: Session, actor: Actor, deployment_id: UUID, reason: Text, log: Log | None) -> None:
    """Record why a deployment did not come about, with the end of its log.

    Raises:
        DeploymentNotFound: no such deployment.
    """
    deployment, detail = _found(session, actor, deployment_id)
    if deployment.state not in STANDING:
        return
    deployment.state, deployment.reason, deployment.stopped_at = "failed", reason.to_json(), now()
    _keep(deployment, log)
    _record(session, actor, detail, deployment, "deployment.failed", reason=reason.zh)


def ask_to_stop(session: Session, actor: Actor, deployment_id: UUID, reason: str) -> None:
    """Have a deployment ended; whoever keeps the processes does it next. Asking again changes nothing.

    Raises:
        DeploymentNotFound: no such deployment.
        NotTheOperator: the actor is neither the platform nor an operator of the region.
    """
    deployment, detail = _found(session, actor, deployment_id)
    if deployment.state not in ("preparing", "running"):
        return
    deployment.state, deployment.reason = "stopping", Text(reason, reason).to_json()
    _record(session, actor, detail, deployment, "deployment.stop_requested", reason=reason)


def remove_for_version(session: Session, actor: Actor, version_id: UUID, reason: str) -> int:
    """Have every standing deployment of a version ended; returns how many there were.

    Raises:
        NotTheOperator: the actor is neither the platform nor an operator of the region.
        VersionNotFound: no such version.
    """
    _detail(session, actor, version_id)
    standing = [
        row for stage in ("pre_release", "production") for row in _standing(session, version_id, stage)
    ]
    for deployment in standing:
        ask_to_stop(session, actor, deployment.id, reason)
    return len(standing)


def record_ended(
    session: Session, deployment_id: UUID, *, exit_code: int | None, log: Log | None, lost: bool = False
) -> None:
    """Record that the processes of a deployment are gone: by a stop, or *lost* by nobody's doing.

    Raises:
        DeploymentNotFound: no such deployment.
    """
    platform = system_actor("platform")
    deployment, detail = _found(session, platform, deployment_id)
    if deployment.state not in STANDING:
        return
    deployment.state = "lost" if lost else "stopped"
    deployment.exit_code, deployment.stopped_at = exit_code, now()
    _keep(deployment, log)
    action = "deployment.lost" if lost else "deployment.stopped"
    _record(session, platform, detail, deployment, action, after={"exit_code": exit_code})


def require_inspected(session: Session, detail: VersionDetail, digest: str) -> None:
    """Refuse an artefact that is not the one that passed its inspection in this round.

    Raises:
        NotInspected: it has not passed, or another artefact did.
    """
    run = latest_run(session, detail.id, checks.ARTEFACT_INSPECTION, since=detail.row.round_started_at)
    if run is None or run.status != "passed" or run.subject != digest:
        raise NotInspected


def require_ready_for_production(session: Session, detail: VersionDetail) -> None:
    """Refuse production while the security assessment or one of the operator's tests is not passed.

    Raises:
        NotReadyForProduction: carries what is missing.
    """
    since = detail.row.round_started_at
    passed = {
        name for name, status in latest_statuses(session, detail.id, since).items() if status == "passed"
    }
    assessment = standing_of(session, detail.id, since)
    if assessment is not None:
        # What the assessment says is newer than the run that an earlier one left.
        passed -= {checks.SECURITY_ASSESSMENT}
        passed |= {checks.SECURITY_ASSESSMENT} if assessment.is_passed else set()
    missing = tuple(checks.CHECK_TEXT[name] for name in BEFORE_PRODUCTION if name not in passed)
    if missing:
        raise NotReadyForProduction(missing)


def _record_production(session: Session, actor: Actor, detail: VersionDetail, deployment: Deployment) -> None:
    said = (
        Text(
            f"{actor.name}说明已部署：{deployment.address}",
            f"Deployed as {actor.name} states: {deployment.address}",
        )
        if deployment.driver == "stated"
        else Text(f"已部署：{deployment.address}", f"Deployed: {deployment.address}")
    )
    record_check_run(
        session,
        CheckRunInput(
            version_id=detail.id,
            check=checks.PRODUCTION_DEPLOYMENT,
            status="passed",
            summary=said,
            region_code=detail.region_code,
            unit_id=detail.unit_id,
            subject=deployment.digest,
        ),
    )


def _detail(session: Session, actor: Actor, version_id: UUID) -> VersionDetail:
    require(actor, "deployment.operate")
    detail = catalogue.version_detail(session, actor, version_id)
    if not actor.is_system and not actor.has_role(OPERATOR, detail.region_code):
        raise NotTheOperator
    return detail


def _found(session: Session, actor: Actor, deployment_id: UUID) -> tuple[Deployment, VersionDetail]:
    deployment = session.get(Deployment, deployment_id)
    if deployment is None:
        raise DeploymentNotFound
    return deployment, _detail(session, actor, deployment.version_id)


def _standing(session: Session, version_id: UUID, stage: str) -> list[Deployment]:
    query = select(Deployment).where(
        Deployment.version_id == version_id, Deployment.stage == stage, Deployment.state.in_(STANDING)
    )
    return list(session.scalars(query.order_by(Deployment.id)))


def _keep(deployment: Deployment, log: Log | None) -> None:
    if log is not None:
        deployment.log_digest, deployment.log_bytes, deployment.log_tail = log.digest, log.size, log.tail


def _record(
    session: Session,
    actor: Actor,
    detail: VersionDetail,
    deployment: Deployment,
    action: str,
    *,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    append_to_version(
        session,
        actor,
        detail,
        action=action,
        clause=CLAUSE,
        reason=reason,
        after={
            "deployment_id": str(deployment.id),
            "stage": deployment.stage,
            "digest": deployment.digest,
            **(after or {}),
        },
    )
