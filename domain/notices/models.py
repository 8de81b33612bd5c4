"""Notices and who has read them."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class Notice(Base):
    """One message; addressed to ``person_id``, or to a role for a region and unit."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_id", "person_id", "id"),
        Index("ix_notice_role_region_code_id", "role", "region_code", "id"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(40))
    region_code: Mapped[str | None] = mapped_column(String(6))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    title: Mapped[Document]
    body: Mapped[Document]
    link: Mapped[str | None] = mapped_column(String(300))
    template: Mapped[str | None] = mapped_column(String(60))
    subject_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    sent_at: Mapped[Timestamp]


class NoticeRead(Base):
    """A person has read a notice."""

    __tablename__ = "notice_read"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_at: Mapped[Timestamp]
