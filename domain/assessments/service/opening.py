"""Open an assessment and keep what its checks report."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.assessments.errors import AssessmentClosed, AssessmentNotFound
from domain.assessments.items import ItemStatus, Standing
from domain.assessments.models import (
    Assessment,
    AssessmentDispute,
    AssessmentFinding,
    AssessmentItem,
    BillOfMaterialsEntry,
)
from domain.assessments.rules import Weighed, counts, fingerprint
from domain.assessments.scanned import Library, Scanned, ScannedFinding, Subject
from domain.assessments.trail import entry
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.ids import new_id

# What a page can show and a person can read; the raw report holds everything.
MOST_FINDINGS: Final = 2_000
_MOST_TEXT: Final = 2_000
UNDECIDED: Final = (Standing.RUNNING, Standing.IN_REVIEW)
_RAN: Final = (ItemStatus.PASSED, ItemStatus.FAILED)


def open_assessment(
    session: Session, actor: Actor, subject: Subject, instance_id: UUID | None, job_id: UUID | None
) -> UUID:
    """Record the subject of a new round; the same job opens it once. Return its id."""
    if job_id is not None:
        known = session.scalar(select(Assessment.id).where(Assessment.opened_by_job == job_id))
        if known is not None:
            return known
    earlier = session.scalar(
        select(Assessment).where(Assessment.subject_id == subject.id).order_by(Assessment.id.desc()).limit(1)
    )
    assessment = Assessment(
        id=new_id(),
        subject_type=subject.type,
        subject_id=subject.id,
        version_id=subject.version_id,
        subject_name=subject.name,
        region_code=subject.region_code,
        unit_id=subject.unit_id,
        provider_unit_id=subject.provider_unit_id,
        instance_id=instance_id,
        opened_by_job=job_id,
        caller=subject.caller,
        form=subject.form,
        hosting=subject.hosting,
        round=earlier.round + 1 if earlier else 1,
        previous_id=earlier.id if earlier else None,
        run=1,
        standing=Standing.RUNNING,
        artefact_digest=subject.artefact_digest,
        address=subject.address,
        opened_at=now(),
    )
    session.add(assessment)
    audit.append(
        session,
        entry(
            actor,
            "assessment.opened",
            assessment,
            {
                "subject": f"{subject.type}:{subject.id}",
                "round": assessment.round,
                "caller": subject.caller,
                "artefact": subject.artefact_digest,
                "address": subject.address,
            },
        ),
    )
    return assessment.id


def record_item(
    session: Session, actor: Actor, assessment_id: UUID, scanned: Scanned, job_id: UUID | None
) -> UUID:
    """Keep what the tools of one check found in the current run; the same job keeps it once.

    Raises:
        AssessmentNotFound: no such assessment.
        AssessmentClosed: it is decided already.
    """
    assessment = open_for_work(session, assessment_id)
    row = session.scalar(
        select(AssessmentItem).where(
            AssessmentItem.assessment_id == assessment_id,
            AssessmentItem.item == scanned.item,
            AssessmentItem.run == assessment.run,
        )
    )
    if row is not None and row.job_id == job_id:
        return row.id
    if row is not None:
        # Scanned again: the branches begin anew and the whole assessment counts a run more.
        assessment.run += 1
    query = select(AssessmentDispute.fingerprint).where(AssessmentDispute.subject_id == assessment.subject_id)
    disputed = set(session.scalars(query))
    item = _item(assessment, scanned, job_id)
    session.add(item)
    # The findings point at the check.
    session.flush()
    session.add_all(
        _finding(item.id, position, scanned.item, finding, disputed)
        for position, finding in enumerate(scanned.findings[:MOST_FINDINGS])
    )
    audit.append(
        session,
        entry(
            actor,
            "assessment.item_recorded",
            assessment,
            {
                "item": str(scanned.item),
                "run": assessment.run,
                "status": str(scanned.status),
                "tool": f"{scanned.tool} {scanned.tool_version}".strip(),
                "counts": item.counts,
                "raw_report": scanned.raw_digest,
            },
        ),
    )
    return item.id


def store_bill(session: Session, assessment_id: UUID, libraries: Iterable[Library]) -> None:
    """Keep the bill of materials of an assessment in place of an earlier one."""
    session.execute(delete(BillOfMaterialsEntry).where(BillOfMaterialsEntry.assessment_id == assessment_id))
    session.add_all(
        BillOfMaterialsEntry(
            id=new_id(),
            assessment_id=assessment_id,
            purl=library.purl[:_MOST_TEXT],
            name=library.name[:_MOST_TEXT],
            name_key=name_key(library.name),
            version=library.version[:200],
            licences=list(library.licences),
            place=library.place[:_MOST_TEXT],
        )
        for library in libraries
    )


def name_key(name: str) -> str:
    """Return the form of a library's name by which it is found."""
    return name.strip().casefold()[:200]


def open_for_work(session: Session, assessment_id: UUID) -> Assessment:
    """Return an assessment that is not decided yet, locked against others.

    Raises:
        AssessmentNotFound: no such assessment.
        AssessmentClosed: it is decided already.
    """
    query = select(Assessment).where(Assessment.id == assessment_id).with_for_update()
    assessment = session.scalar(query)
    if assessment is None:
        raise AssessmentNotFound(assessment_id)
    if assessment.standing not in UNDECIDED:
        raise AssessmentClosed(assessment_id)
    return assessment


def _item(assessment: Assessment, scanned: Scanned, job_id: UUID | None) -> AssessmentItem:
    return AssessmentItem(
        id=new_id(),
        assessment_id=assessment.id,
        item=str(scanned.item),
        run=assessment.run,
        job_id=job_id,
        # Whether what was found is too much, the baseline says when everything is in.
        status=ItemStatus.RUNNING.value if scanned.status in _RAN else str(scanned.status),
        scanned_status=str(scanned.status),
        tool=scanned.tool[:80],
        tool_version=scanned.tool_version[:80],
        basis=scanned.basis.to_json(),
        summary=scanned.summary.to_json(),
        counts=dict(counts(Weighed(finding.severity) for finding in scanned.findings)),
        looked_at=dict(scanned.looked_at),
        exceeded=[],
        seconds=scanned.seconds,
        raw_digest=scanned.raw_digest,
        recorded_at=now(),
    )


def _finding(
    item_id: UUID, position: int, item: str, finding: ScannedFinding, disputed: set[str]
) -> AssessmentFinding:
    mark = fingerprint(item, finding.tool, finding.rule, finding.place, finding.evidence, finding.component)
    return AssessmentFinding(
        id=new_id(),
        item_id=item_id,
        position=position,
        fingerprint=mark,
        tool=finding.tool[:80],
        tool_version=finding.tool_version[:80],
        rule=finding.rule[:120],
        severity=finding.severity,
        place=finding.place[:_MOST_TEXT],
        evidence=finding.evidence[:_MOST_TEXT],
        clause=finding.clause[:120],
        message=finding.message.to_json(),
        identifiers=list(finding.identifiers[:50]),
        component=finding.component[:_MOST_TEXT],
        fixed_in=list(finding.fixed_in[:50]),
        is_uncertain=finding.is_uncertain or mark in disputed,
        is_false_positive=False,
    )
