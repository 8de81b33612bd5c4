"""The assessments of a version, one assessment, its reports; and what providers hand in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.assessments import queries, service
from domain.assessments.queries import AssessmentDetail
from domain.assessments.service import ReportSubject
from domain.catalogue import queries as catalogue
from domain.people.permissions import PROVIDER
from kernel.actor import Actor
from kernel.errors import Rejected
from kernel.files import find_file
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.assessments import presenters
from webapp.assessments.subjects import admission_subject, is_owner, report_subject, require_readable
from webapp.files.routes import keep_upload
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")
SHOWN_ROUNDS = 20


@blueprint.get("/libraries")
@requires("assessment.read")
def libraries() -> ResponseReturnValue:
    """Find where a library is used, by a part of its name."""
    name = request.args.get("name", "").strip()[:200]
    with current_platform().database.read() as session:
        rows = queries.libraries_named(session, current_actor(), name) if name else []
    return render_template("assessments/libraries.html", name=name, rows=rows)


@blueprint.get("/versions/<uuid:version_id>")
@requires("assessment.read")
def version(version_id: UUID) -> ResponseReturnValue:
    """Show the assessments of a version, the newest in full, and what was handed in for them."""
    actor = current_actor()
    with current_platform().database.read() as session:
        detail = catalogue.version_detail(session, actor, version_id)
        rows = queries.assessments_of(session, actor, version_id, SHOWN_ROUNDS)
        newest = queries.assessment_detail(session, actor, rows[0].id) if rows else None
        reports = queries.reports_of(session, version_id)
        materials = queries.materials_of(session, version_id)
        subject = report_subject(session, actor, version_id)
    return render_template(
        "assessments/version.html",
        version=detail,
        rounds=[presenters.shown_round(row) for row in rows],
        newest=newest,
        items=_items(newest) if newest else [],
        facts=presenters.facts(newest) if newest else [],
        materials=materials,
        is_owner=is_owner(actor, subject),
        **presenters.shown_reports(reports),
        verdict_text=presenters.verdict_text,
        title_of=presenters.title_of,
    )


@blueprint.get("/<uuid:assessment_id>")
@requires("assessment.read")
def show(assessment_id: UUID) -> ResponseReturnValue:
    """Show one assessment."""
    return _page("assessments/show.html", assessment_id)


@blueprint.get("/<uuid:assessment_id>/print")
@requires("assessment.read")
def print_page(assessment_id: UUID) -> ResponseReturnValue:
    """Show one assessment as a sheet to be printed."""
    return _page("assessments/print.html", assessment_id)


@blueprint.get("/<uuid:assessment_id>/report")
@requires("assessment.read")
def report(assessment_id: UUID) -> ResponseReturnValue:
    """Send the signed report as it was filed."""
    with current_platform().database.read() as session:
        row = queries.assessment_detail(session, current_actor(), assessment_id).row
        if row.report_file_id is None:
            abort(404)
        file = find_file(session, row.report_file_id)
    return _send(file.digest, file.name, "application/json")


@blueprint.get("/<uuid:assessment_id>/raw/<digest>")
@requires("assessment.read")
def raw(assessment_id: UUID, digest: str) -> ResponseReturnValue:
    """Send the raw report of a tool, if the assessment names it."""
    with current_platform().database.read() as session:
        detail = queries.assessment_detail(session, current_actor(), assessment_id)
    if digest not in _raw_digests(detail):
        abort(404)
    return _send(digest, f"raw-{digest[:12]}.txt", "application/octet-stream")


@blueprint.get("/reports/<uuid:report_id>/file")
@requires("assessment.read")
def report_file(report_id: UUID) -> ResponseReturnValue:
    """Send a third-party report to whoever may see its subject."""
    with current_platform().database.read() as session:
        actor, row = current_actor(), queries.report_row(session, report_id)
        require_readable(session, actor, row.subject_type, row.subject_id)
        file = find_file(session, row.file_id)
    return _send(file.digest, file.name, file.media_type)


@blueprint.post("/versions/<uuid:version_id>/reports")
@requires("assessment.report")
def hand_in_report(version_id: UUID) -> ResponseReturnValue:
    """Hand in a third-party report about a version, with its commitment."""
    return _hand_in(report_subject, version_id, url_for("assessments.version", version_id=version_id))


@blueprint.post("/admissions/<uuid:admission_id>/reports")
@requires("assessment.report")
def hand_in_admission_report(admission_id: UUID) -> ResponseReturnValue:
    """Hand in a third-party report about a product that is to be admitted."""
    back = url_for("admissions.show", admission_id=admission_id)
    return _hand_in(admission_subject, admission_id, back)


def _hand_in(
    subject_of: Callable[[Session, Actor, UUID], ReportSubject], subject_id: UUID, back: str
) -> ResponseReturnValue:
    actor, form, upload = current_actor(), request.form, request.files.get("file")
    if upload is None or not upload.filename:
        flash(_("请选择报告文件"), "bad")
        return redirect(back, code=303)
    given = service.ReportInput(
        item=form.get("item", ""),
        issuer=form.get("issuer", ""),
        issued_on=_day(form.get("issued_on", "")),
        valid_until=_day(form.get("valid_until", "")),
        subject_digest=form.get("subject_digest", "").strip(),
        scope=form.get("scope", ""),
        commitment=form.get("commitment", ""),
    )
    file = keep_upload(upload)

    def work(session: Session) -> UUID:
        return service.hand_in_report(session, actor, subject_of(session, actor, subject_id), given, file)

    return _told(back, work, _("报告已提交，待两名运营人员采信"))


@blueprint.post("/versions/<uuid:version_id>/materials")
@requires("assessment.report")
def hand_in_material(version_id: UUID) -> ResponseReturnValue:
    """Hand in source or a bill of materials for the checks."""
    actor, upload = current_actor(), request.files.get("file")
    back = url_for("assessments.version", version_id=version_id)
    if upload is None or not upload.filename:
        flash(_("请选择文件"), "bad")
        return redirect(back, code=303)
    kind, file = request.form.get("kind", ""), keep_upload(upload)

    def work(session: Session) -> UUID:
        catalogue.version_detail(session, actor, version_id)
        return service.hand_in_material(
            session, actor, report_subject(session, actor, version_id), kind, file
        )

    return _told(back, work, _("材料已提交，下次检测时使用"))


@blueprint.post("/<uuid:assessment_id>/disputes")
@requires("assessment.report")
def dispute(assessment_id: UUID) -> ResponseReturnValue:
    """Object to a finding."""
    actor = current_actor()
    mark, reason = request.form.get("finding", ""), request.form.get("reason", "")
    try:
        perform(
            current_platform().database,
            "assessment.dispute",
            actor,
            lambda session: service.dispute_finding(session, actor, assessment_id, mark, reason),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("异议已记录，下一轮由人工复核"), "ok")
    return redirect(url_for("assessments.show", assessment_id=assessment_id), code=303)


def _page(template: str, assessment_id: UUID) -> ResponseReturnValue:
    with current_platform().database.read() as session:
        detail = queries.assessment_detail(session, current_actor(), assessment_id)
        bill = queries.bill_of(session, assessment_id)
    return render_template(
        template,
        detail=detail,
        items=_items(detail),
        facts=presenters.facts(detail),
        bill=bill,
        verdict_text=presenters.verdict_text,
        title_of=presenters.title_of,
    )


def _items(detail: AssessmentDetail) -> list[presenters.ShownItem]:
    actor, row = current_actor(), detail.row
    provider = row.provider_unit_id
    may_dispute = provider is not None and actor.has_role(PROVIDER, row.region_code, provider)
    return presenters.shown_items(detail, may_dispute=may_dispute)


def _raw_digests(detail: AssessmentDetail) -> set[str]:
    return {
        str(seen["rawReport"])
        for item in detail.items
        for seen in item.looked_at.values()
        if isinstance(seen, dict) and seen.get("rawReport")
    }


def _told(back: str, work: Callable[[Session], UUID], done: str) -> ResponseReturnValue:
    try:
        perform(current_platform().database, "assessment.hand_in", current_actor(), work)
    except Rejected as refusal:
        problems = getattr(refusal, "problems", ())
        flash(
            "；".join([in_language(each.message) for each in problems] or [in_language(refusal.message)]),
            "bad",
        )
    else:
        flash(done, "ok")
    return redirect(back, code=303)


def _send(digest: str, name: str, media_type: str) -> ResponseReturnValue:
    content = current_platform().files.open(digest)
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=name, etag=digest)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
