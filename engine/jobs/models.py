"""The job queue, and the processes that work it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant, JsonDocument

MAX_ATTEMPTS: Final = 3
WAITING: Final = "waiting"
_IS_WAITING: Final = text(f"status = '{WAITING}'")


class Job(Base):
    """One unit of automatic work, or a moment or an event to wait for.

    ``kind``: *service* (runs a handler), *timer* (fires a wait), *reminder* and *escalation* (of a user
    task), *start* (a timer start event), *delivery* (a message or signal that came while the instance was
    suspended). ``reference`` is the activity, wait or user-task id it serves. ``status``: *ready*, *running*
    until ``lease_until``, *held* (the instance is suspended), *done*, *failed* (an incident is open) or
    *dropped*. ``attempts`` counts every time it was taken and never falls; past ``max_attempts`` a failure
    is final.

    Two kinds are run by nobody: *message* and *signal* are *waiting* for an ``event_name``, a message with
    its ``correlation_key`` too, until a delivery or something else ends the wait.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_status_run_at", "status", "run_at"),
        Index("ix_job_instance_id_reference", "instance_id", "reference"),
        Index(
            "ix_job_event",
            "kind",
            "event_name",
            "correlation_key",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(12))
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("definition_version.id", ondelete="RESTRICT"), index=True
    )
    reference: Mapped[str] = mapped_column(String(120))
    element_id: Mapped[str] = mapped_column(String(120))
    scope_process: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str | None] = mapped_column(String(120))
    event_name: Mapped[str | None] = mapped_column(String(200))
    correlation_key: Mapped[str | None] = mapped_column(String(200))
    parameters: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    status: Mapped[str] = mapped_column(String(10))
    run_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int]
    max_attempts: Mapped[int] = mapped_column(default=MAX_ATTEMPTS, server_default=str(MAX_ATTEMPTS))
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class JobDriver(Base):
    """A process that runs due jobs or hands them out, with its last sign of life.

    ``kind``: *embedded* (inside the process of the pages), *worker* or *dispatcher* (Celery).
    """

    __tablename__ = "job_driver"
    __table_args__ = (Index("ix_job_driver_seen_at", "seen_at"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(12))
    host: Mapped[str] = mapped_column(String(255))
    process_id: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
