"""Reading incidents."""

from __future__ import annotations

from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.incidents.models import IncidentRecord
from engine.incidents.rows import IncidentRow
from engine.instances.models import ProcessInstance
from kernel.actor import Actor
from kernel.territory import region_range

MAX_ROWS: Final = 200


def incidents(session: Session, actor: Actor, only_open: bool) -> tuple[IncidentRow, ...]:
    """List incidents in the regions of the actor's grants, newest first."""
    query = (
        select(
            IncidentRecord,
            ProcessInstance.case_number,
            ProcessInstance.title,
            ProcessInstance.definition_key,
        )
        .outerjoin(ProcessInstance, ProcessInstance.id == IncidentRecord.instance_id)
        .order_by(IncidentRecord.id.desc())
        .limit(MAX_ROWS)
        .execution_options(populate_existing=True)
    )
    if only_open:
        query = query.where(IncidentRecord.status == "open")
    if not actor.is_system:
        regions = sorted({grant.region_code for grant in actor.grants})
        if not regions:
            return ()
        query = query.where(
            or_(*(IncidentRecord.region_code.between(*region_range(region)) for region in regions))
        )
    return tuple(_row(*row) for row in session.execute(query))


def _row(
    record: IncidentRecord, case_number: str | None, title: str | None, process_key: str | None
) -> IncidentRow:
    return IncidentRow(
        id=record.id,
        instance_id=record.instance_id,
        case_number=case_number,
        instance_title=title or "",
        process_key=process_key or record.scope_process,
        element_id=record.element_id,
        job_id=record.job_id,
        topic=record.topic,
        kind=record.kind,  # type: ignore[arg-type]  # the column holds nothing else
        status=record.status,  # type: ignore[arg-type]  # the column holds nothing else
        cause=record.cause,
        attempts=record.attempts,
        opened_at=record.opened_at,
        decided_at=record.decided_at,
        decided_by=record.decided_by,
        reason=record.reason,
    )
