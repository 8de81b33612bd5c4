"""Evidence of maturity, and the level that the department recognised."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class MaturityEvidence(Base):
    """A file by which a region shows one level of maturity in one period."""

    __tablename__ = "maturity_evidence"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index("ix_maturity_evidence_region_code_period", "region_code", "period"),
    )

    id: Mapped[Id]
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    period: Mapped[str] = mapped_column(String(7))
    level: Mapped[int] = mapped_column(Integer)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"), index=True)
    note: Mapped[str] = mapped_column(Text)
    handed_in_by: Mapped[UUID | None] = mapped_column(Uuid)
    handed_in_at: Mapped[Timestamp]


class MaturityLevel(Base):
    """The level of a region in a period, as the supervisory department recognised it last."""

    __tablename__ = "maturity_level"
    __table_args__ = (
        UniqueConstraint("region_code", "period"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[Id]
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    period: Mapped[str] = mapped_column(String(7))
    level: Mapped[int] = mapped_column(Integer)
    opinion: Mapped[str] = mapped_column(Text)
    recognised_by: Mapped[UUID | None] = mapped_column(Uuid)
    recognised_at: Mapped[Timestamp]
