"""The topics of the assessment: open, five branches, summarise, archive; and the listeners of its forms.

Source: draft standard, clauses 8.1.1, 8.2.4 and 8.3.1; process P03
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import service
from domain.catalogue import queries
from domain.catalogue.dictionaries import AGENT, API_SERVICE, DATA_SERVICE, MODEL
from engine.api import HandlerResult, JobContext, ListenerCall, Parameter, Registry, TechnicalFailure
from handlers.assessment.archive import archive_report
from handlers.assessment.branches import BRANCHES, run_branch
from handlers.assessment.material import subject_of_admission, subject_of_version
from handlers.environment import PLATFORM, Environment
from handlers.parameters import mapping
from kernel.language import Text

ASSESSMENT: Final = Parameter("assessmentId", Text("安全评估", "Security assessment"), "str")
CHECKS: Final = Parameter("checks", Text("适用的检测项", "Applicable checks"), "list")
_WITH_ENDPOINT: Final = (API_SERVICE, AGENT, MODEL, DATA_SERVICE)
_BRANCH_TEXT: Final = {
    "composition": Text("软件成分、许可证、物料清单与制品检测", "Composition, licences, SBOM, the artefact"),
    "static": Text("静态应用安全测试", "Static application security test"),
    "dynamic": Text("动态应用安全测试与漏洞扫描", "Dynamic test and vulnerability scan"),
    "vulnerabilities": Text("依赖漏洞库比对", "Dependencies against the vulnerability database"),
    "secrets": Text("密钥与敏感信息检测、API风险检测", "Secrets and sensitive data, API risks"),
}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the assessment."""
    registry.handler(
        "assessment.open",
        open_assessment,
        Text("登记评估对象：制品、地址、接口", "Record the subject: artefact, address, API"),
        (
            Parameter(
                "subjectType", Text("对象类型", "Kind of subject"), "str", choices=("version", "admission")
            ),
            Parameter("subjectId", Text("对象", "Subject"), "str"),
            Parameter("versionId", Text("组件版本", "Component version"), required=False),
            Parameter("caller", Text("调用流程", "Calling process"), "str"),
            Parameter("technicalField", Text("组件形式", "Form"), required=False),
            Parameter("isHosting", Text("是否托管", "Hosted"), required=False),
        ),
        {
            "assessmentId": Text("安全评估", "Security assessment"),
            "form": Text("组件形式", "Form"),
            "hosting": Text("托管方式", "Hosting"),
            "hasApi": Text("有API", "Has an API"),
            "hasEndpoint": Text("有网络端点", "Has a network endpoint"),
        },
    )
    for name, title in _BRANCH_TEXT.items():
        registry.handler(
            f"assessment.{name}",
            partial(run_branch, environment, BRANCHES[name]),
            title,
            (ASSESSMENT, CHECKS),
            {"status": Text("各项结果", "Result of each check")},
        )
    registry.handler(
        "assessment.summarise",
        partial(summarise, environment),
        Text("汇总并对照最低安全基线", "Summarise and compare with the minimum baseline"),
        (ASSESSMENT, CHECKS, Parameter("baseline", Text("最低安全基线", "Minimum baseline"), "list")),
        {
            "verdict": Text("结论", "Verdict"),
            "findings": Text("未通过的检测项", "Checks that did not pass"),
            "against": Text("整改须答复的问题", "What the rework has to answer"),
            "openItems": Text("待人工判定的事项", "What people have to judge"),
        },
    )
    registry.handler(
        "assessment.archive",
        partial(archive, environment),
        Text("评估通过，报告签名归档", "The assessment passes; sign and file its report"),
        (ASSESSMENT,),
        {"reportDigest": Text("报告摘要", "Digest of the report")},
    )
    _register_listeners(registry, environment)


