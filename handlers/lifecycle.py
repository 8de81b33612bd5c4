"""What ends when an onboarding ends early: routes, deployments, credentials, assessments, the authorisation.

Source: draft standard, clause 9.1b; process P02, steps 21 and 30.2
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.assessments import service as assessments
from domain.catalogue import service
from domain.credentials import service as credentials
from domain.deployments import service as deployments
from domain.gateway import service as gateway_service
from engine.api import HandlerResult, JobContext, Registry
from handlers.catalogue import case_of
from handlers.environment import PLATFORM, Environment
from handlers.parameters import REASON, VERSION, reason_of, version_of
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics that clean up."""
    registry.handler(
        "lifecycle.cleanup",
        remove,
        Text("清理部署与路由，收回授权", "Remove deployment and routes, revoke the authorisation"),
        (VERSION, REASON),
    )
    registry.handler(
        "lifecycle.revoke",
        remove,
        Text("收回提供方权限，保留数据与问题", "Revoke the provider's rights, keep data and findings"),
        (VERSION, REASON),
    )


def remove(job: JobContext) -> HandlerResult:
    """Remove routes, deployments, credentials and authorisation, end assessments; findings and trail stay."""
    return HandlerResult(apply=_removal(job))


def _removal(job: JobContext) -> Callable[[Session], None]:
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> None:
        gateway_service.remove_routes(session, PLATFORM, version_id, reason)
        deployments.remove_for_version(session, PLATFORM, version_id, reason)
        credentials.revoke_for_version(session, PLATFORM, version_id, reason)
        assessments.cancel_for_version(session, PLATFORM, version_id, reason)
        service.revoke_authorisation(session, PLATFORM, version_id, reason, case=case_of(job.instance))

    return apply
