"""What an agent's provider hands back after the review: addresses that answer, and a first credential.

Source: draft standard, clause 8.3.2; process P02, step 18
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.checks.names import AGENT_ACCESS
from domain.credentials import service as credentials
from domain.credentials.errors import CredentialNotFound
from domain.credentials.purposes import AGENT_INITIAL
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.declaration import read_service_address
from handlers.checks.reachability import check_reachability
from handlers.checks.results import Rule, Severity, Status, concluded, nothing_failed
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from kernel.language import Text

U_ADDRESS = Rule(
    "U-ADDRESS",
    Severity.ERROR,
    "8.3.2",
    Text("应为有效的 http 或 https 地址", "Expected a valid http or https address"),
)

U_CREDENTIAL = Rule(
    "U-CREDENTIAL",
    Severity.ERROR,
    "8.3.2",
    Text(
        "未收到初始访问凭证，请在表单的凭证栏重新填写",
        "The initial credential did not arrive, enter it again in its field of the form",
    ),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the agents' access data."""
    registry.handler(
        "agent.verify_access",
        partial(verify_access, environment),
        Text(
            "核验智能体服务地址与管理后台地址，凭证入库",
            "Verify the addresses of an agent, keep its credential",
        ),
        (VERSION, Parameter("access", Text("访问信息", "Access data"), "object")),
        {"passed": Text("通过", "Passed")},
    )


def verify_access(environment: Environment, job: JobContext) -> HandlerResult:
    """Check that both addresses are proper and answer; then make the sealed credential the version's.

    The form holds the credential's reference only. Who gets it must change it at the first sign-in.
    """
    version_id = version_of(job.parameters)
    access = mapping(job.parameters.get("access"))
    findings, endpoints = [], []
    for field in ("serviceAddress", "consoleAddress"):
        address = read_service_address(access.get(field))
        if address is None:
            findings.append(U_ADDRESS.broken(place=field, evidence=access.get(field, "")))
        else:
            endpoints.append((field, address.host, address.port))
    reached = check_reachability(environment.guard, endpoints, firewall_open=True)
    looked_at = Text("智能体访问信息", "Access data of the agent")

    def apply(session: Session) -> Mapping[str, Any]:
        found = list(findings)
        if not found and reached.status is not Status.FAILED and not _kept(session, job, version_id, access):
            found.append(U_CREDENTIAL.broken(place="credential"))
        results = [concluded(AGENT_ACCESS, looked_at, found), reached]
        record_results(session, job, version_id, results)
        return {"passed": nothing_failed(results)}

    return HandlerResult({}, apply)


def _kept(session: Session, job: JobContext, version_id: UUID, access: Mapping[str, Any]) -> bool:
    """Make the credential that was sealed in this case the version's; tell whether there was one."""
    try:
        credentials.bind(
            session,
            PLATFORM,
            str(access.get("credential", "")),
            version_id=version_id,
            purpose=AGENT_INITIAL,
            instance_id=job.instance.id,
            must_change=True,
        )
    except CredentialNotFound:
        return False
    return True
