"""Deployments of versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, JsonDocument, Timestamp


class Deployment(Base):
    """One attempt to run an artefact; ``job_id`` makes asking for it twice harmless.

    *preparing* before the driver is asked, *running* when its health endpoint answered, *failed* with the
    reason when it did not, *stopping* when it is to be ended, *stopped* when it was, *lost* when its
    process had gone without anybody's doing. ``driver`` is *stated* where a person says what they did
    elsewhere. ``environment`` holds the injected settings by name.
    """

    __tablename__ = "deployment"
    __table_args__ = (
        CheckConstraint("stage IN ('pre_release', 'production')", name="stage"),
        CheckConstraint(
            "state IN ('preparing', 'running', 'failed', 'stopping', 'stopped', 'lost')", name="state"
        ),
        Index("ix_deployment_version_id_id", "version_id", "id"),
        Index("ix_deployment_state", "state"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    job_id: Mapped[UUID | None] = mapped_column(Uuid, unique=True)
    stage: Mapped[str] = mapped_column(String(12))
    driver: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    environment: Mapped[Document]
    health_path: Mapped[str] = mapped_column(String(200))
    metrics_path: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    address: Mapped[str | None] = mapped_column(String(200))
    process: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    reason: Mapped[dict[str, Any] | None] = mapped_column(JsonDocument)
    requested_by: Mapped[UUID | None] = mapped_column(Uuid)
    requested_at: Mapped[Timestamp]
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    exit_code: Mapped[int | None] = mapped_column(Integer)
    log_digest: Mapped[str | None] = mapped_column(String(64))
    log_bytes: Mapped[int | None] = mapped_column(BigInteger)
    log_tail: Mapped[str | None] = mapped_column(Text)
