"""What the interface for programs keeps: the answers given to requests that may come twice."""

from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, Timestamp


class IdempotentRequest(Base):
    """One request with an idempotency key, and the answer that it got.

    Written in the transaction of the work itself: either both are there or neither.
    """

    __tablename__ = "idempotent_request"
    __table_args__ = (
        UniqueConstraint("person_id", "idempotency_key"),
        Index("ix_idempotent_request_answered_at", "answered_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID]
    idempotency_key: Mapped[str] = mapped_column(String(200))
    request_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    answer: Mapped[Document]
    answered_at: Mapped[Timestamp]
