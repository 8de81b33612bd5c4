"""Admission of external products: keep the application, judge the licence, issue and renew certificates.

Source: draft standard, clauses 6.1.3 and 11.6.1a; process P17
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.admissions import queries, service
from domain.admissions.queries import AdmissionRow
from domain.notices.service import send
from domain.people.permissions import PROVIDER
from engine.api import Engine, HandlerResult, JobContext, ListenerCall, Parameter, Registry, TechnicalFailure
from handlers.environment import PLATFORM, Environment
from handlers.parameters import REASON, mapping, optional_id, reason_of
from kernel.files import REFERENCE_PREFIX, find_file
from kernel.language import Text

PROCESS: Final = "external-admission"


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the admission."""
    registry.listener(
        "admission.save",
        save,
        Text("保存准入申请", "Keep the application for admission"),
        (
            Parameter("application", Text("产品信息", "The product"), "object"),
            Parameter("providerUnitId", Text("提供方单位", "Provider unit"), required=False),
            Parameter("versionId", Text("组件版本", "Component version"), required=False),
            Parameter("renewsId", Text("续办的准入", "Admission to renew"), required=False),
        ),
    )
    registry.listener(
        "admission.close",
        close,
        Text("记录不予引入或撤回", "Record a refusal or a withdrawal"),
        (
            Parameter("standing", Text("结论", "Standing"), "str", choices=("refused", "withdrawn")),
            REASON,
        ),
    )
    registry.handler(
        "admission.check_licence",
        check_licence,
        Text("许可证合规检查", "Check the licence"),
        (),
        {
            "admissionId": Text("准入", "Admission"),
            "verdict": Text("允许、禁用或待定", "Allowed, denied or unknown"),
        },
    )
    registry.handler(
        "admission.issue",
        issue,
        Text("签发准入证明", "Issue the certificate"),
        (
            Parameter("admissionId", Text("准入", "Admission"), "str"),
            Parameter("assessmentId", Text("安全评估", "Security assessment"), "str"),
        ),
        {
            "certificateNumber": Text("证明编号", "Certificate number"),
            "validUntil": Text("有效期至", "Valid until"),
        },
    )
    registry.handler(
        "admission.scan_expiring",
        partial(scan_expiring, Engine(registry)),
        Text("扫描即将到期的准入并发起续办", "Find what expires, start its renewal"),
        (),
        {"started": Text("发起数", "Started")},
    )


def save(session: Session, call: ListenerCall) -> None:
    """Keep what the provider says; what is missing refuses the task and names the field."""
    given = mapping(call.parameters.get("application"))
    reference = given.get("artefact")
    is_file = isinstance(reference, str) and reference.startswith(REFERENCE_PREFIX)
    service.record_application(
        session,
        call.actor,
        given,
        region_code=call.instance.region_code,
        provider_unit_id=optional_id(call.parameters.get("providerUnitId")) or call.actor.unit_id,
        instance_id=call.instance.id,
        version_id=optional_id(call.parameters.get("versionId")),
        renews_id=optional_id(call.parameters.get("renewsId")),
        artefact=find_file(session, str(reference)) if is_file else None,
    )


def close(session: Session, call: ListenerCall) -> None:
    """Record that the product is not introduced; before anything was handed in there is nothing to record."""
    admission = queries.open_admission(session, call.instance.id)
    if admission is not None:
        standing: service.Standing = "refused" if call.parameters["standing"] == "refused" else "withdrawn"
        service.close_admission(
            session, call.actor, admission.id, standing, reason_of(call) or _opinion(call.output)
        )


def check_licence(job: JobContext) -> HandlerResult:
    """Tell what the policy says of the licence; a denied one ends the admission."""
    with job.database.read() as session:
        admission = queries.open_admission(session, job.instance.id)
    if admission is None:
        raise TechnicalFailure(f"instance {job.instance.id} has no open admission")

    def apply(session: Session) -> None:
        if admission.licence_verdict == "denied":
            reason = f"许可证 {admission.licence} 在禁用名单中 / licence on the deny list"
            service.close_admission(session, PLATFORM, admission.id, "refused", reason)

    return HandlerResult({"admissionId": str(admission.id), "verdict": admission.licence_verdict}, apply)


def issue(job: JobContext) -> HandlerResult:
    """Issue the certificate."""
    admission_id, assessment_id = (
        UUID(str(job.parameters[name])) for name in ("admissionId", "assessmentId")
    )

    def apply(session: Session) -> Mapping[str, Any]:
        admission = service.issue_certificate(session, PLATFORM, admission_id, assessment_id)
        return {
            "certificateNumber": admission.certificate_number,
            "validUntil": str(admission.valid_until),
        }

    return HandlerResult({}, apply)


def scan_expiring(engine: Engine, _job: JobContext) -> HandlerResult:
    """Start a new admission with the provider of each certificate that ends soon, once."""

    def apply(session: Session) -> Mapping[str, Any]:
        due = service.due_for_renewal(session, PLATFORM)
        for each in due:
            _renew(session, engine, queries.admission_row(session, each.id))
        return {"started": len(due)}

    return HandlerResult({}, apply)


def _renew(session: Session, engine: Engine, admission: AdmissionRow) -> None:
    product = f"{admission.name} {admission.product_version}"
    started = engine.start_instance(
        session,
        PLATFORM,
        PROCESS,
        {
            "origin": admission.origin,
            "providerUnitId": str(admission.provider_unit_id) if admission.provider_unit_id else None,
            "versionId": str(admission.version_id) if admission.version_id else None,
            "renewsId": str(admission.id),
            "application": _as_before(admission),
        },
        title=f"续办准入：{product}",
        region_code=admission.region_code,
        unit_id=admission.provider_unit_id,
        check_role=False,
    )
    send(
        session,
        PLATFORM,
        Text(f"准入即将到期：{product}", f"Admission about to expire: {product}"),
        Text(
            f"准入证明 {admission.certificate_number} 有效期至 {admission.valid_until}，已发起续办，请办理。",
            f"Certificate {admission.certificate_number} ends on {admission.valid_until}: please renew it.",
        ),
        role=PROVIDER,
        unit_id=admission.provider_unit_id,
        region_code=admission.region_code,
        link=f"/instances/{started.id}",
        template="admission_expiring",
        subject_id=admission.id,
    )


def _as_before(admission: AdmissionRow) -> dict[str, Any]:
    """Offer what was said before; digest, signature and file are asked for anew."""
    return {
        "origin": admission.origin,
        "name": admission.name,
        "productVersion": admission.product_version,
        "supplier": admission.supplier,
        "supplierQualification": admission.supplier_qualification,
        "contractNumber": admission.contract_number,
        "licence": admission.licence,
        "purpose": admission.purpose,
        "hardeningPlan": admission.hardening_plan,
    }


def _opinion(output: Mapping[str, Any]) -> str:
    return str(output.get("opinion") or output.get("reason") or "").strip()
