"""Imported data sets and their advisories, found by ecosystem and package name."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, JsonDocument, Timestamp


class VulnerabilityDataSet(Base):
    """One imported file; of an ecosystem the one marked as current counts."""

    __tablename__ = "vulnerability_data_set"
    __table_args__ = (Index("ix_vulnerability_data_set_ecosystem_is_current", "ecosystem", "is_current"),)

    id: Mapped[Id]
    ecosystem: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    data_as_of: Mapped[date] = mapped_column(Date)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    advisories: Mapped[int] = mapped_column(Integer)
    is_current: Mapped[bool] = mapped_column(Boolean)
    imported_by: Mapped[UUID | None] = mapped_column(Uuid)
    imported_by_name: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[Timestamp]


class VulnerabilityAdvisory(Base):
    """One advisory about one package; those of replaced data sets are removed."""

    __tablename__ = "vulnerability_advisory"
    __table_args__ = (
        Index("ix_vulnerability_advisory_package", "ecosystem", "package_key"),
        Index("ix_vulnerability_advisory_data_set_id", "data_set_id"),
    )

    id: Mapped[Id]
    data_set_id: Mapped[UUID] = mapped_column(ForeignKey("vulnerability_data_set.id", ondelete="CASCADE"))
    ecosystem: Mapped[str] = mapped_column(String(60))
    package: Mapped[str] = mapped_column(Text)
    package_key: Mapped[str] = mapped_column(String(200))
    advisory: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
