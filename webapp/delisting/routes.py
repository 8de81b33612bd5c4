"""The list of delistings, one case, the use of a version, and what people do there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.delisting import queries as cases
from domain.orders.states import STATE_TEXT as ORDER_WORDS
from domain.suspension.service import CAUSES, FINDINGS
from domain.usage.rules import KINDS as CALL_WORDS
from engine.api import InstanceRef, StartOption
from kernel.actor import Actor
from kernel.errors import Invalid, NotFound, Rejected
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.catalogue import starting
from webapp.catalogue.presenters import choices
from webapp.delisting import acts, presenters
from webapp.files.routes import keep_upload
from webapp.forms import build, parse
from webapp.languages import gettext as _
from webapp.languages import in_language, language
from webapp.permissions import requires

blueprint = Blueprint("delisting", __name__)
PAGE_SIZE = 30
# The version is in the address; the other fields of the start form are asked for.
GIVEN = "versionId"


@blueprint.get("/delistings")
@requires("delisting.read")
def index() -> ResponseReturnValue:
    """List the cases of delisting that the person may see, newest first."""
    only_open = request.args.get("open") == "1"
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = cases.cases(
            session,
            current_actor(),
            only_open=only_open,
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
        shown = presenters.shown_cases(session, page.rows)
    pager = keyset.pager((page.next,) if page.next else None)
    return render_template("delisting/index.html", cases=shown, pager=pager, only_open=only_open)


@blueprint.get("/delistings/<uuid:case_id>")
@requires("delisting.read")
def case(case_id: UUID) -> ResponseReturnValue:
    """Show one case: who said what, who was told, what is proved gone."""
    with current_platform().database.read() as session:
        row = cases.case(session, current_actor(), case_id)
        (shown,) = presenters.shown_cases(session, [row])
    return render_template("delisting/case.html", case=shown)


@blueprint.get("/components/<uuid:version_id>/use")
@requires("component.read")
def use(version_id: UUID) -> ResponseReturnValue:
    """Show who uses a version, how it is called, and how it may leave."""
    platform = current_platform()
    with platform.database.read() as session:
        page = presenters.use_page(session, platform.engine, current_actor(), version_id)
    return render_template(
        "delisting/use.html",
        page=page,
        causes=choices(CAUSES),
        findings=choices(FINDINGS),
        order_words=ORDER_WORDS,
        call_words=CALL_WORDS,
    )


@blueprint.route("/components/<uuid:version_id>/start/<process_key>", methods=["GET", "POST"])
@requires("task.work")
def start(version_id: UUID, process_key: str) -> ResponseReturnValue:
    """Fill in the start form of a process and start it on the version."""
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        detail = queries.version_detail(session, actor, version_id)
        option = _option(session, actor, process_key)
    schema = _asked(option.form_schema)
    data: dict[str, Any] = {}
    refusal: Rejected | None = None
    if request.method == "POST":
        data = parse(schema, request.form, request.files, lambda upload: keep_upload(upload).reference, {})
        try:
            started = _begin(actor, process_key, version_id, data)
        except Rejected as error:
            refusal = error
        else:
            flash(_("已发起，办件编号 %(number)s", number=started.case_number), "ok")
            return redirect(url_for("delisting.use", version_id=version_id), code=303)
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    form = build(schema, data, language(), problems)
    if refusal is not None and not problems:
        flash(in_language(refusal.message), "bad")
    title = in_language(option.name)
    status = 422 if refusal is not None else 200
    return render_template(
        "delisting/start.html", form=form, detail=detail, title=title, key=process_key
    ), status


def _option(session: Session, actor: Actor, process_key: str) -> StartOption:
    for option in current_platform().engine.start_options(session, actor):
        if option.key == process_key and process_key in starting.STARTABLE_FROM:
            return option
    raise NotFound(Text("没有该流程，或您不能发起", "No such process, or you may not start it"))


def _asked(schema: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: field for name, field in schema.get("properties", {}).items() if name != GIVEN}
    required = [name for name in schema.get("required", ()) if name != GIVEN]
    return {**schema, "properties": fields, "required": required}


def _begin(actor: Actor, key: str, version_id: UUID, data: Mapping[str, Any]) -> InstanceRef:
    engine = current_platform().engine

    def begin(session: Session) -> InstanceRef:
        detail = queries.version_detail(session, actor, version_id)
        return starting.start_on_version(session, engine, actor, key, detail, data)

    subject = ("component_version", version_id)
    return perform(current_platform().database, "instance.start", actor, begin, subject=subject)


@blueprint.post("/components/<uuid:version_id>/suspension")
@requires("suspension.record")
def suspend(version_id: UUID) -> ResponseReturnValue:
    """Block the version after an incident or security event."""
    cause, description = request.form.get("cause", ""), request.form.get("description", "").strip()
    return _act(
        version_id,
        "suspension.record",
        lambda session, actor, detail: acts.suspend(session, actor, detail, cause, description),
        _("已暂停服务"),
    )


@blueprint.post("/components/<uuid:version_id>/resumption")
@requires("suspension.record")
def resume(version_id: UUID) -> ResponseReturnValue:
    """Let a blocked version go on as it was."""
    finding, note = request.form.get("finding", ""), request.form.get("note", "").strip()
    return _act(
        version_id,
        "suspension.record",
        lambda session, actor, detail: acts.resume(session, actor, detail, finding, note),
        _("已恢复服务"),
    )


@blueprint.post("/components/<uuid:version_id>/recovery")
@requires("suspension.record")
def recover(version_id: UUID) -> ResponseReturnValue:
    """Send a blocked version to its provider to be mended."""
    note = request.form.get("note", "").strip()
    return _act(
        version_id,
        "suspension.record",
        lambda session, actor, detail: acts.recover(session, actor, detail, note),
        _("已转提供方整改"),
    )


@blueprint.post("/components/<uuid:version_id>/archive")
@requires("component.transition")
def archive(version_id: UUID) -> ResponseReturnValue:
    """Archive a delisted version."""
    reason = request.form.get("reason", "").strip()
    return _act(
        version_id,
        "component.archive",
        lambda session, actor, detail: acts.archive(session, actor, detail, reason),
        _("已归档"),
    )


@blueprint.post("/components/<uuid:version_id>/withdrawal")
@requires("task.work")
def ask_to_stop(version_id: UUID) -> ResponseReturnValue:
    """Ask to withdraw a voluntary delisting in its migration period."""
    engine, reason = current_platform().engine, request.form.get("reason", "").strip()
    return _act(
        version_id,
        "delisting.withdraw",
        lambda session, actor, detail: acts.ask_to_stop(session, engine, actor, detail, reason),
        _("已请求撤回，由运营方决定"),
    )


def _act(
    version_id: UUID, name: str, act: Callable[[Session, Actor, VersionDetail], None], done: str
) -> ResponseReturnValue:
    """Carry out one act on the version and go back to its page; a refusal is shown there."""
    actor = current_actor()

    def carry_out(session: Session) -> None:
        act(session, actor, queries.version_detail(session, actor, version_id))

    try:
        perform(
            current_platform().database, name, actor, carry_out, subject=("component_version", version_id)
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(done, "ok")
    return redirect(url_for("delisting.use", version_id=version_id), code=303)
