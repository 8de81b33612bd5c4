"""Claim a day for a scan."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.scans.models import ScanClaim
from kernel.clock import now
from kernel.errors import StaleState
from kernel.language import Text

# The key of a claim names a subject, too; that of a whole day is about none in particular.
EVERYTHING: Final = UUID(int=0)


def claim_day(session: Session, scan: str, day: date) -> bool:
    """Claim the day and tell whether it was free; the claim stands when the transaction commits.

    Raises:
        StaleState: another scheduler claimed it at this very moment; the job is run again.
    """
    key = (scan, day.isoformat(), EVERYTHING)
    if session.get(ScanClaim, key) is not None:
        return False
    session.add(ScanClaim(scan=scan, day=key[1], subject_id=EVERYTHING, claimed_at=now()))
    try:
        # A second scheduler must be stopped here, before anything is started.
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("另一扫描刚处理当日", "Another scan has just dealt with this day")) from error
    return True
