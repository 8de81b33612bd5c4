"""The end of incidents along with what they were about, written together with the rest of the command."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Boolean, Table, and_, bindparam, case, null, or_, select, update

from engine.incidents.models import IncidentRecord
from engine.incidents.rows import IncidentStatus
from engine.jobs.models import Job
from kernel.statements import Statement

_incident = cast(Table, IncidentRecord.__table__)
_job = cast(Table, Job.__table__)
_OF_INSTANCE: Final = bindparam("of_instance", type_=_incident.c.instance_id.type)
_OF_REFERENCE: Final = bindparam("of_reference", type_=_job.c.reference.type)
_IS_COMMAND: Final = _incident.c.job_id.is_(None)
# What people ran into ends with their task; what a job ran into ends with the job that is dropped.
END_INCIDENTS: Final = Statement(
    update(_incident)
    .where(
        _incident.c.instance_id == _OF_INSTANCE,
        _incident.c.status == "open",
        or_(
            and_(
                _incident.c.kind == "command",
                or_(_incident.c.activity_id == _OF_REFERENCE, bindparam("of_all", type_=Boolean())),
            ),
            _incident.c.job_id.in_(
                select(_job.c.id).where(_job.c.instance_id == _OF_INSTANCE, _job.c.reference == _OF_REFERENCE)
            ),
        ),
    )
    .values(
        status=case((_IS_COMMAND, bindparam("new_status", type_=_incident.c.status.type)), else_="dropped"),
        decided_by=case((_IS_COMMAND, bindparam("by", type_=_incident.c.decided_by.type)), else_=null()),
    )
)


def ended_incidents(
    instance_id: UUID, reference: str | None, status: IncidentStatus, at: datetime, by: UUID | None
) -> dict[str, Any]:
    """Return the values for ``END_INCIDENTS``: of one activity or wait, or of all commands of an instance."""
    return {
        "of_instance": instance_id,
        "of_reference": reference,
        "of_all": reference is None,
        "new_status": status,
        "by": by,
        "decided_at": at,
    }
