"""The tables of process definitions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant, JsonDocument


class ProcessDefinitionVersion(Base):
    """One immutable version; ``digest`` covers its files and the contracts of its topics."""

    __tablename__ = "definition_version"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index("ix_definition_version_key_digest", "key", "digest"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    contracts: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    start_roles: Mapped[list[str]] = mapped_column(JsonDocument)
    calls: Mapped[list[str]] = mapped_column(JsonDocument)
    deployed_by: Mapped[UUID | None]
    deployed_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text)


class DefinitionFile(Base):
    """One file of a version; its bytes are a content blob."""

    __tablename__ = "definition_file"

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("definition_version.id", ondelete="RESTRICT"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("content_blob.digest", ondelete="RESTRICT"), index=True)


class EventStart(Base):
    """A start event of the newest version of a process that an event triggers; replaced at deployment."""

    __tablename__ = "event_start"
    __table_args__ = (Index("ix_event_start_kind_name", "kind", "name"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("definition_version.id", ondelete="RESTRICT"), index=True
    )
    key: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    element_id: Mapped[str] = mapped_column(String(120))


class DefinitionDraftRow(Base):
    """A draft; ``files`` maps file names to content digests."""

    __tablename__ = "definition_draft"
    __table_args__ = (Index("ix_definition_draft_status_changed_at", "status", "changed_at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(Text)
    base_version: Mapped[int | None]
    files: Mapped[dict[str, str]] = mapped_column(JsonDocument)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_reason: Mapped[str] = mapped_column(Text)
    released_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("definition_version.id", ondelete="RESTRICT"), index=True
    )
