"""Filings and the versions of plans."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class PlanFiling(Base):
    """One filing; ``open_version_id`` is set while it is open, so that a version has one at a time."""

    __tablename__ = "plan_filing"
    __table_args__ = (
        UniqueConstraint("open_version_id"),
        UniqueConstraint("instance_id"),
        Index("ix_plan_filing_version_id_id", "version_id", "id"),
        Index("ix_plan_filing_region_code_id", "region_code", "id"),
        Index("ix_plan_filing_state_due_at", "state", "due_at"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    open_version_id: Mapped[UUID | None] = mapped_column(Uuid)
    component_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    instance_id: Mapped[UUID] = mapped_column(Uuid)
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    provider_unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    cause: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    began_at: Mapped[Timestamp]
    due_at: Mapped[Timestamp]
    first_valid_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    is_restricted: Mapped[bool] = mapped_column(Boolean)
    plan_version_id: Mapped[UUID | None] = mapped_column(Uuid)
    is_on_time: Mapped[bool | None] = mapped_column(Boolean)
    filed_at: Mapped[datetime | None]


class PlanVersion(Base):
    """What a plan said when it was handed in; equal content and file have one digest."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("version_id", "number"), UniqueConstraint("filing_id", "digest"))

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    filing_id: Mapped[UUID] = mapped_column(ForeignKey("plan_filing.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[Document]
    file_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("stored_file.id", ondelete="RESTRICT"), index=True
    )
    is_valid: Mapped[bool] = mapped_column(Boolean)
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    submitted_at: Mapped[Timestamp]
    is_filed: Mapped[bool] = mapped_column(Boolean)
