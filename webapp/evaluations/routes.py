"""The table of a period, one region in it, and one POST per verb."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.evaluation import queries, service
from domain.evaluation.rules import LEVELS, Period, period, periods_until
from domain.people import queries as people
from domain.people.permissions import OPERATOR, SUPERVISOR
from kernel.calendar import day_of
from kernel.clock import now
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.evaluations.presenters import shown, shown_evidence
from webapp.files.routes import keep_upload
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.market.presenters import region_names
from webapp.permissions import requires

blueprint = Blueprint("evaluations", __name__, url_prefix="/evaluations")


@blueprint.get("")
@requires("evaluation.read")
def index() -> ResponseReturnValue:
    """Show every region that the person oversees with its scores of a period."""
    of = _asked_period()
    with current_platform().database.read() as session:
        found = queries.results(session, current_actor(), of)
        labels = catalogue.version_labels(session, set(found.candidates))
        names = region_names(session)
    return render_template(
        "evaluations/index.html",
        of=of,
        periods=_choices(),
        rows=[shown(row, names) for row in found.regions],
        honoured=[shown(row, names) for row in found.honoured],
        candidates=[(each, " ".join(labels.get(each, ()))) for each in found.candidates],
    )


@blueprint.get("/<region_code>")
@requires("evaluation.read")
def show(region_code: str) -> ResponseReturnValue:
    """Show one region in a period, with the evidence of its maturity."""
    of, actor = _asked_period(), current_actor()
    with current_platform().database.read() as session:
        row = queries.evaluation(session, actor, region_code, of)
        pieces = queries.evidence(session, actor, region_code, of)
        handed_in_by = {piece.handed_in_by for piece in pieces if piece.handed_in_by}
        people_names = people.person_names(session, handed_in_by)
        names = region_names(session)
    return render_template(
        "evaluations/region.html",
        of=of,
        row=shown(row, names),
        evidence=[shown_evidence(piece, people_names) for piece in pieces],
        levels=[(str(level), in_language(text)) for level, text in LEVELS.items()],
        can_report=actor.may("evaluation.report") and actor.has_role(OPERATOR, region_code),
        can_recognise=actor.may("evaluation.recognise") and actor.has_role(SUPERVISOR, region_code),
    )


@blueprint.post("/<region_code>/evidence")
@requires("evaluation.report")
def hand_in(region_code: str) -> ResponseReturnValue:
    """Keep a file by which the region shows a level."""
    of, actor, sent = _asked_period(), current_actor(), request.files.get("file")
    if sent is None or not sent.filename:
        flash(_("请选择佐证文件"), "bad")
        return _back(region_code, of)
    reference, level, note = keep_upload(sent).reference, _level(), request.form.get("note", "")

    def work(session: Session) -> UUID:
        return service.hand_in_evidence(session, actor, region_code, of, level, reference, note)

    try:
        perform(current_platform().database, "evaluation.hand_in", actor, work, stream=service.STREAM)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已提交佐证"), "ok")
    return _back(region_code, of)


@blueprint.post("/<region_code>/level")
@requires("evaluation.recognise")
def recognise(region_code: str) -> ResponseReturnValue:
    """Recognise the level of the region."""
    of, actor, level = _asked_period(), current_actor(), _level()
    opinion = request.form.get("opinion", "")

    def work(session: Session) -> None:
        service.recognise_level(session, actor, region_code, of, level, opinion)

    try:
        perform(current_platform().database, "evaluation.recognise", actor, work, stream=service.STREAM)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已认定成熟度等级 c%(level)s", level=level), "ok")
    return _back(region_code, of)


def _asked_period() -> Period:
    """Return the period that the address names; without one, the running quarter."""
    key = request.args.get("period", "")
    found = period(key) if key else _choices()[0]
    if found is None:
        abort(404)
    return found


def _choices() -> list[Period]:
    return periods_until(day_of(now()))


def _level() -> int:
    given = request.form.get("level", "")
    return int(given) if given.isdecimal() and len(given) == 1 else 0


def _back(region_code: str, of: Period) -> ResponseReturnValue:
    return redirect(url_for("evaluations.show", region_code=region_code, period=of.key), code=303)
