"""Reads about deployments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.deployments.models import Deployment
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """One deployment, as ``Deployment`` describes it."""

    id: UUID
    version_id: UUID
    stage: str
    driver: str
    kind: str
    digest: str
    file_name: str
    environment: Mapping[str, str]
    health_path: str
    metrics_path: str | None
    state: str
    address: str | None
    process: Mapping[str, Any]
    reason: Text | None
    job_id: UUID | None
    requested_at: datetime
    started_at: datetime | None
    stopped_at: datetime | None
    exit_code: int | None
    log_digest: str | None
    log_bytes: int | None
    log_tail: str | None


def deployment(session: Session, deployment_id: UUID) -> DeploymentRow | None:
    """Return one deployment."""
    found = session.get(Deployment, deployment_id)
    return None if found is None else _row(found)


def deployments_of_version(session: Session, version_id: UUID, limit: int = 50) -> list[DeploymentRow]:
    """Return the deployments of a version, newest first."""
    query = select(Deployment).where(Deployment.version_id == version_id)
    return [_row(found) for found in session.scalars(query.order_by(Deployment.id.desc()).limit(limit))]


def running(session: Session, version_id: UUID, stage: str = "pre_release") -> DeploymentRow | None:
    """Return the newest running deployment of a version at a stage."""
    query = select(Deployment).where(
        Deployment.version_id == version_id, Deployment.stage == stage, Deployment.state == "running"
    )
    found = session.scalar(query.order_by(Deployment.id.desc()).limit(1))
    return None if found is None else _row(found)


def standing(session: Session, driver: str) -> list[DeploymentRow]:
    """Return what a driver has, or is believed to have, a process for; oldest first."""
    query = select(Deployment).where(
        Deployment.driver == driver, Deployment.state.in_(("preparing", "running", "stopping"))
    )
    return [_row(found) for found in session.scalars(query.order_by(Deployment.id))]


def _row(found: Deployment) -> DeploymentRow:
    return DeploymentRow(
        id=found.id,
        version_id=found.version_id,
        stage=found.stage,
        driver=found.driver,
        kind=found.kind,
        digest=found.digest,
        file_name=found.file_name,
        environment=found.environment,
        health_path=found.health_path,
        metrics_path=found.metrics_path,
        state=found.state,
        address=found.address,
        process=found.process or {},
        reason=Text.from_json(found.reason) if found.reason else None,
        job_id=found.job_id,
        requested_at=found.requested_at,
        started_at=found.started_at,
        stopped_at=found.stopped_at,
        exit_code=found.exit_code,
        log_digest=found.log_digest,
        log_bytes=found.log_bytes,
        log_tail=found.log_tail,
    )
