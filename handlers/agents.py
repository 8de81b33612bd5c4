"""What an agent's provider hands back after the review: addresses that answer.

Source: draft standard, clause 8.3.2; process P02, step 18
"""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.declaration import read_service_address
from handlers.checks.reachability import check_reachability
from handlers.checks.results import Rule, Severity, concluded, nothing_failed
from handlers.environment import Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from kernel.language import Text

CHECK = "agent.access"

U_ADDRESS = Rule(
    "U-ADDRESS",
    Severity.ERROR,
    "8.3.2",
    Text("应为有效的 http 或 https 地址", "Expected a valid http or https address"),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the agents' access data."""
    registry.handler(
        "agent.verify_access",
        partial(verify_access, environment),
        Text("核验智能体服务地址与管理后台地址", "Verify the service and console addresses of an agent"),
        (VERSION, Parameter("access", Text("访问信息", "Access data"), "object")),
        {"passed": Text("通过", "Passed")},
    )


def verify_access(environment: Environment, job: JobContext) -> HandlerResult:
    """Check that both addresses are proper and answer; the credential itself is not looked at."""
    version_id = version_of(job.parameters)
    access = mapping(job.parameters.get("access"))
    findings, endpoints = [], []
    for field in ("serviceAddress", "consoleAddress"):
        address = read_service_address(access.get(field))
        if address is None:
            findings.append(U_ADDRESS.broken(place=field, evidence=access.get(field, "")))
        else:
            endpoints.append((field, address.host, address.port))
    results = [
        concluded(CHECK, Text("智能体访问信息", "Access data of the agent"), findings),
        check_reachability(environment.guard, endpoints, firewall_open=True),
    ]

    def apply(session: Session) -> None:
        record_results(session, job, version_id, results)

    return HandlerResult({"passed": nothing_failed(results)}, apply)
