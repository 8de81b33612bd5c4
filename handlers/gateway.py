"""Registration at the call gateway: checked again from here, recorded, and not enforced.

No gateway is connected yet. Routes are written down and read back, and every result says so.

Source: draft standard, clauses 8.2.3a, 8.3.1 and 10.2; process P02b, step 6, and P02, step 20
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.dictionaries import API_SERVICE
from domain.catalogue.queries import VersionRow
from domain.catalogue.rules import Stage
from domain.checks import names
from domain.deployments import queries as deployments
from domain.deployments.queries import DeploymentRow
from domain.gateway import queries as gateway_queries
from domain.gateway import service as gateway_service
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.declaration import read_service_address
from handlers.checks.documented_paths import check_documented_paths
from handlers.checks.health import check_health
from handlers.checks.reachability import check_reachability
from handlers.checks.results import CheckResult, Rule, Severity, Status, concluded, nothing_failed
from handlers.checks.routes import check_routes
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.preparation import api_document
from handlers.recording import decision, record_results, table_1_result
from kernel.language import Text

PRE_RELEASE, PRODUCTION = "pre_release", "production"
DEPLOYED: Final = "gateway.deployed"

G_NOT_ENFORCED = Rule(
    "G-NOT-ENFORCED",
    Severity.INFO,
    "8.3.1",
    Text("已登记，未生效：尚未连接网关", "Recorded, not enforced: no gateway connected"),
)
G_NOT_RUNNING = Rule(
    "G-NOT-RUNNING",
    Severity.ERROR,
    "8.3.1a",
    Text(
        "准入环境中没有运行中的部署，请重新部署后再注册",
        "Nothing is running before the release, deploy it again before registering",
    ),
)
G_NOT_REACHED = Rule(
    "G-NOT-REACHED",
    Severity.ERROR,
    "8.2.3a",
    Text(
        "未能从平台探测到非托管组件的地址，连通后方可继续：请放通网络，或由运营方把该网段列入允许探测范围",
        "The address of the unhosted component was not reached from the platform: open the network, "
        "or have the operator allow the range to be probed",
    ),
)
G_DIFFERENT = Rule(
    "G-DIFFERENT",
    Severity.ERROR,
    "8.3.1",
    Text(
        "回读的路由与目录信息不一致，请重新登记",
        "The route read back differs from the record, register it again",
    ),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the gateway."""
    registry.handler(
        "gateway.preregister",
        partial(preregister, environment),
        Text(
            "复测连通与健康、校验API信息、预发布注册",
            "Check reachability, health and API data again, register",
        ),
        (VERSION, Parameter("apiInfo", Text("API信息", "API data"), "object", required=False)),
        {"passed": Text("通过", "Passed"), "record": Text("目录信息", "Record")},
    )
    registry.handler(
        "gateway.register_route",
        register_route,
        Text("登记路由并回读比对（无API则跳过）", "Record the route and read it back (skipped without API)"),
        (VERSION,),
        {
            "ok": Text("成功", "Done"),
            "routeIds": Text("路由", "Routes"),
            "difference": Text("差异", "Difference"),
            "skipped": Text("跳过", "Skipped"),
        },
    )


def preregister(environment: Environment, job: JobContext) -> HandlerResult:
    """Check an API from the platform's side and record its pre-release route.

    What the provider runs is asked at its declared address. What the platform runs was asked when it was
    deployed and sampled, and has to be running still.
    """
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        breaches = queries.check_version(
            session, version_id, Stage.ONBOARDING, strict=environment.strict_table_1
        )
        taken = gateway_queries.other_paths(session, version_id)
        deployed = deployments.running(session, version_id)
    api, extension = mapping(detail.record.get("apiInfo")), mapping(detail.record.get("extension"))
    results = [
        table_1_result(breach for breach in breaches if breach.path.startswith("apiInfo")),
        check_routes(str(api.get("publicPath", "")), taken),
        check_documented_paths(api_document(environment, detail), detail.record),
        *_asked(environment, detail.row, api, extension, deployed),
    ]
    passed = nothing_failed(results)
    decided = decision(names.PREREGISTRATION, Text("预发布注册校验", "Check for the registration"), results)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*results, decided])
        if passed:
            gateway_service.record_route(session, PLATFORM, version_id, PRE_RELEASE)

    return HandlerResult({"passed": passed, "record": dict(detail.record)}, apply)


