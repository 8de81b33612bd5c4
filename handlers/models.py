"""The checks of a model or algorithm: loaded and tried once, its contract, and its performance.

Source: draft standard, clause 8.3.3; process P02d, steps 3, 5 and 7
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.checks.names import MODEL_CONTRACT, MODEL_LOAD, MODEL_PERFORMANCE
from domain.deployments import queries
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.artefacts import conclude_inspection, inspect_file
from handlers.checks.calls import CannotCall
from handlers.checks.cases import C_CASES, check_contract, read_contract
from handlers.checks.model_files import read_model_file
from handlers.checks.models_measured import measure, read_samples, smoke
from handlers.checks.results import CheckResult, Rule, Severity, Status, concluded
from handlers.deployment import deploy_stored, stored_artefact
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from handlers.where import place_of
from kernel.files import StoredFile
from kernel.language import Text
from kernel.unit_of_work import perform

_LOADED = Text("模型部署、加载与初始验证", "Model deployed, loaded and verified")
_PASSED = {"passed": Text("通过", "Passed")}
NO_IMAGES = Text("本机不能运行容器镜像", "container images cannot be run here")
NOT_INFERRED = Text(
    "模型文件已读取，但平台没有其运行环境，未做试推理；可打包为 Python 算法归档后上传",
    "the model file was read, but there is no runtime for it here, so no inference was tried; "
    "pack it as a Python archive",
)
M_FILE = Rule(
    "M-FILE",
    Severity.ERROR,
    "8.3.3a",
    Text("没有模型文件，或已丢失，请重新上传", "There is no model file, upload it again"),
)

M_DEPLOYED = Rule(
    "M-DEPLOYED",
    Severity.ERROR,
    "8.3.3a",
    Text("模型未能部署，原因见部署检查", "The model was not deployed; the check of the deployment says why"),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of models."""
    registry.handler(
        MODEL_LOAD,
        partial(load, environment),
        Text("部署、加载模型并试推理", "Deploy and load the model, infer once"),
        (VERSION, Parameter("model", Text("模型或算法", "Model or algorithm"), "object")),
        {**_PASSED, "digest": Text("摘要", "Digest"), "deploymentId": Text("部署", "Deployment")},
    )
    registry.handler(
        MODEL_CONTRACT,
        partial(contract, environment),
        Text("模型接口契约测试", "Contract test of the model interface"),
        (VERSION, Parameter("contract", Text("接口契约", "Contract"), "object")),
        _PASSED,
    )
    registry.handler(
        MODEL_PERFORMANCE,
        partial(performance, environment),
        Text("性能复测并与声明值比对", "Measure again and compare with the declared values"),
        (VERSION, Parameter("metadata", Text("模型元数据", "Metadata"), "object")),
        _PASSED,
    )


def load(environment: Environment, job: JobContext) -> HandlerResult:
    """Inspect the model, run it where it is a Python archive, and ask it once; other files are only read."""
    version_id = version_of(job.parameters)
    model = mapping(job.parameters.get("model"))
    stored = stored_artefact(job, model.get("file"))
    if stored is None:
        if model.get("image"):
            return _loaded(job, version_id, concluded(MODEL_LOAD, _LOADED, [], NO_IMAGES))
        return _loaded(job, version_id, concluded(MODEL_LOAD, _LOADED, [M_FILE.broken(place="model.file")]))
    if model.get("format") != "python":
        findings = read_model_file(environment.files.path(stored.digest), str(model.get("format")))
        result = concluded(MODEL_LOAD, _LOADED, findings, NOT_INFERRED)
        return _loaded(job, version_id, result, stored)
    inspected = _inspected(environment, job, version_id, stored)
    if inspected.status is not Status.PASSED:
        result = CheckResult(MODEL_LOAD, inspected.status, inspected.summary, inspected.findings)
        return _loaded(job, version_id, result, stored)
    deployed = deploy_stored(environment, job, version_id, stored, "python")
    if not deployed.data.get("passed"):
        return _not_deployed(job, version_id, stored, deployed)
    return _tried(environment, job, version_id, stored, deployed)


