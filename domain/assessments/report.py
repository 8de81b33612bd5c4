"""The report of an assessment as a document: canonical JSON, whose SHA-256 is signed.

It names what was looked at, with which tool and baseline, what was found, what people judged, and plainly
what was not checked or stands on somebody else's report.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments.items import ITEM_CLAUSE, ITEM_TEXT, STATUS_TEXT
from domain.assessments.queries import AssessmentDetail, FindingRow, ItemRow, ReportRow, assessment_detail
from kernel.actor import system_actor

FORMAT: Final = "zujian-assessment-report/1"


def report_document(session: Session, assessment_id: UUID) -> dict[str, Any]:
    """Return the report of an assessment as plain JSON values.

    Raises:
        AssessmentNotFound: no such assessment.
    """
    detail = assessment_detail(session, system_actor("platform"), assessment_id)
    row = detail.row
    return {
        "format": FORMAT,
        "assessment": str(row.id),
        "subject": {
            "type": row.subject_type,
            "id": str(row.subject_id),
            "name": row.subject_name,
            "form": row.form,
            "hosting": row.hosting,
            "artefact": row.artefact_digest,
            "address": row.address,
        },
        "case": str(row.instance_id) if row.instance_id else None,
        "caller": row.caller,
        "round": row.round,
        "run": row.run,
        "previous": str(row.previous_id) if row.previous_id else None,
        "standing": row.standing,
        "openedAt": row.opened_at.isoformat(),
        "decidedAt": row.decided_at.isoformat() if row.decided_at else None,
        "validUntil": row.valid_until.isoformat() if row.valid_until else None,
        "baseline": {"edition": row.baseline_edition, "limits": [_limit(each) for each in detail.baseline]},
        "items": [_item(item) for item in detail.items],
        "judgements": _judgements(detail),
    }


def _limit(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("item", "severity", "limit")}


def _item(item: ItemRow) -> dict[str, Any]:
    return {
        "item": item.item,
        "title": ITEM_TEXT[item.item].to_json(),
        "clause": ITEM_CLAUSE[item.item],
        "status": item.status,
        "statusText": STATUS_TEXT[item.status].to_json(),
        "basis": item.basis.to_json(),
        "reason": item.reason.to_json(),
        "tool": item.tool,
        "toolVersion": item.tool_version,
        "lookedAt": _plain(item.looked_at),
        "milliseconds": round(item.seconds * 1000),
        "counts": item.counts,
        "exceeded": list(item.exceeded),
        "rawReport": item.raw_digest,
        "thirdPartyReport": _report(item.report) if item.report else None,
        "recordedAt": item.recorded_at.isoformat(),
        "findings": [_finding(finding) for finding in item.findings],
    }


def _finding(row: FindingRow) -> dict[str, Any]:
    return {
        "fingerprint": row.fingerprint,
        "tool": row.tool,
        "toolVersion": row.tool_version,
        "rule": row.rule,
        "severity": row.severity,
        "place": row.place,
        "evidence": row.evidence,
        "clause": row.clause,
        "message": row.message.to_json(),
        "identifiers": list(row.identifiers),
        "component": row.component,
        "fixedIn": list(row.fixed_in),
        "uncertain": row.is_uncertain,
        "falsePositive": row.is_false_positive,
    }


def _report(row: ReportRow) -> dict[str, Any]:
    return {
        "issuer": row.issuer,
        "issuedOn": row.issued_on.isoformat(),
        "validUntil": row.valid_until.isoformat(),
        "subject": row.subject_digest,
        "scope": row.scope,
        "commitment": row.commitment,
        "file": row.file_digest,
        "acceptedBy": row.accepted_by,
        "agreedBy": row.agreed_by,
    }


def _judgements(detail: AssessmentDetail) -> list[dict[str, Any]]:
    return [
        {
            "item": row.item,
            "finding": row.fingerprint or None,
            "verdict": row.verdict,
            "reason": row.reason,
            "judgedBy": row.judged_by,
            "judgedAt": row.judged_at.isoformat(),
            "agreedBy": row.agreed_by or None,
            "agreedAt": row.agreed_at.isoformat() if row.agreed_at else None,
        }
        for row in detail.judgements
    ]


def _plain(value: Any) -> Any:
    """Leave out fractions: their spelling is where canonical forms differ."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, float) else value
