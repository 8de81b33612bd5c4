"""One row for each change, from its opening to its end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class ComponentChange(Base):
    """A change of one listed version.

    ``open_key`` is the version while the change is open and empty afterwards: of two at once the unique
    constraint lets one in. ``base_digest`` is the record that the pending one was compared with,
    ``assessment`` what the classification found (differences, risk factors, contract).
    """

    __tablename__ = "component_change"
    __table_args__ = (
        Index("ix_component_change_version_id_id", "version_id", "id"),
        Index("ix_component_change_region_code_id", "region_code", "id"),
        Index("ix_component_change_base_digest", "base_digest"),
        Index("ix_component_change_pending_digest", "pending_digest"),
        Index("ix_component_change_new_version_id", "new_version_id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))
    open_key: Mapped[UUID | None] = mapped_column(Uuid, unique=True)
    revision: Mapped[int] = mapped_column(Integer)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid, unique=True)
    cause_id: Mapped[str | None] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(Text)
    impact: Mapped[str] = mapped_column(Text)
    rollback_plan: Mapped[str] = mapped_column(Text)
    compatibility_plan: Mapped[str] = mapped_column(Text)
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    new_version: Mapped[str | None] = mapped_column(String(64))
    contract_file: Mapped[str | None] = mapped_column(String(60))
    new_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("component_version.id", ondelete="RESTRICT")
    )
    base_digest: Mapped[str] = mapped_column(ForeignKey("record_snapshot.digest", ondelete="RESTRICT"))
    pending_digest: Mapped[str | None] = mapped_column(
        ForeignKey("record_snapshot.digest", ondelete="RESTRICT")
    )
    risk_score: Mapped[int | None] = mapped_column(Integer)
    risk_level: Mapped[str | None] = mapped_column(String(10))
    assessment: Mapped[Document]
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    opened_at: Mapped[Timestamp]
    applied_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending_reason: Mapped[str | None] = mapped_column(Text)
    sunset_on: Mapped[str | None] = mapped_column(String(10))

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  # SQLAlchemy reads a plain dict
