"""The checks of a data service: its source, its contract, and what it lets be seen.

Source: draft standard, clause 8.3.4; process P02e, steps 3, 5 and 7
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.checks.names import DATA_CONNECTION, DATA_CONTRACT, DATA_MASKING
from domain.credentials.purposes import DATA_SOURCE
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.calls import CannotCall, NoAnswer, call
from handlers.checks.cases import C_CASES, check_contract, read_contract
from handlers.checks.data_sources import CONNECTION, DataSource, check_source
from handlers.checks.masked import check_masking
from handlers.checks.results import CheckResult, Status, concluded
from handlers.deployment import stored_artefact
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import decision, record_results
from handlers.secrets_given import secret_of
from handlers.where import place_of
from kernel.language import Text

_PASSED = {"passed": Text("通过", "Passed")}
_MODES = {"query", "subscribe", "exchange"}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of data services."""
    registry.handler(
        DATA_CONNECTION,
        partial(connection, environment),
        Text("数据源连接测试与最小权限检查", "Test the connection, check least privilege"),
        (VERSION, Parameter("dataSource", Text("数据源", "Data source"), "object")),
        {**_PASSED, "dataSourceId": Text("数据源编号", "Data source")},
    )
    registry.handler(
        DATA_CONTRACT,
        partial(contract, environment),
        Text("数据服务契约测试", "Contract test of the data service"),
        (VERSION, Parameter("service", Text("数据服务", "Data service"), "object")),
        _PASSED,
    )
    registry.handler(
        DATA_MASKING,
        partial(masking, environment),
        Text("敏感字段识别与脱敏抽样", "Find sensitive fields, verify masking by sample"),
        (VERSION, Parameter("permissions", Text("权限管控", "Permissions"), "object")),
        _PASSED,
    )


def connection(environment: Environment, job: JobContext) -> HandlerResult:
    """Connect with the sealed password, and see that the account may not write."""
    version_id = version_of(job.parameters)
    declared = mapping(job.parameters.get("dataSource"))
    address = str(declared.get("file") or declared.get("address") or "").strip()
    secret = secret_of(environment, job, declared.get("secret"), version_id=version_id, purpose=DATA_SOURCE)
    stored = stored_artefact(job, address) if address.startswith("file:") else None
    source = DataSource(
        address=address,
        account=str(declared.get("account") or ""),
        secret=secret or "",
        file=environment.files.path(stored.digest) if stored else None,
    )
    results = check_source(environment.guard, source)
    title = Text("数据源连接与最小权限", "Connection of the data source, least privilege")
    reached = next(result for result in results if result.check == CONNECTION)
    if reached.status is Status.NOT_CHECKED:
        decided = concluded(DATA_CONNECTION, title, [], reached.summary)
    else:
        decided = decision(DATA_CONNECTION, title, results)
    data = {"passed": decided.status is Status.PASSED, "dataSourceId": str(job.job_id)}

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*results, decided])

    return HandlerResult(data, apply)


def contract(environment: Environment, job: JobContext) -> HandlerResult:
    """Send the declared cases to the wrapped service."""
    version_id = version_of(job.parameters)
    declared = mapping(job.parameters.get("service"))
    title = Text("数据服务契约测试", "Contract test of the data service")
    place = place_of(environment, job, version_id, declared.get("address"), "queryPath", "/query")
    read, findings = read_contract(
        place.url if place else "", None, declared.get("schema"), declared.get("cases")
    )
    modes = declared.get("modes")
    if not isinstance(modes, list) or not _MODES & set(map(str, modes)):
        findings.append(C_CASES.broken(place="modes"))
    if read is None or findings or place is None:
        result = concluded(DATA_CONTRACT, title, findings or [C_CASES.broken(place="address")])
    else:
        result = check_contract(place.guard, read, DATA_CONTRACT, title)
    return _recorded(job, version_id, result)


def masking(environment: Environment, job: JobContext) -> HandlerResult:
    """Ask the service once with its first normal case and judge what it lets be seen."""
    version_id = version_of(job.parameters)
    permissions = mapping(job.parameters.get("permissions"))
    with job.database.read() as session:
        record = catalogue.version_detail(session, PLATFORM, version_id).record
    declared = mapping(mapping(record.get("extension")).get("dataService"))
    document, reason = _sample(environment, job, version_id, declared)
    return _recorded(job, version_id, check_masking(permissions, document, DATA_MASKING, reason))


def _sample(
    environment: Environment, job: JobContext, version_id: UUID, declared: Mapping[str, Any]
) -> tuple[Any, Text | None]:
    place = place_of(environment, job, version_id, declared.get("address"), "queryPath", "/query")
    read, findings = read_contract(
        place.url if place else "", None, declared.get("schema"), declared.get("cases")
    )
    if read is None or findings or place is None:
        return None, None
    body = next(case.body for case in read.cases if case.kind == "normal")
    try:
        answer = call(place.guard, "POST", place.url, body=body)
    except CannotCall as error:
        return None, error.reason
    except NoAnswer as error:
        return None, Text(f"服务没有应答：{error}", f"the service did not answer: {error}")
    said = answer.document if answer.status == 200 else None
    rows = said.get("rows", said) if isinstance(said, dict) else said
    return rows, None


def _recorded(job: JobContext, version_id: UUID, result: CheckResult) -> HandlerResult:
    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult({"passed": result.status is Status.PASSED}, apply)
