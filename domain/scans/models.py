"""Claims of daily scans."""

from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Timestamp


class ScanClaim(Base):
    """A scan has dealt with a day (ISO date in Asia/Shanghai), or on it with one subject alone."""

    __tablename__ = "scan_claim"

    scan: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    claimed_at: Mapped[Timestamp]
