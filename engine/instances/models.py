"""The tables of process instances."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Instant, JsonDocument


class CaseCounter(Base):
    """The last running number of one region and year."""

    __tablename__ = "case_counter"

    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]


class ProcessInstance(Base):
    """One run of a definition version; ``state`` is the document of ``engine.runtime``.

    ``pins`` maps the keys of this and every called process to version ids. ``exclusive_key`` is set
    while an instance of an exclusive process is open, so that its unique index lets only one in.
    ``performers`` says who completed the elements that four eyes look at, by "process:element"; NULL for
    instances from before this was noted, and after a migration: then the rows are asked.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        UniqueConstraint("case_number"),
        UniqueConstraint("exclusive_key"),
        Index("ix_process_instance_subject_id_id", "subject_id", "id"),
        Index("ix_process_instance_initiator_id_id", "initiator_id", "id"),
        Index("ix_process_instance_region_code_id", "region_code", "id"),
        Index("ix_process_instance_definition_key_status_id", "definition_key", "status", "id"),
        Index("ix_process_instance_business_key_id", "business_key", "id"),
        Index("ix_process_instance_started_at", "started_at"),
    )

    id: Mapped[Id]
    case_number: Mapped[str] = mapped_column(String(32))
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID | None]
    definition_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("definition_version.id", ondelete="RESTRICT"), index=True
    )
    definition_key: Mapped[str] = mapped_column(String(80))
    definition_version: Mapped[int]
    pins: Mapped[dict[str, str]] = mapped_column(JsonDocument)
    business_key: Mapped[str | None] = mapped_column(String(200))
    exclusive_key: Mapped[str | None] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300))
    subject_type: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    initiator_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(String(80))
    open_incidents: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    performers: Mapped[dict[str, list[str]] | None] = mapped_column(JsonDocument)
    revision: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PathEntry(Base):
    """What one command did on the diagram, as it was kept before the audit events told it (``Pending.step``).

    Nothing is written here any more; the paths of instances from before stay.
    """

    __tablename__ = "instance_path"
    # Read by instance and in order, and by nothing else: the table itself is that index.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey("process_instance.id", ondelete="RESTRICT"), primary_key=True
    )
    id: Mapped[Id]
    person_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(Instant)
    steps: Mapped[list[Any]] = mapped_column(JsonDocument)
