"""The tables of operations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant, JsonDocument


class OperationRequest(Base):
    """What one administrator asks for and another decides; a migration names no single instance.

    ``status``: *pending*, *done* (consented and carried out; a migration: may run), *refused* or
    *withdrawn*.
    """

    __tablename__ = "operation_request"
    __table_args__ = (
        Index("ix_operation_request_status_id", "status", "id"),
        Index("ix_operation_request_instance_id_id", "instance_id", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6))
    asked: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_reason: Mapped[str] = mapped_column(Text)


class MigrationResult(Base):
    """What became of one instance in a migration; ``reason`` says why it stayed where it was."""

    __tablename__ = "migration_result"

    request_id: Mapped[UUID] = mapped_column(
        ForeignKey("operation_request.id", ondelete="RESTRICT"), primary_key=True
    )
    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey("process_instance.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    is_moved: Mapped[bool]
    reason: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    at: Mapped[datetime] = mapped_column(Instant)
