"""The import page: choose a file, read the report."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from domain.catalogue.rules import RuleBreach, Severity
from domain.catalogue.service import ImportReport, ImportRow
from kernel.errors import Rejected
from webapp.acting import current_actor, current_platform
from webapp.catalogue.importing import MAX_FILE_BYTES, import_records, read_records
from webapp.catalogue.routes import blueprint
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires


@dataclass(frozen=True, slots=True)
class ShownBreach:
    """One broken rule: where, which, why, on which basis, how to mend it."""

    path: str
    rule: str
    message: str
    mend: str
    clause: str
    tone: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """How one record fared, in words."""

    number: int
    name: str
    version: str
    verdict: str
    tone: str
    icon: str
    version_id: UUID | None
    breaches: list[ShownBreach]
    notices: list[str]
    later: int


@blueprint.route("/import", methods=["GET", "POST"])
@requires("component.import")
def import_page() -> ResponseReturnValue:
    """Import a file and show what became of each record; the report is the answer itself."""
    if request.method == "GET":
        return render_template("catalogue/import.html", report=None, refusal=None)
    upload = request.files.get("file")
    content = upload.stream.read(MAX_FILE_BYTES + 1) if upload else b""
    source = (upload.filename if upload else None) or "—"
    try:
        report = import_records(current_platform(), current_actor(), read_records(content), source)
    except Rejected as refusal:
        message = in_language(refusal.message)
        return render_template("catalogue/import.html", report=None, refusal=message), 422
    return render_template("catalogue/import.html", report=report, rows=shown(report), refusal=None)


def shown(report: ImportReport) -> list[ShownRow]:
    """Return the rows in words, refused ones first."""
    return [_row(row) for row in sorted(report.rows, key=lambda row: (row.accepted, row.index))]


def _row(row: ImportRow) -> ShownRow:
    verdict, tone, icon = {
        "created": (_("已导入为草稿"), "ok", "circle-check"),
        "unchanged": (_("与已有版本相同，未改动"), "", "circle-minus"),
    }.get(row.outcome, (_("未导入"), "bad", "circle-x"))
    return ShownRow(
        number=row.index + 1,
        name=row.name.strip() or _("（无名称）"),
        version=row.version,
        verdict=verdict,
        tone=tone,
        icon=icon,
        version_id=row.version_id,
        breaches=[_breach(breach) for breach in row.breaches],
        notices=[f"{notice.path}: {in_language(notice.message)}" for notice in row.notices],
        later=len(row.later) if row.outcome == "created" else 0,
    )


def _breach(breach: RuleBreach) -> ShownBreach:
    tone = "warning" if breach.severity is Severity.WARNING else ""
    message, mend = in_language(breach.message), in_language(breach.mend)
    return ShownBreach(breach.path, breach.rule_id, message, mend, breach.clause, tone)
