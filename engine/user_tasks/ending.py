"""How rows of tasks end: by a person, or cancelled along with what they belonged to.

One statement for both, so that a vote which decides ends the tasks of the others in the same breath. Where a
task goes straight back, a longer one also lets those completions count again that a return had made void.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import BindParameter, Integer, Table, and_, bindparam, case, func, null, or_, update
from sqlalchemy import cast as sql_cast

from engine.runtime.effects import Spans
from engine.user_tasks.models import UserTask
from kernel.statements import Statement

OPEN_TASKS: Final = ("open", "claimed", "held")
_table = cast(Table, UserTask.__table__)


def _new(column: str) -> BindParameter[Any]:
    return bindparam(f"new_{column}", type_=_table.c[column].type)


_OF_INSTANCE: Final = _table.c.instance_id == bindparam("of_instance")
_IS_COMPLETED: Final = _table.c.status == "completed"
_NUMBER: Final = sql_cast(_table.c.activity_id, Integer)
_IS_ENDING: Final = and_(
    _table.c.activity_id == bindparam("of_activity"),
    or_(*(_table.c.status == status for status in OPEN_TASKS)),
    # Whoever read the task says at which revision; what is only cancelled may have any.
    _table.c.revision == func.coalesce(bindparam("seen_revision"), _table.c.revision),
)
COMPLETED_WITHIN: Final = and_(
    _IS_COMPLETED,
    bindparam("after", type_=Integer()) < _NUMBER,
    bindparam("upto", type_=Integer()) >= _NUMBER,
)
_END: Final[dict[str, Any]] = {
    "status": _new("status"),
    # A task keeps its holder where no other is given.
    "assignee_id": func.coalesce(_new("assignee_id"), _table.c.assignee_id),
    "claimed_at": func.coalesce(_new("claimed_at"), _table.c.claimed_at),
    "completed_at": _new("completed_at"),
    "completed_by": _new("completed_by"),
    "outcome": _new("outcome"),
    "opinion": _new("opinion"),
    "snapshot_digest": _new("snapshot_digest"),
    "snapshot": _new("snapshot"),
    "has_draft": _new("has_draft"),
    "revision": _table.c.revision + 1,
}
END_TASK: Final = Statement(update(_table).where(_OF_INSTANCE, _IS_ENDING).values(_END))
# What is completed already keeps how it ended, and an open task was never void. Other completions do without:
# to find some by their numbers the database goes through all tasks of the instance.
END_OR_REINSTATE: Final = Statement(
    update(_table)
    .where(_OF_INSTANCE, or_(_IS_ENDING, COMPLETED_WITHIN))
    .values({name: case((_IS_COMPLETED, _table.c[name]), else_=end) for name, end in _END.items()})
    .values(superseded_at=null())
)
_NOTHING: Final[dict[str, Any]] = {
    "of_activity": None,
    "seen_revision": None,
    "after": None,
    "upto": None,
    **{f"new_{name}": None for name in _END if name != "revision"},
}


def ended_task(
    instance_id: UUID,
    activity_id: str,
    status: str,
    at: datetime,
    seen_revision: int | None = None,
    **columns: Any,
) -> dict[str, Any]:
    """Return the values for either statement; ``columns`` are those that a person's decision adds."""
    return {
        **_NOTHING,
        "of_instance": instance_id,
        "of_activity": activity_id,
        "seen_revision": seen_revision,
        "new_status": status,
        "new_completed_at": at,
        "new_has_draft": False,
        **{f"new_{column}": value for column, value in columns.items()},
    }


def reinstated_tasks(instance_id: UUID, spans: Spans) -> Iterator[dict[str, Any]]:
    """Give the values with which ``END_OR_REINSTATE`` lets completions count again."""
    for after, upto in spans.pairs:
        yield {**_NOTHING, "of_instance": instance_id, "after": after, "upto": upto}
