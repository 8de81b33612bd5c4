"""Orders, and what their holders were told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, JsonDocument, Timestamp


class UseOrder(Base):
    """One unit's right to use a version; the number is unique where the order was granted."""

    __tablename__ = "use_order"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_use_order_version_id_state", "version_id", "state"),
        Index("ix_use_order_holder_unit_id_id", "holder_unit_id", "id"),
        Index("ix_use_order_region_code_id", "region_code", "id"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(60))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6))
    holder_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    holder_region_code: Mapped[str] = mapped_column(String(6))
    application: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    granted_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str | None] = mapped_column(String(10))
    registered_by: Mapped[UUID | None] = mapped_column(Uuid)
    registered_at: Mapped[Timestamp]
    migrated_at: Mapped[datetime | None]
    migrated_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    final_statement: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    has_dispute: Mapped[bool] = mapped_column(Boolean)
    settled_at: Mapped[datetime | None]


class OrderNotice(Base):
    """The holder of an order was told something in a case: once for each kind."""

    __tablename__ = "order_notice"
    __table_args__ = (
        UniqueConstraint("order_id", "case_id", "kind"),
        Index("ix_order_notice_case_id_id", "case_id", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("use_order.id", ondelete="RESTRICT"))
    case_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(60))
    notice_id: Mapped[UUID] = mapped_column(Uuid)
    said: Mapped[Document]
    told_at: Mapped[Timestamp]
