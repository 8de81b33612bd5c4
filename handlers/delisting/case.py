"""The case of delisting that a process instance drives."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.delisting.queries import CaseRow, case_of_instance
from engine.api import InstanceFacts, TechnicalFailure


def case_in(session: Session, instance: InstanceFacts) -> CaseRow:
    """Return the case that an instance drives.

    Raises:
        TechnicalFailure: it drives none.
    """
    case = case_of_instance(session, instance.id)
    if case is None:
        raise TechnicalFailure(f"no case of delisting in {instance.case_number}")
    return case
