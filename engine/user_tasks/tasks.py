"""A user task in memory while a command works on it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table

from engine.user_tasks.models import UserTask


@dataclass(frozen=True, slots=True)
class Task:
    """What a command reads of a row of ``user_task``; the fields are named as its columns.

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


AnyTask = UserTask | Task
task_table: Final = cast(Table, UserTask.__table__)
TASK_COLUMNS: Final = tuple(task_table.c[field.name] for field in fields(Task))
