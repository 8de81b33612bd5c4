"""Credentials and those who may see them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Bytes, Id, Timestamp


class Credential(Base):
    """One secret, encrypted under the key ``key_id``; erased (empty) once it is rotated or revoked.

    It is *sealed* when a person has handed it in and nothing has taken it up yet: then version and purpose
    are empty. ``must_change``: the holder has to change it at the first sign-in.
    """

    __tablename__ = "credential"
    __table_args__ = (
        CheckConstraint("state IN ('sealed', 'active', 'rotated', 'revoked')", name="state"),
        Index("ix_credential_version_id_id", "version_id", "id"),
        Index("ix_credential_instance_id", "instance_id"),
        Index("ix_credential_order_id", "order_id"),
    )

    id: Mapped[Id]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    region_code: Mapped[str | None] = mapped_column(String(6))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(8))
    key_id: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[Bytes]
    ciphertext: Mapped[Bytes]
    must_change: Mapped[bool] = mapped_column(Boolean)
    stored_by: Mapped[UUID | None] = mapped_column(Uuid)
    stored_at: Mapped[Timestamp]
    replaced_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)


class CredentialHolder(Base):
    """A person who may see a credential once, for an order or without one."""

    __tablename__ = "credential_holder"
    __table_args__ = (
        UniqueConstraint("credential_id", "person_id"),
        Index("ix_credential_holder_person_id", "person_id", "id"),
        Index("ix_credential_holder_order_id", "order_id"),
    )

    id: Mapped[Id]
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id", ondelete="RESTRICT"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    order_id: Mapped[UUID | None] = mapped_column(Uuid)
    entitled_at: Mapped[Timestamp]
    revealed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
