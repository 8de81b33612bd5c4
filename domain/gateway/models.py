"""Recorded routes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, JsonDocument, Timestamp


class RecordedRoute(Base):
    """What a gateway would have to do for a version at one stage."""

    __tablename__ = "recorded_route"
    __table_args__ = (
        CheckConstraint("stage IN ('pre_release', 'production')", name="stage"),
        Index("ix_recorded_route_version_id_id", "version_id", "id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    component_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="RESTRICT"), index=True)
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    stage: Mapped[str] = mapped_column(String(12))
    api_code: Mapped[str] = mapped_column(String(200))
    public_path: Mapped[str] = mapped_column(Text)
    forward_path: Mapped[str] = mapped_column(Text)
    targets: Mapped[list[dict[str, Any]]] = mapped_column(JsonDocument)
    protocols: Mapped[list[str]] = mapped_column(JsonDocument)
    rate_limit: Mapped[int] = mapped_column(Integer)
    timeout_ms: Mapped[int] = mapped_column(Integer)
    enforced: Mapped[bool] = mapped_column(Boolean, default=False)
    recorded_at: Mapped[Timestamp]
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[str | None] = mapped_column(Text)