def _asked(
    environment: Environment,
    row: VersionRow,
    api: Mapping[str, Any],
    extension: Mapping[str, Any],
    deployed: DeploymentRow | None,
) -> list[CheckResult]:
    if row.is_hosting == 1 and row.technical_field == API_SERVICE:
        findings = [] if deployed is not None else [G_NOT_RUNNING.broken(place="deployment")]
        return [concluded(DEPLOYED, Text("准入环境的部署", "Deployment before the release"), findings)]
    endpoints = endpoints_of(api, extension)
    reached = check_reachability(environment.guard, endpoints, firewall_open=True)
    if row.is_hosting == 0 and endpoints and reached.status is Status.NOT_CHECKED:
        missed = G_NOT_REACHED.broken(place=endpoints[0][0], evidence=reached.summary.zh)
        reached = replace(reached, status=Status.FAILED, findings=(*reached.findings, missed))
    results = [reached]
    address = extension.get("serviceAddress")
    if address or row.technical_field == API_SERVICE:
        results.append(
            check_health(environment.guard, address, extension.get("healthPath"), firewall_open=True)
        )
    return results


def endpoints_of(api: Mapping[str, Any], extension: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """Return the declared address and every target server as (place, host, port)."""
    endpoints = []
    address = read_service_address(extension.get("serviceAddress"))
    if address is not None:
        endpoints.append(("extension.serviceAddress", address.host, address.port))
    uses_tls = any(str(protocol).startswith("HTTPS") for protocol in api.get("protocols") or [])
    for index, server in enumerate(api.get("targetServers") or []):
        host = str(mapping(server).get("host", ""))
        url = host if "://" in host else f"{'https' if uses_tls else 'http'}://{host}"
        target = read_service_address(url)
        if target is not None and (target.host, target.port) not in {place[1:] for place in endpoints}:
            endpoints.append((f"apiInfo.targetServers[{index}]", target.host, target.port))
    return endpoints


def register_route(job: JobContext) -> HandlerResult:
    """Record the production route, read it back and compare it with the record."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        recorded = gateway_service.record_route(session, PLATFORM, version_id, PRODUCTION)
        record = queries.version_detail(session, PLATFORM, version_id).record
        result = _read_back(session, version_id, mapping(record.get("apiInfo")), skipped=recorded.skipped)
        record_results(session, job, version_id, [result])
        return {
            "ok": nothing_failed([result]),
            "routeIds": [str(route_id) for route_id in recorded.route_ids],
            "difference": [finding.evidence for finding in result.errors],
            "skipped": recorded.skipped,
        }

    return HandlerResult(apply=apply)


def _read_back(session: Session, version_id: Any, api: Mapping[str, Any], *, skipped: bool) -> CheckResult:
    looked_at = Text("路由登记", "Recorded route")
    if skipped:
        return concluded(
            names.ROUTE_REGISTRATION, looked_at, (), Text("组件无API", "the component has no API")
        )
    routes = [route for route in gateway_queries.routes(session, version_id) if route.stage == PRODUCTION]
    findings = [G_NOT_ENFORCED.broken(place="apiInfo.publicPath", evidence=api.get("publicPath", ""))]
    expected = (api.get("publicPath"), api.get("forwardPath"))
    for route in routes:
        if (route.public_path, route.forward_path) != expected:
            seen = f"{route.public_path} → {route.forward_path}"
            findings.append(G_DIFFERENT.broken(place="apiInfo.publicPath", evidence=seen))
    if not routes:
        findings.append(G_DIFFERENT.broken(place="apiInfo.publicPath", evidence="—"))
    return concluded(names.ROUTE_REGISTRATION, looked_at, findings)
