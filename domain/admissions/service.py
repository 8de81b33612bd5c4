"""Record, decide and renew admissions."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.admissions.errors import AdmissionDecided, AdmissionNotFound
from domain.admissions.models import Admission
from domain.admissions.rules import REMINDED_BEFORE, problems_of, valid_until
from domain.licences.queries import current_policy
from domain.licences.rules import judge_licence
from kernel import audit
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem, Invalid
from kernel.files import StoredFile
from kernel.ids import new_id
from kernel.language import Text

Standing = Literal["open", "admitted", "refused", "withdrawn"]


def record_application(
    session: Session,
    actor: Actor,
    given: Mapping[str, Any],
    *,
    region_code: str,
    provider_unit_id: UUID | None,
    instance_id: UUID,
    version_id: UUID | None = None,
    renews_id: UUID | None = None,
    artefact: StoredFile | None = None,
) -> Admission:
    """Keep what the provider says of the product, and judge its licence by the policy.

    A process instance has one open admission; handing in again changes it.

    Raises:
        Invalid: something that every admission needs is missing, or the file has another digest.
    """
    _refuse_incomplete(given, artefact)
    # Read before anything is added: a query would send the row before it is filled in.
    policy = current_policy(session)
    query = select(Admission).where(Admission.instance_id == instance_id, Admission.standing == "open")
    admission = session.scalar(query.with_for_update())
    if admission is None:
        admission = Admission(id=new_id(), instance_id=instance_id, opened_at=now(), standing="open")
        session.add(admission)
    admission.region_code, admission.provider_unit_id = region_code, provider_unit_id
    admission.version_id, admission.renews_id = version_id, renews_id
    _fill_in(admission, given)
    admission.licence_verdict = judge_licence(admission.licence, policy.allowed, policy.denied)
    admission.artefact_file_id = artefact.id if artefact else None
    admission.updated_at = now()
    _record(
        session,
        actor,
        admission,
        "admission.recorded",
        {
            "origin": admission.origin,
            "product": f"{admission.name} {admission.product_version}",
            "supplier": admission.supplier,
            "digest": admission.digest,
            "licence": f"{admission.licence}: {admission.licence_verdict}",
            "policy_edition": policy.edition,
        },
    )
    # The assessment that follows points at the row.
    session.flush()
    return admission


def _refuse_incomplete(given: Mapping[str, Any], artefact: StoredFile | None) -> None:
    problems = problems_of(given)
    if artefact is not None and artefact.digest != _digest(given) and not problems:
        message = Text(
            "上传的制品与所填摘要不一致", "The file that was uploaded has another digest than the one given"
        )
        problems.append(FieldProblem("digest", "admission.other_digest", message, "11.6.1a"))
    if problems:
        raise Invalid(Text("准入材料不完整", "The application for admission is incomplete"), tuple(problems))


def _fill_in(admission: Admission, given: Mapping[str, Any]) -> None:
    admission.origin, admission.name = str(given["origin"]), _said(given, "name")
    admission.product_version, admission.supplier = _said(given, "productVersion"), _said(given, "supplier")
    admission.supplier_qualification = _said(given, "supplierQualification")
    admission.contract_number = _said(given, "contractNumber")
    admission.licence, admission.digest = _said(given, "licence"), _digest(given)
    admission.signature, admission.purpose = _said(given, "signature"), _said(given, "purpose")
    admission.hardening_plan = _said(given, "hardeningPlan")


def _digest(given: Mapping[str, Any]) -> str:
    return str(given.get("digest") or "").strip().lower()


def close_admission(
    session: Session, actor: Actor, admission_id: UUID, standing: Standing, reason: str
) -> None:
    """Decide that a product is not admitted, or was withdrawn; deciding so twice changes nothing.

    Raises:
        AdmissionNotFound: no such admission.
        AdmissionDecided: it was decided otherwise.
    """
    admission = _locked(session, admission_id)
    if admission.standing == standing:
        return
    if admission.standing != "open":
        raise AdmissionDecided(admission_id)
    admission.standing, admission.updated_at = standing, now()
    _record(session, actor, admission, f"admission.{standing}", {"standing": standing}, reason)


def issue_certificate(
    session: Session, actor: Actor, admission_id: UUID, assessment_id: UUID | None
) -> Admission:
    """Admit the product for twelve calendar months; issuing twice changes nothing.

    Raises:
        AdmissionNotFound: no such admission.
        AdmissionDecided: it was refused or withdrawn.
        Invalid: its licence is denied, or no assessment passed.
    """
    admission = _locked(session, admission_id)
    if admission.standing == "admitted":
        return admission
    if admission.standing != "open":
        raise AdmissionDecided(admission_id)
    problems = _against(admission, assessment_id)
    if problems:
        raise Invalid(Text("不符合准入条件", "The conditions of an admission are not met"), tuple(problems))
    day = now().astimezone(SHANGHAI).date()
    admission.standing, admission.assessment_id = "admitted", assessment_id
    admission.decided_on, admission.valid_until = day, valid_until(day)
    admission.certificate_number = _next_number(session, day.year)
    admission.updated_at = now()
    _record(
        session,
        actor,
        admission,
        "admission.admitted",
        {
            "certificate": admission.certificate_number,
            "valid_until": admission.valid_until.isoformat(),
            "assessment": str(assessment_id),
        },
    )
    return admission


def due_for_renewal(session: Session, actor: Actor) -> list[Admission]:
    """Mark the admissions that end within thirty days and of which nobody was told, and return them.

    Raises: nothing; several schedulers at once are told apart by the locked rows.
    """
    day = now().astimezone(SHANGHAI).date()
    query = (
        select(Admission)
        .where(
            Admission.standing == "admitted",
            Admission.reminded_at.is_(None),
            Admission.valid_until >= day,
            Admission.valid_until <= day + REMINDED_BEFORE,
        )
        .order_by(Admission.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    )
    found = list(session.scalars(query))
    for admission in found:
        admission.reminded_at = now()
        _record(
            session, actor, admission, "admission.renewal_asked", {"valid_until": str(admission.valid_until)}
        )
    return found


def _against(admission: Admission, assessment_id: UUID | None) -> list[FieldProblem]:
    problems = []
    if admission.licence_verdict == "denied":
        message = Text(
            f"许可证 {admission.licence} 在禁用名单中", f"The licence {admission.licence} is on the deny list"
        )
        problems.append(FieldProblem("licence", "admission.licence", message, "11.6.1a"))
    if assessment_id is None:
        message = Text("安全评估未通过", "No security assessment has passed")
        problems.append(FieldProblem("assessment", "admission.assessment", message, "11.6.1a"))
    return problems


def _next_number(session: Session, year: int) -> str:
    prefix = f"ZJ-ZR-{year}-"
    query = select(func.count()).where(Admission.certificate_number.like(f"{prefix}%"))
    return f"{prefix}{(session.scalar(query) or 0) + 1:05d}"


def _said(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name) or "").strip()[:2000]


def _locked(session: Session, admission_id: UUID) -> Admission:
    admission = session.scalar(select(Admission).where(Admission.id == admission_id).with_for_update())
    if admission is None:
        raise AdmissionNotFound(admission_id)
    return admission


def _record(
    session: Session,
    actor: Actor,
    admission: Admission,
    action: str,
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=f"instance:{admission.instance_id}",
            instance_id=admission.instance_id,
            subject_type="admission",
            subject_id=admission.id,
            reason=reason or None,
            after=dict(after),
            clause="11.6.1a",
            region_code=admission.region_code,
            unit_id=admission.provider_unit_id,
        ),
    )
