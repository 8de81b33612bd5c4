"""The verbs of this room."""

from domain.assessments.service.cancelling import cancel_for_version
from domain.assessments.service.disputing import dispute_finding
from domain.assessments.service.filing import file_report
from domain.assessments.service.materials import hand_in_material
from domain.assessments.service.opening import open_assessment, record_item, store_bill
from domain.assessments.service.reports import ReportInput, ReportSubject, hand_in_report, require_owner
from domain.assessments.service.reviewing import (
    agree,
    confirm_failed,
    pass_assessment,
    record_judgements,
)
from domain.assessments.service.summarising import Summary, summarise

__all__ = [
    "ReportInput",
    "ReportSubject",
    "Summary",
    "agree",
    "cancel_for_version",
    "confirm_failed",
    "dispute_finding",
    "file_report",
    "hand_in_material",
    "hand_in_report",
    "open_assessment",
    "pass_assessment",
    "record_item",
    "record_judgements",
    "require_owner",
    "store_bill",
    "summarise",
]
