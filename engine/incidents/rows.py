"""What the operator reads about incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

IncidentKind = Literal["job_failed", "handler_missing", "execution", "command"]
IncidentStatus = Literal["open", "retried", "resolved", "dropped"]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Work that is stuck and needs a person; ``cause`` is the error text as it was raised.

    A timer that could not start an instance stands here without one. Kind *command*: a person's command
    could not go on; it has no job, and ends when the task is completed after all.
    """

    id: UUID
    instance_id: UUID | None
    case_number: str | None
    instance_title: str
    process_key: str
    element_id: str
    job_id: UUID | None
    topic: str | None
    kind: IncidentKind
    status: IncidentStatus
    cause: str
    attempts: int
    opened_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    reason: str | None
