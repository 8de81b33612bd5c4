"""The tables of the audit trail."""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Index, String, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.audit.protection import protect
from kernel.database import Base, Id, Instant, JsonDocument


class AuditStream(Base):
    """The head of one chain, moved by the database itself; writers of the same stream queue at its row."""

    __tablename__ = "audit_stream"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_sequence: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))


_HAS_SUBJECT: Final = text("subject_id IS NOT NULL")


class AuditEvent(Base):
    """One event. ``content`` is the canonical document whose digest ``hash`` chains.

    ``personal`` holds the personal values that the chain only commits to; to erase them is the one change
    that the database allows.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("stream", "sequence"),
        Index("ix_audit_event_instance_id_id", "instance_id", "id"),
        Index(
            "ix_audit_event_subject_id_id",
            "subject_id",
            "id",
            sqlite_where=_HAS_SUBJECT,
            postgresql_where=_HAS_SUBJECT,
        ),
        Index("ix_audit_event_actor_id_id", "actor_id", "id"),
    )

    id: Mapped[Id]
    stream: Mapped[str] = mapped_column(String(80))
    sequence: Mapped[int]
    schema_version: Mapped[int]
    hash_algorithm: Mapped[str] = mapped_column(String(16))
    occurred_at: Mapped[datetime] = mapped_column(Instant, index=True)
    action: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    element_id: Mapped[str | None] = mapped_column(String(120))
    subject_type: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[UUID | None] = mapped_column(Uuid)
    region_code: Mapped[str | None] = mapped_column(String(6))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    content: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    personal: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)


protect(cast(Table, AuditEvent.__table__))
