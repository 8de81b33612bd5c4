"""Fill in a draft step by step: each step is saved as it is, and says what is still wrong with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.fields import FIELDS_BY_PATH, STEPS
from domain.catalogue.queries import VersionDetail
from domain.catalogue.rules import TABLE_1, Stage
from domain.catalogue.service import ATTACHMENT_KINDS
from domain.catalogue.states import State
from engine.api import InstanceFilter
from kernel.errors import Conflict, FieldProblem, Invalid, Rejected
from kernel.files import REFERENCE_PREFIX
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.catalogue import starting, steps
from webapp.catalogue.routes import blueprint
from webapp.files.presenters import facts_of
from webapp.files.routes import keep_upload
from webapp.forms import build, parse
from webapp.forms.fields import references
from webapp.languages import gettext as _
from webapp.languages import in_language, language
from webapp.permissions import requires

SUMMARY = "summary"
ORDER = [*STEPS, SUMMARY]
_CREATION_RULES = frozenset(rule.id for rule in TABLE_1 if rule.stage is Stage.CREATION)


@blueprint.get("/<uuid:version_id>/steps")
@requires("component.edit")
def resume(version_id: UUID) -> ResponseReturnValue:
    """Go on where something is missing first."""
    with current_platform().database.read() as session:
        detail = queries.version_detail(session, current_actor(), version_id)
        score = steps.score_of(session, detail)
    first = next((link.key for link in steps.links(score, "") if link.missing), SUMMARY)
    return redirect(url_for("catalogue.step", version_id=version_id, step=first))


@blueprint.get("/<uuid:version_id>/steps/<step>")
@requires("component.edit")
def step(version_id: UUID, step: str) -> ResponseReturnValue:
    """Show one step with what was saved, or the summary."""
    if step not in ORDER:
        abort(404)
    return _page(version_id, step)


@blueprint.post("/<uuid:version_id>/steps/<step>")
@requires("component.edit")
def save_step(version_id: UUID, step: str) -> ResponseReturnValue:
    """Save one step; go on when nothing that is due now is wrong."""
    if step not in STEPS:
        abort(404)
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        detail = queries.version_detail(session, actor, version_id)
        schema = steps.schema_of(session, step, detail.record)
    uploads: list[str] = []

    def keep(upload: Any) -> str:
        uploads.append(reference := keep_upload(upload).reference)
        return reference

    values = parse(schema, request.form, request.files, keep, steps.flat(detail.record, step))
    gone = [path for path in schema["properties"] if path not in values]

    def work(session: Session) -> None:
        _refuse_open_case(session, queries.version_detail(session, actor, version_id))
        _save(session, version_id, values, gone, uploads)

    subject = ("component_version", version_id)
    try:
        perform(platform.database, "component.save_step", actor, work, subject=subject)
    except Rejected as refusal:
        problems = refusal.problems if isinstance(refusal, Invalid) else ()
        return _page(version_id, step, values, problems or (FieldProblem("", "step", refusal.message),))
    goes_on = request.form.get("go") == "next"
    with platform.database.read() as session:
        saved = queries.version_detail(session, actor, version_id)
        due = steps.due_in(step, steps.breaches_of(session, saved), values)
    if "row.add" in request.form or "row.remove" in request.form:
        return _page(version_id, step, values, (), saved=False)
    if not goes_on or any(map(steps.is_error, due)):
        return _page(version_id, step, saved=True)
    flash(_("已保存“%(step)s”", step=in_language(STEPS[step])), "ok")
    following = ORDER[ORDER.index(step) + 1]
    return redirect(url_for("catalogue.step", version_id=version_id, step=following), code=303)


def _save(
    session: Session, version_id: UUID, values: dict[str, Any], gone: list[str], uploads: list[str]
) -> None:
    """Save what was filled in; a file that was uploaded now becomes an attachment of its kind."""
    actor = current_actor()
    files = {path: value for path, value in values.items() if FIELDS_BY_PATH[path].kind == "file"}
    plain = {path: value for path, value in values.items() if path not in files}
    service.save_record(session, actor, version_id, steps.nested(plain), without=gone)
    for path, reference in files.items():
        kind = path.rpartition(".")[2]
        if reference in uploads and kind in ATTACHMENT_KINDS:
            file_id = UUID(reference.removeprefix(REFERENCE_PREFIX))
            service.attach_file(session, actor, version_id, kind, file_id)


def _refuse_open_case(session: Session, detail: VersionDetail) -> None:
    """Raise while a case holds the record: what one fills in here would be lost when its form is sent."""
    wanted = InstanceFilter(subject_type=starting.SUBJECT, subject_id=detail.id, limit=20)
    rows = current_platform().engine.instances(session, current_actor(), wanted).rows
    if detail.state != State.DRAFT or any(row.ended_at is None for row in rows):
        raise Conflict(
            Text(
                "该版本已在办理中，请在办件的任务中填写",
                "A case holds this version: fill in its task instead",
            )
        )


def _page(
    version_id: UUID,
    step: str,
    values: dict[str, Any] | None = None,
    problems: tuple[FieldProblem, ...] = (),
    *,
    saved: bool | None = None,
) -> ResponseReturnValue:
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        detail = queries.version_detail(session, actor, version_id)
        _refuse_open_case(session, detail)
        breaches = steps.breaches_of(session, detail)
        score = steps.score_of(session, detail)
        form = None
        if step != SUMMARY:
            schema = steps.schema_of(session, step, detail.record)
            given = steps.flat(detail.record, step) if values is None else values
            visited = values is None and (saved is not None or len(given) > 1)
            due = steps.due_in(step, breaches, given) if visited else []
            shown = (*problems, *(breach.as_problem() for breach in due))
            files = facts_of(session, references(given), version=str(version_id))
            form = build(schema, given, language(), shown, files)
        likenesses = steps.likenesses(session, actor, detail) if step in ("basics", SUMMARY) else []
    refused = bool(problems) or (saved is True and form is not None and bool(form.problems))
    page = render_template(
        "catalogue/step.html",
        detail=detail,
        step=step,
        title=in_language(STEPS[step]) if step in STEPS else _("核对"),
        links=[*steps.links(score, step), steps.StepLink(SUMMARY, _("核对"), 0, step == SUMMARY)],
        score=score,
        missing=steps.missing_words(score),
        form=form,
        likenesses=likenesses,
        saved=saved,
        creation=starting.CREATION,
        can_start=not any(steps.is_error(breach) for breach in breaches if breach.rule_id in _CREATION_RULES),
    )
    return page, 422 if refused else 200
