"""The deployment of a hosted component to the admission environment, its samples, and its removal.

Source: draft standard, clauses 6.2 b, 8.1.2 c and 8.2.3 b; process P02a, steps 4 and 5
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.checks.names import DEPLOYMENT, DEPLOYMENT_SAMPLE
from domain.deployments import queries, service
from domain.deployments.errors import NotInspected
from domain.deployments.queries import DeploymentRow
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded, nothing_failed
from handlers.checks.sampling import check_health_truth, check_log, check_metrics
from handlers.deploying.driver import CannotRun, Started
from handlers.deploying.packages import PackageRefused
from handlers.deploying.running import Artefact, DidNotStart, Runner
from handlers.deploying.settings import RESERVED, read_settings
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import decision, record_results
from kernel.errors import NotFound
from kernel.files import StoredFile, find_file
from kernel.language import Text
from kernel.unit_of_work import perform

_LOOKED_AT = Text("准入环境部署", "Deployment to the admission environment")


def _rule(rule: str, zh: str, en: str) -> Rule:
    return Rule(rule, Severity.ERROR, "8.2.3b", Text(zh, en))


D_FILE = _rule("D-FILE", "制品不存在，请重新上传", "There is no such artefact, upload it again")
D_INSPECTED = _rule(
    "D-INSPECTED",
    "该制品尚未通过制品检测，或检测通过的是另一制品（摘要不同）",
    "This artefact has not passed its inspection, or another one did (the digests differ)",
)
D_PACKAGE = _rule(
    "D-PACKAGE", "制品无法解开或启动", "The artefact cannot be unpacked or says nothing of its start"
)
D_KIND = _rule(
    "D-KIND", "制品内容与填写的类型不符", "The content of the artefact is not of the declared kind"
)
D_START = _rule("D-START", "部署后未能正常启动", "The component did not come up after its deployment")
D_NOT_RUNNING = _rule(
    "D-NOT-RUNNING",
    "准入环境没有正在运行的部署，请重新部署",
    "Nothing of the version runs in the admission environment, deploy it again",
)
SWITCHED_OFF = Text(
    "本平台未启用本地部署驱动（ZUJIAN_LOCAL_DEPLOYMENTS），请由运营方在目标环境部署",
    "local processes are switched off (ZUJIAN_LOCAL_DEPLOYMENTS); the operator deploys elsewhere",
)
NO_IMAGES = Text("本机不能运行容器镜像", "container images cannot be run here")


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of deployments."""
    registry.handler(
        "deployment.deploy",
        partial(deploy, environment),
        Text("部署至准入环境，等待健康检查", "Deploy to the admission environment, wait for its health"),
        (
            VERSION,
            Parameter("artefact", Text("制品", "Artefact"), "object"),
            Parameter("settings", Text("配置项", "Settings"), "object", required=False),
        ),
        {
            "passed": Text("通过", "Passed"),
            "deploymentId": Text("部署", "Deployment"),
            "address": Text("地址", "Address"),
        },
    )
    registry.handler(
        "deployment.sample",
        partial(sample, environment),
        Text("健康检查、日志与指标采样", "Samples of health, log and metrics"),
        (VERSION,),
        {"passed": Text("通过", "Passed")},
    )


def deploy(environment: Environment, job: JobContext) -> HandlerResult:
    """Deploy the inspected artefact; run again after a crash, the same deployment is started anew."""
    version_id = version_of(job.parameters)
    artefact, settings = mapping(job.parameters.get("artefact")), mapping(job.parameters.get("settings"))
    stored = stored_artefact(job, artefact.get("file"))
    if stored is None:
        broken = D_FILE.broken(place="artefact.file", evidence=artefact.get("file", ""))
        return _concluded(job, version_id, concluded(DEPLOYMENT, _LOOKED_AT, [broken]))
    return deploy_stored(environment, job, version_id, stored, str(artefact.get("kind", "")), settings)


def deploy_stored(
    environment: Environment,
    job: JobContext,
    version_id: UUID,
    stored: StoredFile,
    kind: str,
    settings: Mapping[str, Any] | None = None,
) -> HandlerResult:
    """Deploy a stored artefact of a kind with the declared settings, once for this job."""
    settings = settings or {}
    variables, findings = read_settings(settings)
    if findings:
        return _concluded(job, version_id, concluded(DEPLOYMENT, _LOOKED_AT, findings))
    reason = _why_not_here(environment, kind)
    if reason is not None:
        return _concluded(job, version_id, concluded(DEPLOYMENT, _LOOKED_AT, [], reason))
    wanted = service.Wanted(
        version_id=version_id,
        digest=stored.digest,
        file_name=stored.name,
        kind=kind,
        driver=environment.runner.driver.name,
        environment=variables,
        health_path=str(settings.get("healthPath") or "/health"),
        metrics_path=str(settings["metricsPath"]) if settings.get("metricsPath") else None,
        instance_id=job.instance.id,
        job_id=job.job_id,
    )
    try:
        deployment_id = perform(
            job.database,
            "deployment.request",
            PLATFORM,
            lambda session: service.begin(session, PLATFORM, wanted),
        )
    except NotInspected:
        broken = D_INSPECTED.broken(place="artefact.file", evidence=stored.digest)
        return _concluded(job, version_id, concluded(DEPLOYMENT, _LOOKED_AT, [broken]))
    return _run(environment, job, wanted, deployment_id, stored)


