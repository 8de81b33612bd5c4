"""Editions of the licence policy."""

from uuid import UUID

from sqlalchemy import Integer, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, JsonDocument, Timestamp


class LicencePolicyEdition(Base):
    """One edition of the policy: SPDX ids that are allowed and those that are denied."""

    __tablename__ = "licence_policy_edition"

    id: Mapped[Id]
    edition: Mapped[int] = mapped_column(Integer, unique=True)
    allowed: Mapped[list[str]] = mapped_column(JsonDocument)
    denied: Mapped[list[str]] = mapped_column(JsonDocument)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[UUID | None] = mapped_column(Uuid)
    set_by_name: Mapped[str] = mapped_column(String(80))
    effective_at: Mapped[Timestamp]
