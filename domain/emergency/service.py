"""Open a filing, take plans in, and settle it: filed, overdue, restricted, ended."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.emergency.errors import FilingAlreadyOpen, FilingNotFound
from domain.emergency.models import PlanFiling, PlanVersion
from domain.emergency.queries import FilingRow, filing_row
from domain.emergency.rules import due_at, is_on_time, plan_problems
from domain.people.permissions import require
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.canonical import canonical_bytes
from kernel.clock import now
from kernel.errors import FieldProblem, StaleState
from kernel.ids import new_id
from kernel.language import Text

CLAUSE = "10.3a"
PENDING, OVERDUE, FILED, COVERED, ENDED = "PENDING", "OVERDUE", "FILED", "COVERED", "ENDED"
STATE_TEXT: Mapping[str, Text] = {
    PENDING: Text("待备案", "To be filed"),
    OVERDUE: Text("逾期", "Overdue"),
    FILED: Text("已备案", "Filed"),
    COVERED: Text("已有有效备案", "Covered by a filed plan"),
    ENDED: Text("因下架终止", "Ended by the delisting"),
}


def open_filing(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    component_id: UUID,
    instance_id: UUID,
    cause: str,
    start: datetime,
) -> FilingRow:
    """Open the filing of an instance and compute when it is due; opening it again changes nothing.

    ``start`` is the listing, or the request of a review.

    Raises:
        FilingAlreadyOpen: another filing of the version is under way.
        StaleState: another was opened at this very moment.
    """
    known = session.scalar(select(PlanFiling).where(PlanFiling.instance_id == instance_id))
    if known is not None:
        return filing_row(known)
    if session.scalar(select(PlanFiling.id).where(PlanFiling.open_version_id == version.id)) is not None:
        raise FilingAlreadyOpen
    filing = PlanFiling(
        id=new_id(),
        version_id=version.id,
        open_version_id=version.id,
        component_id=component_id,
        instance_id=instance_id,
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        cause=cause,
        state=PENDING,
        began_at=start,
        due_at=due_at(start, cause),
        is_restricted=False,
    )
    session.add(filing)
    try:
        # Of two filings at once the second must be stopped here.
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("刚有另一备案开始", "Another filing began a moment ago")) from error
    _record(session, actor, version, filing, "plan.filing_opened", {"due_at": filing.due_at.isoformat()})
    return filing_row(filing)


def submit_plan(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    instance_id: UUID,
    content: Mapping[str, Any],
    file_id: UUID | None,
    file_digest: str | None,
) -> tuple[UUID, list[FieldProblem]]:
    """Keep a plan as a version by its digest; return the id and everything that it lacks.

    The first valid submission counts for the deadline: how long the operator takes does not.
    """
    filing = _of_instance(session, instance_id)
    problems = [*plan_problems(content), *_file_problems(file_id)]
    digest = hashlib.sha256(canonical_bytes({"plan": dict(content), "file": file_digest})).hexdigest()
    known = session.scalar(
        select(PlanVersion).where(PlanVersion.filing_id == filing.id, PlanVersion.digest == digest)
    )
    if known is None:
        last = session.scalar(
            select(func.max(PlanVersion.number)).where(PlanVersion.version_id == version.id)
        )
        known = PlanVersion(
            id=new_id(),
            version_id=version.id,
            filing_id=filing.id,
            number=(last or 0) + 1,
            digest=digest,
            content=dict(content),
            file_id=file_id,
            is_valid=not problems,
            submitted_by=actor.person_id,
            submitted_at=now(),
            is_filed=False,
        )
        session.add(known)
        after = {"digest": digest, "is_valid": not problems}
        _record(session, actor, version, filing, "plan.submitted", after)
    filing.plan_version_id = known.id
    if not problems and filing.first_valid_at is None:
        filing.first_valid_at = now()
    session.flush()
    return known.id, problems


def problems_of(
    session: Session, plan_version_id: UUID | None, content: Mapping[str, Any]
) -> list[FieldProblem]:
    """Return what the plan that was handed in last lacks."""
    kept = session.get(PlanVersion, plan_version_id) if plan_version_id else None
    if kept is None:
        return [*plan_problems(content), *_file_problems(None)]
    return [*plan_problems(kept.content), *_file_problems(kept.file_id)]


def file_plan(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID) -> FilingRow:
    """Register the plan as filed, on time or late, and lift what the delay had brought."""
    filing = _of_instance(session, instance_id)
    if filing.state != FILED:
        filing.state, filing.filed_at, filing.open_version_id = FILED, now(), None
        filing.is_on_time = is_on_time(filing.first_valid_at, filing.due_at)
        filing.is_restricted = False
        _plan(session, filing).is_filed = True
        _record(session, actor, version, filing, "plan.filed", {"on_time": filing.is_on_time})
    return filing_row(filing)


def cover(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, plan_version_id: UUID
) -> FilingRow:
    """Close a filing because a plan that is filed already covers the version."""
    filing = _of_instance(session, instance_id)
    filing.state, filing.open_version_id, filing.plan_version_id = COVERED, None, plan_version_id
    _record(session, actor, version, filing, "plan.covered", {"plan_version_id": str(plan_version_id)})
    return filing_row(filing)


def mark_overdue(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID) -> FilingRow:
    """Mark a filing as overdue, unless a valid plan was handed in on time; nothing is delisted by it."""
    filing = _of_instance(session, instance_id)
    is_late = now() >= filing.due_at and not is_on_time(filing.first_valid_at, filing.due_at)
    if filing.state == PENDING and is_late:
        filing.state, filing.overdue_at = OVERDUE, now()
        _record(session, actor, version, filing, "plan.overdue", {"due_at": filing.due_at.isoformat()})
    return filing_row(filing)


def restrict(
    session: Session, actor: Actor, version: VersionFacts, instance_id: UUID, reason: str
) -> FilingRow:
    """Let the version take no new orders until the plan is filed."""
    filing = _of_instance(session, instance_id)
    if filing.state == OVERDUE:
        filing.is_restricted = True
        _record(session, actor, version, filing, "plan.new_orders_paused", {}, reason)
    return filing_row(filing)


def end_filing(session: Session, actor: Actor, version: VersionFacts, instance_id: UUID) -> FilingRow:
    """End a filing because the version was delisted."""
    filing = _of_instance(session, instance_id)
    if filing.open_version_id is not None:
        filing.state, filing.open_version_id, filing.is_restricted = ENDED, None, False
        _record(session, actor, version, filing, "plan.filing_ended", {})
    return filing_row(filing)


def _file_problems(file_id: UUID | None) -> list[FieldProblem]:
    if file_id is not None:
        return []
    message = Text("请上传预案文件", "Upload the file of the plan")
    return [FieldProblem("plan.file", "plan.file", message, CLAUSE)]


def _of_instance(session: Session, instance_id: UUID) -> PlanFiling:
    query = select(PlanFiling).where(PlanFiling.instance_id == instance_id)
    filing = session.scalar(query.with_for_update())
    if filing is None:
        raise FilingNotFound
    return filing


def _plan(session: Session, filing: PlanFiling) -> PlanVersion:
    if filing.plan_version_id is None:
        raise FilingNotFound
    return session.get_one(PlanVersion, filing.plan_version_id)


def _record(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    filing: PlanFiling,
    action: str,
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    require(actor, "plan.work")
    append_event(
        session,
        actor,
        version,
        action=action,
        clause=CLAUSE,
        instance_id=filing.instance_id,
        reason=reason,
        after={"filing_id": str(filing.id), **after},
    )
    session.flush()
