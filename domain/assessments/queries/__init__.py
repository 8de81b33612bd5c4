"""Reads about assessments: where one stands, what it found, how it differs from the round before."""

from domain.assessments.queries.details import (
    AssessmentDetail,
    FindingRow,
    ItemRow,
    JudgementRow,
    assessment_detail,
)
from domain.assessments.queries.handed_in import MaterialRow, ReportRow, materials_of, report_row, reports_of
from domain.assessments.queries.libraries import LibraryRow, bill_of, libraries_named
from domain.assessments.queries.rows import AssessmentRow, assessments_of, may_read
from domain.assessments.queries.standing import AssessmentStanding, passed_assessments, standing_of

__all__ = [
    "AssessmentDetail",
    "AssessmentRow",
    "AssessmentStanding",
    "FindingRow",
    "ItemRow",
    "JudgementRow",
    "LibraryRow",
    "MaterialRow",
    "ReportRow",
    "assessment_detail",
    "assessments_of",
    "bill_of",
    "libraries_named",
    "materials_of",
    "may_read",
    "passed_assessments",
    "report_row",
    "reports_of",
    "standing_of",
]
