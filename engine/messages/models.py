"""Who waits for which event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant


class EventSubscription(Base):
    """A wait of an instance for a message (name and key) or a signal (name)."""

    __tablename__ = "event_subscription"
    __table_args__ = (
        UniqueConstraint("instance_id", "wait_id"),
        Index("ix_event_subscription_event", "kind", "name", "correlation_key"),
    )

    id: Mapped[Id]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id", ondelete="RESTRICT"))
    wait_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    correlation_key: Mapped[str] = mapped_column(String(200))
    element_id: Mapped[str] = mapped_column(String(120))
    scope_process: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
