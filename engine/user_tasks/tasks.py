"""A user task in memory while a command works on it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, case, exists, false

from engine.user_tasks.models import UserTask


@dataclass(frozen=True, slots=True)
class Task:
    """What a command reads of a row of ``user_task``; all fields but the last are named as its columns.

    ``has_voted``: the reading person has completed another task of the same vote.

    An entity of SQLAlchemy would cost ten times as much, and a command needs neither its identity nor its
    notes of what changed.
    """

    id: UUID
    instance_id: UUID
    activity_id: str
    element_id: str
    scope_process: str
    name: str
    name_en: str
    status: str
    candidate_role: str
    candidate_unit_id: UUID | None
    region_code: str
    unit_id: UUID | None
    initiator_id: UUID | None
    assignee_id: UUID | None
    differs_from: list[str]
    excluded_persons: str
    withdrawable: bool
    claimed_at: datetime | None
    due_at: datetime | None
    completed_by: UUID | None
    revision: int
    delegated_by: UUID | None
    advisers: str | None
    urged_at: datetime | None
    added_by: UUID | None
    place: str | None
    vote: str | None
    has_voted: bool = False


AnyTask = UserTask | Task
task_table: Final = cast(Table, UserTask.__table__)
_other = task_table.alias("other")
HAS_VOTED: Final = case(
    # Most tasks are no vote, and need no look at the others of their instance.
    (task_table.c.vote.is_(None), false()),
    else_=exists().where(
        _other.c.instance_id == task_table.c.instance_id,
        _other.c.vote == task_table.c.vote,
        _other.c.completed_by == bindparam("person_id", type_=task_table.c.completed_by.type),
        _other.c.id != task_table.c.id,
    ),
)
TASK_COLUMNS: Final = tuple(task_table.c[field.name] for field in fields(Task)[:-1])
