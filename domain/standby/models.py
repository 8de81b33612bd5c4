"""Pairs of main and standby components, and the components on which core business depends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class StandbyPair(Base):
    """One component that may take the place of another; ``open_pair`` is set while the pair stands."""

    __tablename__ = "standby_pair"
    __table_args__ = (
        UniqueConstraint("open_pair"),
        CheckConstraint("similarity BETWEEN 0 AND 100", name="similarity"),
        CheckConstraint("main_id <> standby_id", name="two"),
    )

    id: Mapped[Id]
    open_pair: Mapped[str | None] = mapped_column(String(80))
    main_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="RESTRICT"), index=True)
    standby_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="RESTRICT"), index=True)
    region_code: Mapped[str] = mapped_column(String(6))
    similarity: Mapped[int] = mapped_column(Integer)
    switch_notes: Mapped[str] = mapped_column(Text)
    added_by: Mapped[UUID | None] = mapped_column(Uuid)
    added_at: Mapped[Timestamp]
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)


class CoreComponent(Base):
    """A component on which core business depends, and what that rests on."""

    __tablename__ = "core_component"

    component_id: Mapped[UUID] = mapped_column(
        ForeignKey("component.id", ondelete="RESTRICT"), primary_key=True
    )
    region_code: Mapped[str] = mapped_column(String(6))
    basis: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[UUID | None] = mapped_column(Uuid)
    marked_at: Mapped[Timestamp]
