"""Runs of checks and their findings."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class CheckRun(Base):
    """One check of one version; ``job_id`` makes recording it twice harmless.

    ``subject`` is the digest of the content that was looked at, where there is one.
    """

    __tablename__ = "check_run"
    __table_args__ = (
        UniqueConstraint("job_id", "check_name"),
        CheckConstraint("status IN ('passed', 'failed', 'not_checked')", name="status"),
        Index("ix_check_run_version_id_id", "version_id", "id"),
        Index("ix_check_run_instance_id", "instance_id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    region_code: Mapped[str | None] = mapped_column(String(6))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    element_id: Mapped[str | None] = mapped_column(String(120))
    job_id: Mapped[UUID | None] = mapped_column(Uuid)
    subject: Mapped[str | None] = mapped_column(String(64))
    check_name: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12))
    stated_by: Mapped[UUID | None] = mapped_column(Uuid)
    stated_by_name: Mapped[str | None] = mapped_column(String(80))
    summary: Mapped[Document]
    recorded_at: Mapped[Timestamp]


class CheckFinding(Base):
    """One thing that a run found, in the order of its position."""

    __tablename__ = "check_finding"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    id: Mapped[Id]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("check_run.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(80))
    severity: Mapped[str] = mapped_column(String(12))
    evidence: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(120))
    message: Mapped[Document]
