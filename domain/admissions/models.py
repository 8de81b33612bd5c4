"""Admissions and their certificates."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class Admission(Base):
    """One external product on its way in; ``certificate_number`` and ``valid_until`` when admitted."""

    __tablename__ = "admission"
    __table_args__ = (
        Index("ix_admission_region_code_id", "region_code", "id"),
        Index("ix_admission_provider_unit_id_id", "provider_unit_id", "id"),
        Index("ix_admission_standing_valid_until", "standing", "valid_until"),
        Index("ix_admission_digest", "digest"),
    )

    id: Mapped[Id]
    region_code: Mapped[str] = mapped_column(String(6))
    provider_unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    renews_id: Mapped[UUID | None] = mapped_column(ForeignKey("admission.id", ondelete="RESTRICT"))
    standing: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(Text)
    product_version: Mapped[str] = mapped_column(Text)
    supplier: Mapped[str] = mapped_column(Text)
    supplier_qualification: Mapped[str] = mapped_column(Text)
    contract_number: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    licence_verdict: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    hardening_plan: Mapped[str] = mapped_column(Text)
    artefact_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="RESTRICT"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id", ondelete="RESTRICT"))
    certificate_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    decided_on: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    reminded_at: Mapped[datetime | None]
    opened_at: Mapped[Timestamp]
    updated_at: Mapped[Timestamp]
