"""What moves a change along. One module per part of its life."""

from domain.changes.service.assessing import Assessed, Contract, assess_change
from domain.changes.service.carrying_out import (
    apply_change,
    finish_change,
    note_new_version,
    record_sunset,
    restore_record,
)
from domain.changes.service.opening import attach_case, open_change
from domain.changes.service.proposing import Proposal, submit_change

__all__ = [
    "Assessed",
    "Contract",
    "Proposal",
    "apply_change",
    "assess_change",
    "attach_case",
    "finish_change",
    "note_new_version",
    "open_change",
    "record_sunset",
    "restore_record",
    "submit_change",
]