def _run(
    environment: Environment,
    job: JobContext,
    wanted: service.Wanted,
    deployment_id: UUID,
    stored: StoredFile,
) -> HandlerResult:
    runner = environment.runner
    artefact = Artefact(environment.files.path(stored.digest), stored.name, stored.digest)
    try:
        package = runner.open(deployment_id, artefact)
        if wanted.kind and wanted.kind != package.kind:
            broken = D_KIND.broken(place="artefact.kind", evidence=f"{wanted.kind} / {package.kind}")
            return _failed(runner, job, wanted, deployment_id, [broken], broken.message)
        started = runner.start(deployment_id, package, wanted.environment, wanted.health_path)
    except PackageRefused as refused:
        broken = _with(D_PACKAGE, refused.reason).broken(place=refused.place or "artefact.file")
        return _failed(runner, job, wanted, deployment_id, [broken], refused.reason)
    except DidNotStart as error:
        evidence = runner.driver.log(deployment_id, 400).tail
        broken = _with(D_START, error.reason).broken(place="log", evidence=evidence)
        return _failed(runner, job, wanted, deployment_id, [broken], error.reason)
    except CannotRun as error:
        return _failed(runner, job, wanted, deployment_id, [], error.reason, error.reason)
    return _running(job, wanted, deployment_id, started)


def _running(job: JobContext, wanted: service.Wanted, deployment_id: UUID, started: Started) -> HandlerResult:
    result = concluded(DEPLOYMENT, _LOOKED_AT, [])

    def apply(session: Session) -> None:
        process = {**started.process, "confined": started.confined}
        service.record_running(session, PLATFORM, deployment_id, address=started.address, process=process)
        record_results(session, job, wanted.version_id, [result], subject=wanted.digest)

    data = {"passed": True, "deploymentId": str(deployment_id), "address": started.address}
    return HandlerResult(data, apply)


def _failed(
    runner: Runner,
    job: JobContext,
    wanted: service.Wanted,
    deployment_id: UUID,
    findings: list[Finding],
    reason: Text,
    not_checked: Text | None = None,
) -> HandlerResult:
    log = runner.kept_log(deployment_id)
    runner.driver.clear(deployment_id)
    result = concluded(DEPLOYMENT, _LOOKED_AT, findings, not_checked)

    def apply(session: Session) -> None:
        service.record_failed(session, PLATFORM, deployment_id, reason, log)
        record_results(session, job, wanted.version_id, [result], subject=wanted.digest)

    return HandlerResult({"passed": False, "deploymentId": str(deployment_id), "address": ""}, apply)


def _concluded(job: JobContext, version_id: UUID, result: CheckResult) -> HandlerResult:
    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult({"passed": False, "deploymentId": "", "address": ""}, apply)


def sample(environment: Environment, job: JobContext) -> HandlerResult:
    """Sample health, log and metrics of the running deployment, and try it with a broken dependency."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        row = queries.running(session, version_id)
    title = Text("健康、日志与指标采样", "Samples of health, logs and metrics")
    if row is None or row.address is None or row.driver != environment.runner.driver.name:
        missing = concluded(DEPLOYMENT_SAMPLE, title, [D_NOT_RUNNING.broken(place="deployment")])
        return HandlerResult(
            {"passed": False}, lambda session: record_results(session, job, version_id, [missing])
        )
    with ExitStack() as stack:
        results = sampled(environment, row, row.address, stack)
    decided = decision(DEPLOYMENT_SAMPLE, title, results)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*results, decided], subject=row.digest)

    return HandlerResult({"passed": nothing_failed(results)}, apply)


def sampled(
    environment: Environment, row: DeploymentRow, address: str, stack: ExitStack
) -> list[CheckResult]:
    """Return the samples of a running deployment; what is started for them ends with the stack."""
    runner = environment.runner
    artefact = Artefact(environment.files.path(row.digest), row.file_name, row.digest)
    switch = _test_switch(runner, row)

    def broken() -> str | None:
        assert switch is not None  # noqa: S101 - only called where there is one
        trial = stack.enter_context(runner.trial(artefact, {**row.environment, **switch}))
        return None if trial is None else trial + row.health_path

    health = check_health_truth(runner.guard, address + row.health_path, broken if switch else None)
    injected = concluded("runtime.configuration", Text("配置注入", "Injected configuration"), [])
    return [
        *health,
        check_log(runner.driver.log(row.id).tail),
        check_metrics(runner.guard, address + (row.metrics_path or "/metrics")),
        # It answers at the port that the platform chose and injected.
        injected,
    ]


def stored_artefact(job: JobContext, reference: object) -> StoredFile | None:
    """Return the stored file that a form refers to, or None where there is none."""
    if not isinstance(reference, str):
        return None
    try:
        with job.database.read() as session:
            return find_file(session, reference)
    except NotFound:
        return None


def _why_not_here(environment: Environment, kind: str) -> Text | None:
    if not environment.local_deployments:
        return SWITCHED_OFF
    return NO_IMAGES if kind == "image" else None


def _with(rule: Rule, reason: Text) -> Rule:
    """Return the rule with its reason in the sentence."""
    said = Text(f"{rule.message.zh}：{reason.zh}", f"{rule.message.en}: {reason.en}")
    return Rule(rule.id, rule.severity, rule.clause, said)


def _test_switch(runner: Runner, row: DeploymentRow) -> Mapping[str, str] | None:
    """Return the variables that let a dependency be away, as the package's manifest declares them."""
    declared: Any = runner.driver.manifest(row.id).get("testSwitch")
    if not isinstance(declared, Mapping) or not declared:
        return None
    return {
        name: value
        for name, value in declared.items()
        if isinstance(name, str) and isinstance(value, str) and name not in RESERVED
    }