def _register_listeners(registry: Registry, environment: Environment) -> None:
    registry.listener(
        "assessment.judge",
        judge,
        Text("记录逐项判定，待第二人复核", "Record the judgements until a second person agrees"),
        (ASSESSMENT, Parameter("judgements", Text("逐项判定", "Judgements"), "list")),
    )
    registry.listener(
        "assessment.confirm_failed",
        partial(confirm_failed, environment),
        Text("确认问题属实，评估不通过", "Confirm what was found; the assessment does not pass"),
        (ASSESSMENT, Parameter("reason", Text("意见", "Opinion"), "str", required=False)),
    )
    registry.listener(
        "assessment.agree",
        agree,
        Text("第二人同意，判定生效", "The second person agrees; the judgements take effect"),
        (ASSESSMENT, Parameter("opinion", Text("意见", "Opinion"), "str", required=False)),
    )


def open_assessment(job: JobContext) -> HandlerResult:
    """Record what is assessed; form and hosting come from the subject itself, not from the caller."""
    kind, subject_id = str(job.parameters["subjectType"]), _id(job.parameters.get("subjectId"), "subjectId")
    caller = str(job.parameters["caller"])
    with job.database.read() as session:
        describe = subject_of_version if kind == "version" else subject_of_admission
        subject = describe(session, subject_id, caller)
        has_api = kind == "version" and _has_api(session, subject_id)

    def apply(session: Session) -> Mapping[str, Any]:
        opened = service.open_assessment(session, PLATFORM, subject, job.instance.id, job.job_id)
        return {"assessmentId": str(opened)}

    return HandlerResult(
        {
            "form": subject.form,
            "hosting": subject.hosting,
            "hasApi": has_api,
            "hasEndpoint": has_api or subject.address is not None or subject.form in _WITH_ENDPOINT,
        },
        apply,
    )


def summarise(environment: Environment, job: JobContext) -> HandlerResult:
    """Judge every check; what is below the baseline ends the assessment with a filed report."""
    assessment_id = _assessment(job.parameters)
    baseline = [mapping(row) for row in job.parameters["baseline"]]
    checks = [mapping(row) for row in job.parameters["checks"]]

    def apply(session: Session) -> Mapping[str, Any]:
        summary = service.summarise(session, PLATFORM, assessment_id, baseline, checks)
        if summary.verdict == "below_baseline":
            archive_report(environment, session, assessment_id)
        return {
            "verdict": summary.verdict,
            "findings": summary.findings,
            "against": summary.against,
            "openItems": summary.open_items,
        }

    return HandlerResult({}, apply)


def archive(environment: Environment, job: JobContext) -> HandlerResult:
    """Decide that the assessment passed, and file its signed report."""
    assessment_id = _assessment(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        service.pass_assessment(session, PLATFORM, assessment_id)
        return {"reportDigest": archive_report(environment, session, assessment_id)}

    return HandlerResult({}, apply)


def judge(session: Session, call: ListenerCall) -> None:
    """Keep what the first operator judged."""
    rows = [mapping(row) for row in call.parameters.get("judgements") or []]
    service.record_judgements(session, call.actor, _assessment(call.parameters), rows)


def confirm_failed(environment: Environment, session: Session, call: ListenerCall) -> None:
    """Decide in the name of the operator that the assessment does not pass."""
    assessment_id = _assessment(call.parameters)
    reason = str(call.parameters.get("reason") or "").strip()
    service.confirm_failed(session, call.actor, assessment_id, reason)
    archive_report(environment, session, assessment_id)


def agree(session: Session, call: ListenerCall) -> None:
    """Let the judgements take effect in the name of the second operator."""
    service.agree(session, call.actor, _assessment(call.parameters))


def _has_api(session: Session, version_id: UUID) -> bool:
    record = queries.version_detail(session, PLATFORM, version_id).record
    return record.get("apiInfo") is not None


def _assessment(parameters: Mapping[str, Any]) -> UUID:
    return _id(parameters.get("assessmentId"), "assessmentId")


def _id(value: object, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise TechnicalFailure(f"{name} is not an id: {value!r}") from None
