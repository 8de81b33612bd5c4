"""Record what was checked: by the platform (a job) or stated by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.checks.models import CheckFinding, CheckRun
from domain.checks.names import CHECK_TEXT, STATEMENTS
from domain.people.permissions import ROLES, require
from kernel import audit
from kernel.actor import Actor, system_actor
from kernel.clock import now
from kernel.errors import NotAllowed
from kernel.ids import new_id
from kernel.language import Text

Status = Literal["passed", "failed", "not_checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: ``severity`` is error, warning or info; ``place`` says where."""

    rule: str
    severity: str
    evidence: str
    place: str
    clause: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRunInput:
    """What a job reports about one check of one version."""

    version_id: UUID
    check: str
    status: Status
    summary: Text
    findings: Sequence[Finding] = ()
    instance_id: UUID | None = None
    element_id: str | None = None
    job_id: UUID | None = None
    subject: str | None = None
    region_code: str | None = None
    unit_id: UUID | None = None


def record_check_run(session: Session, given: CheckRunInput) -> UUID:
    """Store a run of the platform; the same job and check are stored once.

    Returns the id of the run, an earlier one where the job reports again.
    """
    if given.job_id is not None:
        query = select(CheckRun.id).where(CheckRun.job_id == given.job_id, CheckRun.check_name == given.check)
        known = session.scalar(query)
        if known is not None:
            return known
    return _store(session, system_actor("platform"), given, None)


def record_statement(
    session: Session,
    actor: Actor,
    version_id: UUID,
    check: str,
    *,
    passed: bool,
    region_code: str,
    note: str | None = None,
    findings: Sequence[Finding] = (),
    instance_id: UUID | None = None,
    element_id: str | None = None,
) -> UUID:
    """Store what a person states about a check that the platform did not run.

    Raises:
        NotAllowed: the actor does not hold the role that may state this, in this region.
        ValueError: the check is not one that people state.
    """
    if check not in STATEMENTS:
        raise ValueError(f"{check!r} is not stated by people; known are {sorted(STATEMENTS)}")
    require(actor, "check.state")
    role = STATEMENTS[check]
    if not actor.has_role(role, region_code):
        raise NotAllowed(
            Text(
                f"“{CHECK_TEXT[check].zh}”的结果只能由{ROLES[role].zh}填写",
                f"Only the {ROLES[role].en.lower()} may state the result of “{CHECK_TEXT[check].en}”",
            )
        )
    verdict = Text("通过", "passed") if passed else Text("未通过", "failed")
    summary = Text(
        f"{actor.name}认定{verdict.zh}（人工，平台未自行检测）" + (f"：{note}" if note else ""),
        f"Stated as {verdict.en} by {actor.name} (by a person, not checked by the platform)"
        + (f": {note}" if note else ""),
    )
    given = CheckRunInput(
        version_id=version_id,
        check=check,
        status="passed" if passed else "failed",
        summary=summary,
        findings=findings,
        instance_id=instance_id,
        element_id=element_id,
        region_code=region_code,
    )
    return _store(session, actor, given, actor)


def _store(session: Session, actor: Actor, given: CheckRunInput, stated_by: Actor | None) -> UUID:
    run = CheckRun(
        id=new_id(),
        version_id=given.version_id,
        region_code=given.region_code,
        unit_id=given.unit_id,
        instance_id=given.instance_id,
        element_id=given.element_id,
        job_id=given.job_id,
        subject=given.subject,
        check_name=given.check,
        status=given.status,
        stated_by=stated_by.person_id if stated_by else None,
        stated_by_name=stated_by.name if stated_by else None,
        summary=given.summary.to_json(),
        recorded_at=now(),
    )
    session.add(run)
    # The findings point at the run.
    session.flush()
    session.add_all(_finding(run.id, place, finding) for place, finding in enumerate(given.findings))
    audit.append(session, _entry(actor, given, run.id))
    return run.id


def _finding(run_id: UUID, position: int, finding: Finding) -> CheckFinding:
    return CheckFinding(
        id=new_id(),
        run_id=run_id,
        position=position,
        rule=finding.rule,
        severity=finding.severity,
        evidence=finding.evidence,
        place=finding.place,
        clause=finding.clause,
        message=finding.message.to_json(),
    )


def _entry(actor: Actor, given: CheckRunInput, run_id: UUID) -> audit.AuditEntry:
    after: dict[str, Any] = {
        "run_id": str(run_id),
        "check": given.check,
        "status": given.status,
        "findings": [{"rule": finding.rule, "severity": finding.severity} for finding in given.findings],
    }
    return audit.AuditEntry(
        action="check.recorded",
        actor=actor,
        stream=f"instance:{given.instance_id}" if given.instance_id else f"component:{given.version_id}",
        instance_id=given.instance_id,
        element_id=given.element_id,
        subject_type="component_version",
        subject_id=given.version_id,
        after=after,
        region_code=given.region_code,
        unit_id=given.unit_id,
    )
