"""The tables of human work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant, JsonDocument

# The lists look at open tasks or at finished ones. Indexes over one kind alone stay as small as the work at
# hand, and a task that goes from open to completed touches few of their pages.
OPEN_ONLY: Final = "completed_at IS NULL"
HELD_ONLY: Final = "completed_at IS NULL AND assignee_id IS NOT NULL"
DONE_ONLY: Final = "completed_by IS NOT NULL"


def _index(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(f"ix_user_task_{name}", *columns, sqlite_where=where, postgresql_where=where)


class UserTask(Base):
    """One visit to a user task; candidates are a role with a unit and a region, never persons.

    ``sort_at`` is the due date, or a date far away without one, so that one index orders the inbox.
    ``excluded_persons`` are the ids that four eyes keep out, as text. ``snapshot`` is what the person saw
    and said, in canonical form, once the task is completed; lists do not read it. ``form_digest`` names a
    content blob; it is no foreign key, because blobs are never deleted and this is the busiest table.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "activity_id"),
        _index("candidate", OPEN_ONLY, "candidate_role", "status", "sort_at", "id", "region_code"),
        _index(
            "unit", OPEN_ONLY, "candidate_role", "candidate_unit_id", "status", "sort_at", "id", "region_code"
        ),
        _index("assignee", HELD_ONLY, "assignee_id", "status", "sort_at", "id"),
        _index("initiator", OPEN_ONLY, "initiator_id", "status", "sort_at", "id"),
        _index("completed_by", DONE_ONLY, "completed_by", "completed_at", "id"),
    )

    id: Mapped[Id]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    activity_id: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(120))
    scope_process: Mapped[str] = mapped_column(String(80))
    process_key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))
    candidate_role: Mapped[str] = mapped_column(String(40))
    candidate_unit_id: Mapped[UUID | None]
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID | None]
    initiator_id: Mapped[UUID | None]
    assignee_id: Mapped[UUID | None]
    form_name: Mapped[str | None] = mapped_column(String(120))
    form_digest: Mapped[str | None] = mapped_column(String(64))
    prefill: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    clauses: Mapped[list[str]] = mapped_column(JsonDocument)
    differs_from: Mapped[list[str]] = mapped_column(JsonDocument)
    excluded_persons: Mapped[str] = mapped_column(Text)
    withdrawable: Mapped[bool]
    stand_in: Mapped[str | None] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    sort_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_by: Mapped[UUID | None]
    outcome: Mapped[str | None] = mapped_column(String(80))
    opinion: Mapped[str | None] = mapped_column(Text)
    snapshot_digest: Mapped[str | None] = mapped_column(String(64))
    snapshot: Mapped[str | None] = mapped_column(Text, deferred=True)
    has_draft: Mapped[bool]
    revision: Mapped[int]
    # Reviewer actions. ``advisers`` are delegates who gave an opinion, as ``excluded_persons`` is written.
    delegated_by: Mapped[UUID | None]
    advisers: Mapped[str | None] = mapped_column(Text)
    urged_at: Mapped[datetime | None] = mapped_column(Instant)
    # A signature that somebody added: who, and where it stands to which visit.
    added_by: Mapped[UUID | None]
    added_to: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str | None] = mapped_column(String(8))
    # The visit whose instances vote together.
    vote: Mapped[str | None] = mapped_column(String(40))
    # When a return or a take-back made this completion void.
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class UserTaskDraft(Base):
    """Unfinished form data of one person; survives reload and restart."""

    __tablename__ = "user_task_draft"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class UserTaskCopy(Base):
    """Somebody was sent a copy of a task, and may read its instance from then on."""

    __tablename__ = "user_task_copy"
    __table_args__ = (
        Index("ix_user_task_copy_person_id", "person_id", "sent_at"),
        Index("ix_user_task_copy_instance_id", "instance_id", "person_id"),
    )

    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="RESTRICT"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    sent_by: Mapped[UUID]
    sent_at: Mapped[datetime] = mapped_column(Instant)


class UserTaskAction(Base):
    """One reviewer action on a task, for its page; the audit trail is the record."""

    __tablename__ = "user_task_action"
    __table_args__ = (Index("ix_user_task_action_instance_id", "instance_id", "id"),)

    id: Mapped[Id]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("user_task.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
