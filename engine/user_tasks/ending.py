"""How the row of a task ends: by a person, or cancelled along with what it belonged to.

One statement for both, so that a vote which decides ends the tasks of the others in the same breath.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, or_, update

from engine.user_tasks.models import UserTask
from kernel.statements import Statement

OPEN_TASKS: Final = ("open", "claimed", "held")
_table = cast(Table, UserTask.__table__)
# Of what is set, ``ended_task`` says nearly all; a task keeps its holder where no other is given.
END_TASK: Final = Statement(
    update(_table)
    .where(
        _table.c.instance_id == bindparam("of_instance"),
        _table.c.activity_id == bindparam("of_activity"),
        or_(*(_table.c.status == status for status in OPEN_TASKS)),
        # Whoever read the task says at which revision; what is only cancelled may have any.
        _table.c.revision == func.coalesce(bindparam("seen_revision"), _table.c.revision),
    )
    .values(
        assignee_id=func.coalesce(bindparam("holder", type_=_table.c.assignee_id.type), _table.c.assignee_id),
        claimed_at=func.coalesce(bindparam("since", type_=_table.c.claimed_at.type), _table.c.claimed_at),
        revision=_table.c.revision + 1,
    )
)


def ended_task(
    instance_id: UUID, activity_id: str, status: str, at: datetime, **facts: Any
) -> dict[str, Any]:
    """Return the values for ``END_TASK``; ``facts`` are those that a person's decision adds."""
    return {
        "of_instance": instance_id,
        "of_activity": activity_id,
        "seen_revision": None,
        "holder": None,
        "since": None,
        "status": status,
        "completed_at": at,
        "completed_by": None,
        "outcome": None,
        "opinion": None,
        "snapshot_digest": None,
        "snapshot": None,
        "has_draft": False,
        **facts,
    }
