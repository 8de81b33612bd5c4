"""The matrix as a page and as a file."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from domain.conformance.matrix import Status, counts, matrix
from webapp.acting import current_platform
from webapp.conformance import presenters
from webapp.conformance.filters import MatrixFilters
from webapp.permissions import requires

blueprint = Blueprint("conformance", __name__, url_prefix="/conformance")


@blueprint.get("")
@requires("conformance.read")
def index() -> ResponseReturnValue:
    """Show the requirements by chapter, with what meets them and what shows it."""
    rows = matrix()
    filters = MatrixFilters.from_request(request.args)
    with current_platform().database.read() as session:
        processes = {row.latest.key for row in current_platform().engine.definitions(session)}
    wanted = [row for row in rows if filters.lets_through(row)]
    return render_template(
        "conformance/index.html",
        chapters=presenters.by_chapter(wanted, processes),
        counts=counts(rows),
        total=len(rows),
        found=len(wanted),
        filters=filters,
        statuses=[(status.value, presenters.status_label(status)) for status in Status],
        chapter_choices=presenters.chapter_choices(rows),
    )


@blueprint.get("/matrix.csv")
@requires("conformance.read")
def export() -> ResponseReturnValue:
    """Hand out the whole matrix as a file that a spreadsheet opens."""
    headers = {"Content-Disposition": "attachment; filename=conformance.csv"}
    return Response(presenters.as_csv(matrix()), headers=headers, content_type="text/csv; charset=utf-8")
