"""Entries of the market and the bigrams by which they are found."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class MarketEntry(Base):
    """A version as the market shows it; hidden when it is unpublished."""

    __tablename__ = "market_entry"
    __table_args__ = (
        Index("ix_market_entry_is_visible_id", "is_visible", "id"),
        Index("ix_market_entry_region_code", "region_code"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("component_version.id", ondelete="RESTRICT"), unique=True
    )
    component_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="RESTRICT"), index=True)
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(String(40))
    layer: Mapped[str] = mapped_column(String(10))
    capability_class: Mapped[str] = mapped_column(String(10))
    technical_field: Mapped[str] = mapped_column(String(4))
    use_requirements: Mapped[str] = mapped_column(String(4))
    is_charge: Mapped[str] = mapped_column(String(4))
    public_scope: Mapped[int] = mapped_column(Integer)
    settings: Mapped[Document]
    is_visible: Mapped[bool] = mapped_column(Boolean)
    published_at: Mapped[Timestamp]
    hidden_at: Mapped[datetime | None]


class MarketBigram(Base):
    """Two neighbouring characters of an entry's normalised name."""

    __tablename__ = "market_bigram"

    gram: Mapped[str] = mapped_column(String(8), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(
        ForeignKey("market_entry.id", ondelete="CASCADE"), primary_key=True, index=True
    )
