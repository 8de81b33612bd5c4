"""The network declaration of an unhosted component: form first, then DNS, TCP and health.

Before the firewall is open an unreachable service is noted, not failed.

Source: draft standard, clause 8.1.2; process P02b, step 3
"""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.checks import names
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.declaration import check_declaration, read_service_address
from handlers.checks.health import check_health
from handlers.checks.reachability import check_reachability
from handlers.checks.results import Status, nothing_failed
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import decision, record_results
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the network declaration."""
    registry.handler(
        "network.declaration",
        partial(declaration, environment),
        Text(
            "校验网络声明，试连服务与健康检查接口",
            "Check the network declaration, try the service and its health",
        ),
        (VERSION, Parameter("declaration", Text("网络声明", "Network declaration"), "object")),
        {
            "passed": Text("通过", "Passed"),
            "reachable": Text("可达", "Reachable"),
            "record": Text("目录信息", "Record"),
        },
    )


def declaration(environment: Environment, job: JobContext) -> HandlerResult:
    """Check the declared zone, address, policies and health path."""
    version_id = version_of(job.parameters)
    declared = mapping(job.parameters.get("declaration"))
    with job.database.read() as session:
        record = queries.version_detail(session, PLATFORM, version_id).record
        zones = tuple(str(code) for code in queries.dictionary_codes(session, "networkZone"))
    address = read_service_address(declared.get("serviceAddress"))
    endpoints = [] if address is None else [("serviceAddress", address.host, address.port)]
    reached = check_reachability(environment.guard, endpoints, firewall_open=False)
    results = [
        check_declaration(declared, zones),
        reached,
        check_health(
            environment.guard,
            declared.get("serviceAddress"),
            declared.get("healthPath"),
            firewall_open=False,
        ),
    ]
    decided = decision(names.NETWORK, Text("网络声明校验", "Check of the network declaration"), results)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*results, decided])

    return HandlerResult(
        {
            "passed": nothing_failed(results),
            "reachable": reached.status is Status.PASSED,
            "record": dict(record),
        },
        apply,
    )
