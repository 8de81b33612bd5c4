"""The table of incidents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant


class IncidentRecord(Base):
    """Work that is stuck; kept after it was dealt with.

    ``instance_id`` is empty where a timer could not start one; ``job_id`` where no job was at work but a
    person, on the task of ``activity_id``.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_status_region_code_id", "status", "region_code", "id"),
        Index("ix_incident_instance_id_status", "instance_id", "status"),
    )

    id: Mapped[Id]
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job.id", ondelete="RESTRICT"), index=True)
    activity_id: Mapped[str | None] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(6))
    element_id: Mapped[str] = mapped_column(String(120))
    scope_process: Mapped[str] = mapped_column(String(80))
    topic: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    cause: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