def _tried(
    environment: Environment, job: JobContext, version_id: UUID, stored: StoredFile, deployed: HandlerResult
) -> HandlerResult:
    deployment_id = UUID(str(deployed.data["deploymentId"]))
    manifest = environment.runner.driver.manifest(deployment_id)
    path = str(manifest.get("inferPath") or "/infer")
    try:
        findings = smoke(
            environment.runner.guard, str(deployed.data["address"]) + path, manifest.get("sample")
        )
        result = concluded(MODEL_LOAD, _LOADED, findings)
    except CannotCall as error:
        result = concluded(MODEL_LOAD, _LOADED, [], error.reason)

    def apply(session: Session) -> None:
        if deployed.apply is not None:
            deployed.apply(session)
        record_results(session, job, version_id, [result], subject=stored.digest)

    passed = result.status is Status.PASSED
    return HandlerResult(
        {"passed": passed, "digest": stored.digest, "deploymentId": str(deployment_id)}, apply
    )


def _not_deployed(
    job: JobContext, version_id: UUID, stored: StoredFile, deployed: HandlerResult
) -> HandlerResult:
    """Conclude from a deployment that did not come about: its own run says why."""

    def apply(session: Session) -> None:
        if deployed.apply is not None:
            deployed.apply(session)
        result = concluded(MODEL_LOAD, _LOADED, [M_DEPLOYED.broken(place="model.file")])
        record_results(session, job, version_id, [result], subject=stored.digest)

    return HandlerResult({"passed": False, "digest": stored.digest, "deploymentId": ""}, apply)


def _inspected(
    environment: Environment, job: JobContext, version_id: UUID, stored: StoredFile
) -> CheckResult:
    """Inspect the archive as the artefacts of hosted interfaces are, before any of it runs."""
    _kind, parts = inspect_file(environment.workbench, stored)
    result = conclude_inspection(parts)

    def record(session: Session) -> None:
        record_results(session, job, version_id, [*parts, result], subject=stored.digest)

    perform(job.database, "check.record", PLATFORM, record)
    return result


def _loaded(
    job: JobContext, version_id: UUID, result: CheckResult, stored: StoredFile | None = None
) -> HandlerResult:
    digest = stored.digest if stored else ""

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result], subject=digest or None)

    passed = result.status is Status.PASSED
    return HandlerResult({"passed": passed, "digest": digest, "deploymentId": ""}, apply)


def contract(environment: Environment, job: JobContext) -> HandlerResult:
    """Send the declared cases: normal, out of range, malformed."""
    version_id = version_of(job.parameters)
    declared = mapping(job.parameters.get("contract"))
    title = Text("模型接口契约测试", "Contract test of the model interface")
    place = place_of(environment, job, version_id, declared.get("address"), "inferPath", "/infer")
    read, findings = read_contract(
        place.url if place else "",
        declared.get("inputSchema"),
        declared.get("outputSchema"),
        declared.get("cases"),
    )
    if read is None or place is None:
        result = concluded(MODEL_CONTRACT, title, findings or [C_CASES.broken(place="address")])
    else:
        result = check_contract(place.guard, read, MODEL_CONTRACT, title)
    return _concluded(job, version_id, result)


def performance(environment: Environment, job: JobContext) -> HandlerResult:
    """Measure latency and accuracy at the address of the contract, on the sample set of the package."""
    version_id = version_of(job.parameters)
    declared = mapping(mapping(job.parameters.get("metadata")).get("performance"))
    with job.database.read() as session:
        record = catalogue.version_detail(session, PLATFORM, version_id).record
        row = queries.running(session, version_id)
    given = mapping(mapping(record.get("extension")).get("modelContract"))
    title = Text("模型性能复测", "Performance of the model")
    place = place_of(environment, job, version_id, given.get("address"), "inferPath", "/infer")
    if place is None:
        missing = Text("没有可调用的地址", "there is no address to call")
        return _concluded(job, version_id, concluded(MODEL_PERFORMANCE, title, [], missing))
    read, _findings = read_contract(
        place.url, given.get("inputSchema"), given.get("outputSchema"), given.get("cases")
    )
    inputs: list[Any] = [case.body for case in read.cases if case.kind == "normal"] if read else []
    samples = (
        read_samples(environment.runner.driver.content(row.id, place.manifest.get("samples"))) if row else []
    )
    result = measure(place.guard, place.url, inputs, samples, declared, MODEL_PERFORMANCE)
    return _concluded(job, version_id, result)


def _concluded(job: JobContext, version_id: UUID, result: CheckResult) -> HandlerResult:
    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult({"passed": result.status is Status.PASSED}, apply)
