"""Recorded calls."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class CallRecord(Base):
    """One call; the trace id within its source makes recording it twice harmless."""

    __tablename__ = "call_record"
    __table_args__ = (
        UniqueConstraint("source", "trace_id"),
        Index("ix_call_record_version_id_kind_called_at", "version_id", "kind", "called_at"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    called_at: Mapped[Timestamp]
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(60))
    trace_id: Mapped[str] = mapped_column(String(120))
    application: Mapped[str] = mapped_column(String(200))
    api_code: Mapped[str | None] = mapped_column(String(200))
    source_ip: Mapped[str | None] = mapped_column(String(45))
    result_code: Mapped[int] = mapped_column(Integer)
    latency_ms: Mapped[int | None] = mapped_column(Integer)
    bytes_sent: Mapped[int | None] = mapped_column(BigInteger)
    order_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    recorded_at: Mapped[datetime]
