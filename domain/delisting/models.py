"""Cases of delisting."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, JsonDocument, Timestamp


class DelistingCase(Base):
    """One case; ``open_version_id`` is set while it is open, so that a version has one at a time.

    ``grounds``: what was said at the beginning, by field of the start form. ``opinions``: per role
    ``{"by", "name", "decision", "reason", "at"}``. ``proofs``: per part of the take-down what was found
    gone and when.
    """

    __tablename__ = "delisting_case"
    __table_args__ = (
        UniqueConstraint("open_version_id"),
        UniqueConstraint("instance_id"),
        Index("ix_delisting_case_version_id_id", "version_id", "id"),
        Index("ix_delisting_case_region_code_id", "region_code", "id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    open_version_id: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID] = mapped_column(Uuid)
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    provider_unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(12))
    grounds: Mapped[Document]
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    opened_at: Mapped[Timestamp]
    severity: Mapped[str | None] = mapped_column(String(10))
    has_suspended: Mapped[bool] = mapped_column(Boolean)
    served_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    mended_at: Mapped[datetime | None]
    opinions: Mapped[Document]
    conclusion: Mapped[str | None] = mapped_column(String(20))
    concluded_by: Mapped[UUID | None] = mapped_column(Uuid)
    requested_by: Mapped[UUID | None] = mapped_column(Uuid)
    requested_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None] = mapped_column(Uuid)
    approved_at: Mapped[datetime | None]
    grace_days: Mapped[int | None] = mapped_column(Integer)
    takedown_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    stopped_how: Mapped[str | None] = mapped_column(String(12))
    stopped_by: Mapped[UUID | None] = mapped_column(Uuid)
    begun_at: Mapped[datetime | None]
    proofs: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
    retained_on: Mapped[str | None] = mapped_column(String(10))
