"""The one exemption from the health check: another kind that offers no network endpoint, and says why.

Source: draft standard, clauses 6.2b and 8.1.2c; docs/reference/limits.md; process P02f
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.dictionaries import OTHER
from domain.catalogue.queries import VersionDetail
from domain.checks import names
from engine.api import BPMNError, HandlerResult, JobContext, Parameter, Registry
from handlers.checks.results import Finding, Rule, Severity, concluded, nothing_failed
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from kernel.language import Text

# The error by which a variant leads back to the choice of the kind.
UNSUITABLE = "onboarding.failed"
X_ENDPOINT = Rule(
    "X-ENDPOINT",
    Severity.ERROR,
    "6.2b",
    Text(
        "仅无网络端点的非托管“其他”类组件可免于健康检查：请改选参照类型并提供健康检查接口",
        "Only an unhosted component of another kind without a network endpoint is exempt: "
        "choose a kind to follow and offer a health endpoint",
    ),
)
X_REASON = Rule(
    "X-REASON",
    Severity.ERROR,
    "6.2b",
    Text("免于健康检查须说明理由", "An exemption from the health check needs its reason"),
)
X_EXEMPT = Rule(
    "X-EXEMPT",
    Severity.INFO,
    "6.2b",
    Text("不提供网络端点，免于健康检查", "No network endpoint: exempt from the health check"),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the exemption."""
    registry.handler(
        "checks.exempt_from_health",
        exempt,
        Text("登记健康检查豁免及理由", "Record the exemption from the health check with its reason"),
        (VERSION, Parameter("reason", Text("理由", "Reason"), "str")),
    )


def exempt(job: JobContext) -> HandlerResult:
    """Record the exemption; with an endpoint, or without a reason, the kind has to be chosen anew.

    Raises:
        BPMNError: ``onboarding.failed``, with what stands against it on record.
    """
    version_id, reason = version_of(job.parameters), str(job.parameters.get("reason") or "").strip()
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
    found = list(_against(detail, reason)) or [X_EXEMPT.broken(place="healthPath", evidence=reason)]
    result = concluded(names.HEALTH_EXEMPTION, Text("健康检查豁免", "Exemption from the health check"), found)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    if not nothing_failed([result]):
        raise BPMNError(UNSUITABLE, result.summary.en, apply=apply)
    return HandlerResult(apply=apply)


def _against(detail: VersionDetail, reason: str) -> Iterator[Finding]:
    extension = mapping(detail.record.get("extension"))
    facts = {
        "technicalField": detail.row.technical_field != OTHER,
        "isHosting": detail.row.is_hosting == 1,
        "apiInfo": bool(detail.record.get("apiInfo")),
        "extension.serviceAddress": bool(extension.get("serviceAddress")),
    }
    for place, stands_against in facts.items():
        if stands_against:
            yield X_ENDPOINT.broken(place=place)
    if not reason:
        yield X_REASON.broken(place="withoutEndpointReason")
