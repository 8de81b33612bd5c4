"""The provider's material: self-checks passed, attachments there and readable, API document valid.

Source: draft standard, clause 8.2.1 c, d; process P02, step 4
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.dictionaries import INTRODUCED, WITH_API, build_mode_of
from domain.catalogue.queries import VersionDetail
from domain.catalogue.rules import Stage
from domain.checks import names
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.attachments import Attachment, check_attachments
from handlers.checks.openapi import check_openapi
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded, nothing_failed
from handlers.compatibility import check_compatibility, version_before
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import decision, record_results, table_1_result
from handlers.reviewing import REVIEW_REGIONS, review_regions
from kernel.errors import NotFound
from kernel.files import find_file
from kernel.language import Text

REPORTS = ("functionalTestReport", "securityTestReport", "performanceTestReport")
API_DOCUMENT = "apiDocument"
USER_MANUAL = "userManual"

P_SELF_CHECK = Rule(
    "P-SELF-CHECK",
    Severity.ERROR,
    "8.2.1c",
    Text(
        "自检未通过或未填写，请整改后再提交", "The self-check failed or is missing, mend it before submitting"
    ),
)
P_REFACTORING = Rule(
    "P-REFACTORING",
    Severity.ERROR,
    "6.1.2",
    Text(
        "解耦与重构的组件应写明来源系统并上传改造记录",
        "A refactored component names its source system and uploads its record of the rework",
    ),
)
P_HARDENING = Rule(
    "P-HARDENING",
    Severity.ERROR,
    "6.1.3",
    Text(
        "外部引入的组件应说明安全加固情况", "A component introduced from outside needs its hardening record"
    ),
)
# What the build mode asks for in the form, and the rule that is broken without it.
_ACCOUNTED_FOR = {
    "解耦与重构": (P_REFACTORING, ("sourceSystem", "reworkRecord")),
    INTRODUCED: (P_HARDENING, ("buildModeRecord",)),
}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the preparation."""
    registry.handler(
        "checks.preparation",
        partial(preparation, environment),
        Text(
            "校验准备材料：自检、附件、接口文档", "Check the material: self-checks, attachments, API document"
        ),
        (VERSION, Parameter("preparation", Text("接入准备表单", "Preparation form"), "object")),
        {
            "passed": Text("通过", "Passed"),
            "record": Text("目录信息", "Record"),
            "reviewRegions": REVIEW_REGIONS,
        },
    )


def preparation(environment: Environment, job: JobContext) -> HandlerResult:
    """Check what the provider handed in, by opening it."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        handed_in = _with_stored_files(session, mapping(job.parameters.get("preparation")))
        detail = queries.version_detail(session, PLATFORM, version_id)
        before = version_before(session, detail)
        breaches = queries.check_version(
            session, version_id, Stage.ONBOARDING, strict=environment.strict_table_1
        )
    # What the variant asks for later (the API data) is not yet due here.
    due = [breach for breach in breaches if not breach.path.startswith("apiInfo")]
    has_api = detail.record.get("technicalField") in WITH_API
    required = (*REPORTS, USER_MANUAL, API_DOCUMENT) if has_api else (*REPORTS, USER_MANUAL)
    results = [
        check_self_checks(handed_in, detail.record),
        inspect_files(environment, detail, required),
        *(_documents(environment, detail, before) if has_api else []),
        table_1_result(due),
    ]
    decided = decision(names.PREPARATION, Text("准备材料校验", "Check of the material"), results)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [*results, decided])

    return HandlerResult(
        {
            "passed": nothing_failed(results),
            "record": dict(detail.record),
            "reviewRegions": review_regions(job.instance),
        },
        apply,
    )


def _with_stored_files(session: Session, handed_in: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the form without a record of the rework that is not in the store."""
    try:
        find_file(session, str(handed_in.get("reworkRecord") or ""))
    except NotFound:
        return {name: value for name, value in handed_in.items() if name != "reworkRecord"}
    return handed_in


def check_self_checks(handed_in: Mapping[str, Any], record: Mapping[str, Any]) -> CheckResult:
    """Check that all three self-checks are declared passed and that the build mode is accounted for."""
    findings = list(_self_check_problems(handed_in, record))
    return concluded(names.SELF_CHECKS, Text("自检声明", "Self-checks as declared"), findings)


def _self_check_problems(handed_in: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[Finding]:
    declared = mapping(handed_in.get("selfChecks"))
    for kind in ("functional", "performance", "security"):
        if declared.get(kind) != "passed":
            yield P_SELF_CHECK.broken(place=f"selfChecks.{kind}", evidence=declared.get(kind, ""))
    asked = _ACCOUNTED_FOR.get(build_mode_of(record))
    if asked is not None:
        rule, places = asked
        yield from (rule.broken(place=place) for place in places if not _is_given(handed_in.get(place)))


def _is_given(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def inspect_files(
    environment: Environment, detail: VersionDetail, required: Sequence[str] = REPORTS
) -> CheckResult:
    """Open every attachment of a version; the required ones must be among them."""
    held = {attachment.kind: attachment for attachment in detail.attachments}
    with ExitStack() as opened:
        files = [Attachment(place=kind, name=kind) for kind in required if kind not in held]
        for kind, attachment in held.items():
            if kind == API_DOCUMENT:
                continue
            stream = environment.open_content(attachment.file.digest)
            if stream is not None:
                opened.enter_context(stream)
            held_file = attachment.file
            files.append(Attachment(place=kind, name=held_file.name, size=held_file.size, stream=stream))
        return check_attachments(files)


def _documents(
    environment: Environment, detail: VersionDetail, before: VersionDetail | None
) -> Iterator[CheckResult]:
    """Check the uploaded API document, and beside it that of the version before where there is one."""
    document = api_document(environment, detail)
    yield check_openapi(document)
    if before is not None:
        yield check_compatibility(
            before.row.canonical, detail.row.canonical, api_document(environment, before), document
        )


def api_document(environment: Environment, detail: VersionDetail) -> bytes | None:
    """Return the content of the uploaded API document, if there is one."""
    for attachment in detail.attachments:
        if attachment.kind == API_DOCUMENT:
            stream = environment.open_content(attachment.file.digest)
            if stream is not None:
                with stream:
                    return stream.read()
    return None
