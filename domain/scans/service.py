"""Claim a subject for a scan and a day."""

from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.scans.models import ScanClaim
from kernel.clock import now
from kernel.errors import StaleState
from kernel.language import Text


def claim(session: Session, scan: str, day: date, subject_id: UUID) -> bool:
    """Claim the subject and tell whether it was free; the claim stands when the transaction commits.

    Raises:
        StaleState: another scheduler claimed it at this very moment; the job is run again.
    """
    key = (scan, day.isoformat(), subject_id)
    if session.get(ScanClaim, key) is not None:
        return False
    session.add(ScanClaim(scan=scan, day=key[1], subject_id=subject_id, claimed_at=now()))
    try:
        # A second scheduler must be stopped here, before anything is started.
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("另一扫描刚处理该对象", "Another scan has just dealt with it")) from error
    return True
