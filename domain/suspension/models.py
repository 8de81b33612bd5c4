"""Suspensions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class Suspension(Base):
    """One suspension; ``record_digest`` is what the version was when it was blocked."""

    __tablename__ = "suspension"
    __table_args__ = (
        UniqueConstraint("open_version_id"),
        Index("ix_suspension_version_id_id", "version_id", "id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    open_version_id: Mapped[UUID | None] = mapped_column(Uuid)
    cause: Mapped[str] = mapped_column(String(20))
    description: Mapped[str] = mapped_column(Text)
    record_digest: Mapped[str] = mapped_column(String(64))
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    began_by: Mapped[UUID | None] = mapped_column(Uuid)
    began_at: Mapped[Timestamp]
    recovery_due_at: Mapped[Timestamp]
    is_same_version_mended: Mapped[bool] = mapped_column(Boolean)
    finding: Mapped[str | None] = mapped_column(String(20))
    finding_note: Mapped[str | None] = mapped_column(Text)
    found_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None]
