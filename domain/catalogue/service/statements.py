"""What people state about a version where the platform does not check itself."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.dictionaries import USE_REQUIREMENTS
from domain.catalogue.errors import NotEditable
from domain.catalogue.service.records import store_record
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.states import State
from domain.checks import names
from domain.checks import service as checks
from domain.people.permissions import REVIEWER
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text

_DECISIONS = frozenset({names.DUPLICATE_REVIEW, names.ONBOARDING_REVIEW})


def record_statement(
    session: Session,
    actor: Actor,
    version_id: UUID,
    check: str,
    *,
    passed: bool,
    note: str | None = None,
    findings: Sequence[checks.Finding] = (),
    case: CaseFacts | None = None,
) -> UUID:
    """Record a person's result of a check, in this round of the version; return the run's id.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor's role may not state this check, or, for a decision, the
            actor submitted the version or started the case.
        ValueError: the check is not one that people state.
    """
    version = locked_version(session, version_id)
    if check in _DECISIONS and _is_barred(actor, version.submitted_by, case):
        raise NotAllowed(
            Text(
                "提交人或发起人不能审批自己的事项",
                "Who submitted or started the case may not decide it",
            )
        )
    return checks.record_statement(
        session,
        actor,
        version_id,
        check,
        passed=passed,
        region_code=version.region_code,
        note=note,
        findings=findings,
        instance_id=case.instance_id if case else None,
        element_id=case.element_id if case else None,
    )


def _is_barred(actor: Actor, submitted_by: UUID | None, case: CaseFacts | None) -> bool:
    barred = {submitted_by, case.initiator_id if case else None, *(case.submitter_ids if case else ())}
    return actor.person_id is None or actor.person_id in barred


def settle_duplicate_review(
    session: Session,
    actor: Actor,
    version_id: UUID,
    use_requirements: str,
    opinion: str,
    case: CaseFacts | None = None,
) -> UUID:
    """Record that the reviewer lets the component be created, and as what; return the run's id.

    The use requirement that the reviewer settles replaces the one in the record (6.1.1).

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is no reviewer of this region, or opened the case.
        NotEditable: the version is no draft any more.
        Invalid: the use requirement is neither 强制 nor 推荐.
    """
    if use_requirements not in USE_REQUIREMENTS:
        message = Text("组件使用要求应为“强制”或“推荐”", "The use requirement must be 强制 or 推荐")
        raise Invalid(message, (FieldProblem("useRequirements", "V-USE-01", message, "5.3.1"),))
    version = locked_version(session, version_id)
    if version.state != State.DRAFT:
        raise NotEditable(State(version.state))
    run_id = record_statement(
        session, actor, version_id, names.DUPLICATE_REVIEW, passed=True, note=opinion, case=case
    )
    record = record_of(session, version)
    before = record.get("useRequirements")
    if before != use_requirements:
        store_record(session, version, {**record, "useRequirements": use_requirements})
        write_trail(
            session,
            actor,
            "component.use_requirement_settled",
            version,
            case=case,
            role=REVIEWER,
            reason=opinion,
            before={"useRequirements": before},
            after={"useRequirements": use_requirements},
            clause="6.1.1",
        )
    return run_id
