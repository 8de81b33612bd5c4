"""The import page: choose a file, read the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import orjson
from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from domain.catalogue import queries
from domain.catalogue.rules import RuleBreach, Severity
from domain.catalogue.service import ImportReport, ImportRow
from kernel.errors import Rejected
from webapp.acting import current_actor, current_platform
from webapp.catalogue.filters import CatalogueFilters
from webapp.catalogue.importing import MAX_FILE_BYTES, MAX_RECORDS, import_file, read_file
from webapp.catalogue.routes import blueprint
from webapp.catalogue.workbooks import MEDIA_TYPE, as_workbook
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires


@dataclass(frozen=True, slots=True)
class ShownBreach:
    """One broken rule: where, which, why, on which basis, how to mend it."""

    path: str
    place: str
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
    rehearse = request.form.get("mode") == "rehearse"
    try:
        file = read_file(current_platform(), content, source)
        report = import_file(current_platform(), current_actor(), file, rehearse=rehearse)
    except Rejected as refusal:
        message = in_language(refusal.message)
        return render_template("catalogue/import.html", report=None, refusal=message), 422
    rows = shown(report, file.place, rehearsed=rehearse)
    return render_template(
        "catalogue/import.html", report=report, rows=rows, refusal=None, rehearsed=rehearse
    )


@blueprint.get("/import/template.xlsx")
@requires("component.import")
def import_template() -> ResponseReturnValue:
    """Give the empty workbook, made from the dictionaries as they are now."""
    with current_platform().database.read() as session:
        content = as_workbook(session, [])
    return _download(content, "template.xlsx", MEDIA_TYPE)


@blueprint.get("/export.<any(xlsx, json):kind>")
@requires("component.read")
def export(kind: str) -> ResponseReturnValue:
    """Give the filtered list as a workbook or as JSON, in the form that import takes."""
    filters = CatalogueFilters.from_request(request.args)
    with current_platform().database.read() as session:
        records = queries.exported_records(session, current_actor(), filters.wanted(), limit=MAX_RECORDS)
        if kind == "xlsx":
            return _download(as_workbook(session, records), "components.xlsx", MEDIA_TYPE)
    return _download(orjson.dumps(records, option=orjson.OPT_INDENT_2), "components.json", "application/json")


def _download(content: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def shown(
    report: ImportReport, place: Callable[[int, str], str], *, rehearsed: bool = False
) -> list[ShownRow]:
    """Return the rows in words, refused ones first; ``place`` says where a path of a record lies."""
    return [
        _row(row, place, rehearsed=rehearsed)
        for row in sorted(report.rows, key=lambda row: (row.accepted, row.index))
    ]


def _row(row: ImportRow, place: Callable[[int, str], str], *, rehearsed: bool) -> ShownRow:
    created = _("可以导入") if rehearsed else _("已导入为草稿")
    verdict, tone, icon = {
        "created": (created, "ok", "circle-check"),
        "unchanged": (_("与已有版本相同，未改动"), "", "circle-minus"),
    }.get(row.outcome, (_("未导入"), "bad", "circle-x"))
    return ShownRow(
        number=row.index + 1,
        name=row.name.strip() or _("（无名称）"),
        version=row.version,
        verdict=verdict,
        tone=tone,
        icon=icon,
        # What was rehearsed is gone again: there is nothing to link to.
        version_id=None if rehearsed and row.outcome == "created" else row.version_id,
        breaches=[_breach(breach, place(row.index, breach.path)) for breach in row.breaches],
        notices=[f"{notice.path}: {in_language(notice.message)}" for notice in row.notices],
        later=len(row.later) if row.outcome == "created" else 0,
    )


def _breach(breach: RuleBreach, place: str) -> ShownBreach:
    tone = "warning" if breach.severity is Severity.WARNING else ""
    message, mend = in_language(breach.message), in_language(breach.mend)
    return ShownBreach(breach.path, place, breach.rule_id, message, mend, breach.clause, tone)
