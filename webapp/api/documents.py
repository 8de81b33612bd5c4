"""Rows of the catalogue as the JSON objects of ``openapi.json``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.catalogue.queries import VersionDetail, VersionRow
from domain.catalogue.service import ImportReport, ImportRow
from domain.checks.queries import CheckRunRow


def component(row: VersionRow) -> dict[str, Any]:
    """Return a ``Component``."""
    return {
        "versionId": str(row.id),
        "componentId": str(row.component_id),
        "name": row.name,
        "version": row.version,
        "state": row.state.value,
        "regionCode": row.region_code,
        "updatedAt": row.updated_at.isoformat(),
    }


def component_detail(detail: VersionDetail, runs: Iterable[CheckRunRow]) -> dict[str, Any]:
    """Return a ``ComponentDetail``."""
    return {
        **component(detail.row),
        "apiId": str(detail.api_id) if detail.api_id else None,
        "record": dict(detail.record),
        "attachments": [
            {
                "kind": attachment.kind,
                "name": attachment.file.name,
                "digest": attachment.file.digest,
                "size": attachment.file.size,
            }
            for attachment in detail.attachments
        ],
        "checks": [check_run(run) for run in runs],
    }


def check_run(run: CheckRunRow) -> dict[str, Any]:
    """Return a ``CheckRun``."""
    return {
        "check": run.check,
        "title": run.title.to_json(),
        "status": run.status,
        "summary": run.summary.to_json(),
        "statedByPerson": run.is_statement,
        "recordedAt": run.recorded_at.isoformat(),
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "evidence": finding.evidence,
                "place": finding.place,
                "clause": finding.clause,
                "message": finding.message.to_json(),
            }
            for finding in run.findings
        ],
    }


def import_report(report: ImportReport) -> dict[str, Any]:
    """Return an ``ImportReport``."""
    rows = [import_row(row) for row in report.rows]
    accepted = sum(row["accepted"] for row in rows)
    return {"accepted": accepted, "refused": len(rows) - accepted, "rows": rows}


def import_row(row: ImportRow) -> dict[str, Any]:
    """Return a row of an ``ImportReport``."""
    return {
        "index": row.index,
        "name": row.name or None,
        "accepted": row.accepted,
        "versionId": str(row.version_id) if row.version_id else None,
        "breaches": [breach.to_json() for breach in row.breaches],
        "notices": [notice.message.to_json() for notice in row.notices],
    }
